"""Nodes: making, changing, deleting them, and back again (contract 3)."""

from collections.abc import AsyncIterator, Sequence

from connectors.extended_ecm.access_models import BinnedNode, BinOutcome
from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import EditTokens, Inheritance, MemberId, Node, NodeId, Page
from connectors.extended_ecm.wire import nodes, recycle_bin
from connectors.extended_ecm.wire.reading import read_node


class ChangingCalls(Connection):
    """Nodes as they should be."""

    async def create_folder(self, parent: NodeId, name: str, *, description: str = "") -> Node:
        """Raises: NameTakenError."""
        return read_node(await self._send(nodes.create(parent, name, description=description)), self._zone)

    async def rename(self, node_id: NodeId, name: str) -> None:
        """Raises: NameTakenError."""
        await self._send(nodes.change(node_id, {"name": nodes.usable_name(name)}))

    async def describe(self, node_id: NodeId, description: str) -> None:
        """Change the description."""
        await self._send(nodes.change(node_id, {"description": description}))

    async def move(
        self, node_id: NodeId, parent: NodeId, *, name: str = "", inherit: Inheritance | None = None
    ) -> None:
        """Hang a node elsewhere, also under another name. Raises: NameTakenError."""
        await self._send(nodes.move(node_id, parent, name=name, inherit=inherit))

    async def copy(self, node_id: NodeId, parent: NodeId, name: str) -> Node:
        """A copy with everything below it. Raises: NameTakenError."""
        return read_node(await self._send(nodes.copy(node_id, parent, name)), self._zone)

    async def set_nickname(self, node_id: NodeId, nickname: str) -> None:
        """Give a node a name that is unique on the server."""
        await self._send(nodes.set_nickname(node_id, nickname))

    async def allowed(self, node_ids: Sequence[NodeId], actions: Sequence[str]) -> dict[NodeId, frozenset[str]]:
        """Which of ``actions`` whoever is signed in may do with each node."""
        return nodes.read_allowed(await self._send(nodes.allowed(node_ids, actions)))

    async def edit_tokens(self, node_id: NodeId) -> EditTokens:
        """What to send along so that somebody else's change in between is a conflict."""
        return nodes.read_edit_tokens(await self._send(nodes.edit_tokens(node_id)))

    async def reserve(self, node_id: NodeId, member_id: MemberId | None) -> None:
        """Check out for ``member_id``; None frees it."""
        await self._send(nodes.change(node_id, {"reserved_user_id": member_id}))

    async def delete(self, node_id: NodeId) -> None:
        """Into the recycle bin. Look at :meth:`holds_on` first."""
        await self._send(nodes.delete(node_id))

    # The recycle bin

    def recycle_bin(self) -> AsyncIterator[BinnedNode]:
        """What was deleted and can come back, latest first."""

        async def fetch(page: int) -> Page[BinnedNode]:
            call = recycle_bin.contents(page=page, limit=self._page_size)
            return recycle_bin.read_contents(await self._send(call), self._zone)

        return self._each(fetch)

    async def restore(self, node_ids: Sequence[NodeId]) -> BinOutcome:
        """Back to where they were, as far as their names are free."""
        return recycle_bin.read_outcome(await self._send(recycle_bin.restore(node_ids)), node_ids)

    async def purge(self, node_ids: Sequence[NodeId]) -> BinOutcome:
        """Out of the bin, for ever."""
        return recycle_bin.read_outcome(await self._send(recycle_bin.purge(node_ids)), node_ids)
