"""How the server-based parts are told who asks: HTTP credentials, a directory ticket, or a token in the envelope.

All were seen on the wire, and so was none at all (contract 1.7, CONFIRMED).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from connectors.calls import Reply
from connectors.errors import SignInError
from connectors.http import Send
from connectors.otds.wire import read_ticket, ticket_by_password

TICKET_HEADER: Final = "OTDSTicket"
_UNAUTHORISED: Final = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class UsernameToken:
    """A WS-Security token with the password as text; it travels inside the envelope."""

    username: str
    password: str = field(repr=False)


class BasicProof:
    """``Authorization: Basic`` on every call."""

    is_signed_in = True

    def __init__(self, *, username: str, password: str) -> None:
        self._username = username
        self._proof = base64.b64encode(f"{username}:{password}".encode()).decode()

    def __repr__(self) -> str:
        return f"BasicProof(username={self._username!r}, password='•••')"

    async def sign_in(self, send: Send) -> None:
        """There is nothing to obtain: a refusal is final. Raises: SignInError."""
        del send
        raise SignInError(system="Exstream", call="sign in", detail="the name or the password is not accepted")

    def headers(self) -> Mapping[str, str]:
        """The credentials."""
        return {"Authorization": f"Basic {self._proof}"}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """A 401."""
        return reply.status == _UNAUTHORISED


class TicketProof:
    """A legacy directory ticket in the header ``OTDSTicket`` (contract 1.1 and 1.7, CONFIRMED)."""

    def __init__(self, *, otds_url: str, username: str, password: str) -> None:
        self._username = username
        self._call = ticket_by_password(user_name=username, password=password, base_url=otds_url.rstrip("/"))
        self._ticket = ""

    def __repr__(self) -> str:
        return f"TicketProof(username={self._username!r}, ticket={'•••' if self._ticket else None})"

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a ticket that was not refused."""
        return bool(self._ticket)

    async def sign_in(self, send: Send) -> None:
        """Fetch a ticket. Raises: any ConnectorError."""
        self._ticket = ""
        self._ticket = read_ticket(await send(self._call)).value

    def headers(self) -> Mapping[str, str]:
        """The ticket; nothing before the first sign-in."""
        return {TICKET_HEADER: self._ticket} if self._ticket else {}

    def observe(self, reply: Reply) -> None:
        """Tickets do not roll here."""

    def refused(self, reply: Reply) -> bool:
        """A 401."""
        return reply.status == _UNAUTHORISED
