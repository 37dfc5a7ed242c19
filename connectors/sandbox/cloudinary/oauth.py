"""OAuth 2 for desks without a secret: authorization code with PKCE, short access tokens, refresh tokens that rotate.

The vendor has a host of its own for this; the sandbox answers the same paths on its API host, and whoever asks is taken
to have consented (CHOSEN). Source: contract §1, CONFIRMED by the vendor's command-line client.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors.sandbox.cloudinary.state import Cloud

TOKEN_LIFETIME: Final = timedelta(minutes=5)
_CODE_LIFETIME: Final = timedelta(minutes=10)
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SCOPES: Final = "openid offline_access asset_management upload"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grant:
    """What a code was issued for."""

    challenge: str
    redirect_uri: str
    client_id: str
    issued_at: datetime


class Tokens:
    """Every token of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._codes: dict[str, _Grant] = {}
        self._access: dict[str, datetime] = {}
        self._refresh: dict[str, str] = {}
        """The client that may use each; a used one is gone."""

    def accepts(self, token: str) -> bool:
        """Whether ``token`` is an access token that has not expired."""
        expires_at = self._access.get(token)
        return expires_at is not None and self._cloud.now() < expires_at

    def routes(self) -> list[Route]:
        """The three paths of the vendor's host."""
        return [
            Route("/oauth2/auth", self._authorize, methods=["GET"]),
            Route("/oauth2/token", self._token, methods=["POST"]),
            Route("/oauth2/revoke", self._revoke, methods=["POST"]),
        ]

    def issue(self, client_id: str) -> Mapping[str, object]:
        """A new pair of tokens, as the token endpoint answers it."""
        now = self._cloud.now()
        token = self._jwt(now)
        refresh = f"rt-{self._cloud.mint('refresh')}"
        self._access[token] = now + TOKEN_LIFETIME
        self._refresh[refresh] = client_id
        return {
            "access_token": token,
            "refresh_token": refresh,
            "token_type": "bearer",
            "expires_in": int(TOKEN_LIFETIME.total_seconds()),
            "scope": _SCOPES,
        }

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        target = urlsplit(asked.get("redirect_uri", ""))
        is_sound = (
            asked.get("response_type") == "code"
            and asked.get("code_challenge_method") == "S256"
            and bool(asked.get("code_challenge"))
            and target.scheme == "http"
            and target.hostname in _LOOPBACK
        )
        if not is_sound:
            return _refused("invalid_request")
        code = self._cloud.mint("code")
        self._codes[code] = _Grant(
            challenge=asked["code_challenge"],
            redirect_uri=asked["redirect_uri"],
            client_id=asked.get("client_id", ""),
            issued_at=self._cloud.now(),
        )
        answer = urlencode({"code": code, "state": asked.get("state", "")})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", status_code=HTTPStatus.FOUND)

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            said = {name: value for name, value in form.items() if isinstance(value, str)}
        client_id = said.get("client_id", "")
        match said.get("grant_type"):
            case "authorization_code":
                grant = self._codes.pop(said.get("code", ""), None)
                if grant is None or not self._fits(grant, said):
                    return _refused("invalid_grant")
            case "refresh_token":
                if self._refresh.pop(said.get("refresh_token", ""), None) != client_id:
                    return _refused("invalid_grant")
            case _:
                return _refused("unsupported_grant_type")
        return JSONResponse(self.issue(client_id), headers={"Cache-Control": "no-store"})

    async def _revoke(self, request: Request) -> Response:
        async with request.form() as form:
            token = form.get("token")
        if isinstance(token, str):
            self._refresh.pop(token, None)
            self._access.pop(token, None)
        return Response(status_code=HTTPStatus.OK)

    def _fits(self, grant: _Grant, said: Mapping[str, str]) -> bool:
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        proof = urlsafe_b64encode(digest).decode().rstrip("=")
        return (
            hmac.compare_digest(proof.encode(), grant.challenge.encode())
            and said.get("redirect_uri") == grant.redirect_uri
            and said.get("client_id", "") == grant.client_id
            and self._cloud.now() < grant.issued_at + _CODE_LIFETIME
        )

    def _jwt(self, now: datetime) -> str:
        issued_at = int(now.timestamp())
        claims = {
            "iss": "https://oauth.cloudinary.com/",
            "sub": "desk",
            "iat": issued_at,
            "exp": issued_at + int(TOKEN_LIFETIME.total_seconds()),
            "jti": self._cloud.mint("token"),
            "ext": {"cloud_name": self._cloud.name},
        }
        body = ".".join(_part(one) for one in ({"alg": "HS256", "typ": "JWT"}, claims))
        seal = hmac.new(self._cloud.api_secret.encode(), body.encode(), hashlib.sha256).digest()
        return f"{body}.{urlsafe_b64encode(seal).decode().rstrip('=')}"


def _part(claims: Mapping[str, object]) -> str:
    return urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode().rstrip("=")


def _refused(error: str) -> Response:
    return JSONResponse({"error": error}, status_code=HTTPStatus.BAD_REQUEST)
