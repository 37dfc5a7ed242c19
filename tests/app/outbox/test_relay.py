"""The relay obeys the error tree, keeps order, and never sends twice what may have arrived."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from app.errors import EndedThereError
from app.outbox import Relay, Wish
from app.records import Changes, EntryState, OutboxEntry, Receipt, RequestKey, System
from app.store import entries
from tests.app.log.heard import listening
from tests.app.outbox.fakes import NOW, Desk, FakeVendor, Fault, approval, desk

ICONIK, CLOUDINARY = System.ICONIK, System.CLOUDINARY


def send_one(here: Desk, faults: list[Fault]) -> OutboxEntry:
    """Queue one wish at a vendor that fails like that, and let everything come to rest."""
    here.vendors[ICONIK].faults = list(faults)

    async def story() -> OutboxEntry:
        entry = await here.outbox.queue(approval())
        await here.settle()
        return await here.outbox.entry(entry.id)

    return asyncio.run(story())


async def run_until_done(here: Desk, relay: Relay, wish: Wish) -> None:
    """Let ``relay`` run, second by second, until what is queued meanwhile is done."""
    running = asyncio.create_task(relay.run())
    entry = await here.outbox.queue(wish)
    async with asyncio.timeout(300):
        while (await here.outbox.entry(entry.id)).state is not EntryState.DONE:
            here.clock.advance(timedelta(seconds=1))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    ("fault", "state", "look_ups"),
    [
        (Fault.NONE, EntryState.DONE, 0),
        (Fault.UNREACHABLE, EntryState.DONE, 1),
        (Fault.LIMIT, EntryState.DONE, 1),
        (Fault.CUT_BEFORE, EntryState.DONE, 1),
        (Fault.CUT_AFTER, EntryState.DONE, 1),
        (Fault.FAULT_AFTER, EntryState.DONE, 1),
        (Fault.FORBIDDEN, EntryState.PARKED, 1),
        (Fault.ODD_AFTER, EntryState.PARKED, 0),
        (Fault.SIGN_IN, EntryState.QUEUED, 0),
    ],
)
def test_each_failure_has_its_consequence(tmp_path: Path, fault: Fault, state: EntryState, look_ups: int) -> None:
    """A wrong consequence loses the write or does it twice."""
    with desk(tmp_path) as here:
        entry = send_one(here, [fault])

        assert (entry.state, here.vendors[ICONIK].look_ups) == (state, look_ups)


@pytest.mark.parametrize(
    "later", [Fault.LATER_UNREACHABLE, Fault.LATER_LIMIT, Fault.LATER_SIGN_IN, Fault.LATER_FORBIDDEN]
)
def test_a_failure_of_a_later_call_does_not_send_it_again(tmp_path: Path, later: Fault) -> None:
    """The letter is submitted, reading its job fails because the network went: submitted again, it arrives twice."""
    with desk(tmp_path) as here:
        entry = send_one(here, [later])

        async def story() -> EntryState:
            here.relay.resume(ICONIK)
            await here.settle()
            return (await here.outbox.entry(entry.id)).state

        assert asyncio.run(story()) is EntryState.DONE
        assert here.vendors[ICONIK].acted == ["k1"]


def test_what_arrived_is_not_sent_again(tmp_path: Path) -> None:
    """The answer was lost; the letter was not."""
    with desk(tmp_path) as here:
        send_one(here, [Fault.CUT_AFTER, Fault.CUT_BEFORE, Fault.LIMIT])

        assert here.vendors[ICONIK].acted == ["k1"]


def test_a_parked_entry_of_unknown_fate_is_looked_up_when_retried(tmp_path: Path) -> None:
    """Retry is the button that people press twice."""
    with desk(tmp_path) as here:
        entry = send_one(here, [Fault.ODD_AFTER])

        async def story() -> None:
            await here.outbox.retry(entry.id, actor="ada")
            await here.settle()

        asyncio.run(story())

        assert here.vendors[ICONIK].acted == ["k1"]


def test_a_vendor_that_keeps_failing_is_shown_to_a_person(tmp_path: Path) -> None:
    """An entry would be tried for ever in silence."""
    with desk(tmp_path) as here:
        entry = send_one(here, [Fault.CUT_BEFORE, Fault.NONE] * 20)

        assert (entry.state, entry.attempts) == (EntryState.PARKED, 6)
        assert "tried 6 times" in entry.sentence


@pytest.mark.parametrize("fault", [Fault.UNREACHABLE, Fault.LIMIT])
def test_what_never_arrived_is_no_try_that_may_have_arrived(tmp_path: Path, fault: Fault) -> None:
    """A night without a network, and the first timeout of the morning waits for a person."""
    with desk(tmp_path) as here:
        entry = send_one(here, [fault, Fault.NONE] * 8 + [Fault.CUT_BEFORE])

        assert (entry.state, entry.attempts) == (EntryState.DONE, 3)


def test_a_bug_parks_one_entry_and_its_log_names_no_customer(tmp_path: Path) -> None:
    """One odd record would stop every write, and its data would lie in the log."""
    with desk(tmp_path) as here, listening() as log:
        entry = send_one(here, [Fault.BUG])

        assert entry.state is EntryState.PARKED
        [line] = log.newest()
        assert '"system":"iconik","entry":1,"error":"KeyError"' in line
        assert "Ada Lovelace" not in line


def test_a_limit_is_waited_out(tmp_path: Path) -> None:
    """Hammering a vendor that asks for patience gets the account blocked."""
    with desk(tmp_path) as here:
        send_one(here, [Fault.LIMIT])

        assert here.clock.now() - NOW >= timedelta(seconds=30)


def test_pauses_grow_while_a_system_is_down(tmp_path: Path) -> None:
    """A desk that asks every second keeps a struggling vendor down."""
    with desk(tmp_path) as here:
        send_one(here, [Fault.UNREACHABLE] * 5)

        assert here.clock.now() - NOW >= timedelta(seconds=5 + 10 + 20 + 40 + 80)
        assert here.relay.pauses == {}


def test_a_parked_entry_holds_back_its_own_subject_only(tmp_path: Path) -> None:
    """A later verdict on one asset would overtake the earlier one, or a stuck asset would stop all others."""
    with desk(tmp_path) as here:
        here.vendors[ICONIK].faults = [Fault.FORBIDDEN]

        async def story() -> None:
            await here.outbox.queue(approval("first", subject="a"))
            await here.outbox.queue(approval("second", subject="a"))
            await here.outbox.queue(approval("other", subject="b"))
            await here.settle()

        asyncio.run(story())

        assert here.vendors[ICONIK].acted == ["other"]


def test_a_system_that_is_down_does_not_stop_another(tmp_path: Path) -> None:
    """One vendor's outage would be everybody's."""
    with desk(tmp_path, ICONIK, CLOUDINARY) as here:
        here.vendors[ICONIK].faults = [Fault.SIGN_IN]

        async def story() -> None:
            await here.outbox.queue(approval("k1"))
            await here.outbox.queue(approval("k2", system=CLOUDINARY))
            await here.settle()

        asyncio.run(story())

        assert here.vendors[CLOUDINARY].acted == ["k2"]


def test_nothing_leaves_for_a_system_without_a_connection(tmp_path: Path) -> None:
    """Entries would be lost to a vendor that nobody set up yet."""
    with desk(tmp_path, CLOUDINARY) as here:

        async def story() -> EntryState:
            entry = await here.outbox.queue(approval(system=ICONIK), undo_for=timedelta(0))
            await here.relay.turn(ICONIK)
            return (await here.outbox.entry(entry.id)).state

        assert asyncio.run(story()) is EntryState.QUEUED


def test_what_was_being_sent_when_the_desk_died_is_looked_up(tmp_path: Path) -> None:
    """Sent again blindly it arrives twice; dropped it never arrives."""
    with desk(tmp_path) as here:

        async def story() -> EntryState:
            entry = await here.outbox.queue(approval(), undo_for=timedelta(0))
            await here.store.ledger.write(entries.take_next, ICONIK, now=here.clock.now())
            here.vendors[ICONIK].acted.append(entry.request_key)
            await here.relay.recover(ICONIK)
            await here.settle()
            return (await here.outbox.entry(entry.id)).state

        assert asyncio.run(story()) is EntryState.DONE
        assert here.vendors[ICONIK].acted == ["k1"]


def test_the_relay_wakes_when_something_is_queued_and_when_time_comes(tmp_path: Path) -> None:
    """A relay that polls costs battery; one that oversleeps holds letters back."""
    with desk(tmp_path) as here:
        asyncio.run(run_until_done(here, here.relay, approval()))

        assert here.clock.now() - NOW >= timedelta(seconds=10)


def test_what_was_done_is_read_back_after_the_receipt_is_safe(tmp_path: Path) -> None:
    """The page would go on showing the state of before."""
    with desk(tmp_path) as here:
        seen: list[EntryState] = []

        async def on_done(entry: OutboxEntry) -> Changes:
            seen.append((await here.outbox.entry(entry.id)).state)
            return Changes(templates=True)

        relay = Relay(
            here.outbox,
            here.store.ledger,
            deliverer=here.vendors.get,
            clock=here.clock,
            publish=here.published.append,
            on_done=on_done,
        )

        async def story() -> None:
            await here.outbox.queue(approval(), undo_for=timedelta(0))
            await relay.turn(ICONIK)

        asyncio.run(story())

        assert seen == [EntryState.DONE]
        assert Changes(templates=True) in here.published


def test_a_receipt_that_cannot_be_saved_is_looked_up_when_there_is_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The disk is full just when the vendor has acted: sent again, it arrives twice."""
    with desk(tmp_path) as here, caplog.at_level(logging.WARNING):
        ledger, vendor = here.store.ledger, here.vendors[ICONIK]

        class FullDisk(FakeVendor):
            """Acts, and leaves no room for a long receipt."""

            async def deliver(self, entry: OutboxEntry) -> Receipt:
                vendor.acted.append(entry.request_key)
                await ledger.write(lambda db: db.execute("PRAGMA max_page_count = 1").fetchone())
                return Receipt(sentence="x" * 1_000_000)

            async def look_up(self, entry: OutboxEntry) -> Receipt | None:
                return await vendor.look_up(entry)

        relay = Relay(
            here.outbox,
            ledger,
            deliverer={ICONIK: FullDisk()}.get,
            clock=here.clock,
            publish=here.published.append,
        )

        asyncio.run(run_until_done(here, relay, approval()))

        assert vendor.acted == ["k1"]
        assert "cannot be saved" in caplog.text


def drive(folder: Path, subjects: list[str], faults: list[Fault]) -> tuple[FakeVendor, dict[str, EntryState]]:
    """Send one wish per subject at a vendor that fails like that, with a person who signs in and retries."""
    with desk(folder) as here:
        vendor = here.vendors[ICONIK]
        vendor.faults = list(faults)

        async def story() -> dict[str, EntryState]:
            made = [
                await here.outbox.queue(approval(f"{number}", subject=subject))
                for number, subject in enumerate(subjects)
            ]
            for _ in range(len(faults) + 1):
                await here.settle()
                here.relay.resume(ICONIK)
                for parked in await here.outbox.newest(states={EntryState.PARKED}):
                    await here.outbox.retry(parked.id, actor="ada")
            await here.settle()
            return {entry.request_key: (await here.outbox.entry(entry.id)).state for entry in made}

        return vendor, asyncio.run(story())


@settings(max_examples=60, deadline=None)
@given(
    subjects=st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=6),
    faults=st.lists(st.sampled_from([fault for fault in Fault if fault is not Fault.BUG]), max_size=10),
)
def test_whatever_fails_all_is_done_once_and_in_order(subjects: list[str], faults: list[Fault]) -> None:
    """0 lost, 0 doubled, and the last verdict is the last one made."""
    with TemporaryDirectory() as folder:
        vendor, states = drive(Path(folder), subjects, faults)

    assert set(states.values()) == {EntryState.DONE}
    assert sorted(vendor.acted) == sorted(set(vendor.acted)) == sorted(states)
    for subject in set(subjects):
        of_subject = [key for key in vendor.acted if subjects[int(key)] == subject]
        assert of_subject == sorted(of_subject, key=int)


class PatientVendor(FakeVendor):
    """Takes its time to answer one kind of question."""

    def __init__(self, fault: Fault, *, slow_to: str) -> None:
        super().__init__(faults=[fault])
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self._slow_to = slow_to

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Act, or not, once it may."""
        if self._slow_to == "deliver":
            await self._wait()
        return await super().deliver(entry)

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """Whether it acted, as it was when it was asked."""
        known = await super().look_up(entry)
        if self._slow_to == "look_up":
            await self._wait()
        return known

    async def _wait(self) -> None:
        self.is_asked.set()
        await self.may_answer.wait()


async def until(here: Desk, entry: OutboxEntry, state: EntryState) -> None:
    """Wait until ``entry`` is in ``state``."""
    async with asyncio.timeout(300):
        while (await here.outbox.entry(entry.id)).state is not state:  # noqa: ASYNC110 - each look is a wait by itself
            await asyncio.sleep(0)


def test_what_is_being_looked_up_is_not_looked_up_beside_itself(tmp_path: Path) -> None:
    """Several look-ups of one entry would each find nothing, and the last one would send what the first one sent."""
    with desk(tmp_path) as here:
        vendor = PatientVendor(Fault.CUT_BEFORE, slow_to="look_up")
        here.vendors[ICONIK] = vendor
        here.outbox.undo_for = timedelta(0)

        async def story() -> int:
            entry = await here.outbox.queue(approval())
            running = asyncio.create_task(here.relay.run())
            await until(here, entry, EntryState.UNKNOWN)
            async with asyncio.timeout(300):
                while not vendor.is_asked.is_set():
                    here.clock.advance(timedelta(seconds=1))
                    await asyncio.sleep(0)
            # Work that wakes the relay again.
            other = await here.outbox.queue(approval("k2", subject="iconik:other"))
            await until(here, other, EntryState.DONE)
            asked = vendor.look_ups
            vendor.may_answer.set()
            await until(here, entry, EntryState.DONE)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            return asked

        asked = asyncio.run(story())

        assert asked == 1
        assert sorted(vendor.acted) == ["k1", "k2"]


def test_what_was_tried_and_held_back_is_looked_up_before_it_leaves(tmp_path: Path) -> None:
    """The first try arrives after its look-up, while the second one waits for the morning: two letters."""

    async def story(here: Desk) -> list[RequestKey]:
        vendor = here.vendors[ICONIK]
        vendor.faults = [Fault.CUT_BEFORE]
        entry = await here.outbox.queue(approval(), undo_for=timedelta(0))
        await here.relay.turn(ICONIK)
        here.clock.advance(timedelta(seconds=2))
        vendor.not_now = here.clock.now() + timedelta(hours=8)
        await here.relay.turn(ICONIK)
        vendor.not_now = None
        vendor.acted.append(entry.request_key)
        await here.settle()
        return vendor.acted

    with desk(tmp_path) as here:
        assert asyncio.run(story(here)) == ["k1"]


def test_what_was_tried_and_is_then_refused_here_stays_in_doubt(tmp_path: Path) -> None:
    """Consent ends between the first try and the second; given again, Retry would send what has long arrived."""

    async def story(here: Desk) -> list[RequestKey]:
        vendor = here.vendors[ICONIK]
        vendor.faults = [Fault.CUT_BEFORE]
        entry = await here.outbox.queue(approval(), undo_for=timedelta(0))
        await here.relay.turn(ICONIK)
        here.clock.advance(timedelta(seconds=2))
        vendor.never = True
        await here.relay.turn(ICONIK)
        assert (await here.outbox.entry(entry.id)).state is EntryState.PARKED
        vendor.never = False
        vendor.acted.append(entry.request_key)
        await here.outbox.retry(entry.id, actor="ada")
        await here.settle()
        return vendor.acted

    with desk(tmp_path) as here:
        assert asyncio.run(story(here)) == ["k1"]


def test_a_person_who_pauses_a_system_stops_what_waits_for_its_turn(tmp_path: Path) -> None:
    """“Stop, those letters are wrong!” — and four more leave that were only noted as being sent."""

    async def story(here: Desk) -> tuple[list[RequestKey], EntryState]:
        entry = await here.outbox.queue(approval(), undo_for=timedelta(0))
        (turn,) = await here.relay._claim(ICONIK)
        await here.outbox.pause(ICONIK, reason="wrong letters", actor="ada")
        assert turn.entry is not None
        await here.relay._carry(turn.entry)
        undone = await here.outbox.undo(entry.id, actor="ada")
        return here.vendors[ICONIK].acted, undone.state

    with desk(tmp_path) as here:
        assert asyncio.run(story(here)) == ([], EntryState.DROPPED)


def test_a_limit_that_says_at_once_is_not_obeyed_at_once(tmp_path: Path) -> None:
    """A vendor that answers “Retry-After: 0” would be hammered for as long as it is overrun."""
    with desk(tmp_path) as here:
        here.vendors[ICONIK].limit_for = timedelta(0)
        send_one(here, [Fault.LIMIT, Fault.NONE] * 4)

        assert here.clock.now() - NOW >= timedelta(seconds=5 + 10 + 20 + 40)


def test_a_bug_after_an_entry_is_done_stops_no_other(tmp_path: Path) -> None:
    """One page that cannot be refreshed, and nothing leaves for any system until the next start."""

    async def fail(_: OutboxEntry) -> Changes:
        raise KeyError("what a refresh did not find")

    async def story(here: Desk) -> list[RequestKey]:
        await here.outbox.queue(approval("k1", subject="a"))
        await here.outbox.queue(approval("k2", subject="b"))
        await here.settle()
        return here.vendors[ICONIK].acted

    with desk(tmp_path) as here:
        here.relay = Relay(
            here.outbox,
            here.store.ledger,
            deliverer=here.vendors.get,
            clock=here.clock,
            publish=here.published.append,
            on_done=fail,
        )
        assert asyncio.run(story(here)) == ["k1", "k2"]


@pytest.mark.parametrize("way", [Relay.resume, Relay.signed_in])
def test_a_401_is_over_when_somebody_signs_in_or_the_system_takes_our_sign_in(
    tmp_path: Path, way: Callable[[Relay, System], None]
) -> None:
    """A gateway hiccups once, or a key is typed anew; the connection says that all is well, and the outbox waits."""
    with desk(tmp_path) as here:
        entry = send_one(here, [Fault.SIGN_IN])

        async def story() -> EntryState:
            way(here.relay, ICONIK)
            await here.settle()
            return (await here.outbox.entry(entry.id)).state

        assert asyncio.run(story()) is EntryState.DONE


def test_a_401_for_a_key_that_was_renewed_meanwhile_pauses_nothing(tmp_path: Path) -> None:
    """The new key is good, and all that waits would wait for somebody to sign in."""
    with desk(tmp_path) as here:
        vendor = here.vendors[ICONIK] = PatientVendor(Fault.SIGN_IN, slow_to="deliver")

        async def story() -> tuple[OutboxEntry, EntryState]:
            entry = await here.outbox.queue(approval(), undo_for=timedelta(0))
            sending = asyncio.create_task(here.relay.turn(ICONIK))
            await vendor.is_asked.wait()
            here.relay.resume(ICONIK)
            vendor.may_answer.set()
            await sending
            put_back = await here.outbox.entry(entry.id)
            await here.settle()
            return put_back, (await here.outbox.entry(entry.id)).state

        put_back, state = asyncio.run(story())

        assert put_back.sentence.startswith("The sign-in was renewed")
        assert state is EntryState.DONE


def test_a_401_that_stays_is_tried_at_longer_and_longer_intervals(tmp_path: Path) -> None:
    """Reading works and writing is refused: every round of reading would bring one more refusal."""
    with desk(tmp_path) as here:
        here.vendors[ICONIK].faults = [Fault.SIGN_IN] * 8

        async def story() -> None:
            await here.outbox.queue(approval())
            for _ in range(6):
                await here.settle()
                here.relay.signed_in(ICONIK)

        asyncio.run(story())

        assert here.clock.now() - NOW >= timedelta(seconds=10 + 20 + 40 + 80)


@pytest.mark.parametrize("has_looked", [True, False])
def test_a_clock_that_is_set_back_delays_nothing(tmp_path: Path, has_looked: bool) -> None:
    """The date was a day ahead and is put right: what was queued before would wait until that day has come again."""

    async def story(here: Desk) -> EntryState:
        entry = await here.outbox.queue(approval())
        if has_looked:
            await here.relay.turn(ICONIK)
        here.clock.jump(-timedelta(days=1))
        await here.relay.turn(ICONIK)
        here.clock.advance(timedelta(minutes=1))
        await here.relay.turn(ICONIK)
        return (await here.outbox.entry(entry.id)).state

    with desk(tmp_path) as here:
        assert asyncio.run(story(here)) is EntryState.DONE


def test_a_bug_over_one_row_stops_one_system_for_a_while_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that a later release wrote: nothing would leave for any system, until somebody wondered."""
    take = entries.take
    broken = [ICONIK] * 3

    def failing(db: Database, system: System, **how: Any) -> tuple[entries.Turn, ...]:
        if system in broken:
            broken.pop()
            raise ValueError("'shred' is not a valid Verb")
        return take(db, system, **how)

    monkeypatch.setattr(entries, "take", failing)

    async def story(here: Desk) -> tuple[list[RequestKey], str]:
        running = asyncio.create_task(here.relay.run())
        await here.outbox.queue(approval("k1"), undo_for=timedelta(0))
        await here.outbox.queue(approval("k2", system=CLOUDINARY), undo_for=timedelta(0))
        async with asyncio.timeout(300):
            while not here.vendors[CLOUDINARY].acted or ICONIK not in here.relay.pauses:  # noqa: ASYNC110 - as they are
                await asyncio.sleep(0.01)
            sentence = here.relay.pauses[ICONIK].sentence
            while await here.outbox.depth():
                here.clock.advance(timedelta(minutes=1))
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return here.vendors[ICONIK].acted, sentence

    with desk(tmp_path, ICONIK, CLOUDINARY) as here:
        acted, sentence = asyncio.run(story(here))

    assert acted == ["k1"]
    assert sentence.startswith("The desk itself failed")


class FailedThere(FakeVendor):
    """Takes what it is sent, answers nothing, and fails at it until it is mended."""

    def __init__(self) -> None:
        super().__init__(faults=[Fault.CUT_AFTER])
        self.is_mended = False

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """What ended is looked past once it is known."""
        ended = cast("list[str]", entry.payload.get("ended", []))
        if not self.is_mended and "job-1" not in ended:
            raise EndedThereError("Its job failed there.", references=["job-1"])
        return Receipt(sentence="Found.") if self.is_mended else None


def test_what_failed_there_is_parked_and_a_retry_sends_it_anew(tmp_path: Path) -> None:
    """It would be looked up again and again, each time with the same failure, and could only be given up."""

    async def story(here: Desk) -> tuple[OutboxEntry, OutboxEntry, OutboxEntry]:
        vendor = FailedThere()
        here.vendors[ICONIK] = vendor
        entry = await here.outbox.queue(approval(), undo_for=timedelta(0))
        await here.settle()
        parked = await here.outbox.entry(entry.id)
        await here.outbox.retry(entry.id, actor="ada")
        vendor.faults = [Fault.CUT_BEFORE]
        await here.relay.turn(ICONIK)
        retried = await here.outbox.entry(entry.id)
        vendor.is_mended = True
        await here.settle()
        return parked, retried, await here.outbox.entry(entry.id)

    with desk(tmp_path) as here:
        parked, retried, done = asyncio.run(story(here))

    assert (parked.state, parked.is_doubtful) == (EntryState.PARKED, False)
    assert parked.sentence == "Its job failed there."
    assert parked.payload["ended"] == ["job-1"]
    assert retried.state is EntryState.UNKNOWN
    assert done.state is EntryState.DONE
