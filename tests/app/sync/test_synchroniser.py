"""Rounds that never stop: each system on its own, resting when asked to, stopped and let go on by a person."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import UserError
from app.records import AccountFacts, ConnectionState, System
from app.store import Store
from app.sync.libraries import BEFORE_ALL, OVERLAP
from app.sync.pace import AFTER_TROUBLE, EVERY, LONGEST_REST
from app.sync.synchroniser import AFTER_SLEEP, OUR_FAULT
from connectors.errors import (
    ConnectorError,
    RateLimitError,
    ReservedError,
    SignInError,
    UnansweredError,
    UnreachableError,
)
from tests.app.log.heard import listening
from tests.app.outbox.fakes import NOW
from tests.app.store.assets_made import make_asset
from tests.app.sync.fakes import FakeLibrary, systems_of
from tests.app.sync.rounds import RestingClock, Round, rounds, running, while_running

CUT = UnansweredError(system="iconik", call="search")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (UnreachableError(system="iconik", call="search"), ConnectionState.UNREACHABLE),
        (SignInError(system="iconik", call="search"), ConnectionState.SIGNED_OUT),
        (CUT, ConnectionState.TROUBLED),
        (RateLimitError(system="iconik", call="search"), ConnectionState.TROUBLED),
        (ReservedError(system="iconik", call="search"), ConnectionState.RESTING),
        (UserError("The disk is full."), ConnectionState.TROUBLED),
    ],
)
def test_each_trouble_has_its_state_and_its_sentence(
    tmp_path: Path, error: ConnectorError | UserError, state: ConnectionState
) -> None:
    """The page would show that it synchronises, for ever."""
    library = FakeLibrary(error=error)
    with rounds(tmp_path, library) as told:
        with pytest.raises(type(error)):
            asyncio.run(told.synchroniser.once(System.ICONIK))

        status = told.statuses.all()[System.ICONIK]
        assert (status.state, status.sentence) == (state, error.sentence)


def test_lasting_trouble_is_told_since_when_it_lasts(tmp_path: Path) -> None:
    """“Cannot be reached since a moment ago”, all day long."""
    library = FakeLibrary(error=UnreachableError(system="iconik", call="search"))

    async def twice(told: Round) -> None:
        for _ in range(2):
            with pytest.raises(UnreachableError):
                await told.synchroniser.once(System.ICONIK)
            told.clock.advance(timedelta(hours=1))

    with rounds(tmp_path, library) as told:
        asyncio.run(twice(told))

        assert told.statuses.all()[System.ICONIK].since == NOW


def test_what_changed_is_published_and_what_did_not_is_not(tmp_path: Path) -> None:
    """Pages would be drawn again every half minute, or never."""
    library = FakeLibrary(pages=[[make_asset("a1")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.once(System.ICONIK))
        first = [changes for changes in told.published if changes.assets]
        told.published.clear()
        asyncio.run(told.synchroniser.once(System.ICONIK))

        assert len(first) == 1
        assert not [changes for changes in told.published if changes.assets]


def test_a_connection_that_was_removed_has_no_status(tmp_path: Path) -> None:
    """It would stay red on a page that no longer shows it."""
    library = FakeLibrary(error=CUT)
    with rounds(tmp_path, library) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(told.synchroniser.once(System.ICONIK))
        told.synchroniser.forget(System.ICONIK)

        assert told.statuses.all() == {}


@pytest.mark.parametrize(
    ("error", "rest"),
    [
        (None, EVERY[System.ICONIK]),
        (RateLimitError(system="iconik", call="search", retry_after=timedelta(seconds=90)), timedelta(seconds=90)),
        (RateLimitError(system="iconik", call="search"), AFTER_TROUBLE),
        (CUT, AFTER_TROUBLE),
        (UserError("The disk is full."), LONGEST_REST),
        (KeyError("a bug"), LONGEST_REST),
    ],
    ids=["all is well", "the vendor named a pause", "the vendor named none", "cut", "disk full", "a bug of ours"],
)
def test_the_next_round_comes_when_it_may_and_not_before(
    tmp_path: Path, error: Exception | None, rest: timedelta
) -> None:
    """A vendor would be asked without end, or never again."""
    with running(tmp_path, FakeLibrary(error=error)) as (told, clock):
        rests = asyncio.run(while_running(told, clock.until_rests(1)))

    assert rests == [rest]


def test_trouble_that_lasts_is_met_less_and_less_often(tmp_path: Path) -> None:
    """A system in maintenance would be woken every twenty seconds all night."""

    async def all_night(clock: RestingClock) -> list[timedelta]:
        for number in range(1, 8):
            rests = await clock.until_rests(number)
            clock.advance(rests[-1])
        return rests

    with running(tmp_path, FakeLibrary(error=CUT)) as (told, clock):
        rests = asyncio.run(while_running(told, all_night(clock)))

    assert [rest // AFTER_TROUBLE for rest in rests] == [1, 2, 4, 8, 16, 30, 30]
    assert rests[-1] == LONGEST_REST


def test_somebody_who_asks_need_not_wait(tmp_path: Path) -> None:
    """The button would do nothing for half a minute."""
    library = FakeLibrary()

    async def ask(told: Round, clock: RestingClock) -> None:
        await clock.until_rests(1)
        told.synchroniser.wake(System.ICONIK)
        await clock.until_rests(2)

    with running(tmp_path, library) as (told, clock):
        asyncio.run(while_running(told, ask(told, clock)))

    assert len(library.asked) == 2


def test_a_bug_in_one_translator_stops_one_system_and_says_so(tmp_path: Path) -> None:
    """One odd record would end the synchronisation of all five systems."""
    broken, fine = FakeLibrary(error=KeyError("Inès Caron")), FakeLibrary(system=System.CLOUDINARY)

    async def until_both_rest(clock: RestingClock) -> None:
        await clock.until_rest(LONGEST_REST)
        await clock.until_rest(EVERY[System.CLOUDINARY])

    with listening() as log, running(tmp_path, broken, fine) as (told, clock):
        asyncio.run(while_running(told, until_both_rest(clock)))
        statuses = told.statuses.all()

    assert (statuses[System.ICONIK].state, statuses[System.ICONIK].sentence) == (ConnectionState.TROUBLED, OUR_FAULT)
    assert statuses[System.CLOUDINARY].state is ConnectionState.CONNECTED
    assert '"error":"KeyError"' in "".join(log.newest())
    assert "Inès Caron" not in "".join(log.newest())


def test_what_a_system_offers_is_asked_once_and_again_after_trouble(tmp_path: Path) -> None:
    """Every round would cost the vendor's budget, or a right that was granted meanwhile would stay unknown."""
    library = FakeLibrary()
    with rounds(tmp_path, library) as told:
        for _ in range(2):
            asyncio.run(told.synchroniser.once(System.ICONIK))
        asked_while_well = library.probed
        library.error = CUT
        with pytest.raises(UnansweredError):
            asyncio.run(told.synchroniser.once(System.ICONIK))
        library.error = None
        asyncio.run(told.synchroniser.once(System.ICONIK))

        assert (asked_while_well, library.probed) == (1, 2)
        assert told.statuses.all()[System.ICONIK].facts == AccountFacts(account="ada")


@pytest.mark.parametrize(("after", "asked"), [(timedelta(minutes=59), 1), (timedelta(hours=1), 2)])
def test_what_a_system_offers_is_asked_again_in_time(tmp_path: Path, after: timedelta, asked: int) -> None:
    """A right that was granted at noon would be missing until the desk is started anew."""
    library = FakeLibrary()
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.once(System.ICONIK))
        told.clock.advance(after)
        asyncio.run(told.synchroniser.once(System.ICONIK))

    assert library.probed == asked


def test_whoever_asks_for_a_round_asks_what_is_offered_too(tmp_path: Path) -> None:
    """“Synchronise now” would not help somebody who was just granted a right."""
    library = FakeLibrary()
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.once(System.ICONIK))
        told.synchroniser.wake(System.ICONIK)
        asyncio.run(told.synchroniser.once(System.ICONIK))

    assert library.probed == 2


def test_what_a_test_found_out_counts_at_once(tmp_path: Path) -> None:
    """The test would say “may judge”, and the button beside it that nobody may."""
    library, found = FakeLibrary(), AccountFacts(account="ada, with another role")
    systems = systems_of(library)
    with Store.open(tmp_path) as store:
        told = Round(store, systems)
        told.synchroniser.learn(System.ICONIK, found)
        before_the_first_round = told.statuses.all()
        asyncio.run(told.synchroniser.once(System.ICONIK))
        told.synchroniser.learn(System.ICONIK, found)

        status = told.statuses.all()[System.ICONIK]
    assert before_the_first_round == {}
    assert (systems.facts[System.ICONIK], status.facts, library.probed) == (found, found, 0)


def test_a_person_stops_a_round_and_it_goes_on_from_there(tmp_path: Path) -> None:
    """The first filling of a large library could only be stopped by ending the desk, and began anew."""
    library = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")]], gate=asyncio.Event())

    async def stop(told: Round, clock: RestingClock) -> None:
        await told.until(lambda status: status.fetched == 1)
        await told.synchroniser.cancel(System.ICONIK)
        await clock.until_rests(1)
        assert library.gate is not None
        library.gate.set()
        told.synchroniser.wake(System.ICONIK)
        await told.until(lambda status: status.last_sync is not None)

    with running(tmp_path, library) as (told, clock):
        asyncio.run(while_running(told, stop(told, clock)))
        status = told.statuses.all()[System.ICONIK]

    assert library.positions[-1] == "1"
    assert (status.state, status.fetched, status.expected) == (ConnectionState.CONNECTED, 2, 2)


def test_a_round_that_was_stopped_is_no_trouble(tmp_path: Path) -> None:
    """A person who stopped it would be told that iconik is broken."""
    library = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")]], gate=asyncio.Event())

    async def stop(told: Round, clock: RestingClock) -> None:
        await told.until(lambda status: status.fetched == 1)
        await told.synchroniser.cancel(System.ICONIK)
        await clock.until_rests(1)

    with running(tmp_path, library) as (told, clock):
        asyncio.run(while_running(told, stop(told, clock)))
        status = told.statuses.all()[System.ICONIK]

    assert (status.state, status.sentence, status.last_sync) == (ConnectionState.CONNECTED, "", None)
    assert status.next_sync == NOW + EVERY[System.ICONIK]


def test_what_is_paused_stays_so_over_a_restart_until_somebody_lets_it_go_on(tmp_path: Path) -> None:
    """Whoever paused a system in an incident would have paused it until the next start."""
    first, second = FakeLibrary(), FakeLibrary()

    async def pause(told: Round, clock: RestingClock) -> None:
        await clock.until_rests(1)
        await told.synchroniser.pause(System.ICONIK)
        told.synchroniser.wake()

    async def go_on(told: Round) -> int:
        await told.until(lambda status: status.is_paused)
        told.synchroniser.wake()
        paused = len(second.asked)
        await told.synchroniser.go_on(System.ICONIK)
        await told.until(lambda status: status.last_sync is not None)
        return paused

    with running(tmp_path, first) as (told, clock):
        asyncio.run(while_running(told, pause(told, clock)))
    with running(tmp_path, second) as (told, _clock):
        asked_while_paused = asyncio.run(while_running(told, go_on(told)))
        status = told.statuses.all()[System.ICONIK]

    assert asked_while_paused == 0
    assert not status.is_paused


def test_what_is_paused_can_still_be_read_once(tmp_path: Path) -> None:
    """A nightly job and a test of the connection ask by themselves."""
    library = FakeLibrary(pages=[[make_asset("a1")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.pause(System.ICONIK))
        asyncio.run(told.synchroniser.once(System.ICONIK))
        status = told.statuses.all()[System.ICONIK]

    assert (status.fetched, status.is_paused) == (1, True)


def test_after_a_sleep_every_system_is_asked_once_and_not_for_the_whole_night(tmp_path: Path) -> None:
    """The morning would begin with yesterday's rights, or with a thousand rounds at once."""
    library = FakeLibrary()

    async def sleep(told: Round, clock: RestingClock) -> None:
        await clock.until_rests(1)
        clock.jump(timedelta(hours=12))
        clock.advance(timedelta(seconds=15))
        await clock.until_rest(AFTER_SLEEP)
        clock.advance(AFTER_SLEEP)
        await told.until(lambda status: status.last_sync == clock.now())

    with running(tmp_path, library) as (told, clock):
        asyncio.run(while_running(told, sleep(told, clock)))

    assert library.probed == 2
    assert library.asked == [None, BEFORE_ALL - OVERLAP, None]


def test_a_system_that_is_down_does_not_slow_the_others(tmp_path: Path) -> None:
    """One vendor's outage would make four pages stale."""
    hangs = FakeLibrary(pages=[[make_asset("a1")], [make_asset("a2")]], gate=asyncio.Event())
    fine = FakeLibrary(system=System.CLOUDINARY)

    async def watch(told: Round, clock: RestingClock) -> dict[System, ConnectionState]:
        await clock.until_rest(EVERY[System.CLOUDINARY])
        return {system: each.state for system, each in told.statuses.all().items()}

    with running(tmp_path, hangs, fine) as (told, clock):
        states = asyncio.run(while_running(told, watch(told, clock)))

    assert states == {System.ICONIK: ConnectionState.SYNCING, System.CLOUDINARY: ConnectionState.CONNECTED}


def test_what_is_kept_for_people_says_when_reading_goes_on(tmp_path: Path) -> None:
    """The card would say that it waits, and nobody would know for how long."""
    library = FakeLibrary(error=ReservedError(system="iconik", call="search", retry_after=timedelta(minutes=19)))
    with running(tmp_path, library) as (told, clock):
        asyncio.run(while_running(told, clock.until_rests(1)))
        status = told.statuses.all()[System.ICONIK]

    assert status.next_sync == NOW + timedelta(minutes=19)


def test_every_round_that_went_well_is_told(tmp_path: Path) -> None:
    """Only recoveries were: who waits for a sign-in that never failed here would wait for ever."""

    async def two_rounds(clock: RestingClock) -> None:
        rests = await clock.until_rests(1)
        clock.advance(rests[-1])
        await clock.until_rests(2)

    with running(tmp_path, FakeLibrary()) as (told, clock):
        asyncio.run(while_running(told, two_rounds(clock)))

    assert told.answered == [System.ICONIK, System.ICONIK]
