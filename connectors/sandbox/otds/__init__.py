"""OpenText Directory Services on loopback: the sign-in that three of the five systems share."""

from connectors.sandbox.otds.app import OtdsSandbox, build
from connectors.sandbox.otds.authority import IssuedToken, TicketAuthority

__all__ = ["IssuedToken", "OtdsSandbox", "TicketAuthority", "build"]
