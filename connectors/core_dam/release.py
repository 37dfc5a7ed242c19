"""Which release of the API a site has, and calls put in its place (core-dam 2).

Newer servers answer below ``/otmmapi/v6``, older ones at version 5 or 4 (CONFIRMED). Calls are written for the newest;
what else differs between releases is read in all of its spellings.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Final

from connectors.calls import Call, Reply
from connectors.core_dam import wire
from connectors.core_dam.reading import read_session
from connectors.errors import NotFoundError, ShapeError
from connectors.http import Send, SignIn, Transport

PREFIXES: Final = (wire.PREFIX, "/otmmapi/v5", "/otmmapi/v4")
"""Newest first."""


_ASKS_WHO_WE_ARE: Final = frozenset({400, 401, 403})


async def _found(send: Send) -> str:
    failures: list[NotFoundError | ShapeError] = []
    for prefix in PREFIXES:
        try:
            reply = await send(_who_is_there(prefix))
            if reply.status not in _ASKS_WHO_WE_ARE:
                read_session(reply)
        except (NotFoundError, ShapeError) as error:
            failures.append(error)
        else:
            return prefix
    # A proxy's page may be gone in a minute; an address at which nobody is stays wrong.
    raise next((each for each in failures if isinstance(each, ShapeError)), failures[0])


def _who_is_there(prefix: str) -> Call:
    return replace(
        wire.session(),
        name="find release",
        path=f"{prefix}/sessions",
        signed_in=False,
        accepts=_ASKS_WHO_WE_ARE,
    )


class Release:
    """Where the API of one site stands below its host; None: found out before the first call, without a sign-in."""

    def __init__(self, prefix: str | None = wire.PREFIX) -> None:
        self.prefix = prefix
        self._finding = asyncio.Lock()

    @property
    def version(self) -> str:
        """``v6``; empty before it was found out."""
        return (self.prefix or "").rpartition("/")[2]

    async def find(self, send: Send) -> None:
        """Find out where the API is, once.

        Raises: ShapeError when somebody else answers; NotFoundError when nobody does; UnreachableError and the like.
        """
        async with self._finding:
            if self.prefix is None:
                self.prefix = await _found(send)

    def place(self, call: Call) -> Call:
        """``call`` at this release's address; calls to other hosts stay what they are."""
        if self.prefix in {None, wire.PREFIX} or not call.path.startswith(wire.PREFIX):
            return call
        return replace(call, path=f"{self.prefix}{call.path.removeprefix(wire.PREFIX)}")


class PlacedTransport:
    """Sends calls to where the API of this site is."""

    def __init__(self, transport: Transport, release: Release) -> None:
        self._transport = transport
        self._release = release

    async def send(self, call: Call) -> Reply:
        """Raises: any ConnectorError."""
        return await self._transport.send(await self._placed(call))

    async def download(self, call: Call, into: IO[bytes]) -> Reply:
        """Write the body of a success to ``into``; the reply has none. Raises: any ConnectorError; OSError."""
        return await self._transport.download(await self._placed(call), into)

    async def _placed(self, call: Call) -> Call:
        if self._release.prefix is None:
            await self._release.find(self._transport.send)
        return self._release.place(call)


class PlacedSignIn:
    """Another sign-in, whose calls go to where the API of this site is."""

    def __init__(self, sign_in: SignIn, release: Release) -> None:
        self._sign_in = sign_in
        self._release = release

    def __repr__(self) -> str:
        return f"PlacedSignIn({self._sign_in!r})"

    @property
    def is_signed_in(self) -> bool:
        """Whether the other one is."""
        return self._sign_in.is_signed_in

    async def sign_in(self, send: Send) -> None:
        """Raises: any ConnectorError."""

        async def placed(call: Call) -> Reply:
            return await send(self._release.place(call))

        await self._sign_in.sign_in(placed)

    def headers(self) -> Mapping[str, str]:
        """The other one's."""
        return self._sign_in.headers()

    def observe(self, reply: Reply) -> None:
        """Tell the other one."""
        self._sign_in.observe(reply)

    def refused(self, reply: Reply) -> bool:
        """Ask the other one."""
        return self._sign_in.refused(reply)
