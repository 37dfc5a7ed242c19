"""Holds (contract 9)."""

from collections.abc import AsyncIterator, Sequence
from datetime import date

from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import Node, NodeId, Page
from connectors.extended_ecm.record_models import Hold, NodeHold
from connectors.extended_ecm.wire import holds


class HoldCalls(Connection):
    """What freezes documents. Writes go one at a time."""

    async def holds_on(self, node_id: NodeId) -> tuple[NodeHold, ...]:
        """Every hold on a node, direct and inherited."""
        return holds.read_holds_on(await self._send(holds.holds_on(node_id)), self._zone)

    async def apply_hold(self, node_id: NodeId, hold_id: int) -> None:
        """Put a hold on a node."""
        await self._write_record(holds.apply_hold(node_id, hold_id))

    async def lift_hold(self, node_id: NodeId, hold_id: int) -> None:
        """Take a direct hold off a node."""
        await self._write_record(holds.lift_hold(node_id, hold_id))

    def holds(self) -> AsyncIterator[Hold]:
        """Every hold of the server."""

        async def fetch(page: int) -> Page[Hold]:
            call = holds.holds(page=page, limit=self._page_size)
            return holds.read_holds(await self._send(call), self._zone)

        return self._each(fetch)

    async def lift_placed_hold(self, node_id: NodeId, hold: NodeHold) -> None:
        """Take a hold off that a query, a user or a cross-reference brought, as :meth:`holds_on` told it."""
        await self._write_record(holds.lift_placed(node_id, hold))

    async def apply_hold_to(self, node_ids: Sequence[NodeId], hold_id: int) -> None:
        """Put a hold on several nodes. Raises: NotFoundError for an unknown hold."""
        await self._write_record(holds.many("applyhold", node_ids, hold_id))

    async def lift_hold_from(self, node_ids: Sequence[NodeId], hold_id: int, *, comment: str = "") -> None:
        """Take a hold off several nodes. Raises: NotFoundError for an unknown hold."""
        await self._write_record(holds.many("removehold", node_ids, hold_id, comment=comment))

    async def hold_named(self, name: str) -> Hold:
        """The hold called ``name``. Raises: InvalidError when there is none: the server says no more."""
        return holds.read_hold(await self._send(holds.hold_named(name)), self._zone)

    async def create_hold(self, name: str, kind: str, *, on: date, comment: str = "", alternate_id: str = "") -> int:
        """A new hold; its id. ``kind``: a code of :meth:`records_codes`, such as ``LEGAL``."""
        call = holds.create_hold(name, kind, on=on, comment=comment, alternate_id=alternate_id)
        async with self._records_write:
            return holds.read_created(await self._send(call))

    async def delete_hold(self, hold_id: int) -> None:
        """Only one that lies on nothing."""
        await self._write_record(holds.delete_hold(hold_id))

    def held_by(self, hold_id: int) -> AsyncIterator[Node]:
        """What a hold lies on."""

        async def fetch(page: int) -> Page[Node]:
            call = holds.items(hold_id, page=page, limit=self._page_size)
            return holds.read_items(await self._send(call), self._zone)

        return self._each(fetch)
