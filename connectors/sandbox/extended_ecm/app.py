"""The ASGI app: the vendor's paths, its door, its way of failing."""

import json
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint, read_values
from connectors.sandbox.extended_ecm.api.authentication import AuthenticationApi
from connectors.sandbox.extended_ecm.api.browsing import BrowsingApi
from connectors.sandbox.extended_ecm.api.categories import CategoriesApi
from connectors.sandbox.extended_ecm.api.changes import ChangesApi
from connectors.sandbox.extended_ecm.api.documents import DocumentsApi
from connectors.sandbox.extended_ecm.api.holds import HoldsApi
from connectors.sandbox.extended_ecm.api.large_files import LargeFilesApi
from connectors.sandbox.extended_ecm.api.members import MembersApi
from connectors.sandbox.extended_ecm.api.names import NamesApi
from connectors.sandbox.extended_ecm.api.nodes import NodesApi
from connectors.sandbox.extended_ecm.api.notices import NoticesApi
from connectors.sandbox.extended_ecm.api.people import PeopleApi
from connectors.sandbox.extended_ecm.api.permissions import PermissionsApi
from connectors.sandbox.extended_ecm.api.personal import PersonalApi
from connectors.sandbox.extended_ecm.api.records import RecordsApi
from connectors.sandbox.extended_ecm.api.recycle_bin import RecycleBinApi
from connectors.sandbox.extended_ecm.api.relations import RelationsApi
from connectors.sandbox.extended_ecm.api.renditions import RenditionsApi
from connectors.sandbox.extended_ecm.api.replies import zulu
from connectors.sandbox.extended_ecm.api.roles import RolesApi
from connectors.sandbox.extended_ecm.api.search import SearchApi
from connectors.sandbox.extended_ecm.api.shares import SharesApi
from connectors.sandbox.extended_ecm.api.tasks import TasksApi
from connectors.sandbox.extended_ecm.api.workflows import WorkflowsApi
from connectors.sandbox.extended_ecm.api.workspace_making import MakingApi
from connectors.sandbox.extended_ecm.api.workspaces import WorkspacesApi
from connectors.sandbox.extended_ecm.members import Member
from connectors.sandbox.extended_ecm.refusal import AUTHENTICATION_REQUIRED, UNKNOWN_URL, NameTaken, Refusal
from connectors.sandbox.extended_ecm.seed import seed
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.sessions import Ticket
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.world import SentCommunication, World

CS_PATH = "/cs/cs"
"""Where Content Server stands on the host; it differs by site (CONFIRMED, contract 1)."""


def build(
    world: World,
    authority: TicketAuthority,
    *,
    documents: Callable[[SentCommunication], Awaitable[bytes]],
    cs_path: str = CS_PATH,
) -> ASGIApp:
    """Content Server over ``world``. ``documents`` composes the bytes of an archived communication when asked for."""
    server = ContentServer(world, authority)
    seed(server, documents)
    server.index.learn_all()
    door = _Door(server)
    routes = [
        Route(f"{cs_path}/api{each.path}", door.handle(each), methods=[each.method])
        for part in parts_of(server)
        for each in part.endpoints
    ]
    routes.append(Route("/cssupport/csconfigured", _configured))
    app = Starlette(routes=routes, exception_handlers={HTTPException: _unknown(f"{cs_path}/api"), Exception: _broken})
    app.router.redirect_slashes = False
    return _WithoutTrailingSlash(app)


class Part(Protocol):
    """One topic of the API."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Its calls, in the order in which their paths are tried."""


def parts_of(server: ContentServer) -> tuple[Part, ...]:
    """Every topic, over the same state."""
    return (
        AuthenticationApi(server),
        NodesApi(server),
        ChangesApi(server),
        RecycleBinApi(server),
        RenditionsApi(server),
        NamesApi(server),
        DocumentsApi(server),
        LargeFilesApi(server),
        CategoriesApi(server),
        MakingApi(server),
        WorkspacesApi(server),
        RelationsApi(server),
        RolesApi(server),
        SearchApi(server),
        PermissionsApi(server),
        HoldsApi(server),
        RecordsApi(server),
        SharesApi(server),
        NoticesApi(server),
        PersonalApi(server),
        WorkflowsApi(server),
        TasksApi(server),
        PeopleApi(server),
        BrowsingApi(server),
        MembersApi(server),  # after every path below /v2/members that has a name of its own
    )


class _Door:
    """Who may come in, and the fresh ticket on the way out."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    def handle(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                response = await self._answer(endpoint, request)
            except Refusal as refusal:
                response = JSONResponse(refusal.body, status_code=self._status(refusal))
            self._server.index.settle()
            return _flattened(response) if "suppress_response_codes" in request.query_params else response

        return answer

    def _status(self, refusal: Refusal) -> int:
        return 400 if self._server.is_older and isinstance(refusal, NameTaken) else refusal.status

    async def _answer(self, endpoint: Endpoint, request: Request) -> Response:
        ticket, member = self._visitor(request)
        if member is None and endpoint.ticket_needed:
            raise Refusal(
                401, AUTHENTICATION_REQUIRED.capitalize() if self._server.is_older else AUTHENTICATION_REQUIRED
            )
        values, sent, files = await read_values(request, json_bodies="businessworkspaces" in request.url.path)
        result = await endpoint.handler(
            Ask(request=request, values=values, sent=sent, files=files, ticket=ticket, member=member)
        )
        response = result if isinstance(result, Response) else JSONResponse(dict(result))
        if endpoint.may_say_nothing and self._server.is_older:
            response = Response()
        if endpoint.ticket_needed and member is not None:
            self._renew(response, ticket, member)
        return response

    def _visitor(self, request: Request) -> tuple[Ticket | None, Member | None]:
        """By ``OTCSTicket`` (header or cookie), ``OTDSTicket`` or bearer token: any of them, on every call."""
        headers = request.headers
        shown = headers.get("otcsticket") or request.cookies.get("LLCookie") or request.cookies.get("otcsticket")
        if shown and (ticket := self._server.sessions.read(shown)) is not None:
            return ticket, self._server.members.of_login(ticket.login)
        authority = self._server.authority
        login = authority.user_of_ticket(headers.get("otdsticket", "")) or authority.user_of_bearer(
            headers.get("authorization")
        )
        return None, self._server.members.of_login(login) if login else None

    def _renew(self, response: Response, ticket: Ticket | None, member: Member) -> None:
        sessions = self._server.sessions
        if ticket is not None and sessions.read(ticket.value) is None:
            return  # this call has signed out
        fresh = sessions.roll(ticket) if ticket is not None else sessions.open(member.name)
        response.headers["OTCSTicket"] = fresh.value
        response.headers["OTCSTicketExpires"] = zulu(fresh.expires_at) or ""


def _flattened(response: Response) -> Response:
    """HTTP 200 whatever happened, with the true status inside (CONFIRMED, contract 1; the desk never asks for it)."""
    if not isinstance(response, JSONResponse):
        return response
    said = json.loads(bytes(response.body))
    if not isinstance(said, dict):
        return response
    body = {**said, "statusCode": response.status_code}
    flat = JSONResponse(body)
    flat.headers.update({key: value for key, value in response.headers.items() if key.startswith("otcs")})
    return flat


async def _configured(request: Request) -> Response:
    """Where deployment tools look whether the installation is finished."""
    del request
    return Response("OK", media_type="text/plain")


def _unknown(api_path: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(api_path):
            return JSONResponse(Refusal(400, UNKNOWN_URL).body, status_code=400)
        status = error.status_code if isinstance(error, HTTPException) else 404
        return HTMLResponse("<html><body><h1>Content Server Error</h1></body></html>", status_code=status)

    return answer


async def _broken(request: Request, error: Exception) -> Response:
    """The page of a server that could not handle the call at all (CONFIRMED words, contract 11); the cause is logged
    by the HTTP server."""
    del request, error
    return HTMLResponse("<html><body><h1>Error Processing Request</h1></body></html>", status_code=500)


class _WithoutTrailingSlash:
    """Paths are documented with a trailing slash and called without; both are the same (CONFIRMED, contract 5)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/")}
        await self._app(scope, receive, send)
