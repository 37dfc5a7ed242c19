"""Core DAM's session sign-in: a digest, a cookie and the session's own id, all three on every call (core-dam 3).

Bearer sign-in is :class:`connectors.otds.BearerSignIn` with a token from the API (:func:`api_bearer`) or from OTDS,
or :class:`connectors.core_dam.browser.BrowserSignIn` after a person signed in with a browser.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from connectors.calls import Call, Reply
from connectors.core_dam import wire
from connectors.core_dam.models import Session
from connectors.core_dam.reading import read_api_token, read_session
from connectors.http import Send
from connectors.otds import BearerSignIn
from connectors.otds.wire import read_ticket

COOKIE: Final = "JSESSIONID"


class SessionSignIn:
    """Opens a session and proves it. ``open_session`` answers with the reply of one of the two session calls."""

    def __init__(self, open_session: Callable[[Send], Awaitable[Reply]], *, locale: str = "en_US") -> None:
        self._open_session = open_session
        self._locale = locale
        self._session: Session | None = None
        self._cookie = ""

    def __repr__(self) -> str:
        return f"SessionSignIn(session={self._session!r})"

    @property
    def is_signed_in(self) -> bool:
        """Whether a session was opened; the server alone knows when it ends."""
        return self._session is not None

    async def sign_in(self, send: Send) -> None:
        """Open a session. Raises: any ConnectorError."""
        self._session = None
        reply = await self._open_session(send)
        self._session, self._cookie = read_session(reply), reply.cookies.get(COOKIE, "")

    def headers(self) -> Mapping[str, str]:
        """The digest, the session's id and, where the server set one, its cookie; nothing before the sign-in."""
        if self._session is None:
            return {}
        proof = {
            "otmmauthtoken": self._session.message_digest,
            # Easily forgotten, and then every write is refused (CONFIRMED complaint); harmless on reads.
            "X-Requested-By": self._session.id,
            "X-OTMM-Locale": self._locale,
        }
        return proof | ({"Cookie": f"{COOKIE}={self._cookie}"} if self._cookie else {})

    def observe(self, reply: Reply) -> None:
        """A load balancer may set the cookie anew."""
        self._cookie = reply.cookies.get(COOKIE, self._cookie)

    def refused(self, reply: Reply) -> bool:
        """A 401 means that the session has ended."""
        return reply.status == 401  # noqa: PLR2004


def password_session(*, username: str, password: str, locale: str = "en_US") -> SessionSignIn:
    """A session by name and password."""
    call = wire.open_session(username=username, password=password)

    async def opened(send: Send) -> Reply:
        return await send(call)

    return SessionSignIn(opened, locale=locale)


def resource_ticket_session(
    ticket_call: Call,
    resource_call: Callable[[str], Call],
    *,
    locale: str = "en_US",
) -> SessionSignIn:
    """A session in three steps: one's own ticket, a ticket for this system (3.7), a session (3.3).

    ``resource_call`` builds the second call from the first ticket (``connectors.otds.wire.ticket_for_resource``).
    """

    async def opened(send: Send) -> Reply:
        own = read_ticket(await send(ticket_call))
        ticket = read_ticket(await send(resource_call(own.value)))
        return await send(wire.session_from_ticket(ticket.value))

    return SessionSignIn(opened, locale=locale)


def ticket_session(ticket_call: Call, *, locale: str = "en_US") -> SessionSignIn:
    """A session by the OTDS ticket that ``ticket_call`` (:mod:`connectors.otds.wire`) fetches, each time anew."""

    async def opened(send: Send) -> Reply:
        ticket = read_ticket(await send(ticket_call))
        return await send(wire.session_from_ticket(ticket.value))

    return SessionSignIn(opened, locale=locale)


def api_bearer(*, username: str, password: str, client_id: str, client_secret: str) -> BearerSignIn:
    """A bearer token from the API itself, as OpenText's own client fetches it."""
    call = wire.api_token(username=username, password=password, client_id=client_id, client_secret=client_secret)
    return BearerSignIn(call, read=read_api_token)
