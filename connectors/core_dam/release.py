"""Which release of the API a site has: newer servers answer at version 6, older ones at 5 or 4 (core-dam 2)."""

from typing import Final

from connectors.core_dam import wire as calls
from connectors.core_dam.reading import read_failure, read_session
from connectors.errors import ForbiddenError, InvalidError, NotFoundError, ShapeError, SignInError
from connectors.http import Transport, Wire

PREFIXES: Final = (calls.PREFIX, "/otmmapi/v5", "/otmmapi/v4")
"""Newest first (CONFIRMED)."""


async def find_prefix(*, base_url: str, system: str = "Core DAM", wire: Wire | None = None) -> str:
    """Where the API stands below the host, found without signing in.

    Raises: NotFoundError when it is at none of the known places; UnreachableError and the like.
    """
    transport = Transport(system=system, base_url=base_url, read_failure=read_failure, wire=wire)
    try:
        for prefix in PREFIXES:
            try:
                read_session(await transport.send(calls.session(prefix=prefix)))
            except (SignInError, ForbiddenError, InvalidError):
                return prefix  # somebody is there and asks who we are
            except (NotFoundError, ShapeError):
                continue
            return prefix
    finally:
        await transport.close()
    raise NotFoundError(system=system, call="session", detail="the API is at none of its known addresses")
