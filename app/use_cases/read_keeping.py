"""Why an archived document is still there, and until when: asked of the archive each time, never told from a cache."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.clock import Clock
from app.records import NodeId, RecordSeries
from app.rules.retention import Disposal, KeptDocument, disposal
from app.systems.ports import Systems
from app.use_cases.file_document import archive_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKeeping:
    """What the archive says, and what follows from it."""

    document: KeptDocument
    disposal: Disposal


class ReadKeeping:
    """Ask for one document's holds and retention."""

    def __init__(self, *, systems: Systems, clock: Clock) -> None:
        self._systems = systems
        self._clock = clock

    async def __call__(self, node: NodeId) -> DocumentKeeping:
        """As of this moment. Raises: ConnectorError, UserError."""
        document = await archive_of(self._systems).keeping(node)
        now = self._clock.now()
        return DocumentKeeping(document=document, disposal=disposal(document, now=now, today=now.astimezone().date()))


class ListRecordSeries:
    """What a document may be filed under, so that it is kept for a time."""

    def __init__(self, *, systems: Systems) -> None:
        self._systems = systems

    async def __call__(self) -> Sequence[RecordSeries]:
        """As the archive offers them now. Raises: ConnectorError, UserError."""
        return await archive_of(self._systems).record_series()
