"""The sign-in service as one ASGI app."""

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from connectors.sandbox.otds.administration import Administration
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.otds.authorization import Authorization
from connectors.sandbox.otds.directory import Directory
from connectors.sandbox.otds.errors import OAuthError, OtdsError, answer_oauth_error, answer_otds_error
from connectors.sandbox.otds.lookups import Lookups
from connectors.sandbox.otds.settings import Settings
from connectors.sandbox.otds.tickets import Tickets
from connectors.sandbox.otds.tokens import Tokens
from connectors.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class OtdsSandbox:
    """The app, and the authority that the other systems ask about tickets and tokens."""

    app: Starlette
    authority: TicketAuthority


def build(world: World, authority: TicketAuthority | None = None) -> OtdsSandbox:
    """The sign-in service of ``world``; without an ``authority`` it makes its own."""
    authority = authority or TicketAuthority(world)
    directory = Directory(world, authority)
    authorization = Authorization(world, authority)
    lookups = Lookups(authority, directory)
    tenant = world.secrets.get("exstream", {}).get("tenant") or None
    app = Starlette(
        routes=[
            *Tickets(authority, directory).routes(),
            *authorization.routes(),
            *Tokens(authority, authorization, tenant=tenant).routes(),
            *lookups.routes(),
            *Administration(authority, directory, lookups).routes(),
            *Settings(authority, directory, lookups).routes(),
        ],
        exception_handlers={
            OtdsError: answer_otds_error,
            OAuthError: answer_oauth_error,
            HTTPException: _answer_http_error,
        },
    )
    return OtdsSandbox(app=app, authority=authority)


def _answer_http_error(request: Request, error: Exception) -> JSONResponse:
    """Unknown paths and wrong verbs, in OTDS's own shape."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    return answer_otds_error(request, OtdsError(error.status_code, error.status_code, error.detail))
