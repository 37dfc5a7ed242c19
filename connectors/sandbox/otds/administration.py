"""Changing the directory: people, groups, partitions, systems, service clients.

Paths and keys are those that OpenText's own client sends; the contract knows only the sign-in. Whoever is signed in may
do all of it (CHOSEN: the sandbox has no administrator of its own).
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.otds.bodies import json_fields, text_field
from connectors.sandbox.otds.directory import Directory, Entry
from connectors.sandbox.otds.errors import MALFORMED_REQUEST, NAME_TAKEN, UNKNOWN_OBJECT, OtdsError
from connectors.sandbox.otds.lookups import Lookups

Fields = Mapping[str, object]
Change = Callable[[Request, Fields], Response]


class Administration:
    """Writes to the directory, for whoever is signed in."""

    def __init__(self, authority: TicketAuthority, directory: Directory, lookups: Lookups) -> None:
        self._authority = authority
        self._directory = directory
        self._lookups = lookups

    def routes(self) -> list[Route]:
        """Paths under ``/otdsws/rest`` and, for the newer spelling, ``/otdsws/v1``."""
        calls: tuple[tuple[str, str, Change], ...] = (
            ("POST", "/users", self._add_user),
            ("PATCH", "/users/{name}", self._change_user),
            ("DELETE", "/users/{name}", self._drop_user),
            ("PUT", "/users/{name}/password", self._set_password),
            ("POST", "/users/{name}/memberof", self._user_into_group),
            ("POST", "/groups", self._add_group),
            ("DELETE", "/groups/{name}", self._drop_group),
            ("POST", "/groups/{name}/memberof", self._group_into_group),
            ("POST", "/partitions", self._add_partition),
            ("POST", "/resources", self._add_resource),
            ("PUT", "/resources/{name}", self._change_resource),
            ("POST", "/resources/{name}/activate", self._activate),
            ("PUT", "/resources/{name}/impersonation", self._change_resource),
            ("POST", "/oauthclients", self._add_client),
            ("PATCH", "/oauthclients/{name}", self._change_client),
            ("PUT", "/oauthclients/{name}/impersonation", self._change_client),
        )
        return [
            Route(f"/otdsws/{spelling}{path}", guarded(self._lookups, answer), methods=[method])
            for spelling in ("rest", "v1")
            for method, path, answer in calls
        ]

    # People

    def _user(self, request: Request) -> Entry:
        return _known(self._directory.find(self._directory.users, request.path_params["name"]), "User")

    def _group(self, name: str) -> Entry:
        return _known(self._directory.find(self._directory.groups, name), "Group")

    def _partition(self, fields: Fields) -> str:
        name = text_field(fields, "userPartitionID") or self._authority.partition
        if name not in self._directory.partition_names:
            raise OtdsError(404, UNKNOWN_OBJECT, "Partition does not exist")
        return name

    def _add_user(self, request: Request, fields: Fields) -> Response:
        del request
        name = new_name(fields, self._directory.find(self._directory.users, text_field(fields, "name")))
        made = self._directory.add_user(
            name, self._partition(fields), description=text_field(fields, "description"), attributes=_values(fields)
        )
        self._authority.add_account(name)
        return JSONResponse(made.as_json(attributes_as_keys=False), status_code=201)

    def _change_user(self, request: Request, fields: Fields) -> Response:
        description = text_field(fields, "description") if "description" in fields else None
        changed = self._directory.change(self._user(request), description=description, attributes=_values(fields))
        return JSONResponse(changed.as_json(attributes_as_keys=False))

    def _drop_user(self, request: Request, fields: Fields) -> Response:
        del fields
        user = self._user(request)
        self._directory.drop(user)
        self._authority.drop_account(user.name)
        return Response(status_code=204)

    def _set_password(self, request: Request, fields: Fields) -> Response:
        password = text_field(fields, "newPassword")
        if not password:
            raise OtdsError(400, MALFORMED_REQUEST, "newPassword is missing")
        self._authority.set_password(self._user(request).name, password)
        return Response(status_code=204)

    def _user_into_group(self, request: Request, fields: Fields) -> Response:
        return self._into_groups(self._user(request), fields)

    # Groups

    def _add_group(self, request: Request, fields: Fields) -> Response:
        del request
        name = new_name(fields, self._directory.find(self._directory.groups, text_field(fields, "name")))
        made = self._directory.add_group(name, self._partition(fields), description=text_field(fields, "description"))
        return JSONResponse(made.as_json(attributes_as_keys=False), status_code=201)

    def _drop_group(self, request: Request, fields: Fields) -> Response:
        del fields
        self._directory.drop(self._group(request.path_params["name"]))
        return Response(status_code=204)

    def _group_into_group(self, request: Request, fields: Fields) -> Response:
        return self._into_groups(self._group(request.path_params["name"]), fields)

    def _into_groups(self, member: Entry, fields: Fields) -> Response:
        for group in [self._group(name) for name in strings(fields)]:
            self._directory.put_into(group, member.name)
        return Response(status_code=204)

    # Partitions, systems, clients

    def _add_partition(self, request: Request, fields: Fields) -> Response:
        del request
        name = new_name(fields, self._directory.partition_json(text_field(fields, "name")))
        self._directory.add_partition(name, text_field(fields, "description"))
        return JSONResponse(self._directory.partition_json(name), status_code=201)

    def _add_resource(self, request: Request, fields: Fields) -> Response:
        del request
        name = new_name(fields, self._directory.resource(text_field(fields, "resourceName")), key="resourceName")
        return JSONResponse(self._directory.add_resource(name, _shown(fields)), status_code=201)

    def _resource(self, request: Request) -> dict[str, object]:
        name = request.path_params["name"]
        found = self._directory.resource(name) or self._directory.resource_by_id(name)
        if found is None:
            raise OtdsError(404, UNKNOWN_OBJECT, "Resource does not exist")
        return found

    def _change_resource(self, request: Request, fields: Fields) -> Response:
        found = self._resource(request)
        found.update({key: value for key, value in _shown(fields).items() if key in found})
        return JSONResponse(found)

    def _activate(self, request: Request, fields: Fields) -> Response:
        del fields
        found = self._resource(request)
        found["resourceState"] = 1
        return JSONResponse(found)

    def _add_client(self, request: Request, fields: Fields) -> Response:
        del request
        known = text_field(fields, "id") if text_field(fields, "id") in self._authority.client_ids else None
        name = new_name(fields, known, key="id")
        self._authority.add_client(name, text_field(fields, "secret"))
        self._directory.client_facts[name] = _shown(fields) | {"name": name}
        return JSONResponse(self._directory.client_facts[name], status_code=201)

    def _change_client(self, request: Request, fields: Fields) -> Response:
        name = request.path_params["name"]
        if name not in self._authority.client_ids:
            raise OtdsError(404, UNKNOWN_OBJECT, "OAuth client does not exist")
        self._directory.client_facts.setdefault(name, {}).update(_shown(fields))
        return JSONResponse(self._directory.client_facts[name])


def guarded(lookups: Lookups, answer: Change) -> Callable[[Request], Awaitable[Response]]:
    """``answer`` for signed-in callers, with the body read; a request without one has no fields."""

    async def perform(request: Request) -> Response:
        lookups.caller(request)
        fields = await json_fields(request) if await request.body() else {}
        return answer(request, fields)

    return perform


def new_name(fields: Fields, known: object, *, key: str = "name") -> str:
    """A name that nobody has. Raises: OtdsError when it is missing or taken."""
    name = text_field(fields, key)
    if not name:
        raise OtdsError(400, MALFORMED_REQUEST, f"{key} is missing")
    if known is not None:
        raise OtdsError(409, NAME_TAKEN, f"An object named '{name}' already exists")
    return name


def strings(fields: Fields) -> list[str]:
    """The names in ``stringList``. Raises: OtdsError for anything else."""
    listed = fields.get("stringList")
    if not isinstance(listed, list):
        raise OtdsError(400, MALFORMED_REQUEST, "stringList is missing")
    return [str(each) for each in listed]


def _known(entry: Entry | None, kind: str) -> Entry:
    if entry is None:
        raise OtdsError(404, UNKNOWN_OBJECT, f"{kind} does not exist")
    return entry


def _values(fields: Fields) -> dict[str, list[str]]:
    listed = fields.get("values")
    return {
        str(each["name"]): [str(value) for value in each["values"]]
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and "name" in each and isinstance(each.get("values"), list)
    }


def _shown(fields: Fields) -> dict[str, object]:
    """What may be told again: never a secret."""
    return {key: value for key, value in fields.items() if "secret" not in key.lower()}
