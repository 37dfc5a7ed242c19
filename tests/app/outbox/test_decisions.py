"""What a person decides about entries, and what entries decide about each other: needs, edits, pauses, clocks."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import UserError
from app.outbox import Wish, take_over
from app.records import (
    EntryFilter,
    EntryId,
    EntryPlace,
    EntryState,
    OutboxEntry,
    Receipt,
    RequestKey,
    System,
)
from app.store import audit
from tests.app.outbox.fakes import Desk, Fault, approval, desk, resending

ICONIK, EXSTREAM, CLOUDINARY = System.ICONIK, System.EXSTREAM, System.CLOUDINARY


async def state_of(here: Desk, entry: OutboxEntry) -> EntryState:
    """How it stands now."""
    return (await here.outbox.entry(entry.id)).state


async def parked(here: Desk, key: str = "k1", *, fault: Fault = Fault.FORBIDDEN) -> OutboxEntry:
    """An entry that its vendor refused: surely not there (403), or in doubt (an odd answer)."""
    here.vendors[ICONIK].faults = [fault]
    entry = await here.outbox.queue(approval(key), undo_for=timedelta(0))
    await here.settle()
    found = await here.outbox.entry(entry.id)
    assert found.state is EntryState.PARKED
    return found


def needing(needed: OutboxEntry, key: str, *, system: System = CLOUDINARY) -> Wish:
    """A wish that cannot leave before ``needed`` is done."""
    return replace(approval(key, subject=f"about:{key}", system=system), needs=needed.id)


def test_what_needs_another_systems_receipt_leaves_after_it(tmp_path: Path) -> None:
    """A document would be filed into a workspace that is not there yet."""

    async def story(here: Desk) -> tuple[EntryState, Receipt | None]:
        first = await here.outbox.queue(approval("first"), undo_for=timedelta(hours=1))
        second = await here.outbox.queue(needing(first, "second"), undo_for=timedelta(0))
        await here.relay.turn(CLOUDINARY)
        before = await state_of(here, second)
        await here.settle()
        done = await here.outbox.entry(second.id)
        assert done.state is EntryState.DONE
        assert done.needs is not None
        return before, done.needs.receipt

    with desk(tmp_path, ICONIK, CLOUDINARY) as here:
        before, receipt = asyncio.run(story(here))

    assert before is EntryState.QUEUED
    assert receipt == Receipt(sentence="Done.", reference="1")


def test_what_needs_a_parked_one_waits_and_leaves_once_that_is_done(tmp_path: Path) -> None:
    """It would be lost with the one that a person mends an hour later."""

    async def story(here: Desk) -> tuple[OutboxEntry, EntryState]:
        first = await parked(here)
        second = await here.outbox.queue(needing(first, "second"), undo_for=timedelta(0))
        await here.settle()
        waiting = await here.outbox.entry(second.id)
        await here.outbox.retry(first.id, actor="ada")
        await here.settle()
        return waiting, await state_of(here, second)

    with desk(tmp_path, ICONIK, CLOUDINARY) as here:
        waiting, after = asyncio.run(story(here))

    assert waiting.state is EntryState.QUEUED
    assert waiting.needs is not None
    assert waiting.needs.state is EntryState.PARKED
    assert after is EntryState.DONE


@pytest.mark.parametrize("way", ["drop", "undo"])
def test_giving_one_up_gives_up_all_that_need_it(tmp_path: Path, way: str) -> None:
    """They would wait for ever for a receipt that never comes."""

    async def story(here: Desk) -> list[tuple[EntryState, str]]:
        first = await parked(here) if way == "drop" else await here.outbox.queue(approval())
        second = await here.outbox.queue(needing(first, "second"))
        third = await here.outbox.queue(needing(second, "third", system=ICONIK))
        told = [each.id for each in await here.outbox.dependents(first.id)]
        assert told == [second.id, third.id]
        if way == "drop":
            await here.outbox.drop(first.id, reason="withdrawn", actor="ada")
        else:
            await here.outbox.undo(first.id, actor="ada")
        await here.settle()
        found = [await here.outbox.entry(each.id) for each in (second, third)]
        return [(each.state, each.sentence) for each in found]

    with desk(tmp_path, ICONIK, CLOUDINARY) as here:
        left = asyncio.run(story(here))
        assert here.vendors[CLOUDINARY].acted == []

    assert [state for state, _ in left] == [EntryState.DROPPED, EntryState.DROPPED]
    assert all("which was given up" in sentence for _, sentence in left)


def test_nothing_can_need_what_was_given_up(tmp_path: Path) -> None:
    """It could never leave."""

    async def story(here: Desk) -> None:
        first = await here.outbox.queue(approval())
        await here.outbox.undo(first.id, actor="ada")
        await here.outbox.queue(needing(first, "second"))

    with desk(tmp_path) as here, pytest.raises(UserError, match="was given up"):
        asyncio.run(story(here))


def test_what_surely_did_not_arrive_is_changed_under_its_own_key(tmp_path: Path) -> None:
    """A new key for each try would blind the look-up to the tries before."""

    async def story(here: Desk) -> OutboxEntry:
        entry = await parked(here)
        edited = await here.outbox.edit(entry.id, title="Other words", payload={"verdict": "x"}, actor="ada")
        await here.settle()
        return await here.outbox.entry(edited.id)

    with desk(tmp_path) as here:
        edited = asyncio.run(story(here))
        rows = asyncio.run(here.store.ledger.read(audit.of, f"entry:{edited.id}"))

    assert (edited.request_key, edited.title, edited.payload) == ("k1", "Other words", {"verdict": "x"})
    assert edited.state is EntryState.DONE
    assert "outbox.edited" in [row.action for row in rows]


def test_what_may_have_arrived_is_not_changed_under_its_key(tmp_path: Path) -> None:
    """The look-up would find the old words and take them for the new ones."""

    async def story(here: Desk) -> None:
        entry = await parked(here, fault=Fault.ODD_AFTER)
        await here.outbox.edit(entry.id, title="Other", payload={}, actor="ada")

    with desk(tmp_path) as here, pytest.raises(UserError, match="may have arrived"):
        asyncio.run(story(here))


def test_a_replacement_takes_the_place_and_the_dependents(tmp_path: Path) -> None:
    """The later verdict on the same asset would overtake it, and what needs it would wait for a dead one."""

    async def story(here: Desk) -> tuple[list[str], OutboxEntry, OutboxEntry, OutboxEntry]:
        entry = await parked(here, fault=Fault.ODD_AFTER)
        later = await here.outbox.queue(approval("later"), undo_for=timedelta(0))
        dependent = await here.outbox.queue(needing(entry, "dependent"), undo_for=timedelta(0))
        new = await here.outbox.replace(entry.id, approval("new"), reason="wrong words")
        await here.settle()
        assert await state_of(here, later) is EntryState.DONE
        assert await state_of(here, dependent) is EntryState.DONE
        old = await here.outbox.entry(entry.id)
        return list(here.vendors[ICONIK].acted), old, new, await here.outbox.entry(dependent.id)

    with desk(tmp_path, ICONIK, CLOUDINARY) as here:
        acted, old, new, dependent = asyncio.run(story(here))

    assert acted == ["k1", "new", "later"]
    assert (old.state, old.sentence) == (EntryState.DROPPED, "wrong words")
    assert new.replaces == old.id
    assert dependent.needs is not None
    assert dependent.needs.id == new.id


@pytest.mark.parametrize(("fault", "state"), [(Fault.ODD_AFTER, EntryState.DONE), (Fault.BUG, EntryState.PARKED)])
def test_looking_up_sends_nothing(tmp_path: Path, fault: Fault, state: EntryState) -> None:
    """Who only asks whether the letter arrived must not send it by asking."""

    async def story(here: Desk) -> OutboxEntry:
        entry = await parked(here, fault=fault)
        assert entry.is_doubtful
        await here.outbox.look_up(entry.id, actor="ada")
        await here.settle()
        return await here.outbox.entry(entry.id)

    with desk(tmp_path) as here:
        looked = asyncio.run(story(here))
        acted = here.vendors[ICONIK].acted

    assert looked.state is state
    assert not looked.is_doubtful
    assert len(acted) == (1 if fault is Fault.ODD_AFTER else 0)


def test_there_is_nothing_to_look_up_where_nothing_can_have_arrived(tmp_path: Path) -> None:
    """A refused one would end as in doubt because somebody asked."""

    async def story(here: Desk) -> None:
        entry = await parked(here)
        await here.outbox.look_up(entry.id, actor="ada")

    with desk(tmp_path) as here, pytest.raises(UserError, match="nothing to look up"):
        asyncio.run(story(here))


def test_a_pause_outlives_the_desk_and_says_who_and_why(tmp_path: Path) -> None:
    """A system is taken down for the night; the desk that starts in the morning would send into it."""

    async def before(here: Desk) -> None:
        await here.outbox.pause(ICONIK, reason="maintenance", actor="ada")
        await here.outbox.queue(approval(), undo_for=timedelta(0))
        await here.outbox.queue(approval("other", system=CLOUDINARY), undo_for=timedelta(0))
        await here.settle()

    async def after(here: Desk) -> tuple[list[RequestKey], str]:
        await here.settle()
        kept = list(here.vendors[ICONIK].acted)
        pause = (await here.outbox.standing()).pauses[ICONIK]
        await here.outbox.resume(ICONIK, actor="bob")
        await here.settle()
        return kept, f"{pause.actor}: {pause.reason}"

    with desk(tmp_path, ICONIK, CLOUDINARY) as here:
        asyncio.run(before(here))
        assert here.vendors[CLOUDINARY].acted == ["other"]
    with desk(tmp_path, ICONIK, CLOUDINARY) as again:
        kept, said = asyncio.run(after(again))
        told = asyncio.run(again.store.ledger.read(audit.of, f"system:{ICONIK}"))
        assert again.vendors[ICONIK].acted == ["k1"]

    assert (kept, said) == ([], "ada: maintenance")
    assert [(row.action, row.actor) for row in told] == [("outbox.paused", "ada"), ("outbox.resumed", "bob")]


def test_a_pause_needs_a_reason(tmp_path: Path) -> None:
    """Whoever finds it in the morning must know whether to end it."""
    with desk(tmp_path) as here, pytest.raises(UserError) as told:
        asyncio.run(here.outbox.pause(ICONIK, reason=" ", actor="ada"))

    assert told.value.field == "reason"


def test_a_clock_that_is_set_back_a_day_keeps_nothing_for_a_day(tmp_path: Path) -> None:
    """A laptop wakes with yesterday's date; ten seconds to undo would last until tomorrow."""

    async def story(here: Desk) -> EntryState:
        here.vendors[ICONIK].faults = [Fault.UNREACHABLE]
        entry = await here.outbox.queue(approval())
        here.clock.advance(timedelta(seconds=10))
        await here.relay.turn(ICONIK)
        here.clock.advance(-timedelta(days=1))
        await here.relay.recover(ICONIK)
        here.clock.advance(timedelta(seconds=15))
        await here.relay.turn(ICONIK)
        return await state_of(here, entry)

    with desk(tmp_path) as here:
        assert asyncio.run(story(here)) is EntryState.DONE


def test_several_leave_at_once_but_never_two_of_one_subject(tmp_path: Path) -> None:
    """One slow upload would hold back a thousand others; two verdicts on one asset would race."""
    most: dict[str, int] = {"all": 0}

    async def story(here: Desk) -> None:
        vendor = here.vendors[ICONIK]
        on_the_way: list[str] = []
        deliver = vendor.deliver

        async def slowly(entry: OutboxEntry) -> Receipt:
            assert entry.subject not in on_the_way
            on_the_way.append(entry.subject)
            most["all"] = max(most["all"], len(on_the_way))
            await asyncio.sleep(0.02)
            on_the_way.remove(entry.subject)
            return await deliver(entry)

        vendor.deliver = slowly  # type: ignore[method-assign]  # as the vendor is, and slower
        for number in range(24):
            await here.outbox.queue(approval(f"k{number}", subject=f"s{number % 8}"), undo_for=timedelta(0))
        running = asyncio.create_task(here.relay.run())
        async with asyncio.timeout(300):
            while await here.outbox.depth():  # noqa: ASYNC110 - what is waited for is in the ledger
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    with desk(tmp_path) as here:
        asyncio.run(story(here))
        acted = here.vendors[ICONIK].acted

    assert 1 < most["all"] <= 4
    assert sorted(acted) == sorted(f"k{number}" for number in range(24))


def test_failures_of_entries_on_their_way_together_are_one_failure(tmp_path: Path) -> None:
    """Four refused connections in one second would count as four tries, and the pause would be a minute at once."""

    async def story(here: Desk) -> timedelta:
        here.vendors[ICONIK].faults = [Fault.UNREACHABLE] * 4
        for number in range(4):
            await here.outbox.queue(approval(f"k{number}", subject=f"s{number}"), undo_for=timedelta(0))
        claimed = [turn.entry for turn in await here.relay._claim(ICONIK, limit=4)]
        await asyncio.gather(*(here.relay._carry(each) for each in claimed if each))
        until = here.relay.pauses[ICONIK].until
        assert until is not None
        return until - here.clock.now()

    with desk(tmp_path) as here:
        assert asyncio.run(story(here)) <= timedelta(seconds=10)


def test_the_list_is_read_in_pages_open_ones_first(tmp_path: Path) -> None:
    """Ten thousand at once would freeze the window; one left out would be forgotten."""

    async def story(here: Desk) -> list[EntryId]:
        for number in range(11):
            entry = await here.outbox.queue(approval(f"k{number}", subject=f"s{number}"))
            if number % 3 == 0:
                await here.outbox.undo(entry.id, actor="ada")
        found: list[EntryId] = []
        after: EntryPlace | None = None
        while True:
            page = await here.outbox.page(EntryFilter(), after=after, limit=3)
            found += [each.id for each in page.entries]
            if (after := page.next_after) is None:
                return found

    with desk(tmp_path) as here:
        found = asyncio.run(story(here))

    assert found == [11, 9, 8, 6, 5, 3, 2, 10, 7, 4, 1]


def test_a_filter_narrows_by_state_system_and_words(tmp_path: Path) -> None:
    """Among ten thousand, the one that a colleague asks about."""

    async def story(here: Desk) -> list[int]:
        await here.outbox.queue(approval("k1"))
        await here.outbox.queue(resending("k2"))
        asked = (
            EntryFilter(words="ADA renewal"),
            EntryFilter(systems=frozenset({ICONIK})),
            EntryFilter(states=frozenset({EntryState.DONE})),
        )
        return [len((await here.outbox.page(each)).entries) for each in asked]

    with desk(tmp_path, ICONIK, EXSTREAM) as here:
        assert asyncio.run(story(here)) == [1, 1, 0]


def test_one_in_doubt_is_taken_once_however_many_are_taken(tmp_path: Path) -> None:
    """It stands as in doubt while it is looked up; four look-ups side by side would end in four letters."""

    async def story(here: Desk) -> list[EntryId | None]:
        here.vendors[ICONIK].faults = [Fault.CUT_BEFORE]
        entry = await here.outbox.queue(approval(), undo_for=timedelta(0))
        await here.relay.turn(ICONIK)
        here.clock.advance(timedelta(seconds=5))
        turns = await here.relay._claim(ICONIK, limit=4)
        assert await state_of(here, entry) is EntryState.UNKNOWN
        return [turn.entry.id if turn.entry else None for turn in turns]

    with desk(tmp_path) as here:
        assert asyncio.run(story(here)) == [1, None]


def test_what_may_have_left_from_a_copys_original_keeps_its_guard_when_what_it_needed_is_dropped(
    tmp_path: Path,
) -> None:
    """The original sent both; here the first is dropped, and the letter can be asked for and sent once more."""

    async def story(here: Desk) -> None:
        first = await here.outbox.queue(approval("first"))
        await here.outbox.queue(replace(resending("letter"), needs=first.id))
        await take_over(here.store.ledger, now=here.clock.now(), is_contradicted=True)
        await here.outbox.drop(first.id, reason="done there", actor="ada")
        await here.outbox.queue(resending("again"))

    with desk(tmp_path, ICONIK, EXSTREAM) as here, pytest.raises(UserError, match="may already have been sent"):
        asyncio.run(story(here))
