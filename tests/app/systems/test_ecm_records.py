"""The archive's holds and retention as ours."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from app.records import NodeId
from app.rules.retention import Keeping, disposal
from app.systems.ecm_records import EcmRecords, holds_of
from connectors import extended_ecm as vendor
from connectors.errors import ConnectorError, ForbiddenError, InvalidError, NotFoundError, UnreachableError
from connectors.extended_ecm import ExtendedEcmClient, NodeHold, RecordDetails, RetentionStage

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)


def hold(number: int = 1, *, active: int | None = 1, placed: datetime | None = NOW, method: str = "Direct") -> NodeHold:
    return NodeHold(
        hold_id=number, hold_name=f"Matter {number}", active=active, date_applied=placed, hold_appliedmethod=method
    )


class Server:
    """One document that is a record."""

    def __init__(
        self, stage: RetentionStage | None, *holds: NodeHold, failure: type[ConnectorError] = NotFoundError
    ) -> None:
        self._stage, self._holds, self._failure = stage, holds, failure

    async def holds_on(self, node: int) -> tuple[NodeHold, ...]:
        if node == 404:
            raise self._failure(system="Extended ECM", call="holds on a node")
        return self._holds

    async def record_details(self, _node: int) -> RecordDetails | None:
        if self._stage is None:
            return None
        return RecordDetails(rmclassification_id=vendor.NodeId(5), rsi="CLM-10", record_date=NOW)

    async def retention(self, _node: int, _schedule: str) -> tuple[RetentionStage, ...]:
        return (RetentionStage(stage="First"), self._stage) if self._stage else ()

    async def node(self, node: int) -> vendor.Node:
        return vendor.Node(id=vendor.NodeId(node), name="x", type=144, create_date=NOW)


def records(
    stage: RetentionStage | None = None, *holds: NodeHold, failure: type[ConnectorError] = NotFoundError
) -> EcmRecords:
    return EcmRecords(cast("ExtendedEcmClient", Server(stage, *holds, failure=failure)))


@pytest.mark.parametrize(
    ("stage", "keeping"),
    [
        (RetentionStage(stage="Final", ends_at=NOW + timedelta(days=1), years=0), Keeping.RUNNING),
        (RetentionStage(stage="Final", ends_at=NOW - timedelta(days=1), years=10), Keeping.DUE),
        (RetentionStage(stage="Final", event_based=True, met_event="the claim is closed", years=10), Keeping.WAITING),
        (RetentionStage(stage="Final", permanent=True), Keeping.PERMANENT),
        (None, Keeping.UNSCHEDULED),
    ],
)
def test_what_the_last_stage_says_counts(stage: RetentionStage | None, keeping: Keeping) -> None:
    """A document would be free before its time, or for ever."""
    kept = asyncio.run(records(stage).keeping(NodeId(1)))

    assert disposal(kept, now=NOW, today=NOW.date()).keeping is keeping


def test_a_hold_from_a_clock_ahead_of_ours_holds_now() -> None:
    """Two minutes between two clocks would free what a court asks for."""
    (held,) = holds_of([hold(placed=NOW + timedelta(minutes=2))], read_at=NOW)

    assert held.is_active(now=NOW)


def test_only_what_the_server_calls_inactive_does_not_hold() -> None:
    """A server that does not say would free everything."""
    held = holds_of([hold(1, active=0), hold(2, active=None), hold(3, placed=None)], read_at=NOW)

    assert [each.id for each in held] == ["2", "3"]


@pytest.mark.parametrize(
    ("method", "through"), [("Direct", ""), ("Inherited", "a folder above"), ("Query", "a search")]
)
def test_what_brought_a_hold_is_told(method: str, through: str) -> None:
    """Somebody would look for it on the document and not find it."""
    (held,) = holds_of([hold(method=method)], read_at=NOW)

    assert held.through == through


@pytest.mark.parametrize("failure", [NotFoundError, ForbiddenError, InvalidError])
def test_what_is_not_shown_is_not_known(failure: type[ConnectorError]) -> None:
    """A letter that this account may not see would count as one that nothing keeps."""
    kept = asyncio.run(records(None, hold(), failure=failure).keepings([NodeId(1), NodeId(404), NodeId(2)]))

    assert [each and [hold.name for hold in each.holds] for each in kept] == [["Matter 1"], None, ["Matter 1"]]


def test_a_line_that_broke_is_no_answer() -> None:
    """Somebody would be asked to vouch for what only has to be asked again."""
    with pytest.raises(UnreachableError):
        asyncio.run(records(None, hold(), failure=UnreachableError).keepings([NodeId(404)]))
