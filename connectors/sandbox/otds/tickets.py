"""Tickets: by password, for another user, for one resource. Spellings and keys as in extended-ecm 2 and core-dam 3."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.otds.bodies import json_fields, text_field
from connectors.sandbox.otds.directory import Directory
from connectors.sandbox.otds.errors import (
    EXPIRED_TICKET,
    INVALID_CREDENTIALS,
    INVALID_TICKET,
    UNKNOWN_OBJECT,
    OtdsError,
)

_SNAKE_KEYS: Mapping[str, str] = {
    "userId": "user_id",
    "resourceID": "resource_id",
    "failureReason": "failure_reason",
    "passwordExpirationTime": "password_expiration_time",
    "continuationContext": "continuation_context",
    "continuationData": "continuation_data",
}


class Tickets:
    """The calls that hand out single sign-on tickets."""

    def __init__(self, authority: TicketAuthority, directory: Directory) -> None:
        self._authority = authority
        self._directory = directory

    def routes(self) -> list[Route]:
        """Every path, with and without the older ``rest`` spelling."""
        routes = [
            Route("/otdsws/rest/authentication/credentials", self.by_password, methods=["POST"]),
            Route("/otdsws/v1/authentication/credentials", self.by_password_v1, methods=["POST"]),
        ]
        for prefix in ("/otdsws/rest", "/otdsws/v1"):
            authentication = f"{prefix}/authentication"
            routes += [
                Route(f"{authentication}/ticketforuser", self.for_user, methods=["POST"]),
                Route(f"{authentication}/resource/ticketforresource", self.for_resource, methods=["POST"]),
            ]
        return routes

    async def by_password(self, request: Request) -> JSONResponse:
        """``userName`` and ``password``, optionally for a ``targetResourceId``."""
        return JSONResponse(await self._by_password(request))

    async def by_password_v1(self, request: Request) -> JSONResponse:
        """The snake_case twin: ``user_name`` in, ``user_id`` out."""
        issued = await self._by_password(request)
        return JSONResponse({_SNAKE_KEYS.get(key, key): value for key, value in issued.items()})

    async def for_user(self, request: Request) -> JSONResponse:
        """A ticket for somebody else; the caller's own ticket must be good."""
        fields = await json_fields(request)
        require_ticket(self._authority, text_field(fields, "ticket"))
        login = self._authority.login_of(text_field(fields, "userName", "user_name"))
        if login is None:
            raise OtdsError(404, UNKNOWN_OBJECT, "User does not exist")
        return JSONResponse(self._issued(login, resource_id=None))

    async def for_resource(self, request: Request) -> JSONResponse:
        """A ticket that one resource accepts."""
        fields = await json_fields(request)
        login = require_ticket(self._authority, text_field(fields, "ticket"))
        resource_id = self._known_resource(text_field(fields, "targetResourceId", "target_resource_id"))
        return JSONResponse(self._issued(login, resource_id=resource_id))

    async def _by_password(self, request: Request) -> dict[str, object]:
        fields = await json_fields(request)
        login = self._authority.check_password(
            text_field(fields, "userName", "user_name"), text_field(fields, "password")
        )
        if login is None:
            raise OtdsError(401, INVALID_CREDENTIALS, "Invalid user name or password")
        wanted = text_field(fields, "targetResourceId", "target_resource_id")
        return self._issued(login, resource_id=self._known_resource(wanted) if wanted else None)

    def _known_resource(self, resource_id: str) -> str:
        if self._directory.resource_by_id(resource_id) is None:
            raise OtdsError(404, UNKNOWN_OBJECT, "Resource does not exist")
        return resource_id

    def _issued(self, login: str, *, resource_id: str | None) -> dict[str, object]:
        return {
            "token": None,
            "userId": f"{login}@{self._authority.partition}",
            "ticket": self._authority.issue_ticket(login),
            "resourceID": resource_id,
            "failureReason": None,
            "passwordExpirationTime": 0,
            "continuation": False,
            "continuationContext": None,
            "continuationData": None,
        }


def require_ticket(authority: TicketAuthority, ticket: str) -> str:
    """Whose ticket it is. Raises: OtdsError, 400 with 1034 for an expired one and 401 for an invented one."""
    if authority.is_expired_ticket(ticket):
        raise OtdsError(400, EXPIRED_TICKET, "Expired OTDS SSO ticket")
    login = authority.user_of_ticket(ticket)
    if login is None:
        raise OtdsError(401, INVALID_TICKET, "Invalid OTDS SSO ticket")
    return login
