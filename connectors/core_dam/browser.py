"""Signing in with a browser: the authorization code, and the refresh token that lives on after it (core-dam 3.8).

Both addresses are settings of the site. Which page a person sees, and how the code comes back, is not known here.
"""

from collections.abc import Callable, Mapping
from time import monotonic
from urllib.parse import urlencode

from connectors.calls import Call, FormBody, Reply
from connectors.errors import InvalidError, SignInError
from connectors.http import Send
from connectors.otds import BearerToken
from connectors.otds.sign_in import MARGIN
from connectors.otds.wire import read_token, token_by_refresh


def sign_in_address(authorize_url: str, *, client_id: str, redirect_uri: str, state: str) -> str:
    """Where a person signs in; ``state`` comes back with the code and must be the same."""
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri, "state": state}
    return f"{authorize_url}{'&' if '?' in authorize_url else '?'}{urlencode(asked)}"


def token_by_code(*, token_url: str, code: str, redirect_uri: str, client_id: str, client_secret: str) -> Call:
    """A token for the code that a browser brought back."""
    fields = (
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("client_id", client_id),
        ("client_secret", client_secret),
    )
    return Call(
        name="OAuth token by code",
        method="POST",
        path=token_url,
        body=FormBody(fields=fields),
        signed_in=False,
        accepts=frozenset({400, 401}),  # read_token says what was refused
    )


class BrowserSignIn:
    """A bearer token for a code, and for its refresh token from then on.

    A code is good once. When the refresh token is refused too, the person must sign in again.
    """

    def __init__(
        self,
        code: str,
        *,
        token_url: str,
        redirect_uri: str,
        client_id: str,
        client_secret: str,
        now_s: Callable[[], float] = monotonic,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._token_url = token_url
        self._first = token_by_code(
            token_url=token_url,
            code=code,
            redirect_uri=redirect_uri,
            client_id=client_id,
            client_secret=client_secret,
        )
        self._now_s = now_s
        self._token: BearerToken | None = None
        self._refresh_token = ""
        self._stale_at_s = 0.0

    def __repr__(self) -> str:
        return f"BrowserSignIn(client_id={self._client_id!r}, token={'•••' if self._token else None})"

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a token that will not end within the margin."""
        return self._token is not None and self._now_s() < self._stale_at_s

    async def sign_in(self, send: Send) -> None:
        """Use the code once, then the refresh token. Raises: SignInError when neither is good; any ConnectorError."""
        asked_at_s = self._now_s()
        self._token = None
        reply = await send(self._grant())
        try:
            token = read_token(reply)
        except InvalidError as error:
            # OAuth refuses a used code with 400, which is no fault of a field.
            raise SignInError(
                system=error.system,
                call=error.call,
                detail=error.detail,
                request_id=error.request_id,
                status=error.status,
            ) from error
        self._token = token
        self._refresh_token = token.refresh_token or self._refresh_token
        life = token.expires_in
        self._stale_at_s = float("inf") if life is None else asked_at_s + (life - min(MARGIN, life / 2)).total_seconds()

    def headers(self) -> Mapping[str, str]:
        """``Authorization``; nothing before the first sign-in."""
        return {"Authorization": f"Bearer {self._token.value}"} if self._token else {}

    def observe(self, reply: Reply) -> None:
        """Bearer tokens do not roll."""

    def refused(self, reply: Reply) -> bool:
        """A 401 means that the token has ended, whatever its life was said to be."""
        return reply.status == 401  # noqa: PLR2004

    def _grant(self) -> Call:
        if not self._refresh_token:
            return self._first
        return token_by_refresh(
            refresh_token=self._refresh_token,
            client_id=self._client_id,
            client_secret=self._client_secret,
            path=self._token_url,
        )
