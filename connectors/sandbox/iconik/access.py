"""Rights on objects: the ``acls`` service (wire contract "iconik", §15, and the 2026 operation set).

Everybody may do everything here, whatever lists say: they are kept and shown, so that a desk can be built on them.
"""

from collections import defaultdict
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

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
from connectors.sandbox.iconik.tenant import Tenant

ALL: Final = ("read", "write", "delete", "change-acl")
_LISTS: Final = {"users": "user_id", "groups": "group_id"}


class Access:
    """Who was granted what."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._granted: defaultdict[tuple[str, str], dict[tuple[str, str], list[str]]] = defaultdict(dict)
        """By object type and key: what each user or group may do, by kind and id."""

    def routes(self) -> list[Route]:
        """One object, then many of a type."""
        base = "/API/acls/v1/acl"
        one = f"{base}/{{object_type}}/{{object_key}}"
        return [
            Route(one, self.get, methods=["GET"]),
            Route(f"{one}/permissions", self.mine, methods=["GET"]),
            Route(f"{one}/{{permission}}", self.check, methods=["GET"]),
            Route(f"{base}/{{object_type}}", self.grant, methods=["PUT"]),
            Route(f"{base}/{{object_type}}", self.revoke, methods=["DELETE"]),
        ]

    async def get(self, request: Request) -> Response:
        """Own and inherited lists; what lies in a collection inherits from it (CHOSEN)."""
        object_type, key = self._object(request.path_params["object_type"], request.path_params["object_key"])
        shown: dict[str, Any] = {}
        for kind, name in _LISTS.items():
            shown[f"{kind}_acl"] = [
                {name: who, "permissions": permissions}
                for (granted_kind, who), permissions in self._granted[object_type, key].items()
                if granted_kind == kind
            ]
            shown[f"inherited_{kind}_acl"] = [
                {name: who, "permissions": permissions, "object_type": "collections", "object_key": above}
                for above in self._above(object_type, key)
                for (granted_kind, who), permissions in self._granted["collections", above].items()
                if granted_kind == kind
            ]
            shown[f"propagating_{kind}_acl"] = []
        return answer(shown)

    async def mine(self, request: Request) -> Response:
        """What the caller may do: everything."""
        self._object(request.path_params["object_type"], request.path_params["object_key"])
        return answer({"permissions": list(ALL)})

    async def check(self, request: Request) -> Response:
        """200 for a permission that the caller has; every one. Raises: Fault 400 for a word that is none."""
        self._object(request.path_params["object_type"], request.path_params["object_key"])
        if request.path_params["permission"] not in ALL:
            raise Fault(400, {"permission": f"Must be one of: {', '.join(ALL)}."})
        return answer({})

    async def grant(self, request: Request) -> Response:
        """200 with the keys that changed."""
        object_type, body = request.path_params["object_type"], await read_body(request)
        kinds = {"object_keys": list, "permissions": list, "user_ids": list, "group_ids": list, "mode": str}
        demand(body, kinds, required=("object_keys", "permissions"))
        demand_one_of(body, "mode", ("APPEND", "OVERWRITE"))
        if not set(map(str, body["permissions"])) <= set(ALL):
            raise Fault(400, {"permissions": f"Must be one of: {', '.join(ALL)}."})
        who = self._who(body)
        keys = [self._object(object_type, str(key))[1] for key in body["object_keys"]]
        for key in keys:
            granted = self._granted[object_type, key]
            for one in who:
                before = granted.get(one, []) if body.get("mode") != "OVERWRITE" else []
                granted[one] = list(dict.fromkeys([*before, *body["permissions"]]))
        return answer({"updated_object_keys": keys})

    async def revoke(self, request: Request) -> Response:
        """204."""
        object_type, body = request.path_params["object_type"], await read_body(request)
        demand(body, {"object_keys": list, "user_ids": list, "group_ids": list}, required=("object_keys",))
        for key in body["object_keys"]:
            for one in self._who(body):
                self._granted[object_type, str(key)].pop(one, None)
        return nothing()

    def _who(self, body: Body) -> list[tuple[str, str]]:
        demand_uuids(body, "user_ids", "group_ids")
        for user_id in body.get("user_ids") or []:
            self._tenant.user(str(user_id))
        users = [("users", str(key)) for key in body.get("user_ids") or []]
        return [*users, *(("groups", str(key)) for key in body.get("group_ids") or [])]

    def _above(self, object_type: str, key: str) -> list[str]:
        if object_type == "assets":
            return self._tenant.ancestor_ids(self._tenant.asset(key))
        return [one.id for one in self._tenant.ancestors(self._tenant.collection(key))]

    def _object(self, object_type: str, key: str) -> tuple[str, str]:
        if object_type == "collections":
            self._tenant.collection(key)
        elif object_type == "assets":
            self._tenant.asset(key)
        else:
            raise not_found("Object type", object_type)
        return object_type, key
