"""Who may do what, and whom to share with (contract 8)."""

from collections.abc import AsyncIterator, Iterable, Sequence

from connectors.extended_ecm.access_models import Bearer, Permission, Reach, Right, ShareOutcome, ShareWish
from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import MemberId, NodeId, Page
from connectors.extended_ecm.wire import access


class AccessCalls(Connection):
    """Permissions and shares."""

    def permissions(self, node_id: NodeId) -> AsyncIterator[Permission]:
        """Every entry of a node."""

        async def fetch(page: int) -> Page[Permission]:
            call = access.permissions(node_id, page=page, limit=self._page_size)
            return access.read_permissions(await self._send(call))

        return self._each(fetch)

    async def effective_rights(self, node_id: NodeId, member_id: MemberId) -> frozenset[Right]:
        """What a member may do with a node, whatever it comes from."""
        return access.read_effective(await self._send(access.effective(node_id, member_id)))

    async def set_standard_rights(
        self,
        node_id: NodeId,
        bearer: Bearer,
        rights: Iterable[Right],
        *,
        reach: Reach = Reach.ITEM,
        member_id: MemberId | None = None,
    ) -> None:
        """The owner's, the group's or the public's part; ``member_id`` also changes who owner or group is."""
        call = access.set_standard(node_id, bearer, rights, reach=reach, member_id=member_id)
        await self._send(call)

    async def add_member_rights(
        self, node_id: NodeId, member_id: MemberId, rights: Iterable[Right], *, reach: Reach = Reach.ITEM
    ) -> None:
        """An entry for a member who has none."""
        await self._send(access.add_member(node_id, member_id, rights, reach=reach))

    async def change_member_rights(
        self, node_id: NodeId, member_id: MemberId, rights: Iterable[Right], *, reach: Reach = Reach.ITEM
    ) -> None:
        """A member's own entry."""
        await self._send(access.change_member(node_id, member_id, rights, reach=reach))

    async def drop_member_rights(self, node_id: NodeId, member_id: MemberId) -> None:
        """Take a member's entry away."""
        await self._send(access.drop_member(node_id, member_id))

    async def set_rights_of_members(self, node_id: NodeId, entries: Sequence[tuple[MemberId, Iterable[Right]]]) -> None:
        """Several members at once; entries already there are replaced."""
        await self._send(access.set_members(node_id, entries))

    async def share(self, wanted: ShareWish) -> ShareOutcome:
        """Invite people outside, through the share provider. There is no anonymous link (CONFIRMED)."""
        return access.read_shared(await self._send(access.share(wanted)))

    async def stop_sharing(self, node_id: NodeId) -> None:
        """Invite nobody any more."""
        await self._send(access.stop_sharing(node_id))

    async def link(self, node_id: NodeId) -> str:
        """An address of a node for people who can sign in."""
        return access.read_link(await self._send(access.copy_link(node_id)))
