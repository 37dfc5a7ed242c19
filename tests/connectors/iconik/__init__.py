"""The desk's iconik client, without a server."""
