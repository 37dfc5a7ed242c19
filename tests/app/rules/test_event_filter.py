"""Which events a filter means, as it is typed."""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import InboxEvent, InboxState, Trust
from app.rules.event_filter import EventFilter, read_filter

NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)


def event(*, minutes_ago: int = 0, times_seen: int = 1, state: InboxState = InboxState.DONE) -> InboxEvent:
    """A bounce that the gateway reported."""
    return InboxEvent(
        id=f"email-gateway/{minutes_ago}",
        source="email-gateway",
        type="message.bounced",
        about="HM-204881",
        received_at=NOW - timedelta(minutes=minutes_ago),
        occurred_at=None,
        trust=Trust.VERIFIED,
        state=state,
        times_seen=times_seen,
    )


@pytest.mark.parametrize(
    ("typed", "is_meant"),
    [
        ("", True),
        ("bounced HM-204881", True),
        ("Email gateway", True),
        ("verified done", True),
        ("opened", False),
        ("last:2h", True),
        ("last:10m", False),
        ("last:20min bounced", True),
        ("since:2026-05-01", True),
        ("since:2026-06-01", False),
        ("until:2026-05-01", False),
        ("until:2026-05-13", True),
        ("since:2026-05-12T09:00+00:00 until:2026-05-12T09:30+00:00", True),
        ("until:2026-05-12T09:20+00:00", False),
        ("since:yesterday", False),
        ("last:h", False),
    ],
)
def test_words_and_times_narrow(typed: str, is_meant: bool) -> None:
    """A replay would take in what nobody meant."""
    assert read_filter(typed, now=NOW).takes(event(minutes_ago=15)) is is_meant


def test_shelves_narrow() -> None:
    """What is seen is what is replayed and exported."""
    folded = read_filter("", now=NOW, is_folded=True)
    failed = read_filter("", now=NOW, states=frozenset({InboxState.FAILED}))

    assert [folded.takes(event(times_seen=number)) for number in (1, 2)] == [False, True]
    assert [failed.takes(event(state=state)) for state in (InboxState.DONE, InboxState.FAILED)] == [False, True]


def test_a_selection_means_these_and_no_others() -> None:
    """One click on three events would move a thousand timelines."""
    wanted = EventFilter(ids=frozenset({"email-gateway/1"}))

    assert [wanted.takes(event(minutes_ago=number)) for number in (1, 2)] == [True, False]


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_filter(typed: str) -> None:
    """A stray character would take the page down."""
    read_filter(typed, now=NOW).takes(event())


def test_a_day_at_the_end_is_in_it_whole() -> None:
    """“until 12 May” would leave the 12th out."""
    until = read_filter(f"until:{NOW.astimezone():%Y-%m-%d}", now=NOW).until

    assert until is not None
    assert until > NOW
    assert until.astimezone().hour == 0


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The desktop stands in Berlin."""
    with monkeypatch.context() as here:
        here.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.skipif(sys.platform == "win32", reason="the zone of a process cannot be set there")
@pytest.mark.parametrize(
    ("typed", "ends_at"),
    [
        ("until:2026-10-25", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("until:2026-03-29", datetime(2026, 3, 29, 22, tzinfo=UTC)),
        ("until:20261025", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("until:2026-W43-7", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("until:2026-10-25T00:00", datetime(2026, 10, 24, 22, tzinfo=UTC)),
        ("until:2026-10-25T00:00+00:00", datetime(2026, 10, 25, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_its_own_midnight(berlin: None, typed: str, ends_at: datetime) -> None:
    """On the day when clocks go back, a replay would leave its last hour out; in spring it would take one too many."""
    assert read_filter(typed, now=NOW).until == ends_at
