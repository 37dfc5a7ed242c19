"""Nodes: reading, listing and finding them, and what happened to them (contract 3 and 11)."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from datetime import date

from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import (
    Ancestor,
    AuditEntry,
    CategorizedNode,
    Node,
    NodeId,
    NodeType,
    Page,
    TakenName,
)
from connectors.extended_ecm.wire import categories, nodes
from connectors.extended_ecm.wire.reading import properties_only, read_node, read_page


class FindingCalls(Connection):
    """Nodes as they are."""

    async def node(self, node_id: NodeId) -> Node:
        """One node."""
        return read_node(await self._send(nodes.node(node_id)), self._zone)

    async def nodes(self, node_ids: Sequence[NodeId]) -> tuple[Node, ...]:
        """Those of ``node_ids`` that are there and visible, in any number."""
        found: list[Node] = []
        for start in range(0, len(node_ids), nodes.MOST_IDS):
            reply = await self._send(nodes.nodes(node_ids[start : start + nodes.MOST_IDS]))
            found += properties_only(reply, Node, self._zone)
        return tuple(found)

    async def children_page(self, parent: NodeId, *, page: int = 1, kinds: Sequence[int] = ()) -> Page[Node]:
        """One page of a folder, in order of name."""
        call = nodes.children(parent, page=page, limit=self._page_size, kinds=kinds)
        return read_page(await self._send(call), Node, self._zone)

    def children(
        self, parent: NodeId, *, kinds: Sequence[int] = (), name_part: str = "", sort: str = "asc_name"
    ) -> AsyncGenerator[Node, None]:
        """All of a folder."""

        async def fetch(page: int) -> Page[Node]:
            call = nodes.children(parent, page=page, limit=self._page_size, kinds=kinds, name_part=name_part, sort=sort)
            return read_page(await self._send(call), Node, self._zone)

        return self._each(fetch)

    def children_with_categories(self, parent: NodeId, *, kinds: Sequence[int] = ()) -> AsyncIterator[CategorizedNode]:
        """All of a folder with the categories of each item, at one call a page."""

        async def fetch(page: int) -> Page[CategorizedNode]:
            call = nodes.children(parent, page=page, limit=self._page_size, kinds=kinds)
            reply = await self._send(categories.with_categories(call))
            return categories.read_with_categories(reply, self._zone)

        return self._each(fetch)

    async def find_child(self, parent: NodeId, name: str) -> Node | None:
        """The item called exactly ``name`` in ``parent``; the server matches parts of names."""
        async with aclosing(self.children(parent, name_part=name)) as found:
            async for node in found:
                if node.name == name:
                    return node
        return None

    async def volume(self, kind: int = NodeType.ENTERPRISE_VOLUME) -> Node:
        """The volume of a type."""
        return read_node(await self._send(nodes.volume(kind)), self._zone)

    async def by_nickname(self, nickname: str) -> Node:
        """The node with a nickname."""
        return read_node(await self._send(nodes.by_nickname(nickname)), self._zone)

    async def ancestors(self, node_id: NodeId) -> tuple[Ancestor, ...]:
        """From the volume down to the node itself."""
        return nodes.read_ancestors(await self._send(nodes.ancestors(node_id)))

    async def taken_names(self, parent: NodeId, names: Sequence[str]) -> tuple[TakenName, ...]:
        """Which of ``names`` are taken in ``parent``. A free name may be taken by the time one creates."""
        return nodes.read_taken_names(await self._send(nodes.taken_names(parent, names)))

    def history(self, node_id: NodeId, *, since: date | None = None) -> AsyncIterator[AuditEntry]:
        """What happened to a node, newest first."""

        async def fetch(page: int) -> Page[AuditEntry]:
            call = nodes.audit(node_id, page=page, limit=self._page_size, since=since)
            return nodes.read_audit(await self._send(call), self._zone)

        return self._each(fetch)
