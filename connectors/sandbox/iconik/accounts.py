"""The ``auth``, ``users`` and ``settings`` services (wire contract "iconik", §2 and §15)."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import Fault, answer, demand, demand_uuids, nothing, read_body
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.records import UserRecord
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.iconik.tokens import Tokens

_VERBS: Final = {
    "assets": ("read", "create", "write", "delete"),
    "assets_history": ("read", "write"),
    "asset_relations": ("read", "create", "delete"),
    "approval_request": ("read", "write", "delete"),
    "approval_status": ("write",),
    "approval_status_in_bulk": ("write",),
    "apps": ("read", "write"),
    "asset_relation_types": ("write",),
    "asset_subtitles": ("read", "write"),
    "custom_actions": ("read", "write"),
    "collections": ("read", "create", "write", "delete"),
    "files": ("read", "write"),
    "formats": ("read", "write"),
    "jobs": ("read", "write"),
    "metadata_categories": ("read",),
    "metadata_fields": ("read",),
    "metadata_values": ("read", "write"),
    "metadata_views": ("read",),
    "proxies": ("read", "write"),
    "notifications": ("read",),
    "saved_searches": ("read", "write"),
    "shares": ("read", "write"),
    "stats": ("read",),
    "transcriptions": ("read", "write"),
    "segments": ("read", "create", "write", "delete"),
    "storages": ("read",),
    "versions": ("write", "delete"),
    "webhooks": ("read", "write", "delete"),
}
_ROLES: Final = (
    "can_search",
    "can_archive_formats",
    "can_create_transcode_jobs",
    "can_delete_object_shares",
    "can_restore_archived_formats",
    "can_transcribe_content",
    *(f"can_{verb}_{noun}" for noun, verbs in _VERBS.items() for verb in verbs),
)
PEOPLE_PER_PAGE: Final = 100


class Accounts:
    """Routes of the people behind the tokens. Every user has the ready file's password (CHOSEN: one suffices)."""

    def __init__(self, tenant: Tenant, tokens: Tokens) -> None:
        self._tenant = tenant
        self._tokens = tokens

    def routes(self) -> list[Route]:
        """Of three services."""
        auth, users, settings = "/API/auth/v1", "/API/users/v1", "/API/settings/v1"
        return [
            Route(f"{auth}/auth/simple/login", self.log_in, methods=["POST"]),
            Route(f"{auth}/auth/multidomain/login", self.choose_tenant, methods=["POST"]),
            Route(f"{auth}/auth/saml/login", self.saml, methods=["POST"]),
            Route(f"{auth}/auth/token", self.token, methods=["GET"]),
            Route(f"{auth}/auth/token", self.renew, methods=["PUT"]),
            Route(f"{auth}/auth/token", self.revoke, methods=["DELETE"]),
            Route(f"{users}/users", self.list_users, methods=["GET"]),
            Route(f"{users}/users/basic", self.list_users, methods=["GET"]),
            Route(f"{users}/users/current", self.current, methods=["GET"]),
            Route(f"{users}/users/current/roles", self.roles, methods=["GET"]),
            Route(f"{users}/groups/basic", self.list_groups, methods=["GET"]),
            Route(f"{users}/users/{{user_id}}", self.get_user, methods=["GET"]),
            Route(f"{settings}/system/current", self.system, methods=["GET"]),
            Route(f"{settings}/merged/current", self.system, methods=["GET"]),
        ]

    async def log_in(self, request: Request) -> Response:
        """201 with a token per tenant; 400 for anything wrong, password included (CONFIRMED: 401 is not listed)."""
        body = await read_body(request)
        demand(body, {"email": str, "password": str, "app_name": str}, required=("email", "password"))
        user = self._tenant.user_with_password(body["email"], body["password"])
        if user is None:
            raise Fault(400, "Invalid email or password")
        token = self._tokens.make(user, app_id=self._tenant.world.secrets["iconik"]["app_id"])
        domain = {
            "system_domain_id": self._tenant.system_domain_id,
            "system_domain_name": "Harbour Mutual",
            "token": token.value,
            "url": self._tenant.world.addresses.get("iconik", ""),
            "mfa_required": False,
            "mfa_methods": [],
        }
        record = token.write(self._tenant, with_value=True)
        return answer({**record, "auth_system_domains": [domain]}, status=201)

    async def choose_tenant(self, request: Request) -> Response:
        """No tenant here asks for a second step, so there is never one to finish: 401."""
        body = await read_body(request)
        demand(body, {"email": str, "otp": str}, required=("email", "system_domain_id"))
        demand_uuids(body, "system_domain_id")
        raise Fault(401, "Token is invalid")

    async def saml(self, request: Request) -> Response:
        """This tenant has no identity provider (404's meaning INFERRED)."""
        demand(await read_body(request), {"email": str}, required=("email",))
        raise Fault(404, "Identity provider not found")

    async def token(self, request: Request) -> Response:
        """The token sent. The value is shown again, as the documented reply requires ``token`` (CONFIRMED)."""
        return answer(request.state.token.write(self._tenant, with_value=True))

    async def renew(self, request: Request) -> Response:
        """A new one beside the old."""
        old = request.state.token
        renewed = self._tokens.make(old.user, app_id=old.app_id)
        return answer(renewed.write(self._tenant, with_value=True))

    async def revoke(self, request: Request) -> Response:
        """From now on 401. 204, formerly 200 (CONFIRMED: both are documented)."""
        self._tokens.revoke(request.state.token)
        return nothing(self._tenant.by_release(current=204, older=200))

    async def current(self, request: Request) -> Response:
        """The caller."""
        return answer(self._write(request.state.user))

    async def roles(self, request: Request) -> Response:
        """The caller's roles."""
        del request
        return answer({"objects": list(_ROLES)})

    async def get_user(self, request: Request) -> Response:
        """One user."""
        return answer(self._write(self._tenant.user(request.path_params["user_id"])))

    async def list_users(self, request: Request) -> Response:
        """Users by part of a name or address, by ids or by addresses."""
        asked = request.query_params
        words = asked.get("query", "").lower()
        ids = set(filter(None, asked.get("ids", "").split(",")))
        emails = set(filter(None, asked.get("emails", "").lower().split(",")))
        found = [
            user
            for user in self._tenant.users.values()
            if words in f"{user.first_name} {user.last_name} {user.email}".lower()
            and (not ids or user.id in ids)
            and (not emails or user.email.lower() in emails)
        ]
        return answer(numbered(request, found, self._write, most=PEOPLE_PER_PAGE))

    async def list_groups(self, request: Request) -> Response:
        """P1: this tenant has one group, everybody."""
        words = request.query_params.get("query", "").lower()
        ids = set(filter(None, request.query_params.get("ids", "").split(",")))
        group = {"id": self._tenant.ids.of("group", "everyone"), "name": "Everyone", "description": "All of us"}
        found = [group] if words in group["name"].lower() and (not ids or group["id"] in ids) else []
        return answer(numbered(request, found, lambda one: one, most=PEOPLE_PER_PAGE))

    async def system(self, request: Request) -> Response:
        """The tenant."""
        del request
        return answer(
            {
                "system_domain_id": self._tenant.system_domain_id,
                "system_name": "Harbour Mutual",
                "default_upload_storage_id": self._tenant.storage_id,
                "date_format": "YYYY-MM-DD",
                "features": [],
            }
        )

    def _write(self, user: UserRecord) -> dict[str, Any]:
        return {
            "id": user.id,
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "groups": [],
            "is_admin": user.is_admin,
            "type": user.type,
            "status": "ACTIVE",
            "photo": user.photo,
            "system_domain_id": self._tenant.system_domain_id,
        }
