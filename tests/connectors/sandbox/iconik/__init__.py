"""iconik's sandbox, and the desk's client on it."""
