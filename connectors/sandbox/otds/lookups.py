"""Reading the directory over REST: who am I, users, groups, partitions, resources, service clients."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.otds.directory import Directory, Entry
from connectors.sandbox.otds.errors import INVALID_TICKET, MALFORMED_REQUEST, UNKNOWN_OBJECT, OtdsError
from connectors.sandbox.otds.tickets import require_ticket

PAGE_SIZE: Final = 250
"""CONFIRMED as the default by OpenText's own client."""
MAX_DIGITS: Final = 6


class Lookups:
    """Everything a signed-in caller may read."""

    def __init__(self, authority: TicketAuthority, directory: Directory) -> None:
        self._authority = authority
        self._directory = directory

    def routes(self) -> list[Route]:
        """Paths under ``/otdsws/rest`` and, for the newer spelling, ``/otdsws/v1``."""
        calls: dict[str, Callable[[Request], JSONResponse]] = {
            "/currentuser": self._current_user,
            "/users": self._users,
            "/users/{name}": self._user,
            "/users/{name}/memberof": self._groups_of_user,
            "/groups": self._groups,
            "/groups/{name}": self._group,
            "/groups/{name}/members": self._members,
            "/partitions": self._partitions,
            "/partitions/{name}": self._partition,
            "/resources": self._resources,
            "/resources/{name}": self._resource,
            "/oauthclients": self._clients,
            "/oauthclients/{name}": self._client,
        }
        return [
            Route(f"/otdsws/{spelling}{path}", self._signed_in(answer), methods=["GET"])
            for spelling in ("rest", "v1")
            for path, answer in calls.items()
        ]

    def _signed_in(self, answer: Callable[[Request], JSONResponse]) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def guarded(request: Request) -> JSONResponse:
            request.state.caller = self.caller(request)
            return answer(request)

        return guarded

    def caller(self, request: Request) -> str:
        """Who is signed in. Raises: OtdsError."""
        if "authorization" in request.headers:
            user = self._authority.user_of_bearer(request.headers["authorization"])
            if user is None:
                raise OtdsError(401, INVALID_TICKET, "Invalid or expired token")
            return user
        return require_ticket(
            self._authority, request.headers.get("OTDSTicket") or request.cookies.get("OTDSTicket") or ""
        )

    def _current_user(self, request: Request) -> JSONResponse:
        user = self._directory.find(self._directory.users, request.state.caller)
        if user is None:
            raise OtdsError(404, UNKNOWN_OBJECT, "A service client is not a user")
        return JSONResponse({"user": user.as_json(attributes_as_keys=False), "isAdmin": False, "isSysAdmin": False})

    def _users(self, request: Request) -> JSONResponse:
        return self._page(request, "users", self._directory.users)

    def _user(self, request: Request) -> JSONResponse:
        return _one(self._directory.find(self._directory.users, request.path_params["name"]), "User")

    def _groups(self, request: Request) -> JSONResponse:
        return self._page(request, "groups", self._directory.groups)

    def _group(self, request: Request) -> JSONResponse:
        return _one(self._directory.find(self._directory.groups, request.path_params["name"]), "Group")

    def _groups_of_user(self, request: Request) -> JSONResponse:
        user = self._directory.find(self._directory.users, request.path_params["name"])
        if user is None:
            raise OtdsError(404, UNKNOWN_OBJECT, "User does not exist")
        groups = [group for group in self._directory.groups if user.name in group.members]
        return self._page(request, "groups", groups)

    def _members(self, request: Request) -> JSONResponse:
        group = self._directory.find(self._directory.groups, request.path_params["name"])
        if group is None:
            raise OtdsError(404, UNKNOWN_OBJECT, "Group does not exist")
        return self._page(request, "users", [user for user in self._directory.users if user.name in group.members])

    def _partitions(self, request: Request) -> JSONResponse:
        del request
        partitions = [self._directory.partition_json(name) for name in self._directory.partition_names]
        return JSONResponse({"partitions": partitions})

    def _partition(self, request: Request) -> JSONResponse:
        return JSONResponse(_found(self._directory.partition_json(request.path_params["name"]), "Partition"))

    def _resources(self, request: Request) -> JSONResponse:
        del request
        return JSONResponse({"resources": list(self._directory.resources)})

    def _resource(self, request: Request) -> JSONResponse:
        return JSONResponse(_found(self._directory.resource(request.path_params["name"]), "Resource"))

    def _clients(self, request: Request) -> JSONResponse:
        del request
        return JSONResponse({"oauthClients": [self._client_json(name) for name in self._authority.client_ids]})

    def _client(self, request: Request) -> JSONResponse:
        name = request.path_params["name"]
        known = self._client_json(name) if name in self._authority.client_ids else None
        return JSONResponse(_found(known, "OAuth client"))

    def _client_json(self, client_id: str) -> dict[str, object]:
        return _client_json(client_id) | self._directory.client_facts.get(client_id, {})

    def _page(self, request: Request, key: str, entries: Sequence[Entry]) -> JSONResponse:
        query = request.query_params
        if partition := query.get("where_partition_name"):
            entries = [entry for entry in entries if entry.partition == partition]
        if wanted := query.get("where_filter", "").lower():
            entries = [entry for entry in entries if wanted in entry.name.lower()]
        size = _page_size(query.get("page_size", ""))
        start = _offset(query.get("next_page_cookie", ""))
        page = entries[start : start + size]
        end = start + len(page)
        as_keys = query.get("attrsAsKeys", "").lower() == "true"
        return JSONResponse(
            {
                key: [entry.as_json(attributes_as_keys=as_keys) for entry in page],
                "actualPageSize": len(page),
                "requestedPageSize": size,
                "nextPageCookie": _cookie(end) if end < len(entries) else None,
            }
        )


def _page_size(said: str) -> int:
    """What was asked for when it is a usable count, else the default."""
    return int(said) if said.isdecimal() and len(said) <= MAX_DIGITS and int(said) else PAGE_SIZE


def _one(entry: Entry | None, kind: str) -> JSONResponse:
    if entry is None:
        raise OtdsError(404, UNKNOWN_OBJECT, f"{kind} does not exist")
    return JSONResponse(entry.as_json(attributes_as_keys=False))


def _found(described: dict[str, object] | None, kind: str) -> dict[str, object]:
    if described is None:
        raise OtdsError(404, UNKNOWN_OBJECT, f"{kind} does not exist")
    return described


def _client_json(client_id: str) -> dict[str, object]:
    return {
        "id": client_id,
        "name": client_id,
        "description": None,
        "confidential": True,
        "grantTypes": ["client_credentials", "password", "refresh_token"],
        "authScopes": None,
        "defaultScopes": None,
    }


def _cookie(offset: int) -> str:
    return base64.b64encode(f"from:{offset}".encode()).decode()


def _offset(cookie: str) -> int:
    if not cookie:
        return 0
    try:
        return int(base64.b64decode(cookie, validate=True).decode().removeprefix("from:"))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise OtdsError(400, MALFORMED_REQUEST, "Invalid page cookie") from error
