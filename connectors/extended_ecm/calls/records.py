"""Records: details, retention, code lists, classifications (contract 9)."""

from collections.abc import AsyncIterator, Mapping, Sequence

from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import NodeId, Page
from connectors.extended_ecm.record_models import Classification, Code, RecordDetails, RetentionStage, Schedule
from connectors.extended_ecm.wire import records


class RecordCalls(Connection):
    """What makes a document a record, and until when. Writes go one at a time."""

    async def record_details(self, node_id: NodeId) -> RecordDetails | None:
        """What makes a document a record; None when it is none."""
        found = records.read_record_details(await self._send(records.record_details(node_id)), self._zone)
        return found[0] if found else None

    async def retention(self, node_id: NodeId, schedule: str) -> tuple[RetentionStage, ...]:
        """When a document's time is over, by the schedule named in its record details."""
        return records.read_retention(await self._send(records.retention(node_id, schedule)), self._zone)

    async def classify_record(
        self, node_id: NodeId, class_id: NodeId, *, schedule: str = "", official: bool = False
    ) -> None:
        """Make a document a record."""
        await self._write_record(records.classify(node_id, class_id, schedule=schedule, official=official))

    async def change_record(self, node_id: NodeId, changes: Mapping[str, str]) -> None:
        """Change record details, by the vendor's names; somebody else's change in between is refused."""
        async with self._records_write:
            token = records.read_record_token(await self._send(records.record_details(node_id)))
            await self._send(records.change_record(node_id, token, changes))

    async def unclassify_record(self, node_id: NodeId, class_id: NodeId) -> None:
        """No record any more."""
        async with self._records_write:
            token = records.read_record_token(await self._send(records.record_details(node_id)))
            await self._send(records.unclassify(node_id, class_id, token))

    async def set_schedule(self, node_id: NodeId, class_id: NodeId, schedule: str) -> None:
        """Say how long a record is kept."""
        await self._write_record(records.set_schedule(node_id, class_id, schedule))

    async def drop_schedule(self, node_id: NodeId, class_id: NodeId) -> None:
        """No longer say how long."""
        await self._write_record(records.drop_schedule(node_id, class_id))

    async def finalize_records(self, node_ids: Sequence[NodeId]) -> None:
        """Fix records for ever. Nothing takes this back."""
        await self._write_record(records.finalize(node_ids))

    def schedules(self) -> AsyncIterator[Schedule]:
        """The server's record series, a row for each stage."""

        async def fetch(page: int) -> Page[Schedule]:
            return records.read_schedules(await self._send(records.schedules(page=page, limit=self._page_size)))

        return self._each(fetch)

    async def records_codes(self) -> Mapping[str, tuple[Code, ...]]:
        """The words that records management allows: ``hold_type``, ``status``, ``essential`` …"""
        return records.read_codes(await self._send(records.codes()))

    async def classifications(self, node_id: NodeId) -> tuple[Classification, ...]:
        """The plain classifications on a node."""
        return records.read_classifications(await self._send(records.classifications(node_id)))

    async def set_classifications(self, node_id: NodeId, class_ids: Sequence[NodeId]) -> None:
        """The whole new set."""
        await self._send(records.set_classifications(node_id, class_ids))
