"""Three ways to an OTCS ticket, and keeping it fresh.

The server sends a new ticket with its answers; taking each up is what keeps a busy client signed in (CONFIRMED,
contract 2.3). Taking up never awaits, and a transport lives on one loop, so that no lock is needed for it; that many
waiting calls cause one new sign-in is the transport's doing.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from connectors.calls import Call, Reply
from connectors.errors import InvalidError, SignInError
from connectors.extended_ecm.wire import sign_in as wire
from connectors.extended_ecm.wire.reading import lacks_right
from connectors.http import Send
from connectors.oauth.chain import RefreshChain
from connectors.otds.models import BearerToken
from connectors.otds.wire import read_ticket, read_token, ticket_by_password, token_by_client

TICKET_HEADER: Final = "otcsticket"


class RollingTicket:
    """An OTCS ticket obtained by ``obtain``, renewed by every answer, given up on a 401."""

    def __init__(self, name: str, obtain: Callable[[Send], Awaitable[str]]) -> None:
        """``name`` says in the log how the ticket is got."""
        self._name = name
        self._obtain = obtain
        self._ticket: str | None = None

    def __repr__(self) -> str:
        return f"RollingTicket(by={self._name!r}, ticket={'•••' if self._ticket else None})"

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a ticket; only the server knows whether it is still good."""
        return self._ticket is not None

    async def sign_in(self, send: Send) -> None:
        """Obtain a ticket. Raises: SignInError when we are refused; any other ConnectorError."""
        self._ticket = None
        self._ticket = await self._obtain(send)

    def headers(self) -> Mapping[str, str]:
        """The ticket; nothing before the first sign-in."""
        return {"OTCSTicket": self._ticket} if self._ticket else {}

    def observe(self, reply: Reply) -> None:
        """Take up the fresh ticket of an answer."""
        fresh = reply.headers.get(TICKET_HEADER)
        if fresh and not self.refused(reply):
            self._ticket = fresh

    def refused(self, reply: Reply) -> bool:
        """A 401 means that the ticket is dead; a missing right is a 400 or 500 (CONFIRMED, contract 2.8), and says so
        where it is a 401."""
        return reply.status == 401 and not lacks_right(reply)  # noqa: PLR2004


def by_password(*, username: str, password: str, domain: str = "") -> RollingTicket:
    """Content Server checks the password itself. ``domain`` only where the server's domain support is on."""

    async def obtain(send: Send) -> str:
        call = wire.password_sign_in(username=username, password=password, domain=domain)
        try:
            return wire.read_ticket(await send(call))
        except InvalidError as error:
            # Some builds answer a wrong password with 400 (CONFIRMED, contract 2).
            raise _refusal(error) from error

    return RollingTicket("password", obtain)


def by_directory_password(*, otds_url: str, username: str, password: str) -> RollingTicket:
    """OTDS checks the password; its ticket is swapped at once, for some work only once (CONFIRMED, contract 2.2)."""
    ask = ticket_by_password(user_name=username, password=password, base_url=otds_url.rstrip("/"))

    async def obtain(send: Send) -> str:
        ticket = read_ticket(await send(ask))
        return await _swap(send, wire.swap_directory_ticket(ticket.value))

    return RollingTicket("directory password", obtain)


def by_directory_client(*, otds_url: str, client_id: str, client_secret: str, scope: str = "") -> RollingTicket:
    """An OAuth client of OTDS; it must stand for a user who may use Content Server (CONFIRMED, contract 14.3)."""
    ask = token_by_client(client_id=client_id, client_secret=client_secret, scope=scope, base_url=otds_url.rstrip("/"))

    async def obtain(send: Send) -> str:
        token = read_token(await send(ask))
        return await _swap(send, wire.swap_bearer_token(token.value))

    return RollingTicket("directory client", obtain)


def by_browser(chain: RefreshChain) -> RollingTicket:
    """A person who signed in with a browser; each new ticket takes the newest token (CONFIRMED for tokens, 2)."""
    used: list[BearerToken] = []

    async def obtain(send: Send) -> str:
        token = await chain.next(send, instead_of=used.pop() if used else None)
        used.append(token)
        return await _swap(send, wire.swap_bearer_token(token.value))

    return RollingTicket("browser", obtain)


async def _swap(send: Send, call: Call) -> str:
    try:
        return wire.read_swapped(await send(call))
    except InvalidError as error:
        raise _refusal(error) from error


def _refusal(error: InvalidError) -> SignInError:
    return SignInError(
        system=error.system, call=error.call, detail=error.detail, request_id=error.request_id, status=error.status
    )
