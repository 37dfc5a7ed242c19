"""How much waits where, as a report and a page tell it."""

import asyncio
from datetime import timedelta
from pathlib import Path

from app.measures import KEPT, Measures, Reading
from app.records import Depth, System
from app.store import Store
from tests.app.outbox.fakes import NOW


def reading(*, waiting: int = 0, arrived: int = 0) -> Reading:
    depth = Depth(waiting=waiting, unknown=0, parked=1, oldest=NOW - timedelta(minutes=4))
    return Reading(
        at=NOW,
        outbox={System.ICONIK: depth} if waiting else {},
        arrived=arrived,
        lag={System.EXSTREAM: timedelta(seconds=12)},
        writer_wait=timedelta(milliseconds=7),
    )


def test_a_report_says_what_waits() -> None:
    """Who looks after the desk could not tell a full outbox from a broken page."""
    measures = Measures()
    measures.add(reading(arrived=3))
    measures.add(reading(waiting=2, arrived=4))

    words = "\n".join(measures.queues())

    assert "outbox of iconik: 2 waiting, 0 unknown, 1 parked, oldest 4 min" in words
    assert "inbox: 7 events" in words
    assert "Exstream: read 12 s ago" in words
    assert "writes waited 7 ms at most" in words


def test_a_quiet_desk_says_so() -> None:
    """An empty line would look like something that could not be read."""
    measures = Measures()
    measures.add(reading())

    assert "outbox: nothing waits" in measures.queues()


def test_a_quarter_of_an_hour_is_kept() -> None:
    """A desk that is open for a week would grow."""
    measures = Measures()

    for _ in range(KEPT + 20):
        measures.add(reading())

    assert len(measures.readings()) == KEPT


def test_a_write_that_waits_for_its_turn_is_measured(tmp_path: Path) -> None:
    """A slow page could not be told from a busy store."""

    async def story(store: Store) -> tuple[timedelta, timedelta]:
        await asyncio.gather(*(store.write(lambda db: db.execute("SELECT randomblob(4000000)")) for _ in range(5)))
        return store.take_longest_wait(), store.take_longest_wait()

    with Store.open(tmp_path) as store:
        first, second = asyncio.run(story(store))

    assert first > timedelta(0)
    assert second == timedelta(0)
