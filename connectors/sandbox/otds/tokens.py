"""OAuth tokens: one endpoint under many paths (exstream 1.1, extended-ecm 2), and what a token is good for."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.sandbox.otds.authority import CLIENT_PARTITION, IssuedToken, TicketAuthority
from connectors.sandbox.otds.authorization import Authorization
from connectors.sandbox.otds.bodies import json_fields, text_field, token_fields
from connectors.sandbox.otds.errors import INVALID_TICKET, OAuthError, OtdsError

TOKEN_PATHS: Final = (
    "/otdsws/oauth2/token",
    "/otdstenant/{tenant}/oauth2/token",
    "/otdsws/otdstenant/{tenant}/oauth2/token",
    "/otds/otdstenant/{tenant}/otdsws/login",
    "/tenants/{tenant}/oauth2/token",
)
TICKET_SCOPE: Final = "otdsssoticket"
"""Asks for a legacy ticket in place of a token (CONFIRMED, exstream 1.1)."""
EXCHANGE_GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ISSUED_TYPE: Final = "urn:ietf:params:oauth:token-type:access_token"
SUBJECT_TYPE: Final = "urn:opentext.com:oauth:string:user_id"


class Tokens:
    """The token endpoints. ``tenant`` is the only one that exists; None lets any tenant pass."""

    def __init__(self, authority: TicketAuthority, authorization: Authorization, *, tenant: str | None) -> None:
        self._authority = authority
        self._authorization = authorization
        self._tenant = tenant

    def routes(self) -> list[Route]:
        """Every path on which a token can be asked for."""
        return [
            *(Route(path, self.token, methods=["POST"]) for path in TOKEN_PATHS),
            Route("/otdsws/rest/authentication/oauth/tokeninfo", self.facts, methods=["POST"]),
            Route("/otdsws/v1/authentication/oauth/tokeninfo", self.facts, methods=["POST"]),
        ]

    async def token(self, request: Request) -> JSONResponse:
        """Grants: client credentials, password, code of a browser, refresh, and token exchange for acting as a user."""
        tenant = request.path_params.get("tenant")
        if tenant is not None and self._tenant is not None and tenant != self._tenant:
            raise OAuthError("invalid_request", "The tenant does not exist", http_status=404)
        fields = await token_fields(request)
        client_id = fields.get("client_id", "")
        if not self._authority.check_client(client_id, fields.get("client_secret")):
            raise OAuthError("invalid_client", "Client authentication failed", http_status=401)
        match fields.get("grant_type"):
            case "client_credentials":
                return self._for_client(client_id, fields)
            case "password":
                return self._for_password(client_id, fields)
            case "authorization_code":
                grant = self._authorization.redeem(fields)
                return self._issue(grant.user, client_id, {**fields, "scope": grant.scope})
            case "refresh_token":
                renewed = self._authority.renew_token(fields.get("refresh_token", ""), client_id=client_id)
                if renewed is None:
                    raise OAuthError("invalid_grant", "The refresh token is not valid")
                return _token_answer(renewed)
            case grant if grant == EXCHANGE_GRANT:
                return self._for_other_user(client_id, fields)
            case None:
                raise OAuthError("invalid_request", "grant_type is missing")
            case _:
                raise OAuthError("unsupported_grant_type", "The grant type is not supported")

    async def facts(self, request: Request) -> JSONResponse:
        """What a token stands for. The keys are CHOSEN: the answer was never seen."""
        token = self._authority.token(text_field(await json_fields(request), "token"))
        if token is None:
            raise OtdsError(401, INVALID_TICKET, "Invalid or expired token")
        return JSONResponse(
            {
                "userId": self._full_name(token.user),
                "clientId": token.client_id,
                "scope": token.scope,
                "issuedAt": int(token.issued_at.timestamp()),
                "expiresAt": int(token.expires_at.timestamp()),
            }
        )

    def _for_client(self, client_id: str, fields: dict[str, str]) -> JSONResponse:
        if not fields.get("client_secret"):
            raise OAuthError("unauthorized_client", "A public client cannot act for itself")
        return self._issue(f"{client_id}@{CLIENT_PARTITION}", client_id, fields)

    def _for_password(self, client_id: str, fields: dict[str, str]) -> JSONResponse:
        login = self._authority.check_password(fields.get("username", ""), fields.get("password", ""))
        if login is None:
            raise OAuthError("invalid_grant", "Invalid user name or password")
        return self._issue(login, client_id, fields)

    def _for_other_user(self, client_id: str, fields: dict[str, str]) -> JSONResponse:
        if not fields.get("client_secret"):
            raise OAuthError("unauthorized_client", "A public client cannot act for a user")
        if fields.get("subject_token_type") != SUBJECT_TYPE:
            raise OAuthError("invalid_request", "The subject token type is not supported")
        login = self._authority.login_of(fields.get("subject_token", ""))
        if login is None:
            raise OAuthError("invalid_grant", "The subject token names nobody")
        return self._issue(login, client_id, fields, issued_token_type=ISSUED_TYPE)

    def _issue(
        self, user: str, client_id: str, fields: dict[str, str], *, issued_token_type: str | None = None
    ) -> JSONResponse:
        scope = fields.get("scope", "")
        if TICKET_SCOPE in scope.split():
            ticket = self._authority.issue_ticket(user)
            return JSONResponse({"access_token": ticket, "token_type": "Bearer"}, headers={"Cache-Control": "no-store"})
        token = self._authority.issue_token(user, client_id=client_id, scope=scope)
        return _token_answer(token, issued_token_type=issued_token_type)

    def _full_name(self, user: str) -> str:
        return user if "@" in user else f"{user}@{self._authority.partition}"


def _token_answer(token: IssuedToken, *, issued_token_type: str | None = None) -> JSONResponse:
    answer: dict[str, object] = {
        "access_token": token.value,
        "token_type": "Bearer",
        "expires_in": token.expires_in_s,
    }
    if token.refresh_value:
        answer["refresh_token"] = token.refresh_value
    if token.scope:
        answer["scope"] = token.scope
    if issued_token_type:
        answer["issued_token_type"] = issued_token_type
    return JSONResponse(answer, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})
