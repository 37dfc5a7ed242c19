"""Many senders at once: one write for those who wait, each told only when its own event is kept."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.errors import UserError
from app.inbox import Inbox, Intake
from app.records import Changes, InboxState
from app.store import Store
from connectors.inbound import Arrival
from tests.app.inbox.arrivals_made import arrival, message


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store, closed at the end."""
    with Store.open(tmp_path) as opened:
        yield opened


class Watched(Inbox):
    """The inbox, with the size of each write noted; what says ``poison`` cannot be stored."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.writes: list[int] = []

    async def take(self, arrivals: Sequence[Arrival]) -> Changes:
        self.writes.append(len(arrivals))
        if any(each.raw == b"poison" for each in arrivals):
            raise UserError("The disk is full.")
        return await super().take(arrivals)


def test_what_comes_during_a_write_goes_with_the_next(store: Store) -> None:
    """A hundred senders would wait for a hundred flushes, one after the other."""
    inbox = Watched(store)
    intake = Intake(inbox, publish=lambda _: None)

    async def story() -> None:
        await asyncio.gather(*(intake.take(arrival(message(), id_=str(number))) for number in range(100)))

    asyncio.run(story())

    assert inbox.writes == [100]
    assert asyncio.run(inbox.counts()) == {InboxState.DONE: 100}


def test_nobody_is_told_before_it_is_kept(store: Store) -> None:
    """A sender that has our word sends it never again."""
    inbox = Inbox(store)
    intake = Intake(inbox, publish=lambda _: None)
    found: list[bool] = []

    async def one(number: int) -> None:
        await intake.take(arrival(message(), id_=str(number)))
        found.append(await inbox.find(f"email-gateway/{number}") is not None)

    async def story() -> None:
        await asyncio.gather(*map(one, range(20)))

    asyncio.run(story())

    assert found == [True] * 20


def test_one_that_cannot_be_stored_bars_nobody_else(store: Store) -> None:
    """A poisoned event that is sent again and again would keep all others out."""
    intake = Intake(Watched(store), publish=lambda _: None)
    came = [arrival(message(), id_="1"), arrival(b"poison", id_="2"), arrival(message(), id_="3")]

    async def story() -> list[BaseException | None]:
        return await asyncio.gather(*map(intake.take, came), return_exceptions=True)

    told = asyncio.run(story())

    assert [type(each) for each in told] == [type(None), UserError, type(None)]
    assert asyncio.run(Inbox(store).counts()) == {InboxState.DONE: 2}


def test_who_hangs_up_takes_nobody_along(store: Store) -> None:
    """The others' events would hang for ever."""
    intake = Intake(Inbox(store), publish=lambda _: None)

    async def story() -> None:
        gone = asyncio.create_task(intake.take(arrival(message(), id_="gone")))
        stays = asyncio.create_task(intake.take(arrival(message(), id_="stays")))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait_for(stays, 300)

    asyncio.run(story())

    assert asyncio.run(Inbox(store).counts()) == {InboxState.DONE: 2}


def test_one_group_is_told_once(store: Store) -> None:
    """Every page would read itself anew for each of a hundred events."""
    told: list[Changes] = []
    intake = Intake(Inbox(store), publish=told.append)

    async def story() -> None:
        await asyncio.gather(*(intake.take(arrival(message(), id_=str(number))) for number in range(50)))

    asyncio.run(story())

    assert told == [Changes(inbox=True, customers=frozenset({"HM-204881"}))]


def test_a_page_that_fails_over_the_news_keeps_no_sender_waiting(store: Store) -> None:
    """Nobody of the group is ever answered, and when sixty-four wait like that, the receiver turns all others away."""

    def fail(_: Changes) -> None:
        raise RuntimeError("the window is gone")

    intake = Intake(Inbox(store), publish=fail)

    async def story() -> None:
        async with asyncio.timeout(300):
            await asyncio.gather(*(intake.take(arrival(message(), id_=str(number))) for number in range(3)))
            await intake.take(arrival(message(), id_="later"))

    asyncio.run(story())

    assert asyncio.run(Inbox(store).counts()) == {InboxState.DONE: 4}
