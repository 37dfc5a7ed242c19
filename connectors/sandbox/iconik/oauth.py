"""Applications and OAuth 2: the ``auth`` service (wire contract "iconik", §2).

The calls behind the consent page are here, for whoever is signed in; browsers get a page of our own. Codes are good
once and for ten minutes; refresh tokens roll (both CHOSEN).
"""

import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik import consent_page
from connectors.sandbox.iconik.faults import (
    Body,
    Fault,
    answer,
    demand,
    demand_one_of,
    demand_uuids,
    not_found,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.paging import behind
from connectors.sandbox.iconik.records import UserRecord
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.iconik.tokens import APPLICATION_LASTS, LOGIN_LASTS, Tokens

SCOPES: Final = ("assets:read", "assets:write", "files:read", "files:write", "search:read")
"""CHOSEN: the real ones are not published."""
_APP: Final = {
    "name": str,
    "description": str,
    "type": str,
    "oauth_client_type": str,
    "redirect_uris": list,
    "allowed_scopes": list,
    "allowed_origins": list,
    "default_user_id": str,
    "url": str,
}
_CODE_LASTS: Final = timedelta(minutes=10)
_GRANTS: Final = ("authorization_code", "client_credentials", "refresh_token")


@dataclass(slots=True, kw_only=True)
class AppRecord:
    """One application."""

    id: str
    facts: Body
    made_at: datetime
    secret: str = field(default="", repr=False)

    def write(self, tenant: Tenant) -> dict[str, Any]:
        """As the vendor shows it; without its secret."""
        return {
            **{name: self.facts.get(name) for name in _APP},
            "id": self.id,
            "system_domain_id": tenant.system_domain_id,
            "date_created": stamp(self.made_at),
            "date_modified": stamp(self.made_at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowed:
    """What somebody allowed an application, behind a code."""

    app_id: str
    user: UserRecord
    redirect_uri: str
    challenge: str
    good_until: datetime


class OAuth:
    """Applications, consents and their tokens."""

    def __init__(self, tenant: Tenant, tokens: Tokens) -> None:
        self._tenant = tenant
        self._tokens = tokens
        secrets = tenant.world.secrets["iconik"]
        first = AppRecord(
            id=secrets["app_id"],
            facts={"name": "Proofdesk", "type": "PAT", "default_user_id": tenant.default_user.id},
            made_at=tenant.world.began,
        )
        self._apps = {first.id: first}
        self._codes: dict[str, _Allowed] = {}
        self._refreshing: dict[str, tuple[str, UserRecord]] = {}

    def routes(self) -> list[Route]:
        """Scopes stand before the path of one application."""
        base = "/API/auth/v1"
        return [
            Route(f"{base}/oauth/authorize", self.describe, methods=["GET"]),
            Route(f"{base}/oauth/authorize", self.consent, methods=["POST"]),
            Route(f"{base}/oauth/token", self.token, methods=["POST"]),
            Route(f"{base}/apps", self.list_apps, methods=["GET"]),
            Route(f"{base}/apps", self.create, methods=["POST"]),
            Route(f"{base}/apps/oauth_scopes", self.scopes, methods=["GET"]),
            Route(f"{base}/apps/{{app_id}}", self.get, methods=["GET"]),
            Route(f"{base}/apps/{{app_id}}", self.edit, methods=["PATCH", "PUT"]),
            Route(f"{base}/apps/{{app_id}}", self.delete, methods=["DELETE"]),
            Route(f"{base}/apps/{{app_id}}/token", self.mint, methods=["POST"]),
        ]

    async def describe(self, request: Request) -> Response:
        """200: what the consent page shows; the page itself for a browser."""
        app, scopes = self._asked(request)
        if consent_page.is_browser(request):
            return consent_page.page(app.facts["name"])
        user = request.state.user
        return answer(
            {
                "client": {"id": app.id, "name": app.facts["name"], "description": app.facts.get("description")},
                "user": {
                    "id": user.id,
                    "email": user.email,
                    "first_name": user.first_name,
                    "last_name": user.last_name,
                },
                "system_domain": {"id": self._tenant.system_domain_id, "name": "Harbour Mutual"},
                "scopes": scopes,
                "redirect_uri": request.query_params["redirect_uri"],
                "state": request.query_params.get("state"),
            }
        )

    async def consent(self, request: Request) -> Response:
        """200 with where the browser goes on: with a code, or with ``access_denied``. The page sends it there."""
        app, _ = self._asked(request)
        form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
        is_allowed = form.get("confirm", "").lower() in {"true", "yes", "1"}
        if not consent_page.is_browser(request):
            return answer({"redirect_uri": self._decided(request, app, request.state.user if is_allowed else None)})
        user = self._tenant.user_with_password(form.get("email", ""), form.get("password", ""))
        if is_allowed and user is None:
            return consent_page.page(app.facts["name"], "The e-mail or the password is wrong.", status=401)
        return consent_page.back(self._decided(request, app, user if is_allowed else None))

    def _decided(self, request: Request, app: AppRecord, user: UserRecord | None) -> str:
        """Where the browser goes on; ``user`` is who allowed it, None when nobody did."""
        asked = request.query_params
        state = {"state": asked["state"]} if asked.get("state") else {}
        if user is None:
            return _with(asked["redirect_uri"], {"error": "access_denied", **state})
        code = token_urlsafe()
        self._codes[code] = _Allowed(
            app_id=app.id,
            user=user,
            redirect_uri=asked["redirect_uri"],
            challenge=asked.get("code_challenge", ""),
            good_until=self._tenant.now() + _CODE_LASTS,
        )
        return _with(asked["redirect_uri"], {"code": code, **state})

    async def token(self, request: Request) -> Response:
        """200 with a token record; 400 for anything that does not fit. The token lies under ``token`` (CONFIRMED)."""
        form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
        demand_one_of(form, "grant_type", _GRANTS)
        app = self._client(request, form)
        match form.get("grant_type"):
            case "authorization_code":
                user = self._redeemed(app, form)
            case "refresh_token":
                user = self._refreshed(app, form)
            case "client_credentials" if app.secret:
                user = self._tenant.users.get(str(app.facts.get("default_user_id"))) or self._tenant.default_user
            case "client_credentials":
                raise Fault(400, "unauthorized_client")
            case _:
                raise Fault(400, {"grant_type": "Missing data for required field."})
        token = self._tokens.make(user, app_id=app.id, lasts=self._lasts(request, LOGIN_LASTS))
        shown = token.write(self._tenant, with_value=True)
        if form["grant_type"] != "client_credentials":
            shown["refresh_token"] = token_urlsafe()
            self._refreshing[shown["refresh_token"]] = (app.id, user)
        return answer(shown)

    async def scopes(self, request: Request) -> Response:
        """Every scope."""
        del request
        return answer({"scopes": list(SCOPES)})

    async def list_apps(self, request: Request) -> Response:
        """P2."""
        return answer(behind(request, [app.write(self._tenant) for app in self._apps.values()]))

    async def create(self, request: Request) -> Response:
        """201, the only answer with a secret; public clients have none."""
        body = await read_body(request)
        demand(body, _APP, required=("name",))
        self._check(body)
        app = AppRecord(
            id=self._tenant.ids.fresh("app"),
            facts={name: body[name] for name in _APP if body.get(name) is not None},
            made_at=self._tenant.now(),
        )
        if body.get("type") == "OAUTH" and body.get("oauth_client_type") != "public":
            app.secret = token_urlsafe()
        self._apps[app.id] = app
        return answer({**app.write(self._tenant), "client_secret": app.secret or None}, status=201)

    async def get(self, request: Request) -> Response:
        """One."""
        return answer(self._app(request).write(self._tenant))

    async def edit(self, request: Request) -> Response:
        """What is named."""
        app = self._app(request)
        body = await read_body(request)
        demand(body, _APP, required=("name",) if request.method == "PUT" else ())
        self._check(body)
        app.facts.update({name: body[name] for name in _APP if body.get(name) is not None})
        return answer(app.write(self._tenant))

    async def delete(self, request: Request) -> Response:
        """204; its tokens end with it."""
        app = self._app(request)
        del self._apps[app.id]
        self._tokens.revoke_all(app.id)
        return nothing()

    async def mint(self, request: Request) -> Response:
        """201, formerly 200 (CONFIRMED): a token that acts as the application's default user, else as the caller."""
        app = self._app(request)
        user = self._tenant.users.get(str(app.facts.get("default_user_id"))) or request.state.user
        token = self._tokens.make(user, app_id=app.id, lasts=self._lasts(request, APPLICATION_LASTS))
        status = self._tenant.by_release(current=201, older=200)
        return answer(token.write(self._tenant, with_value=True), status=status)

    def _asked(self, request: Request) -> tuple[AppRecord, list[str]]:
        asked = request.query_params
        app = self._apps.get(asked.get("client_id", ""))
        if app is None or asked.get("response_type") != "code":
            raise Fault(400, "invalid_request")
        if asked.get("redirect_uri") not in (app.facts.get("redirect_uris") or []):
            raise Fault(400, "invalid_redirect_uri")
        scopes = asked.get("scope", "").split()
        allowed = app.facts.get("allowed_scopes") or SCOPES
        if not set(scopes) <= set(allowed):
            raise Fault(400, "invalid_scope")
        if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
            raise Fault(400, "invalid_request")
        if not app.secret and not asked.get("code_challenge"):
            raise Fault(400, "code_challenge_required")
        return app, scopes

    def _client(self, request: Request, form: Body) -> AppRecord:
        """Who asks: by the form, or by HTTP Basic. Raises: Fault."""
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                client_id, _, secret = b64decode(given, validate=True).decode().partition(":")
            except ValueError as error:  # no base64, no UTF-8, or not even ASCII
                raise Fault(400, "invalid_client") from error
        app = self._apps.get(client_id)
        if app is None or (app.secret and not hmac.compare_digest(app.secret.encode(), secret.encode())):
            raise Fault(400, "invalid_client")
        return app

    def _redeemed(self, app: AppRecord, form: Body) -> UserRecord:
        allowed = self._codes.pop(form.get("code", ""), None)
        if (
            allowed is None
            or allowed.app_id != app.id
            or allowed.redirect_uri != form.get("redirect_uri")
            or allowed.good_until <= self._tenant.now()
            or (allowed.challenge and allowed.challenge != _challenge(form.get("code_verifier", "")))
        ):
            raise Fault(400, "invalid_grant")
        return allowed.user

    def _refreshed(self, app: AppRecord, form: Body) -> UserRecord:
        known = self._refreshing.pop(form.get("refresh_token", ""), None)
        if known is None or known[0] != app.id:
            raise Fault(400, "invalid_grant")
        return known[1]

    def _lasts(self, request: Request, default: timedelta) -> timedelta:
        given = request.query_params.get("expires_in")
        if given is None:
            return default
        if not given.isdecimal() or not 0 < int(given) <= APPLICATION_LASTS.total_seconds():
            raise Fault(400, {"expires_in": "Not a valid number of seconds."})
        return timedelta(seconds=int(given))

    def _app(self, request: Request) -> AppRecord:
        found = self._apps.get(request.path_params["app_id"])
        if found is None:
            raise not_found("App", request.path_params["app_id"])
        return found

    def _check(self, body: Body) -> None:
        demand_one_of(body, "type", ("OAUTH", "PAT"))
        demand_one_of(body, "oauth_client_type", ("confidential", "public"))
        demand_uuids(body, "default_user_id")
        if body.get("default_user_id") is not None:
            self._tenant.user(body["default_user_id"])


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
