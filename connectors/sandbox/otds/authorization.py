"""Signing in with a browser: a page with a name and a password, and a code for whoever sent the person there.

The path is 3P, the page CHOSEN. What a code is good for follows RFC 6749, 7636 and 8252: one exchange, by the same
client, for the same redirect address, with the verifier; a client without a secret must bring a challenge, and may be
sent to any port of this machine and nowhere else.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors.sandbox.otds.authority import PUBLIC_CLIENTS, TicketAuthority
from connectors.sandbox.otds.errors import OAuthError
from connectors.sandbox.world import World

CODE_LIFE: Final = timedelta(minutes=1)
"""CHOSEN; RFC 6749 recommends ten minutes at most."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_KEPT: Final = (
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
    "scope",
)
_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><title>Sign in</title><h1>Sign in</h1><p>{words}</p><form method=post>{hidden}"
    "<label>User <input name=otds_username autofocus></label> "
    "<label>Password <input name=otds_password type=password></label> "
    "<button>Sign in</button> <button name=refused value=1>Cancel</button></form>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGrant:
    """What one code is good for."""

    user: str
    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    good_until: datetime


class Authorization:
    """The page, and the codes that it gave."""

    def __init__(self, world: World, authority: TicketAuthority) -> None:
        self._world = world
        self._authority = authority
        self._codes: dict[str, CodeGrant] = {}

    def routes(self) -> list[Route]:
        """The page's path."""
        return [Route("/otdsws/oauth2/auth", self.page, methods=["GET", "POST"])]

    async def page(self, request: Request) -> Response:
        """The form; and, once it is filled, the way back with a code."""
        if request.method == "GET":
            asked = self._checked(dict(request.query_params))
            return _form(asked, "")
        async with request.form() as form:
            said = {name: value for name, value in form.items() if isinstance(value, str)}
        asked = self._checked(said)
        if said.get("refused"):
            return _back(asked, {"error": "access_denied"})
        user = self._authority.check_password(said.get("otds_username", ""), said.get("otds_password", ""))
        if user is None:
            return _form(asked, "The name or the password is wrong.", status=HTTPStatus.UNAUTHORIZED)
        return _back(asked, {"code": self._issue(user, asked)})

    def redeem(self, fields: dict[str, str]) -> CodeGrant:
        """What a code is good for, once. Raises: OAuthError (``invalid_grant``) for any other, and from then on."""
        grant = self._codes.pop(fields.get("code", ""), None)
        if grant is None or not self._fits(grant, fields):
            raise OAuthError("invalid_grant", "The authorization code is not valid")
        return grant

    def _issue(self, user: str, asked: dict[str, str]) -> str:
        code = sha256(f"{self._world.seed}:code:{user}:{len(self._codes)}:{asked['state']}".encode()).hexdigest()
        self._codes[code] = CodeGrant(
            user=user,
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            challenge=asked["code_challenge"],
            scope=asked["scope"],
            good_until=self._world.clock.now() + CODE_LIFE,
        )
        return code

    def _checked(self, said: dict[str, str]) -> dict[str, str]:
        """Raises: OAuthError, shown here and never sent on: the redirect address is what may be forged."""
        asked = {name: said.get(name, "") for name in _KEPT}
        if asked["client_id"] not in {*PUBLIC_CLIENTS, *self._authority.client_ids}:
            raise OAuthError("invalid_client", "The client is not known", http_status=401)
        if not _is_loopback(asked["redirect_uri"]):
            raise OAuthError("invalid_request", "The redirect address is not registered")
        if asked["response_type"] != "code":
            raise OAuthError("unsupported_response_type", "Only the authorization code flow is offered")
        if asked["client_id"] in PUBLIC_CLIENTS and not asked["code_challenge"]:
            raise OAuthError("invalid_request", "A public client must bring a code challenge")
        if asked["code_challenge"] and asked["code_challenge_method"] != "S256":
            raise OAuthError("invalid_request", "Only S256 challenges are taken")
        return asked

    def _fits(self, grant: CodeGrant, fields: dict[str, str]) -> bool:
        digest = sha256(fields.get("code_verifier", "").encode()).digest()
        proof = urlsafe_b64encode(digest).decode().rstrip("=")
        return (
            fields.get("client_id") == grant.client_id
            and fields.get("redirect_uri") == grant.redirect_uri
            and (not grant.challenge or hmac.compare_digest(proof, grant.challenge))
            and self._world.clock.now() < grant.good_until
        )


def _is_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and not parts.fragment and parts.username is None


def _form(asked: dict[str, str], words: str, *, status: HTTPStatus = HTTPStatus.OK) -> Response:
    hidden = "".join(
        f"<input type=hidden name={name} value='{escape(value, quote=True)}'>" for name, value in asked.items()
    )
    headers = {"Cache-Control": "no-store", "X-Frame-Options": "DENY"}
    return HTMLResponse(_PAGE.format(words=words, hidden=hidden), status_code=status, headers=headers)


def _back(asked: dict[str, str], said: dict[str, str]) -> Response:
    query = urlencode({**said, "state": asked["state"]})
    address = asked["redirect_uri"]
    return RedirectResponse(f"{address}{'&' if '?' in address else '?'}{query}", status_code=HTTPStatus.FOUND)
