"""Reading the archive: all customers, and a walk by their documents that goes on where it was cut."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.records import Customer, CustomerDocument, CustomerNumber, NodeId, System
from app.store import customers, documents, forgetting
from connectors.errors import (
    ConnectorError,
    ForbiddenError,
    RateLimitError,
    SignInError,
    UnansweredError,
    UnreachableError,
)
from tests.app.outbox.fakes import NOW
from tests.app.sync.fakes import FakeArchive
from tests.app.sync.rounds import Round, rounds

CUT = UnansweredError(system="Extended ECM", call="children")


def customer(number: str) -> Customer:
    """One with a workspace."""
    return Customer(number=CustomerNumber(number), name=number, workspace=NodeId(int(number[-1])))


def letter(number: str, *, node: int = 9) -> CustomerDocument:
    """A document of one."""
    return CustomerDocument(
        node=NodeId(node),
        customer=CustomerNumber(number),
        name="a",
        media_type="x/y",
        size_bytes=1,
        filed_at=NOW,
    )


async def once(told: Round) -> None:
    """One whole round."""
    await told.synchroniser.once(System.EXTENDED_ECM)


def held(told: Round, number: str) -> tuple[CustomerDocument, ...]:
    """What the cache has of a customer."""
    return asyncio.run(told.store.read(documents.of_customer, CustomerNumber(number)))


def test_customers_whose_documents_came_before_the_break_are_kept(tmp_path: Path) -> None:
    """One broken workspace would empty the archive of everybody behind and before it."""
    archive = FakeArchive(known=[customer("HM-1"), customer("HM-2")], held={"HM-1": [letter("HM-1")], "HM-2": CUT})
    with rounds(tmp_path, archive) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))

        assert held(told, "HM-1") == (letter("HM-1"),)
        assert asyncio.run(told.store.read(customers.find, CustomerNumber("HM-2"))) is not None
        assert told.statuses.all()[System.EXTENDED_ECM].fetched == 1


def test_a_walk_that_was_cut_goes_on_behind_whom_it_came_by(tmp_path: Path) -> None:
    """A hundred thousand customers would be begun anew with every cut, and the last of them never read."""
    archive = FakeArchive(known=[customer(f"HM-{place}") for place in range(1, 5)], held={"HM-3": CUT})
    with rounds(tmp_path, archive) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))
        archive.held = {}
        archive.read.clear()
        asyncio.run(once(told))

    assert archive.read == ["HM-4"]


def test_a_walk_that_came_by_everybody_begins_anew(tmp_path: Path) -> None:
    """Documents that were filed later would never come."""
    archive = FakeArchive(known=[customer("HM-1")])
    with rounds(tmp_path, archive) as told:
        asyncio.run(once(told))
        archive.held = {"HM-1": [letter("HM-1")]}
        asyncio.run(once(told))

        assert held(told, "HM-1") == (letter("HM-1"),)


def test_documents_that_are_gone_are_gone_here_too(tmp_path: Path) -> None:
    """A letter that was deleted would be read out on the telephone."""
    archive = FakeArchive(known=[customer("HM-1")], held={"HM-1": [letter("HM-1"), letter("HM-1", node=10)]})
    with rounds(tmp_path, archive) as told:
        asyncio.run(once(told))
        archive.held = {"HM-1": [letter("HM-1")]}
        asyncio.run(once(told))

        assert held(told, "HM-1") == (letter("HM-1"),)


def test_whose_workspace_changed_comes_first(tmp_path: Path) -> None:
    """The letter of this morning would come after a hundred thousand old ones."""
    archive = FakeArchive(known=[customer(f"HM-{place}") for place in range(1, 5)])
    with rounds(tmp_path, archive) as told:
        asyncio.run(once(told))
        archive.known[2] = replace(archive.known[2], changed_at=NOW + timedelta(hours=1))
        archive.read.clear()
        asyncio.run(once(told))

    assert archive.read[0] == "HM-3"


@pytest.mark.parametrize("error", [CUT, ForbiddenError(system="Extended ECM", call="children")])
def test_a_workspace_that_always_fails_keeps_nobody_waiting(tmp_path: Path, error: ConnectorError) -> None:
    """Everybody behind it would never be read."""
    archive = FakeArchive(known=[customer("HM-1"), customer("HM-2")], held={"HM-1": error, "HM-2": [letter("HM-2")]})
    with rounds(tmp_path, archive) as told:
        for _ in range(2):
            try:
                asyncio.run(once(told))
            except type(error):
                continue

        assert held(told, "HM-2") == (letter("HM-2"),)


def test_progress_counts_customers_of_all_that_there_are(tmp_path: Path) -> None:
    """A walk of an hour would look as if it stood still."""
    archive = FakeArchive(known=[customer("HM-1"), customer("HM-2")])
    with rounds(tmp_path, archive) as told:
        asyncio.run(once(told))

        status = told.statuses.all()[System.EXTENDED_ECM]
    assert (status.fetched, status.expected) == (2, 2)


def test_whose_workspace_changes_behind_the_walk_is_read_again_before_the_rest(tmp_path: Path) -> None:
    """The walk takes a night; who was read at its beginning would be shown without this morning's letter until then."""
    archive = FakeArchive(known=[customer(f"HM-{place}") for place in range(1, 6)], held={"HM-3": CUT})
    with rounds(tmp_path, archive) as told:
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))
        archive.held = {"HM-1": [letter("HM-1")], "HM-4": CUT}
        archive.known[0] = replace(archive.known[0], changed_at=NOW + timedelta(hours=1))
        with pytest.raises(UnansweredError):
            asyncio.run(once(told))

        assert held(told, "HM-1") == (letter("HM-1"),)


def test_who_is_forgotten_while_the_archive_is_asked_does_not_come_back_by_their_documents(tmp_path: Path) -> None:
    """What was purged a second ago would lie in the cache again, and nobody would purge it a second time."""
    archive = FakeArchive(known=[customer("HM-1")], held={"HM-1": [letter("HM-1")]})
    with rounds(tmp_path, archive) as told:
        ask = archive.documents_of

        async def forget_meanwhile(whose: Customer) -> Sequence[CustomerDocument]:
            await told.store.purge(forgetting.forget_customers, [whose.number])
            return await ask(whose)

        archive.documents_of = forget_meanwhile  # type: ignore[assignment, method-assign]  # as the archive is, and slower
        asyncio.run(once(told))

        assert held(told, "HM-1") == ()


@pytest.mark.parametrize(("place", "known"), [("https://a.example", 1), ("https://b.example", 0)])
def test_what_another_archive_told_is_not_read_under_the_numbers_of_this_one(
    tmp_path: Path, place: str, known: int
) -> None:
    """The test system's customer would be shown the letters of whoever has that workspace in the real one."""
    archive = FakeArchive(known=[customer("HM-1")], held={"HM-1": [letter("HM-1")]})
    with rounds(tmp_path, archive) as told:
        asyncio.run(told.synchroniser.read_from(System.EXTENDED_ECM, "https://a.example"))
        asyncio.run(once(told))
        archive.known = []
        asyncio.run(told.synchroniser.read_from(System.EXTENDED_ECM, place))
        archive.read.clear()
        asyncio.run(once(told))

        assert len(archive.read) == len(held(told, "HM-1")) == known


@pytest.mark.parametrize(
    "error",
    [
        UnreachableError(system="Extended ECM", call="children"),
        RateLimitError(system="Extended ECM", call="children", retry_after=timedelta(minutes=5)),
        SignInError(system="Extended ECM", call="children"),
    ],
)
def test_whose_turn_it_was_when_the_line_was_cut_comes_first(tmp_path: Path, error: ConnectorError) -> None:
    """Their new letters would be missing until everybody else was read."""
    archive = FakeArchive(known=[customer("HM-1"), customer("HM-2")], held={"HM-1": error})
    with rounds(tmp_path, archive) as told:
        with pytest.raises(type(error)):
            asyncio.run(once(told))
        archive.held = {"HM-1": [letter("HM-1")]}
        archive.read.clear()
        asyncio.run(once(told))

        assert archive.read == ["HM-1", "HM-2"]
        assert held(told, "HM-1") == (letter("HM-1"),)


def test_whose_turn_it_was_when_somebody_stopped_the_reading_comes_first(tmp_path: Path) -> None:
    """As above: whoever closes the desk every evening would lose a customer with each day."""
    archive = FakeArchive(known=[customer("HM-1"), customer("HM-2")], held={"HM-1": [letter("HM-1")]})
    with rounds(tmp_path, archive) as told:
        ask = archive.documents_of

        async def stop() -> None:
            asked = asyncio.Event()

            async def hang(customer: Customer) -> Sequence[CustomerDocument]:
                del customer
                asked.set()
                await asyncio.Event().wait()
                raise AssertionError

            archive.documents_of = hang  # type: ignore[method-assign]  # it does not answer
            reading = asyncio.create_task(once(told))
            await asked.wait()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            archive.documents_of = ask  # type: ignore[method-assign]  # as it was
            await once(told)

        asyncio.run(stop())

        assert archive.read == ["HM-1", "HM-2"]
