"""A vendor's budget as its answers tell it, and when background work may take of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from connectors.budget import Budget, BudgetMeter
from connectors.calls import Reply


class Seconds:
    """A clock of plain seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def reply(headers: Mapping[str, str]) -> Reply:
    """An answer with these headers."""
    return Reply(system="vendor", call="search", status=200, headers=headers, body=b"")


def cloudinary(left: int, *, limit: int = 500) -> Reply:
    """As Cloudinary tells its hourly budget; its clock is an hour ahead of every other."""
    return reply(
        {
            "x-featureratelimit-limit": str(limit),
            "x-featureratelimit-remaining": str(left),
            "x-featureratelimit-reset": "Sat, 21 Nov 2026 11:00:00 GMT",
            "date": "Sat, 21 Nov 2026 10:48:00 GMT",
        }
    )


def test_a_budget_is_read_as_it_is_told() -> None:
    """The card would show nothing, or the wrong hour."""
    meter = BudgetMeter()

    told = meter.observe(cloudinary(90))

    assert told is not None
    assert (told.left, told.limit, told.share_left, told.is_scarce) == (90, 500, 0.18, True)
    assert told.resets_at is not None
    assert abs(told.resets_at - datetime.now(UTC) - timedelta(minutes=12)) < timedelta(minutes=5)


def test_one_odd_answer_does_not_make_the_budget_scarce_for_ever() -> None:
    """A gateway once told a trillion; from then on everything would look like its last fifth."""
    seconds = Seconds()
    meter = BudgetMeter(limit=1_000, monotonic=seconds)
    meter.observe(reply({"ratelimit-remaining": "1000000000000"}))

    meter.observe(reply({"ratelimit-remaining": "900"}))
    at_once = meter.wait_s()
    seconds.now += 3_601
    meter.observe(reply({"ratelimit-remaining": "900"}))

    assert (at_once, meter.wait_s()) == (None, 0.0)


@pytest.mark.parametrize(("left", "waits"), [(101, 0.0), (100, 720.0), (0, 720.0)])
def test_a_fifth_is_kept_until_the_refill(left: int, waits: float) -> None:
    """A person's click would meet an empty budget for the rest of the hour."""
    seconds = Seconds()
    meter = BudgetMeter(monotonic=seconds)

    meter.observe(cloudinary(left))

    assert meter.wait_s() == waits


def test_after_the_refill_background_work_goes_on() -> None:
    """It would stand still for ever: only an answer tells of a refill."""
    seconds = Seconds()
    meter = BudgetMeter(monotonic=seconds)
    meter.observe(cloudinary(3))

    seconds.now = 721.0

    assert meter.wait_s() == 0.0


@pytest.mark.parametrize("limit", [0, 1_000])
def test_a_vendor_that_tells_no_limit_is_judged_by_its_documents_or_by_the_most_that_it_told(limit: int) -> None:
    """iconik tells what is left and not of how many; its window is documented."""
    seconds = Seconds()
    meter = BudgetMeter(limit=limit, refills_in=timedelta(seconds=20), monotonic=seconds)

    for left in ("1000", "150"):
        told = meter.observe(reply({"ratelimit-remaining": left}))

    assert told == Budget(left=150, limit=1000)
    assert meter.wait_s() == 20.0


@pytest.mark.parametrize("said", ["", "-3", "lots", "9" * 40])
def test_what_is_no_number_is_no_budget(said: str) -> None:
    """A header of a proxy's would stop the synchronisation."""
    meter = BudgetMeter()

    assert meter.observe(reply({"ratelimit-remaining": said})) is None
    assert meter.wait_s() == 0.0


def test_a_scarce_budget_without_a_word_of_its_refill_waits_for_nobody_knows_how_long() -> None:
    """A day of calls would be used up in the background."""
    meter = BudgetMeter()

    meter.observe(reply({"ratelimit-remaining": "10", "ratelimit-limit": "1000"}))

    assert meter.wait_s() is None


def test_a_refill_in_a_year_is_not_believed() -> None:
    """A vendor's slip would end the synchronisation for good."""
    seconds = Seconds()
    meter = BudgetMeter(monotonic=seconds)

    meter.observe(reply({"ratelimit-remaining": "0", "ratelimit-limit": "10", "ratelimit-reset": "99999999999"}))

    assert meter.wait_s() == timedelta(days=1).total_seconds()


def test_an_old_word_about_a_budget_keeps_nobody_from_asking_how_it_stands() -> None:
    """A gateway tells what is left and never of a refill: reading would end for good, for nobody else asks."""
    seconds = Seconds()
    meter = BudgetMeter(monotonic=seconds)
    meter.observe(reply({"ratelimit-remaining": "10", "ratelimit-limit": "1000"}))

    seconds.now = 299.0
    early = meter.wait_s()
    seconds.now = 301.0

    assert (early, meter.wait_s()) == (None, 0.0)
