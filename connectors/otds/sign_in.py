"""Bearer sign-in for any system that takes ``Authorization: Bearer``: fetched once, renewed in time and on refusal."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from time import monotonic
from typing import Final

from connectors.calls import Call, Reply
from connectors.errors import InvalidError, SignInError
from connectors.http import Send
from connectors.otds.models import BearerToken
from connectors.otds.wire import read_token

MARGIN: Final = timedelta(seconds=30)
"""How long before its end a token is no longer used: a call begun with it must still arrive in time."""


class BearerSignIn:
    """Proves who we are with a bearer token that ``token_call`` obtains.

    Give it to a :class:`~connectors.http.Transport`. The call may go to another host (an absolute path). A token
    without a stated life is used until it is refused.
    """

    def __init__(
        self,
        token_call: Call,
        *,
        read: Callable[[Reply], BearerToken] = read_token,
        margin: timedelta = MARGIN,
        now_s: Callable[[], float] = monotonic,
    ) -> None:
        self._token_call = token_call
        self._read = read
        self._margin = margin
        self._now_s = now_s
        self._token: BearerToken | None = None
        self._stale_at_s: float | None = None

    def __repr__(self) -> str:
        return f"BearerSignIn(call={self._token_call.name!r}, token={'•••' if self._token else None})"

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a token that will not end within the margin."""
        return self._token is not None and (self._stale_at_s is None or self._now_s() < self._stale_at_s)

    async def sign_in(self, send: Send) -> None:
        """Fetch a token. Raises: SignInError when it is refused; any other ConnectorError."""
        asked_at_s = self._now_s()
        self._token = None
        try:
            token = self._read(await send(self._token_call))
        except InvalidError as error:
            # OAuth refuses a client or a password with 400 too, which a foreign failure reader takes for a bad field.
            raise SignInError(
                system=error.system,
                call=error.call,
                detail=error.detail,
                request_id=error.request_id,
                status=error.status,
            ) from error
        self._token = token
        self._stale_at_s = self._stale_at(asked_at_s, token.expires_in)

    def headers(self) -> Mapping[str, str]:
        """``Authorization``; nothing before the first sign-in."""
        return {"Authorization": f"Bearer {self._token.value}"} if self._token else {}

    def observe(self, reply: Reply) -> None:
        """Bearer tokens do not roll."""

    def refused(self, reply: Reply) -> bool:
        """A 401 means that the token has ended, whatever its life was said to be."""
        return reply.status == 401  # noqa: PLR2004

    def _stale_at(self, asked_at_s: float, life: timedelta | None) -> float | None:
        if life is None:
            return None
        # A margin longer than half the life would fetch a token for nearly every call.
        return asked_at_s + (life - min(self._margin, life / 2)).total_seconds()
