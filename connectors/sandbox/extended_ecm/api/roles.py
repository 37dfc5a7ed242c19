"""Who plays which part in a workspace (contract 6)."""

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, cut, results
from connectors.sandbox.extended_ecm.api.views import member_properties
from connectors.sandbox.extended_ecm.members import Member
from connectors.sandbox.extended_ecm.nodes import Node
from connectors.sandbox.extended_ecm.refusal import Refusal, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event
from connectors.sandbox.extended_ecm.workspaces import Role, Workspace


class RolesApi:
    """``/v2/businessworkspaces/{id}/roles`` and ``/members``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        one = "/v2/businessworkspaces/{id}"
        return (
            Endpoint(method="GET", path=f"{one}/roles", handler=self.roles),
            Endpoint(method="POST", path=f"{one}/roles", handler=self.add_role),
            Endpoint(method="GET", path=f"{one}/roles/{{role}}", handler=self.role),
            Endpoint(method="PUT", path=f"{one}/roles/{{role}}", handler=self.change_role),
            Endpoint(method="DELETE", path=f"{one}/roles/{{role}}", handler=self.drop_role),
            Endpoint(method="GET", path=f"{one}/roles/{{role}}/members", handler=self.members),
            Endpoint(method="POST", path=f"{one}/roles/{{role}}/members", handler=self.add_member),
            Endpoint(method="DELETE", path=f"{one}/roles/{{role}}/members", handler=self.drop_members),
            Endpoint(method="DELETE", path=f"{one}/roles/{{role}}/members/{{member}}", handler=self.drop_member),
            Endpoint(method="GET", path=f"{one}/members", handler=self.team),
        )

    def _workspace(self, ask: Ask) -> tuple[Node, Workspace]:
        node = self._server.visible(ask.path_id(), ask.who)
        workspace = self._server.workspaces.find(ask.path_id())
        if node is None or workspace is None:
            raise unreachable(404)
        if ask.request.method != "GET":
            self._server.demand(ask.who, node, "edit_permissions")
        return node, workspace

    def _role(self, ask: Ask) -> tuple[Node, Workspace, Role]:
        node, workspace = self._workspace(ask)
        role = workspace.role(ask.path_id("role"))
        if role is None:
            raise unreachable(404)
        return node, workspace, role

    def _role_entry(self, role: Role, *, members: bool) -> Json:
        data: Json = {
            "properties": {
                "description": role.description,
                "id": role.id,
                "inherited_from_id": role.inherited_from_id,
                "leader": role.leader,
                "name": role.name,
                "perms": role.permissions,
            }
        }
        if members:
            data["members"] = [member_properties(member) for member in self._people(role)]
        return {"data": data}

    def _people(self, role: Role) -> list[Member]:
        found = (self._server.members.find(member_id) for member_id in role.member_ids)
        return [member for member in found if member is not None]

    async def roles(self, ask: Ask) -> Json:
        """All roles of the workspace, or of a template (the latter INFERRED)."""
        _, workspace = self._workspace(ask)
        members = bool(ask.fields and "members" in ask.fields)
        return results(ask, [self._role_entry(role, members=members) for role in workspace.roles])

    async def role(self, ask: Ask) -> Json:
        """One role."""
        return results(ask, self._role_entry(self._role(ask)[2], members=False))

    async def add_role(self, ask: Ask) -> Json:
        """A role that only this workspace has."""
        _, workspace = self._workspace(ask)
        name = ask.needed("name")
        if any(role.name.casefold() == name.casefold() for role in workspace.roles):
            raise Refusal(400, f"A role with the name '{name}' already exists.")
        role = Role(
            id=self._server.tree.new_id(),
            name=name,
            description=ask.text("description"),
            leader=False,
            permissions=ask.many("permissions") or ["see", "see_contents"],
        )
        workspace.roles.append(role)
        return results(ask, self._role_entry(role, members=False))

    async def change_role(self, ask: Ask) -> Json:
        """Its name, description or rights."""
        _, _, role = self._role(ask)
        role.name = ask.text("name") or role.name
        role.description = ask.text("description", role.description)
        if ask.has("permissions"):
            role.permissions = ask.many("permissions")
        return results(ask, self._role_entry(role, members=False))

    async def drop_role(self, ask: Ask) -> Json:
        """Leaders stay: a workspace needs one."""
        _, workspace, role = self._role(ask)
        if role.leader:
            raise Refusal(400, "The lead role cannot be removed.")
        workspace.roles.remove(role)
        return results(ask, {})

    async def members(self, ask: Ask) -> Json:
        """Who has the role."""
        _, _, role = self._role(ask)
        return results(ask, [{"data": {"properties": member_properties(member)}} for member in self._people(role)])

    async def add_member(self, ask: Ask) -> Json:
        """A second time is refused (INFERRED, contract 6)."""
        node, _, role = self._role(ask)
        member = self._server.members.find(ask.needed_integer("id"))
        if member is None:
            raise Refusal(400, f"Could not get a member for {ask.text('id')}")
        if member.id in role.member_ids:
            raise Refusal(400, f"{member.name} is already a member of this role.")
        role.member_ids.append(member.id)
        self._server.trail.add(
            node.id, Event.MEMBER_ADDED, at=self._server.now(), user_id=ask.who.id, target_user_id=member.id
        )
        return results(ask, {"data": {"properties": member_properties(member)}})

    async def drop_member(self, ask: Ask) -> Json:
        """Take the role away."""
        node, _, role = self._role(ask)
        member_id = ask.path_id("member")
        if member_id not in role.member_ids:
            raise Refusal(400, f"Could not get a member for {member_id}")
        role.member_ids.remove(member_id)
        self._server.trail.add(
            node.id, Event.MEMBER_REMOVED, at=self._server.now(), user_id=ask.who.id, target_user_id=member_id
        )
        return results(ask, {})

    async def drop_members(self, ask: Ask) -> Json:
        """Take it away from everybody."""
        self._role(ask)[2].member_ids.clear()
        return results(ask, {})

    async def team(self, ask: Ask) -> Json:
        """Roles with their members."""
        _, workspace = self._workspace(ask)
        page = cut(ask, workspace.roles, default=25)
        return {
            "collection": {"paging": page.paging(ask)},
            **results(ask, [self._role_entry(role, members=True) for role in page.items]),
        }
