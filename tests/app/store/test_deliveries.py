"""Delivery events in the store: once each, and the standing is always that of all of them."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from app.records import Channel, CustomerNumber, DeliveryEvent, DeliveryState
from app.rules.delivery import standing
from app.store import cursors, deliveries, memory
from app.store.personal import PersonalKey
from app.store.schema import IN_TROUBLE, store_migrations
from tests.app.store.assets_made import NOW

INES = CustomerNumber("HM-204881")


def event(
    id_: str = "e1", state: DeliveryState = DeliveryState.HANDED_OVER, *, minute: int = 0, communication: str = "c1"
) -> DeliveryEvent:
    """One event of Inès Caron's."""
    return DeliveryEvent(
        id=id_,
        communication=communication,
        customer=INES,
        channel=Channel.EMAIL,
        state=state,
        title="Renewal notice",
        at=NOW + timedelta(minutes=minute),
        received_at=NOW + timedelta(minutes=minute, seconds=4),
        source="Email gateway",
        code="",
        run="4711",
    )


def test_an_event_comes_back_as_it_went_in(db: Database) -> None:
    """A lost field is a hole in the evidence."""
    deliveries.fold(db, [event()])

    assert deliveries.events_of(db, "c1") == (event(),)
    assert deliveries.timeline(db, INES) == (event(),)


def test_the_timeline_is_by_event_time_newest_first(db: Database) -> None:
    """News that came late would stand at the top."""
    deliveries.fold(db, [event("late", minute=1), event("first", minute=0), event("last", minute=2)])

    assert [each.id for each in deliveries.timeline(db, INES)] == ["last", "late", "first"]


def test_the_same_event_twice_counts_as_seen_twice(db: Database) -> None:
    """Two bounces where there was one."""
    deliveries.fold(db, [event(), event()])
    touched = deliveries.fold(db, [replace(event(), received_at=NOW + timedelta(hours=1))])

    (kept,) = deliveries.timeline(db, INES)
    assert touched == {INES}
    assert (kept.times_seen, kept.received_at) == (3, event().received_at)


def test_a_replay_that_corrects_the_communication_leaves_no_ghost(db: Database) -> None:
    """A communication without events would stand on the page for ever."""
    deliveries.fold(db, [event(communication="misread")])

    deliveries.fold(db, [event(communication="c1")], is_replay=True)

    assert [each.communication for each in deliveries.standings(db, INES)] == ["c1"]
    assert deliveries.timeline(db, INES)[0].times_seen == 1


def test_trouble_is_counted_by_communication(db: Database) -> None:
    """The list shows “1 failed”, not how often it was reported."""
    deliveries.fold(
        db,
        [
            event("1", DeliveryState.BOUNCED),
            event("2", DeliveryState.BOUNCED, minute=1),
            event("3", DeliveryState.DELIVERED, communication="c2"),
        ],
    )

    assert deliveries.trouble_of(db, [INES, CustomerNumber("HM-0")]) == {INES: 1}
    assert [each.communication for each in deliveries.standings(db, INES)] == ["c1", "c2"]


EVENTS = st.builds(
    event,
    id_=st.integers(0, 9).map(str),
    state=st.sampled_from(DeliveryState),
    minute=st.integers(0, 5),
    communication=st.sampled_from(["c1", "c2"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(EVENTS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_standing_is_that_of_all_events_however_they_came(batches: list[list[DeliveryEvent]]) -> None:
    """The list would say another thing than the timeline."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        PersonalKey.generate().register(connection)
        db = Database(connection)
        store_migrations.apply(db)
        for batch in batches:
            deliveries.fold(db, batch)
        kept = {each.communication: each for each in deliveries.standings(db, INES)}
        for communication, at_last in kept.items():
            assert at_last == standing(deliveries.events_of(db, communication))
        seen = sum(each.times_seen for name in ("c1", "c2") for each in deliveries.events_of(db, name))

    assert seen == sum(map(len, batches))


def test_a_cursor_is_where_it_was_left(db: Database) -> None:
    """Every synchronisation would begin from the start."""
    cursors.move(db, "assets iconik", "page 2", now=NOW)
    cursors.move(db, "assets iconik", "page 3", now=NOW + timedelta(minutes=1))

    assert cursors.load(db, "assets iconik") == "page 3"
    assert cursors.moved_at(db, "assets iconik") == NOW + timedelta(minutes=1)
    assert cursors.load(db, "assets cloudinary") == ""


def test_a_forgotten_cursor_begins_again(db: Database) -> None:
    """After setting the store aside, everything must be fetched."""
    cursors.move(db, "assets iconik", "page 2", now=NOW)

    cursors.forget(db, "assets iconik")

    assert cursors.load(db, "assets iconik") == ""
    assert cursors.moved_at(db, "assets iconik") is None


def test_the_window_remembers(db: Database) -> None:
    """Column widths would be lost at each start."""
    memory.remember(db, "assets/columns", [120, 80])
    memory.remember(db, "assets/columns", [130, 80])

    assert memory.recall(db, "assets/columns", list[int]) == [130, 80]


def test_memory_of_another_shape_is_none(db: Database) -> None:
    """A layout of another version must not keep the window from opening."""
    memory.remember(db, "assets/columns", {"width": 120})

    assert memory.recall(db, "assets/columns", list[int]) is None


def test_every_state_that_is_trouble_is_found_as_trouble(db: Database) -> None:
    """A new kind of failure would be missing from the first page that support sees."""
    deliveries.fold(db, [event(state, state, communication=state) for state in DeliveryState])

    found = {state for (state,) in db.execute(f"SELECT state FROM deliveries WHERE {IN_TROUBLE}")}

    assert found == {state for state in DeliveryState if state.is_trouble}
    assert deliveries.trouble_of(db, [INES]) == {INES: len(found)}
    assert deliveries.most_troubled(db, limit=5) == (INES,)


def test_who_is_in_trouble_is_found_without_reading_every_delivery(db: Database) -> None:
    """An empty search box would take a second in a profile of a year."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    deliveries.most_troubled(db, limit=5)
    db.conn.set_trace_callback(None)

    plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {asked[0]}"))

    assert "deliveries_in_trouble" in plan


@settings(deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.sampled_from(DeliveryState), st.integers(0, 9), st.sampled_from(["", "1", "2"]))))
)
def test_batches_lead_where_one_batch_leads(batches: list[list[tuple[DeliveryState, int, str]]]) -> None:
    """Where a communication stands would hang on how its events were grouped on their way."""
    made = [
        [replace(event(f"{state}-{minute}-{run}", state, minute=minute), run=run) for state, minute, run in batch]
        for batch in batches
    ]
    with closing(sqlite3.connect(":memory:")) as connection:
        PersonalKey.generate().register(connection)
        opened = Database(connection)
        store_migrations.apply(opened)

        for batch in made:
            deliveries.fold(opened, batch)

        kept = deliveries.events_of(opened, "c1")
        assert sum(each.times_seen for each in kept) == sum(map(len, made))
        assert deliveries.standings(opened, INES) == ((standing(kept),) if kept else ())


def test_what_an_earlier_release_kept_is_folded_as_a_whole(db: Database) -> None:
    """It did not note when the last claim happened: late news would turn the state back."""
    deliveries.fold(db, [event("bounced", DeliveryState.BOUNCED, minute=5)])
    db.execute("UPDATE deliveries SET last_at = NULL")

    deliveries.fold(db, [event("late", DeliveryState.HANDED_OVER, minute=1)])

    (at_last,) = deliveries.standings(db, INES)
    assert (at_last.state, at_last.last_at) == (DeliveryState.BOUNCED, NOW + timedelta(minutes=5))
