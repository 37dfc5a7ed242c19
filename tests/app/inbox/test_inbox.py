"""Events come in once, proven, and move timelines forward only."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.inbox import Inbox
from app.inbox.replaying import Replayed
from app.records import BounceKind, Changes, CustomerNumber, DeliveryState, InboxState
from app.rules.event_filter import EventFilter
from app.store import Store, customer_words, deliveries, forgetting, inbox_events
from app.store.schema import LISTED_AT
from connectors.inbound import Arrival, ArrivalTrust, CloudEvent
from tests.app.inbox.arrivals_made import NOW, arrival, event_json, message, polled

INES = CustomerNumber("HM-204881")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store, closed at the end."""
    with Store.open(tmp_path) as opened:
        yield opened


def take(store: Store, *arrivals: Arrival) -> Changes:
    """Let ``arrivals`` in, one after the other."""
    changes = Changes()
    for each in arrivals:
        changes |= asyncio.run(Inbox(store).take([each]))
    return changes


def replay(store: Store, wanted: EventFilter, *, is_preview: bool = False) -> Replayed:
    """Read what answers ``wanted`` again, to the end."""
    inbox, found, after = Inbox(store), Replayed(), 0
    until = asyncio.run(inbox.last_row())
    step = inbox.preview if is_preview else inbox.replay
    while True:
        page = asyncio.run(step(wanted, after=after, until=until))
        found, after = found | page.found, page.after
        if page.is_last:
            return found


def test_an_event_reaches_its_customers_timeline(store: Store) -> None:
    """Support would not see the bounce that the customer calls about."""
    changes = take(store, arrival(message(code="5.1.1", detail="5.1.1 no mailbox ines@lamer.example")))

    (event,) = asyncio.run(store.read(deliveries.timeline, INES))
    assert changes == Changes(inbox=True, customers=frozenset({INES}))
    assert (event.state, event.code, event.at) == (DeliveryState.BOUNCED, "5.1.1", NOW)
    assert event.detail == "5.1.1 no mailbox (address)"
    assert event.source == "Email gateway"


def test_a_bounce_is_kept_with_the_provider_s_class_and_ours(store: Store) -> None:
    """What was believed when the address was given up could not be shown later."""
    take(store, arrival(message(code="4.2.2", verdict="Transient", detail="over quota")))

    (event,) = asyncio.run(store.read(deliveries.timeline, INES))
    assert (event.code, event.provider_verdict, event.bounce) == ("4.2.2", "Transient", BounceKind.HARD)


def test_the_bytes_are_kept_as_they_came(store: Store) -> None:
    """Evidence that was re-written is none."""
    raw = b' {"type" : "message.opened",\n "data":{"communication":"c","channel":"web"}} '

    take(store, arrival(raw))

    (kept,) = asyncio.run(Inbox(store).newest())
    assert kept.raw == raw


def test_a_second_arrival_is_folded_into_the_first(store: Store) -> None:
    """Two bounces where there was one; and the timeline says that the same event came twice."""
    take(store, arrival(), arrival(seconds=5))

    (kept,) = asyncio.run(Inbox(store).newest())
    (event,) = asyncio.run(store.read(deliveries.timeline, INES))
    assert (kept.times_seen, event.times_seen) == (2, 2)
    assert event.received_at == NOW


def test_what_is_proven_and_was_refused_claims_nothing(store: Store) -> None:
    """The sender was told that we did not take it."""
    take(store, replace(arrival(), refused="it is no CloudEvent: specversion is not 1.0"))

    (kept,) = asyncio.run(Inbox(store).newest())
    assert (kept.state, kept.sentence) == (
        InboxState.REFUSED,
        "rejected: it is no CloudEvent: specversion is not 1.0",
    )
    assert asyncio.run(store.read(deliveries.timeline, INES)) == ()


def test_each_event_of_a_batch_is_one_event(store: Store) -> None:
    """A batch that is cut in another way the second time would count its events twice."""
    told = [
        CloudEvent(
            id=id_,
            source="/gateway",
            type=f"message.{kind}",
            time=NOW,
            data=b'{"communication":"c1","customer":"HM-204881","channel":"email"}',
        )
        for id_, kind in (("e1", "accepted"), ("e2", "bounced"))
    ]
    whole = replace(arrival(b"[]", id_="batch"), events=tuple(told))

    take(store, whole, replace(whole, id="another batch", events=(told[1],)))

    events = asyncio.run(store.read(deliveries.timeline, INES))
    assert sorted((event.state, event.times_seen) for event in events) == [
        (DeliveryState.ACCEPTED, 1),
        (DeliveryState.BOUNCED, 2),
    ]


def test_reading_the_same_poll_again_is_no_second_arrival(store: Store) -> None:
    """Every event would be said to have come forty times."""
    event = polled(event_json("Exstream-Email-OPEN"))

    for _ in range(3):
        asyncio.run(Inbox(store).take_polled([event]))

    (kept,) = asyncio.run(Inbox(store).newest())
    assert kept.times_seen == 1


@pytest.mark.parametrize(
    ("trust", "sentence"),
    [
        (ArrivalTrust.BAD_SIGNATURE, "rejected: signature"),
        (ArrivalTrust.STALE, "rejected: signed more than five minutes from now"),
    ],
)
def test_a_refused_event_is_seen_and_does_nothing(store: Store, trust: ArrivalTrust, sentence: str) -> None:
    """Anybody could mark a customer's letter as delivered; or nobody would learn that somebody tries."""
    take(store, arrival(trust=trust))

    (kept,) = asyncio.run(Inbox(store).newest())
    assert (kept.state, kept.sentence) == (InboxState.REFUSED, sentence)
    assert asyncio.run(store.read(deliveries.timeline, INES)) == ()


def test_a_forgery_does_not_take_the_place_of_the_genuine_event(store: Store) -> None:
    """Whoever guesses an id first would silence the event."""
    take(store, arrival(trust=ArrivalTrust.BAD_SIGNATURE), arrival())

    assert len(asyncio.run(store.read(deliveries.timeline, INES))) == 1


def test_refused_events_do_not_fill_the_disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Knocking is free for the one who knocks."""
    monkeypatch.setattr(inbox_events, "KEPT_REFUSED", 3)
    knocks = [arrival(b"%d" % number, trust=ArrivalTrust.BAD_SIGNATURE) for number in range(9)]

    take(store, *knocks, arrival())

    assert asyncio.run(Inbox(store).counts()) == {InboxState.DONE: 1, InboxState.REFUSED: 3}


def test_late_news_does_not_turn_the_state_back(store: Store) -> None:
    """A delayed “handed over” would hide the bounce."""
    take(
        store,
        arrival(message("bounced", minute=31), id_="2"),
        arrival(message("handed_over", minute=30), id_="1"),
    )

    (at_last,) = asyncio.run(store.read(deliveries.standings, INES))
    assert at_last.state is DeliveryState.BOUNCED


def test_what_is_not_understood_is_kept_with_a_sentence(store: Store) -> None:
    """An event of a new form would vanish."""
    take(store, arrival(b"<html>"))

    (kept,) = asyncio.run(Inbox(store).newest(states={InboxState.FAILED}))
    assert kept.sentence == "It is not a JSON object."


@pytest.mark.parametrize(
    "raw",
    [
        b'{"type": "message.opened", "data": {"communication": "\\ud800", "channel": "sms"}}',
        b'{"type": "message.opened", "data": {"communication": "\\u0000", "channel": "sms"}}',
        b'{"type": "message.opened", "data": {"communication": 1' + b"0" * 5000 + b', "channel": "sms"}}',
        b"",
        b"\xff\xfe",
    ],
)
def test_the_oddest_bytes_are_kept_all_the_same(store: Store, raw: bytes) -> None:
    """One event that cannot be stored would be sent again for ever."""
    take(store, arrival(raw))

    (kept,) = asyncio.run(Inbox(store).newest())
    assert kept.raw == raw


def test_an_event_about_something_else_is_kept_and_says_so(store: Store) -> None:
    """People would look for an effect that there is none of."""
    take(store, arrival(b'{"type": "asset.approved", "data": {}}'))

    (kept,) = asyncio.run(Inbox(store).newest())
    assert (kept.type, kept.state) == ("asset.approved", InboxState.DONE)
    assert kept.sentence.startswith("Kept.")


def test_a_replay_does_nothing_twice(store: Store) -> None:
    """Replaying is offered as harmless."""
    take(store, arrival(), arrival())
    before = asyncio.run(store.read(deliveries.timeline, INES))

    replay(store, EventFilter(ids=frozenset({"email-gateway/msg_1"})))

    assert asyncio.run(store.read(deliveries.timeline, INES)) == before


def test_a_replay_does_not_let_a_refused_event_in(store: Store) -> None:
    """Selecting all and replaying would believe the forgery."""
    take(store, arrival(trust=ArrivalTrust.BAD_SIGNATURE))
    (refused,) = asyncio.run(Inbox(store).newest())

    replay(store, EventFilter(ids=frozenset({refused.id})))

    assert asyncio.run(store.read(deliveries.timeline, INES)) == ()


def test_an_event_without_a_customer_belongs_to_its_communications_customer(store: Store) -> None:
    """Gateways rarely know customer numbers."""
    take(
        store,
        arrival(message("handed_over", minute=30), id_="1"),
        arrival(message("bounced", minute=31, customer="", title=""), id_="2"),
    )

    events = asyncio.run(store.read(deliveries.timeline, INES))
    assert [(event.state, event.title) for event in events] == [
        (DeliveryState.BOUNCED, "Renewal notice"),
        (DeliveryState.HANDED_OVER, "Renewal notice"),
    ]


def test_fetched_history_does_not_bury_what_came_live(store: Store) -> None:
    """The first poll brings a month at once: the event that was pushed a minute before must stay on top."""
    take(store, arrival(id_="pushed"))
    history = replace(polled(message(minute=5), id_="exstream/old"), received_at=NOW + timedelta(minutes=1))

    asyncio.run(Inbox(store).take_polled([history]))

    newest = asyncio.run(Inbox(store).newest())
    assert [event.id for event in newest] == ["email-gateway/pushed", "exstream/old"]
    assert [event.listed_at for event in newest] == [NOW, NOW.replace(minute=5)]


def test_an_event_that_claims_to_be_of_tomorrow_is_not_held_on_top(store: Store) -> None:
    """A system whose clock is wrong would have the first row for a day."""
    ahead = polled(message(minute=59), id_="exstream/ahead")

    asyncio.run(Inbox(store).take_polled([ahead]))
    take(store, arrival(id_="later", seconds=60))

    newest = asyncio.run(Inbox(store).newest())
    assert [event.id for event in newest] == ["email-gateway/later", "exstream/ahead"]
    assert newest[1].listed_at == NOW


def test_the_newest_events_are_found_by_their_index(store: Store) -> None:
    """A year of events would be read and sorted for every look at the page."""

    def plan(db: Database) -> str:
        question = f"EXPLAIN QUERY PLAN SELECT id FROM inbox ORDER BY {LISTED_AT} DESC, row_id DESC LIMIT 500"
        return " ".join(str(row[3]) for row in db.execute(question))

    said = asyncio.run(store.read(plan))

    assert "inbox_listed" in said
    assert "TEMP B-TREE" not in said


def misread(store: Store) -> None:
    """Let an earlier release have taken the bounce for a hand-over."""

    def work(db: Database) -> None:
        db.execute("UPDATE delivery_events SET state = 'handed_over', bounce = ''")
        db.execute("UPDATE deliveries SET state = 'handed_over'")

    asyncio.run(store.write(work))


def test_a_preview_says_what_a_replay_then_does(store: Store) -> None:
    """A person would have to try it to learn what it does."""
    take(store, arrival(id_="1"), arrival(b"<html>", id_="2"), arrival(trust=ArrivalTrust.STALE))
    misread(store)

    said = replay(store, EventFilter(), is_preview=True)
    untouched = asyncio.run(store.read(deliveries.standings, INES))
    done = replay(store, EventFilter())
    again = replay(store, EventFilter(), is_preview=True)

    assert said == done
    assert said == Replayed(events=3, changed=1, timelines=frozenset({INES}), not_understood=1, refused=1)
    assert [each.state for each in untouched] == [DeliveryState.HANDED_OVER]
    assert [each.state for each in asyncio.run(store.read(deliveries.standings, INES))] == [DeliveryState.BOUNCED]
    assert (again.changed, again.timelines) == (0, frozenset())


def test_a_replay_leaves_alone_what_has_no_bytes_any_more(store: Store) -> None:
    """A year of understood events would turn into “not understood” by one click."""
    take(store, arrival())
    asyncio.run(store.purge(forgetting.empty_events, before=NOW + timedelta(days=1)))

    done = replay(store, EventFilter())

    (kept,) = asyncio.run(Inbox(store).newest())
    assert (done.without_bytes, done.changed) == (1, 0)
    assert (kept.state, kept.type) == (InboxState.DONE, "message.bounced")
    assert len(asyncio.run(store.read(deliveries.timeline, INES))) == 1


def test_a_long_replay_goes_step_by_step(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could stop it, and everybody would wait for it."""
    monkeypatch.setattr("app.inbox.inbox.REPLAYED_TOGETHER", 3)
    take(store, *(arrival(id_=str(number)) for number in range(7)))

    page = asyncio.run(Inbox(store).replay(EventFilter(), after=0, until=5))

    assert (page.found.events, page.after, page.is_last) == (3, 3, False)
    assert replay(store, EventFilter()).events == 7


def test_a_duplicate_is_known_after_its_bytes_are_gone(store: Store) -> None:
    """A sender that repeats for days would bring everything twice (domain rule 3.11)."""
    take(store, arrival())
    asyncio.run(store.purge(forgetting.empty_events, before=NOW + timedelta(days=1)))

    take(store, arrival(seconds=300_000))

    (event,) = asyncio.run(store.read(deliveries.timeline, INES))
    assert event.times_seen == 2


def test_a_duplicate_brings_nothing_back_of_who_was_forgotten(store: Store) -> None:
    """A sender repeats what it sent before the customer was forgotten, and their timeline stands there again."""
    reply = json.dumps(
        {"type": "message.unsubscribed", "data": {"customer": INES, "channel": "email", "scope": "marketing"}}
    ).encode()
    both = (arrival(), arrival(reply, id_="msg_2"))
    take(store, *both)
    asyncio.run(store.purge(forgetting.forget_customers, [INES]))

    changes = take(store, *both)

    assert changes.customers == frozenset()
    assert asyncio.run(store.read(deliveries.timeline, INES)) == ()
    assert asyncio.run(store.read(customer_words.of_customer, INES)) == ()
    assert [event.about for event in asyncio.run(Inbox(store).newest())] == ["", ""]


def test_who_is_forgotten_is_forgotten_on_channels_whose_sender_does_not_know_them(store: Store) -> None:
    """What they were sent, and when, would stand there for ever, without anything that told it."""
    take(store, arrival(message("accepted", channel="print")), arrival(message(customer=""), id_="msg_2"))

    asyncio.run(store.purge(forgetting.forget_customers, [INES]))

    assert asyncio.run(store.read(lambda db: db.execute("SELECT count(*) FROM deliveries").fetchone())) == (0,)


def test_an_id_with_a_nul_is_known_again(store: Store) -> None:
    """The same event would be said to be new, and a replay to change it, for ever."""
    data = b'{"communication":"c1","customer":"HM-204881","channel":"email"}'
    odd = CloudEvent(id="e\0 1", source="/gateway", type="message.bounced", time=NOW, data=data)
    whole = replace(arrival(b"[]"), events=(odd,))

    take(store, whole, replace(whole, id="again"))

    (event,) = asyncio.run(store.read(deliveries.timeline, INES))
    assert event.times_seen == 2
    assert replay(store, EventFilter(), is_preview=True).changed == 0


def test_old_events_are_dropped_some_at_a_time(store: Store) -> None:
    """The inbox would grow for ever, or stand still while a year is dropped at once."""
    take(store, *(arrival(id_=str(number), seconds=number) for number in range(5)))

    dropped = [
        asyncio.run(store.write(inbox_events.drop_before, before=NOW + timedelta(seconds=3), most=2)) for _ in range(3)
    ]

    assert dropped == [2, 1, 0]
    assert len(asyncio.run(Inbox(store).newest())) == 2
    assert len(asyncio.run(store.read(deliveries.timeline, INES))) == 5
