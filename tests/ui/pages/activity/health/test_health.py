"""The part of the Activity page that says how the desk is."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.activity import Activity
from app.lateness import Lateness
from app.measures import Measures, Reading
from app.records import Depth, System
from connectors.http import Exchange
from tests.app.outbox.fakes import FakeClock
from ui.pages.activity.health import words
from ui.pages.activity.health.controller import HealthController
from ui.pages.activity.health.view import HealthView
from ui.theme import Theme
from ui.widgets import PageHeader, StateMark, unnamed_widgets
from ui.widgets.sparkline import Sparkline

NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)


def reading(
    *, waiting: int = 0, parked: int = 0, age_min: int = 1, arrived: int = 0, wait_ms: int = 0, lag_s: int | None = None
) -> Reading:
    depth = Depth(waiting=waiting, unknown=0, parked=parked, oldest=NOW - timedelta(minutes=age_min))
    return Reading(
        at=NOW,
        outbox={System.ICONIK: depth} if waiting or parked else {},
        arrived=arrived,
        lag={} if lag_s is None else {System.ICONIK: timedelta(seconds=lag_s)},
        writer_wait=timedelta(milliseconds=wait_ms),
    )


def lateness(*late_ms: float) -> Lateness:
    measured = Lateness()
    for each in late_ms:
        measured.note(each)
    return measured


@pytest.mark.parametrize(
    ("late_ms", "mark", "word"),
    [
        ((), StateMark.DRAFT, "not measured yet"),
        ((1.0, 12.0), StateMark.PASSED, "answers at once"),
        ((1.0, 120.0), StateMark.WARNING, "stood still once"),
        ((80.0, 120.0), StateMark.WARNING, "stood still 2 times"),
    ],
)
def test_a_window_that_stood_still_is_said(late_ms: Sequence[float], mark: StateMark, word: str) -> None:
    """People would believe that their own computer is slow."""
    measured = lateness(*late_ms)

    measure = words.window_of(measured.facts(), measured.series())

    assert (measure.mark, measure.word) == (mark, word)


@pytest.mark.parametrize(
    ("readings", "mark", "word", "figures"),
    [
        ([], StateMark.DRAFT, "not measured yet", ""),
        ([reading()], StateMark.PASSED, "empty", "0 open"),
        ([reading(waiting=2)], StateMark.PASSED, "leaves as it should", "2 open · oldest 1 min"),
        ([reading(waiting=1, parked=1)], StateMark.WARNING, "needs somebody", "2 open · oldest 1 min · 1 parked"),
        ([reading(waiting=1, age_min=90)], StateMark.WARNING, "waits long", "1 open · oldest 1 h"),
    ],
)
def test_an_outbox_that_needs_somebody_is_said(
    readings: list[Reading], mark: StateMark, word: str, figures: str
) -> None:
    """A letter that waits for a person waits for ever when nobody is told."""
    measure = words.outbox_of(readings)

    assert (measure.mark, measure.word, measure.figures) == (mark, word, figures)


def test_the_inbox_counts_the_last_minute() -> None:
    """A gateway that fell silent looks like one that has nothing to say."""
    measure = words.inbox_of([reading(arrived=5)] * 24)

    assert measure.figures == "60 in the last minute · 120 in 2 min"


def test_a_store_that_does_not_keep_up_is_said() -> None:
    """Every page would be slow, and none would say why."""
    measure = words.store_of([reading(wait_ms=1_500), reading(wait_ms=3)])

    assert (measure.mark, measure.figures) == (StateMark.WARNING, "writes waited 3 ms just now · 1\u2009500 ms at most")


def activity(*outcomes: str) -> Activity:
    clock = FakeClock()
    made = Activity(clock=clock)
    for outcome in outcomes:
        made.take(
            Exchange(
                system="iconik",
                call="list assets",
                method="GET",
                address="app.iconik.io/",
                at=clock.now(),
                took=timedelta(milliseconds=250),
                status=200,
                outcome=outcome,
                request_id=None,
                bytes_sent=0,
                bytes_received=0,
            )
        )
    return made


@pytest.mark.parametrize(
    ("outcomes", "mark"),
    [
        (["done"], StateMark.PASSED),
        (["done", "done", "ShapeError"], StateMark.WARNING),
        (["done", "ShapeError", "ShapeError"], StateMark.REJECTED),
        ([*["done"] * 9, *["UnreachableError"] * 3], StateMark.REJECTED),
        ([*["UnreachableError"] * 4, *["done"] * 9], StateMark.WARNING),
    ],
)
def test_a_system_that_fails_is_told_from_one_that_stumbles(outcomes: list[str], mark: StateMark) -> None:
    """One lost call in a thousand must not look like an outage."""
    made = activity(*outcomes)

    [row] = words.systems_of(made.health(), {}, reading(lag_s=90), now=NOW)

    assert (row.mark, row.calls, row.read) == (mark, str(len(outcomes)), "1 min ago")


def test_systems_that_nobody_uses_are_not_listed() -> None:
    """Four rows of dashes hide the one that matters."""
    rows = words.systems_of(activity("done").health(), {}, None, now=NOW)

    assert [row.system for row in rows] == [System.ICONIK]


def test_the_page_shows_what_is_measured(theme: Theme, qtbot: QtBot) -> None:
    """Numbers that are kept and never seen help nobody."""
    measures = Measures()
    measures.window = lateness(3.0, 80.0)
    measures.add(reading(waiting=2, lag_s=5))
    copied: list[str] = []
    view = HealthView(PageHeader("Activity"))
    view.controller = HealthController(
        view, measures=measures, activity=activity("done"), copy=copied.append, now=lambda: NOW
    )
    qtbot.addWidget(view)

    view.copy_action.trigger()

    assert view.window_row.state.word == "stood still once"
    assert view.outbox_row.figures.text() == "2 open · oldest 1 min"
    assert "outbox of iconik: 2 waiting" in copied[0]
    assert unnamed_widgets(view) == []
    lines = view.findChildren(Sparkline)
    assert [line.accessibleName() for line in lines] == ["Window", "Outbox", "Inbox", "Store", "Calls to iconik"]
    assert all(line.accessibleDescription() for line in lines)
