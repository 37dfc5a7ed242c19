"""Who plays which part in a workspace (contract 6)."""

from collections.abc import AsyncIterator, Iterable

from connectors.extended_ecm.access_models import Right
from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import Member, MemberId, NodeId, Page, Role, TeamRole
from connectors.extended_ecm.wire import teams
from connectors.extended_ecm.wire.reading import properties_only


class TeamCalls(Connection):
    """Roles and their members."""

    async def roles(self, workspace_id: NodeId) -> tuple[Role, ...]:
        """The roles of a workspace."""
        return properties_only(await self._send(teams.roles(workspace_id)), Role, self._zone)

    async def role_members(self, workspace_id: NodeId, role_id: int) -> tuple[Member, ...]:
        """Who has a role."""
        reply = await self._send(teams.role_members(workspace_id, role_id))
        return properties_only(reply, Member, self._zone)

    async def add_role_member(self, workspace_id: NodeId, role_id: int, member_id: MemberId) -> None:
        """Give somebody a role."""
        await self._send(teams.add_role_member(workspace_id, role_id, member_id))

    async def drop_role_member(self, workspace_id: NodeId, role_id: int, member_id: MemberId) -> None:
        """Take a role from somebody."""
        await self._send(teams.drop_role_member(workspace_id, role_id, member_id))

    def team(self, workspace_id: NodeId) -> AsyncIterator[TeamRole]:
        """Every role with its members."""

        async def fetch(page: int) -> Page[TeamRole]:
            call = teams.team(workspace_id, page=page, limit=self._page_size)
            return teams.read_team(await self._send(call))

        return self._each(fetch)

    async def add_role(
        self, workspace_id: NodeId, name: str, rights: Iterable[Right], *, description: str = ""
    ) -> Role:
        """A role that only this workspace has."""
        return teams.read_role(await self._send(teams.add_role(workspace_id, name, rights, description=description)))

    async def rename_role(self, workspace_id: NodeId, role_id: int, name: str) -> None:
        """Call a role something else."""
        await self._send(teams.change_role(workspace_id, role_id, {"name": name}))

    async def set_role_rights(self, workspace_id: NodeId, role_id: int, rights: Iterable[Right]) -> None:
        """What whoever has the role may do in the whole workspace."""
        await self._send(teams.change_role(workspace_id, role_id, teams.rights_of_role(rights)))

    async def drop_role(self, workspace_id: NodeId, role_id: int) -> None:
        """Take a role away, and its members with it."""
        await self._send(teams.drop_role(workspace_id, role_id))
