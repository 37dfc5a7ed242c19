"""The last exchanges, and what they say about each system's health."""

from datetime import timedelta

from app.activity import KEPT, Activity
from app.records import System
from connectors.budget import Budget
from connectors.http import Exchange
from tests.app.outbox.fakes import NOW, FakeClock


def exchange(
    *,
    system: System = System.ICONIK,
    outcome: str = "done",
    age_s: int = 0,
    took_s: float = 0.1,
    left: int | None = None,
) -> Exchange:
    """One exchange with a vendor."""
    return Exchange(
        system=system.label,
        call="read asset",
        method="GET",
        address="https://app.iconik.io/API/assets/v1/assets/a1/",
        at=NOW - timedelta(seconds=age_s),
        took=timedelta(seconds=took_s),
        status=200 if outcome == "done" else 500,
        outcome=outcome,
        request_id=None,
        bytes_sent=0,
        bytes_received=10,
        budget=None if left is None else Budget(left=left),
    )


def test_rows_are_newest_first_and_the_oldest_go() -> None:
    """Memory would fill, or the row that matters would be the last."""
    activity = Activity(clock=FakeClock())

    for _ in range(KEPT + 5):
        activity.take(exchange())

    rows = activity.newest(KEPT * 2)
    assert [rows[0].number, len(rows), rows[-1].number] == [KEPT + 5, KEPT, 6]


def test_errors_can_be_read_alone() -> None:
    """One failure among two thousand rows would not be found."""
    activity = Activity(clock=FakeClock())
    for outcome in ("done", "RateLimitError", "done"):
        activity.take(exchange(outcome=outcome))

    assert [row.outcome for row in activity.newest(only_errors=True)] == ["RateLimitError"]


def test_health_counts_the_last_hour_of_each_system() -> None:
    """Yesterday's outage would colour today."""
    activity = Activity(clock=FakeClock())
    activity.take(exchange(age_s=3_601, outcome="VendorFaultError"))
    activity.take(exchange(age_s=60, outcome="UnansweredError", took_s=2.5))
    activity.take(exchange(left=480))

    health = {line.system: line for line in activity.health()}

    assert list(health) == list(System)
    iconik = health[System.ICONIK]
    assert (iconik.calls, iconik.errors, iconik.slowest, iconik.budget) == (
        2,
        1,
        timedelta(seconds=2.5),
        Budget(left=480),
    )
    assert (health[System.CLOUDINARY].calls, health[System.CLOUDINARY].budget) == (0, None)
