"""Tokens of a person who signed in to iconik with a browser: OAuth's code with PKCE, then one token after the other.

The calls are CONFIRMED (wire contract "iconik", §2). Which redirect addresses a desktop may use, whether a refresh
token comes at all, and that these tokens travel in the vendor's two headers is not: a registered loopback address is
CHOSEN, the headers are INFERRED, and a token that comes alone is kept itself, for as long as it is good.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from connectors.calls import Reply
from connectors.errors import SignInError
from connectors.http import Send
from connectors.iconik.models import OAuthToken
from connectors.iconik.wire.addressing import path
from connectors.iconik.wire.reading import read, read_failure
from connectors.judging import error_for_status
from connectors.oauth.chain import ChainedSignIn, RefreshChain
from connectors.otds.models import BearerToken

AUTHORIZE_PATH: Final = path("auth", "oauth", "authorize")
TOKEN_PATH: Final = path("auth", "oauth", "token")
_REFUSED: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class IconikToken(BearerToken):
    """What lets a person in, with the application that it belongs to."""

    app_id: str = ""
    """Empty when the vendor does not say: then it is the client's own id."""
    ends_at: datetime | None = None
    """None when the vendor does not say."""


class _Lasting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token that came without one to renew it."""

    token: str
    app_id: str
    ends_at: datetime | None


def read_browser_token(reply: Reply, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> IconikToken:
    """The token, under the documented name or the standard's. Raises: any ConnectorError."""
    if reply.status >= _REFUSED:
        raise read_failure(reply) or error_for_status(reply, detail=f"HTTP {reply.status}")
    told = read(reply, OAuthToken)
    if not told.value:
        raise reply.odd("an answer without a token")
    left = told.expires - now() if told.expires is not None else None
    return IconikToken(
        value=told.value,
        # An end that is past already speaks of two clocks that differ: it is good until it is refused.
        expires_in=left if left is not None and left > timedelta(0) else None,
        refresh_token=told.refresh_token or None,
        app_id=told.app_id,
        ends_at=told.expires,
    )


def credential_of(token: BearerToken) -> str:
    """What lets the desk in the next time: the refresh token, or the token itself where none came. A credential."""
    if token.refresh_token or not isinstance(token, IconikToken):
        return token.refresh_token or ""
    return msgspec.json.encode(_Lasting(token=token.value, app_id=token.app_id, ends_at=token.ends_at)).decode()


class IconikChain(RefreshChain):
    """One person's tokens. Of one that came alone there is no next: when it has ended, the person signs in again."""

    def __init__(
        self,
        credential: str,
        *,
        token_url: str,
        client_id: str,
        keep: Callable[[str], Awaitable[None]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(credential, token_url=token_url, client_id=client_id, keep=keep, read=read_browser_token)
        self._now = now
        try:
            self._alone: _Lasting | None = msgspec.json.decode(credential, type=_Lasting)
        except msgspec.DecodeError:
            self._alone = None
        self._is_given = False

    async def _refreshed(self, send: Send) -> BearerToken:
        if self._alone is None:
            return await super()._refreshed(send)
        left = self._alone.ends_at - self._now() if self._alone.ends_at is not None else None
        if self._is_given or (left is not None and left <= timedelta(0)):
            raise SignInError(
                system="iconik", call="OAuth token", detail="the token has ended; sign in with the browser again"
            )
        self._is_given = True
        return IconikToken(value=self._alone.token, expires_in=left, app_id=self._alone.app_id)


class BrowserLogin(ChainedSignIn):
    """Proves who we are with the newest token of a chain, in the vendor's own two headers."""

    def __init__(self, chain: RefreshChain, *, client_id: str) -> None:
        super().__init__(chain)
        self._client_id = client_id

    def headers(self) -> Mapping[str, str]:
        """``App-ID`` and ``Auth-Token``; nothing before the first sign-in."""
        if self.token is None:
            return {}
        app_id = self.token.app_id if isinstance(self.token, IconikToken) else ""
        return {"App-ID": app_id or self._client_id, "Auth-Token": self.token.value}
