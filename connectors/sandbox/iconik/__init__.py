"""iconik's sandbox: the services of the wire contract "iconik" over one tenant of the world."""

from connectors.sandbox.iconik.app import build

__all__ = ["build"]
