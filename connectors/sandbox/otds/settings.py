"""What administrators set: access roles, application roles, trusted sites, the password policy, consolidation.

Paths and keys are those that OpenText's own client sends; the contract knows only the sign-in.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.otds.administration import Change, Fields, guarded, new_name, strings
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.otds.bodies import text_field
from connectors.sandbox.otds.directory import Directory
from connectors.sandbox.otds.errors import MALFORMED_REQUEST, UNKNOWN_OBJECT, OtdsError
from connectors.sandbox.otds.lookups import Lookups

Json = dict[str, object]

MEMBER_KINDS = ("users", "groups", "userPartitions", "organizationalUnits")


class Settings:
    """Access roles by resource, and settings of the whole service."""

    def __init__(self, authority: TicketAuthority, directory: Directory, lookups: Lookups) -> None:
        self._directory = directory
        self._lookups = lookups
        self._access_roles = {
            name: self._access_role(name, authority.partition)
            for name in (f"Access to {resource['resourceName']}" for resource in directory.resources)
        }
        self._roles: dict[str, Json] = {}
        self._sites: list[str] = []
        self._policy: Json = {
            "minimumNumberOfCharacters": 8,
            "passwordHistoryMaximumNumber": 3,
            "passwordMaximumDuration": 90,
            "minimumNumberOfDigits": 1,
        }
        self._audit: Json = {"daysToKeep": "7", "enabled": False, "auditTo": "DATABASE", "eventIDs": []}
        self._attributes: dict[str, Json] = {}

    def routes(self) -> list[Route]:
        """Paths under ``/otdsws/rest`` and, for the newer spelling, ``/otdsws/v1``."""
        config, role = "/systemconfig", "/accessroles/{name}"
        calls: tuple[tuple[str, str, Change], ...] = (
            ("GET", "/accessroles", self._all_access_roles),
            ("GET", role, self._one_access_role),
            ("POST", f"{role}/members", self._add_members),
            ("PUT", f"{role}/attributes", self._set_attributes),
            ("GET", f"{config}/whitelist", self._trusted_sites),
            ("PUT", f"{config}/whitelist", self._set_trusted_sites),
            ("GET", f"{config}/passwordpolicy", self._password_policy),
            ("PUT", f"{config}/passwordpolicy", self._set_password_policy),
            ("PUT", f"{config}/audit", self._set_audit),
            ("POST", f"{config}/system_attributes", self._add_attribute),
            ("POST", "/roles", self._add_role),
            ("GET", "/roles", self._all_roles),
            ("POST", "/users/{location}/roles", self._give_role),
            ("POST", "/groups/{location}/roles", self._give_role),
            ("POST", "/consolidation", self._consolidate),
        )
        return [
            Route(f"/otdsws/{spelling}{path}", guarded(self._lookups, answer), methods=[method])
            for spelling in ("rest", "v1")
            for method, path, answer in calls
        ]

    # Access roles

    def _access_role(self, name: str, partition: str) -> Json:
        members: Json = {kind: [] for kind in MEMBER_KINDS}
        members["userPartitions"] = [{"name": partition, "userPartition": partition, "location": ""}]
        return {
            "name": name,
            "id": name,
            "description": None,
            "location": f"cn={name},ou=AccessRoles",
            "accessRoleMembers": members,
            "accessRoleAttributes": [],
        }

    def _found(self, request: Request) -> Json:
        role = self._access_roles.get(request.path_params["name"])
        if role is None:
            raise OtdsError(404, UNKNOWN_OBJECT, "Access role does not exist")
        return role

    def _all_access_roles(self, request: Request, fields: Fields) -> Response:
        del request, fields
        return JSONResponse({"accessRoles": list(self._access_roles.values())})

    def _one_access_role(self, request: Request, fields: Fields) -> Response:
        del fields
        return JSONResponse(self._found(request))

    def _add_members(self, request: Request, fields: Fields) -> Response:
        members = self._found(request)["accessRoleMembers"]
        for kind in MEMBER_KINDS:
            wanted, there = fields.get(kind), members.get(kind) if isinstance(members, dict) else None
            if isinstance(wanted, list) and isinstance(there, list):
                names = {each["name"] for each in there}
                fresh = [each for each in wanted if isinstance(each, dict) and each.get("name") not in names]
                there.extend({**each, "displayName": each.get("name")} for each in fresh)
        return Response(status_code=204)

    def _set_attributes(self, request: Request, fields: Fields) -> Response:
        role = self._found(request)
        role["accessRoleAttributes"] = fields.get("attributes") or []
        return JSONResponse(role)

    # Roles of applications

    def _add_role(self, request: Request, fields: Fields) -> Response:
        del request
        name = new_name(fields, self._roles.get(text_field(fields, "name")))
        partition = text_field(fields, "userPartitionID")
        self._roles[name] = {
            "name": name,
            "userPartitionID": partition,
            "description": text_field(fields, "description"),
            "location": f"oTRole={name},orgunit=roles,partition={partition}",
            "members": [],
        }
        return JSONResponse(self._roles[name], status_code=201)

    def _all_roles(self, request: Request, fields: Fields) -> Response:
        del fields
        wanted = request.query_params.get("where_filter", "").lower()
        return JSONResponse({"roles": [role for name, role in self._roles.items() if wanted in name.lower()]})

    def _give_role(self, request: Request, fields: Fields) -> Response:
        location = request.path_params["location"]
        if self._directory.find((*self._directory.users, *self._directory.groups), location) is None:
            raise OtdsError(404, UNKNOWN_OBJECT, "User does not exist")
        by_location = {role["location"]: role for role in self._roles.values()}
        for wanted in strings(fields):
            role = by_location.get(wanted)
            members = role["members"] if role else None
            if not isinstance(members, list):
                raise OtdsError(404, UNKNOWN_OBJECT, "Role does not exist")
            members.append(location)
        return Response(status_code=204)

    # The service itself

    def _trusted_sites(self, request: Request, fields: Fields) -> Response:
        del request, fields
        return JSONResponse({"stringList": self._sites})

    def _set_trusted_sites(self, request: Request, fields: Fields) -> Response:
        del request
        self._sites = list(dict.fromkeys(strings(fields)))
        return JSONResponse({"stringList": self._sites})

    def _password_policy(self, request: Request, fields: Fields) -> Response:
        del request, fields
        return JSONResponse(self._policy)

    def _set_password_policy(self, request: Request, fields: Fields) -> Response:
        del request
        self._policy |= fields
        return JSONResponse(self._policy)

    def _set_audit(self, request: Request, fields: Fields) -> Response:
        del request
        self._audit |= fields
        return JSONResponse(self._audit)

    def _add_attribute(self, request: Request, fields: Fields) -> Response:
        del request
        name = text_field(fields, "name")
        if not name:
            raise OtdsError(400, MALFORMED_REQUEST, "name is missing")
        self._attributes[name] = dict(fields)
        return JSONResponse(self._attributes[name], status_code=201)

    def _consolidate(self, request: Request, fields: Fields) -> Response:
        """There is nothing to carry over: every system of the sandbox asks the same authority."""
        del request
        wanted = text_field(fields, "objectToConsolidate")
        if wanted not in {resource["resourceDN"] for resource in self._directory.resources}:
            raise OtdsError(404, UNKNOWN_OBJECT, "Resource does not exist")
        return JSONResponse({})
