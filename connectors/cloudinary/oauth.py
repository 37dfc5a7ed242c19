"""Signing in as a person: OAuth 2 with PKCE for a desk that keeps no secret.

The desk opens :func:`authorization_url` in a browser, hears the code on a loopback port that is registered exactly, and
exchanges it. Access tokens live for minutes; a refresh token works once, so renewing is serialised by the transport and
the new pair is handed to ``on_renewed`` before it is used. Source: wire contract "Cloudinary" §1, CONFIRMED (CLI).
"""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from connectors.calls import Call, FormBody, Reply
from connectors.errors import ConnectorError, InvalidError, SignInError
from connectors.http import Send, Transport
from connectors.judging import error_for_status
from connectors.oauth import Challenge
from connectors.shape import decode

OAUTH_BASE_URL: Final = "https://oauth.cloudinary.com"
SCOPES: Final = ("openid", "offline_access", "asset_management", "upload")
MARGIN: Final = timedelta(seconds=30)
"""How long before its end a token is no longer used."""


class _Cloud(msgspec.Struct, frozen=True, kw_only=True):
    cloud_name: str = ""


class _Claims(msgspec.Struct, frozen=True, kw_only=True):
    iat: int | None = None
    exp: int | None = None
    ext: _Cloud = _Cloud()


class _TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    access_token: str
    refresh_token: str | None = None
    expires_in: int | None = None


class _OAuthError(msgspec.Struct, frozen=True, kw_only=True):
    error: str
    error_description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """What a sign-in yields. Its ``repr`` shows neither token."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime | None = None
    """By this machine's clock, whatever the vendor's says; None when the token does not tell how long it lives."""
    cloud_name: str = ""
    """The cloud that the token is for."""


def authorization_url(
    challenge: Challenge, *, client_id: str, redirect_uri: str, base_url: str = OAUTH_BASE_URL
) -> str:
    """Where the person says yes. ``redirect_uri`` is the registered loopback address, port included."""
    said = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": challenge.state,
        "code_challenge": challenge.code_challenge,
        "code_challenge_method": "S256",
    }
    return f"{base_url.rstrip('/')}/oauth2/auth?{urlencode(said)}"


def exchange(code: str, challenge: Challenge, *, client_id: str, redirect_uri: str) -> Call:
    """A code against the first pair. A code works once."""
    fields = (
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", challenge.verifier),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
    )
    return _token_call(fields)


def renew(refresh_token: str, *, client_id: str) -> Call:
    """A refresh token against the next pair. It works once, so the call is not repeatable."""
    return _token_call((("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("client_id", client_id)))


def revoke(token: str, *, client_id: str) -> Call:
    """Make a token worthless, when the person signs out."""
    return Call(
        name="revoke token",
        method="POST",
        path="/oauth2/revoke",
        body=FormBody(fields=(("token", token), ("client_id", client_id))),
        repeatable=True,
        signed_in=False,
    )


def read_tokens(reply: Reply, *, now: datetime, before: TokenPair | None = None) -> TokenPair:
    """The pair in an answer that came ``now``; a refresh token that is not sent anew stays. Raises: ShapeError."""
    told = decode(reply, _TokenAnswer)
    claims = _claims(told.access_token)
    kept = before.refresh_token if before else ""
    return TokenPair(
        access_token=told.access_token,
        refresh_token=told.refresh_token or kept,
        expires_at=_end(now, claims, told.expires_in),
        cloud_name=claims.ext.cloud_name,
    )


def read_oauth_failure(reply: Reply) -> ConnectorError | None:
    """OAuth's ``{"error", "error_description"}``. A spent or unknown token is a sign-in that has to be made again."""
    try:
        said = msgspec.json.decode(reply.body, type=_OAuthError)
    except msgspec.DecodeError:
        return None
    detail = said.error_description or said.error
    if said.error in {"invalid_grant", "invalid_client", "unauthorized_client"}:
        return SignInError(
            system=reply.system, call=reply.call, detail=detail, request_id=reply.request_id, status=reply.status
        )
    return error_for_status(reply, detail=detail)


class OAuthSignIn:
    """Proves who we are with a token that is renewed in time. Give it to the API's transport.

    ``oauth`` is the transport of the OAuth host. ``on_renewed`` stores the new pair: the old one is worthless from
    then on.
    """

    def __init__(
        self,
        tokens: TokenPair,
        *,
        client_id: str,
        oauth: Transport,
        on_renewed: Callable[[TokenPair], None] = lambda _pair: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._tokens = tokens
        self._client_id = client_id
        self._oauth = oauth
        self._on_renewed = on_renewed
        self._now = now
        self._is_refused = False

    def __repr__(self) -> str:
        return f"OAuthSignIn(tokens={self._tokens!r})"

    @property
    def is_signed_in(self) -> bool:
        """Whether the token was not refused and will not end within the margin."""
        expires_at = self._tokens.expires_at
        return not self._is_refused and (expires_at is None or self._now() < expires_at - MARGIN)

    async def sign_in(self, send: Send) -> None:
        """Renew the pair at the OAuth host. Raises: SignInError when the person must sign in again."""
        del send
        try:
            reply = await self._oauth.send(renew(self._tokens.refresh_token, client_id=self._client_id))
        except InvalidError as error:
            raise SignInError(
                system=error.system, call=error.call, detail=error.detail, request_id=error.request_id
            ) from error
        self._tokens = read_tokens(reply, now=self._now(), before=self._tokens)
        self._is_refused = False
        self._on_renewed(self._tokens)

    def headers(self) -> Mapping[str, str]:
        """The token as bearer authorisation."""
        return {"Authorization": f"Bearer {self._tokens.access_token}"}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """A 401 means that the token has ended, whatever its life was said to be."""
        self._is_refused = reply.status == 401  # noqa: PLR2004
        return self._is_refused


def _token_call(fields: tuple[tuple[str, str], ...]) -> Call:
    return Call(name="token", method="POST", path="/oauth2/token", body=FormBody(fields=fields), signed_in=False)


def _claims(token: str) -> _Claims:
    """What a JWT says of itself, unverified: it was received from its issuer. Nothing when it is no JWT."""
    body = token.split(".")[1] if token.count(".") == 2 else ""  # noqa: PLR2004 - head, claims, seal
    try:
        return msgspec.json.decode(urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=_Claims)
    except (Base64Error, ValueError, msgspec.DecodeError):
        return _Claims()


def _end(now: datetime, claims: _Claims, expires_in: int | None) -> datetime | None:
    """When a token ends by our clock: its life counts, not its dates, for clocks differ by minutes."""
    lasts_s = claims.exp - claims.iat if claims.exp is not None and claims.iat is not None else expires_in
    try:
        return None if lasts_s is None else now + timedelta(seconds=lasts_s)
    except OverflowError:
        return None
