"""Applications and OAuth 2: the ``auth`` service (wire contract "iconik", §2, CONFIRMED but for what is marked).

The consent page is the vendor's and opens in the system browser; which redirect addresses a desktop may use, and under
which name a refresh token comes, is unknown, so both names are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from connectors.calls import Call, FormBody
from connectors.iconik.models import App, OAuthScopes, OAuthToken, Token
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import Listing, Operation, drop, fetch, make, pages_behind
from connectors.iconik.wire.reading import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the browser is sent to ask for. ``challenge`` is the S256 form of a verifier that stays here (PKCE)."""

    client_id: str
    redirect_uri: str
    scope: str
    state: str = field(repr=False)
    challenge: str = field(repr=False)


def consent_address(base_url: str, consent: Consent) -> str:
    """Where a signed-in person allows the desk in; the answer comes to ``redirect_uri`` as ``code`` or ``error``."""
    asked = {
        "client_id": consent.client_id,
        "redirect_uri": consent.redirect_uri,
        "scope": consent.scope,
        "response_type": "code",
        "state": consent.state,
        "code_challenge": consent.challenge,
        "code_challenge_method": "S256",
    }
    return f"{base_url.rstrip('/')}{path('auth', 'oauth', 'authorize')}?{urlencode(asked)}"


def exchange_code(*, client_id: str, code: str, verifier: str, redirect_uri: str) -> Operation[OAuthToken]:
    """A token for the code of a consent. Not repeatable: a code is good once."""
    return _token(
        {
            "grant_type": "authorization_code",
            "client_id": client_id,
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        }
    )


def refresh(*, client_id: str, refresh_token: str) -> Operation[OAuthToken]:
    """A new token for a refresh token. Not repeatable: the vendor may roll it."""
    return _token({"grant_type": "refresh_token", "client_id": client_id, "refresh_token": refresh_token})


def by_client_credentials(*, client_id: str, client_secret: str, scope: str = "") -> Operation[OAuthToken]:
    """A token for a backend service."""
    fields = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    return _token({**fields, "scope": scope} if scope else fields)


def list_scopes() -> Operation[OAuthScopes]:
    """Every scope there is; their names are not published."""
    return fetch("OAuth scopes", path("auth", "apps", "oauth_scopes"), OAuthScopes)


def list_apps() -> Listing[App]:
    """The tenant's applications (P2)."""
    return pages_behind("applications", path("auth", "apps"), App)


def add_app(app: Mapping[str, object]) -> Operation[App]:
    """An application, by the vendor's names; only this answer has its ``client_secret``."""
    return make("new application", path("auth", "apps"), App, app)


def delete_app(app_id: str) -> Operation[None]:
    """End an application with its tokens."""
    return drop("delete application", path("auth", "apps", app_id))


def mint_token(app_id: str, *, expires_in_s: int | None = None) -> Operation[Token]:
    """A token of an application, shown once. 200 or 201 by release (§16.13)."""
    lasts = query({"expires_in": expires_in_s})
    return make("new application token", path("auth", "apps", app_id, "token"), Token, query=lasts)


def _token(fields: Mapping[str, str]) -> Operation[OAuthToken]:
    call = Call(
        name="OAuth token",
        method="POST",
        path=path("auth", "oauth", "token"),
        body=FormBody(fields=tuple(fields.items())),
        signed_in=False,
    )
    return Operation(call=call, read=lambda reply: read(reply, OAuthToken))
