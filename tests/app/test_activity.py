"""The last exchanges, and what they say about each system's health."""

from datetime import timedelta

from app.activity import KEPT, Activity
from app.log import about
from app.records import System
from app.rules.exchange_query import read
from connectors.budget import Budget
from connectors.http import Exchange
from tests.app.log.heard import listening
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


def test_health_tells_how_many_calls_failed_up_to_now() -> None:
    """A system that went away just now would “fail at times” for half an hour."""
    activity = Activity(clock=FakeClock())
    for outcome in ("UnansweredError", "done", "UnansweredError", "UnansweredError"):
        activity.take(exchange(outcome=outcome))

    failing = {line.system: line.failing for line in activity.health()}

    assert (failing[System.ICONIK], failing[System.CLOUDINARY]) == (2, 0)


def test_an_exchange_knows_the_entry_that_it_was_made_for() -> None:
    """Nobody could go from a failed call to the letter that it was to send."""
    activity = Activity(clock=FakeClock())

    with about(entry=12):
        activity.take(exchange())
    activity.take(exchange())

    assert [row.entry for row in activity.newest()] == [None, 12]


def test_exchanges_are_searched_newest_first() -> None:
    """The failure of a minute ago would stand below that of this morning."""
    activity = Activity(clock=FakeClock())
    for outcome in ("done", "VendorFaultError", "done", "UnansweredError"):
        activity.take(exchange(outcome=outcome))

    found = activity.find(read("outcome:failed"))

    assert [row.number for row in found] == [4, 2]


def test_the_rate_counts_by_the_minute() -> None:
    """A burst that used up the budget would not be seen."""
    activity = Activity(clock=FakeClock())
    for age_s in (0, 30, 61, 3_599, 3_601):
        activity.take(exchange(age_s=age_s))

    rate = activity.rate(System.ICONIK)

    assert (len(rate), rate[-1], rate[-2], rate[0], sum(rate)) == (60, 2, 1, 1, 4)


def test_the_log_tells_of_failed_calls_without_their_address() -> None:
    """A customer's number is in the path of many an address."""
    activity = Activity(clock=FakeClock())
    with listening() as log:
        activity.take(exchange())
        activity.take(exchange(outcome="VendorFaultError"))

        [line] = log.newest()

    assert '"said":"a call failed","system":"iconik","call":"read asset"' in line
    assert "assets/a1" not in line
