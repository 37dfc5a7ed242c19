"""Clients that we did not write, unmodified and in environments of their own, against the sandbox."""
