"""What is silent for too long is noticed, asked for with measure, and seen until something is told."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.errors import UserError
from app.inbox import Inbox, Waiting
from app.records import Changes, Channel, CustomerNumber, DeliveryState, InboxEvent, Silence
from app.store import Store, deliveries, forgetting, silences
from connectors.errors import ConnectorError, InvalidError, UnreachableError
from tests.app.inbox.arrivals_made import NOW, arrival, message, polled
from tests.app.outbox.fakes import FakeClock

DAY = timedelta(days=1)


class FakeSource:
    """Answers what it is told to, and counts."""

    def __init__(self) -> None:
        self.events: list[InboxEvent] = []
        self.since: list[datetime] = []
        self.asked: list[str] = []
        self.follows: list[InboxEvent] = []
        self.trouble: UnreachableError | None = None
        self.refuses: dict[str, ConnectorError] = {}
        """By run."""

    async def events_since(self, moment: datetime) -> Sequence[InboxEvent]:
        """Everything that it has."""
        self.since.append(moment)
        return self.events

    async def run_word(self, silent: Sequence[Silence]) -> tuple[str, Sequence[InboxEvent]]:
        """That the run is complete."""
        if self.trouble:
            raise self.trouble
        if refusal := self.refuses.get(silent[0].run):
            raise refusal
        self.asked.append(silent[0].run)
        return "Its run is complete.", self.follows


class Scene:
    """An inbox, its clock, and who can be asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.inbox = Inbox(store)
        self.clock = FakeClock(NOW)
        self.source: FakeSource | None = FakeSource()
        self.heard_ago = timedelta(0)
        self.told: list[Changes] = []
        self.waiting = Waiting(
            store=store,
            inbox=self.inbox,
            clock=self.clock,
            publish=self.told.append,
            waits=lambda: {Channel.EMAIL: DAY},
            source=lambda: self.source,
            heard_at=lambda: self.clock.now() - self.heard_ago,
        )

    def send(self, communication: str, kind: str = "accepted", *, run: str = "r1", id_: str = "") -> None:
        """Let something be told of a communication."""
        raw = message(kind, communication=communication, run=run)
        asyncio.run(self.inbox.take([arrival(raw, id_=id_ or f"{communication} {kind}")]))

    def look(self, after: timedelta = timedelta(hours=26)) -> tuple[Silence, ...]:
        """Let time go by, look, and answer what is silent."""
        self.clock.jump(after)
        asyncio.run(self.waiting.look())
        return asyncio.run(self.store.read(silences.longest, limit=100))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Store.open(tmp_path) as opened:
        yield Scene(opened)


def test_what_is_silent_for_too_long_is_noticed_and_asked_for(scene: Scene) -> None:
    """A letter that is stuck would look as if it were on its way."""
    scene.send("c1")

    early = scene.look(timedelta(hours=23))
    (late,) = scene.look(timedelta(hours=3))

    assert early == ()
    assert (late.communication, late.state, late.since) == ("c1", DeliveryState.ACCEPTED, NOW)
    assert (late.asked_at, late.answer) == (NOW + timedelta(hours=26), "Its run is complete.")
    assert Changes(silences=True, inbox=True) in scene.told


def test_what_a_source_tells_while_it_is_removed_is_not_kept(scene: Scene) -> None:
    """Its connection, its secrets and all that it told were deleted, and a second later some of it is back."""
    scene.send("c1")
    source = scene.source
    assert source
    source.events = [polled(message("delivered", communication="c1"), id_="exstream/late")]
    ask = source.events_since

    async def remove_meanwhile(moment: datetime) -> Sequence[InboxEvent]:
        scene.source = None
        return await ask(moment)

    source.events_since = remove_meanwhile  # type: ignore[method-assign]  # as the source is, and slower
    scene.look()

    assert asyncio.run(scene.inbox.find("exstream/late")) is None


def test_what_its_source_tells_then_ends_the_silence(scene: Scene) -> None:
    """The answer would be there and nobody would see it."""
    scene.send("c1")
    assert scene.source
    scene.source.events = [polled(message("delivered", communication="c1"), id_="exstream/late")]

    assert scene.look() == ()

    (at_last,) = asyncio.run(scene.store.read(deliveries.standings, CustomerNumber("HM-204881")))
    assert at_last.state is DeliveryState.DELIVERED
    assert scene.source.since == [NOW - timedelta(minutes=10)]


def test_what_follows_from_the_run_is_folded_in_by_the_same_path(scene: Scene) -> None:
    """A run that failed would leave its letters “composed” for ever."""
    scene.send("c1", "composed")
    assert scene.source
    scene.source.follows = [polled(message("failed", communication="c1"), id_="exstream/run")]

    assert scene.look() == ()

    assert asyncio.run(scene.inbox.find("exstream/run")) is not None


def test_a_pushed_word_ends_it_at_once(scene: Scene) -> None:
    """The count in the top bar would send people after what arrived long ago."""
    scene.send("c1")
    assert len(scene.look()) == 1

    scene.send("c1", "bounced")

    assert asyncio.run(scene.store.read(silences.count)) == 0


def test_a_hand_over_is_waited_for_once_arrivals_are_told(scene: Scene) -> None:
    """Where a carrier reports deliveries, a missing one is news; where none does, it is not."""
    scene.send("c1", "handed_over")
    before = scene.look()

    scene.send("c2", "delivered")
    (after,) = scene.look(timedelta(0))

    assert before == ()
    assert after.communication == "c1"


def test_a_holiday_is_asked_for_run_by_run_and_the_oldest_first(scene: Scene) -> None:
    """A thousand calls on the first morning would use up the day's budget."""
    for number in range(25):
        raw = message("accepted", minute=number, communication=f"c{number}", run=f"r{number:02}")
        asyncio.run(scene.inbox.take([arrival(raw, id_=str(number))]))
    assert scene.source

    scene.look(29 * DAY)
    first = list(scene.source.asked)
    scene.look(timedelta(minutes=15))
    scene.look(timedelta(minutes=15))

    assert first == [f"r{number:02}" for number in range(10)]
    assert sorted(scene.source.asked) == [f"r{number:02}" for number in range(25)]


def test_one_run_is_one_call_however_many_it_sent(scene: Scene) -> None:
    """Ten thousand letters of one night would be ten thousand calls."""
    for number in range(30):
        scene.send(f"c{number}")

    found = scene.look()

    assert scene.source
    assert scene.source.asked == ["r1"]
    assert all(each.answer for each in found)


def test_it_is_asked_again_only_a_day_later(scene: Scene) -> None:
    """Every look would ask for the same again."""
    scene.send("c1")
    assert scene.source

    asked = []
    for after in (timedelta(hours=26), timedelta(hours=1), timedelta(hours=24)):
        scene.look(after)
        asked.append(len(scene.source.asked))

    assert asked == [1, 1, 2]


def test_after_a_sleep_nothing_is_silent_before_the_source_was_heard(scene: Scene) -> None:
    """A laptop that slept over the weekend would call all of Friday's letters lost."""
    scene.send("c1")
    scene.heard_ago = timedelta(days=2)

    assert scene.look(2 * DAY) == ()


def test_a_clock_that_was_wrong_leaves_nothing_behind(scene: Scene) -> None:
    """One wrong date would leave a list of silences, or bar the next question for a year."""
    scene.send("c1")

    assert len(scene.look(timedelta(hours=25))) == 1
    assert scene.look(-DAY) == ()
    assert len(scene.look(timedelta(hours=25))) == 1
    assert scene.source
    assert len(scene.source.asked) == 2


def test_what_cannot_be_asked_is_seen_all_the_same(scene: Scene) -> None:
    """An outage of the source would hide what it does not tell."""
    scene.send("c1")
    assert scene.source
    scene.source.trouble = UnreachableError(system="Exstream", call="job", detail="refused")

    (found,) = scene.look()

    assert (found.asked_at, found.answer) == (None, "")


def test_without_a_source_silences_are_noticed(scene: Scene) -> None:
    """A house that only has events pushed to it waits as well."""
    scene.send("c1")
    scene.source = None

    (found,) = scene.look()

    assert found.asked_at is None


def test_what_is_long_past_counts_no_more(scene: Scene) -> None:
    """The count would only ever grow."""
    scene.send("c1")

    assert scene.look(31 * DAY) == ()


def test_forgetting_a_customer_leaves_no_silence(scene: Scene) -> None:
    """The communication's id would point at somebody who is forgotten."""
    scene.send("c1")
    scene.look()

    asyncio.run(scene.store.purge(forgetting.forget_customers, ["HM-204881"]))

    assert asyncio.run(scene.store.read(lambda db: db.execute("SELECT count(*) FROM silences").fetchone())) == (0,)


def test_a_full_disk_is_met_again_later(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch would end for the rest of the day."""
    looks = 0

    async def full() -> None:
        nonlocal looks
        looks += 1
        raise UserError("The disk is full.")

    monkeypatch.setattr(scene.waiting, "look", full)

    async def story() -> None:
        task = asyncio.create_task(scene.waiting.run())
        for _ in range(2):
            await asyncio.sleep(0)
            scene.clock.advance(timedelta(minutes=15))
            for _ in range(5):
                await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())

    assert looks == 2


def test_a_run_that_cannot_be_asked_for_keeps_no_other_waiting(scene: Scene) -> None:
    """A gateway names a run as no run is called; the longest silent one comes first, and no other is ever asked for."""
    scene.send("c1", run="../odd")
    scene.clock.jump(timedelta(minutes=1))
    scene.send("c2", run="r2")
    assert scene.source
    scene.source.refuses["../odd"] = InvalidError(system="Exstream", call="job")

    odd, other = sorted(scene.look(), key=lambda each: each.communication)

    assert scene.source.asked == ["r2"]
    assert other.answer == "Its run is complete."
    assert odd.asked_at is not None
    assert odd.answer
