"""What is fetched when: from where it was left, keeping what came, pausing when asked to, each system on its own."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from app.errors import UserError
from app.inbox import Inbox
from app.records import (
    AccountFacts,
    Changes,
    ConnectionState,
    Customer,
    CustomerDocument,
    CustomerNumber,
    NodeId,
    System,
    Template,
    TemplateId,
    TemplateState,
)
from app.store import Store, assets, customers, documents, templates
from app.store.assets import AssetQuestion
from app.sync import Statuses, Synchroniser
from app.sync.synchroniser import AFTER_TROUBLE, EVENTS_REACH_BACK, EVERY, LONGEST_REST, OUR_FAULT, OVERLAP
from app.systems.ports import Systems
from connectors.errors import ConnectorError, RateLimitError, SignInError, UnansweredError, UnreachableError
from tests.app.log.heard import listening
from tests.app.outbox.fakes import NOW, FakeClock
from tests.app.store.assets_made import make_asset
from tests.app.sync.fakes import FakeArchive, FakeComposer, FakeLibrary, systems_of

T = TypeVar("T")
CUT = UnansweredError(system="iconik", call="search")


class Round:
    """A synchroniser on a store and a clock of its own."""

    def __init__(self, store: Store, systems: Systems) -> None:
        self.store = store
        self.clock = FakeClock()
        self.published: list[Changes] = []
        self.statuses = Statuses(clock=self.clock, publish=self.published.append)
        self.synchroniser = Synchroniser(
            store=store,
            systems=systems,
            inbox=Inbox(store),
            statuses=self.statuses,
            clock=self.clock,
            publish=self.published.append,
        )

    async def names(self) -> set[str]:
        """The assets that were kept."""
        found = await self.store.read(assets.page, AssetQuestion())
        return {asset.name for asset in found.assets}


@contextmanager
def rounds(folder: Path, *those: FakeLibrary | FakeComposer | FakeArchive) -> Iterator[Round]:
    """A round with those systems connected."""
    with Store.open(folder) as store:
        yield Round(store, systems_of(*those))


def test_the_first_round_fetches_everything_and_says_how_far_it_is(tmp_path: Path) -> None:
    """A newcomer would see an empty library, and no reason."""
    library = FakeLibrary(pages=[[make_asset("a1", name="one")], [make_asset("a2", name="two")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.once(System.ICONIK))

        status = told.statuses.all()[System.ICONIK]
        assert asyncio.run(told.names()) == {"one", "two"}
        assert library.asked == [None]
        assert (status.state, status.fetched, status.expected, status.last_sync) == (
            ConnectionState.CONNECTED,
            2,
            2,
            NOW,
        )


def test_the_next_round_begins_where_the_last_one_ended_and_a_little_before(tmp_path: Path) -> None:
    """Everything would be fetched again, or what the index had not seen yet never."""
    newest = NOW - timedelta(hours=1)
    library = FakeLibrary(
        pages=[[make_asset("a1", changed_at=newest), make_asset("a2", changed_at=newest - timedelta(days=3))]]
    )
    with rounds(tmp_path, library) as told:
        for _ in range(2):
            asyncio.run(told.synchroniser.once(System.ICONIK))

    assert library.asked == [None, newest - OVERLAP]


def test_a_round_that_finds_nothing_new_keeps_its_place(tmp_path: Path) -> None:
    """The place would be lost with the first quiet hour."""
    library = FakeLibrary(pages=[[make_asset("a1")]])
    with rounds(tmp_path, library) as told:
        asyncio.run(told.synchroniser.once(System.ICONIK))
        library.pages = []
        for _ in range(2):
            asyncio.run(told.synchroniser.once(System.ICONIK))

    assert library.asked == [None, NOW - OVERLAP, NOW - OVERLAP]


def test_a_round_that_breaks_off_keeps_what_came_and_does_not_move_on(tmp_path: Path) -> None:
    """The pages behind the break would never be fetched."""
    library = FakeLibrary(
        pages=[[make_asset("a1", name="one")], [make_asset("a2", name="two")]], breaks_after=1, error=CUT
    )
    with rounds(tmp_path, library) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(told.synchroniser.once(System.ICONIK))
        library.error = None
        kept = asyncio.run(told.names())
        asyncio.run(told.synchroniser.once(System.ICONIK))

        assert kept == {"one"}
        assert library.asked == [None, None]
        assert asyncio.run(told.names()) == {"one", "two"}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (UnreachableError(system="iconik", call="search"), ConnectionState.UNREACHABLE),
        (SignInError(system="iconik", call="search"), ConnectionState.SIGNED_OUT),
        (CUT, ConnectionState.TROUBLED),
        (RateLimitError(system="iconik", call="search"), ConnectionState.TROUBLED),
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


def test_templates_and_events_come_together_and_events_reach_back(tmp_path: Path) -> None:
    """The timeline would begin on the day of the installation."""
    template = Template(id=TemplateId("t1"), name="Renewal", version=3, state=TemplateState.APPROVED)
    composer = FakeComposer(offered=[template])
    with rounds(tmp_path, composer) as told:
        for _ in range(2):
            asyncio.run(told.synchroniser.once(System.EXSTREAM))
            told.clock.advance(timedelta(minutes=1))

        assert [each.name for each in asyncio.run(told.store.read(templates.every))] == ["Renewal"]
    assert composer.asked == [NOW - EVENTS_REACH_BACK, NOW - OVERLAP]


def test_customers_whose_documents_came_before_the_break_are_kept(tmp_path: Path) -> None:
    """One broken workspace would empty the archive of everybody behind and before it."""
    known = [
        Customer(number=CustomerNumber(number), name=number, workspace=NodeId(place))
        for place, number in enumerate(("HM-1", "HM-2"), start=1)
    ]
    letter = CustomerDocument(
        node=NodeId(9), customer=CustomerNumber("HM-1"), name="a", media_type="x/y", size_bytes=1, filed_at=NOW
    )
    archive = FakeArchive(known=known, held={"HM-1": [letter], "HM-2": CUT})
    with rounds(tmp_path, archive) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(told.synchroniser.once(System.EXTENDED_ECM))

        assert asyncio.run(told.store.read(documents.of_customer, CustomerNumber("HM-1"))) == (letter,)
        assert asyncio.run(told.store.read(customers.find, CustomerNumber("HM-2"))) is not None
        assert told.statuses.all()[System.EXTENDED_ECM].fetched == 1


def test_a_connection_that_was_removed_has_no_status(tmp_path: Path) -> None:
    """It would stay red on a page that no longer shows it."""
    library = FakeLibrary(error=CUT)
    with rounds(tmp_path, library) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(told.synchroniser.once(System.ICONIK))
        told.synchroniser.forget(System.ICONIK)

        assert told.statuses.all() == {}


class RestingClock(FakeClock):
    """Tells who rests and for how long."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: list[timedelta] = []
        self._rested = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Until somebody advances far enough."""
        self.rests.append(timedelta(seconds=seconds))
        self._rested.set()
        await super().sleep(seconds)

    async def until_rests(self, number: int, *, of: System = System.ICONIK) -> list[timedelta]:
        """The first ``number`` rests that can be ``of``'s: those that no other system's usual pause explains."""
        others = {rest for system, rest in EVERY.items() if system is not of}
        async with asyncio.timeout(10):
            while len(found := [rest for rest in self.rests if rest not in others]) < number:
                self._rested.clear()
                await self._rested.wait()
        return found

    async def until_rest(self, rest: timedelta) -> None:
        """Until somebody rests for exactly ``rest``."""
        async with asyncio.timeout(10):
            while rest not in self.rests:
                self._rested.clear()
                await self._rested.wait()


@contextmanager
def running(folder: Path, *those: FakeLibrary) -> Iterator[tuple[Round, RestingClock]]:
    """A round on a clock that tells of rests."""
    with rounds(folder, *those) as told:
        clock = RestingClock()
        told.clock = clock
        told.synchroniser = Synchroniser(
            store=told.store,
            systems=systems_of(*those),
            inbox=Inbox(told.store),
            statuses=told.statuses,
            clock=clock,
            publish=told.published.append,
        )
        yield told, clock


async def while_running(told: Round, watch: Awaitable[T]) -> T:
    """What ``watch`` comes to while every system is kept up with."""
    task = asyncio.create_task(told.synchroniser.run())
    try:
        return await watch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


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
