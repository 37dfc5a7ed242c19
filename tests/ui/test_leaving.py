"""The top bar says how deep the outbox is and how old its oldest entry, on every page."""

from datetime import UTC, datetime, timedelta

from app.records import Depth, OutboxPause, OutboxStanding, System
from tests.ui.shell.desks import Desk
from ui.leaving import outbox_words
from ui.tasks import Tasks
from ui.theme import Theme

NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)
PAUSE = OutboxPause(system=System.ICONIK, actor="ada", reason="maintenance", at=NOW)


def depth(*, waiting: int, parked: int = 0, minutes: int) -> Depth:
    """So many open, the oldest so old."""
    return Depth(waiting=waiting, unknown=0, parked=parked, oldest=NOW - timedelta(minutes=minutes))


def test_it_says_how_many_and_how_old() -> None:
    """A queue that grows for an hour on a page that nobody opens would be told by a customer."""
    depths = {System.ICONIK: depth(waiting=2, minutes=1), System.EXSTREAM: depth(waiting=0, parked=1, minutes=4)}

    words, tip = outbox_words(OutboxStanding(depths=depths, pauses={System.ICONIK: PAUSE}), now=NOW)

    assert words == "3 to leave · 4 min"
    assert tip == "Outbox: 3 to leave, the oldest 4 min old. Paused: iconik"


def test_what_has_just_been_asked_for_has_no_age() -> None:
    """“0 s” would stand there until the next change."""
    standing = OutboxStanding(depths={System.ICONIK: depth(waiting=1, minutes=0)}, pauses={})

    assert outbox_words(standing, now=NOW)[0] == "1 to leave"


def test_an_empty_outbox_takes_no_room() -> None:
    """It is empty nearly always."""
    words, tip = outbox_words(OutboxStanding(depths={}, pauses={}), now=NOW)

    assert (words, tip) == ("", "Nothing waits to leave")


def test_the_bar_shows_it_and_leads_to_it(theme: Theme, tasks: Tasks) -> None:
    """Who reads “3 to leave” wants to see which three."""
    bar = Desk(theme, tasks).window.top_bar
    wanted: list[bool] = []
    bar.outbox_wanted.connect(lambda: wanted.append(True))

    bar.set_outbox("3 to leave · 4 min", tip="Outbox: 3 to leave")
    bar._leaving.click()
    bar.set_outbox("", tip="Nothing waits to leave")

    assert wanted == [True]
    assert bar.outbox_words == ""
    assert bar._leaving.isHidden()
