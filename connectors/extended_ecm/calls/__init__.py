"""The methods of the client, by topic: each sends what a ``wire`` module built and reads the reply with it."""
