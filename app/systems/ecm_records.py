"""Extended ECM's records management as ours: why a document is still there, and the file plan. Asked, never kept.

Source: wire contract "extended-ecm", section 9. Holds and retention are two things and come from two calls.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final

from app.records import NodeId, RecordSeries
from app.rules.retention import Hold, KeptDocument, RetentionSchedule
from connectors import extended_ecm as vendor
from connectors.errors import ForbiddenError, InvalidError, NotFoundError
from connectors.extended_ecm import ExtendedEcmClient, NodeHold, NodeType, RetentionStage

UNTOLD: Final = (NotFoundError, ForbiddenError, InvalidError)
"""How the archive refuses to tell of one node, whatever it means by that; all else is trouble on the way to it."""
_DIRECT: Final = "direct"
"""How the server words a hold on the node itself (INFERRED)."""


class EcmRecords:
    """Reads through a client that somebody else closes."""

    def __init__(self, client: ExtendedEcmClient) -> None:
        self._client = client

    async def keeping(self, node: NodeId) -> KeptDocument:
        """What the archive says this moment of one document's holds and retention."""
        id_ = vendor.NodeId(node)
        read_at = datetime.now(UTC)
        held = await self._client.holds_on(id_)
        details = await self._client.record_details(id_)
        stages = await self._client.retention(id_, details.rsi) if details and details.rsi else ()
        filed = (details.record_date if details else None) or (await self._client.node(id_)).create_date or read_at
        return KeptDocument(
            filed_on=_local_day(filed),
            schedule=_schedule(details.rsi, stages[-1]) if details and stages else None,
            ends_on=_local_day(stages[-1].ends_at) if stages and stages[-1].ends_at else None,
            holds=holds_of(held, read_at=read_at),
            read_at=read_at,
        )

    async def keepings(self, nodes: Iterable[NodeId]) -> tuple[KeptDocument | None, ...]:
        """What keeps each of ``nodes``, in their order; None for one that the archive does not show.

        It may be gone or not ours to see: the archive words both the same (CONFIRMED, contract 11). A refusal in other
        words says no more.
        """
        kept: list[KeptDocument | None] = []
        for node in nodes:
            try:
                kept.append(await self.keeping(node))
            except UNTOLD:
                kept.append(None)
        return tuple(kept)

    async def series(self) -> Sequence[RecordSeries]:
        """The file plan as it may be filed under, by name. A schedule of the same name goes with it (CHOSEN)."""
        plan = await self._client.volume(NodeType.RECORDS_VOLUME)
        schedules = {each.name: each async for each in self._client.schedules()}
        found = [each async for each in self._client.children(plan.id, kinds=[NodeType.RM_CLASSIFICATION])]
        return [
            RecordSeries(
                classification=NodeId(each.id),
                name=each.name,
                title=(schedule.title or "") if (schedule := schedules.get(each.name)) else "",
                schedule=each.name if schedule else "",
                years=schedule.years if schedule else None,
            )
            for each in found
        ]

    async def declare(self, node: NodeId, series: RecordSeries) -> None:
        """Make ``node`` a record of ``series``, unless it is one already: an earlier attempt may have come so far."""
        id_ = vendor.NodeId(node)
        if await self._client.record_details(id_) is None:
            await self._client.classify_record(id_, vendor.NodeId(series.classification), schedule=series.schedule)


def holds_of(held: Iterable[NodeHold], *, read_at: datetime) -> tuple[Hold, ...]:
    """The holds that are active. One whose date lies ahead of our clock counts from now: a hold does not wait."""
    return tuple(
        Hold(
            id=str(each.hold_id),
            name=each.hold_name,
            placed_at=min(each.date_applied, read_at) if each.date_applied else None,
            placed_by=each.applied_by or "",
            through=_through(each.hold_appliedmethod),
        )
        for each in held
        if each.active != 0
    )


def _through(method: str) -> str:
    word = method.strip().casefold()
    if not word or word == _DIRECT:
        return ""
    return {"inherited": "a folder above", "query": "a search", "user": "a person’s documents"}.get(word, word)


def _schedule(name: str, stage: RetentionStage) -> RetentionSchedule:
    event = (stage.met_event or stage.starts_from or "its event comes") if stage.event_based else ""
    return RetentionSchedule(
        name=name,
        years=max(stage.years or 0, 0),
        months=max(stage.months or 0, 0),
        days=max(stage.days or 0, 0),
        event=event,
        is_permanent=stage.permanent,
    )


def _local_day(moment: datetime) -> date:
    return moment.astimezone().date()
