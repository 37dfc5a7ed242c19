"""Finding a customer by whatever the caller says."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from app.errors import UserError
from app.notary import Notary
from app.records import CustomerDocument, CustomerNumber, DeliveryState, NodeId
from app.store import Store, audit, customers, deliveries, documents
from app.systems.ports import ArchiveOfRecord, Picture, Systems
from app.use_cases.find_customer import (
    CustomerMatch,
    FindCustomers,
    NoteSaved,
    OpenCustomer,
    OpenDocument,
    RefreshCustomer,
)
from tests.app.files_made import kept_files
from tests.app.outbox.fakes import NOW, FakeClock
from tests.app.use_cases.people import INES, RENEWAL, claim

AGNES = replace(INES, number=CustomerNumber("HM-331407"), name="Agnès Martin", workspace=NodeId(8))


class FakeArchive:
    """Holds one document."""

    def __init__(self, held: Sequence[CustomerDocument] = (), content: bytes = b"") -> None:
        self._held = held
        self._content = content

    async def documents_of(self, _customer: object) -> Sequence[CustomerDocument]:
        """The documents."""
        return self._held

    async def content(self, _node: NodeId) -> Picture:
        """The bytes."""
        return Picture(content=self._content, media_type="application/pdf")


def archive(fake: FakeArchive) -> Systems:
    """Systems with that archive."""
    systems = Systems()
    systems.archive = cast("ArchiveOfRecord", fake)
    return systems


@pytest.fixture
def full(store: Store) -> Store:
    """Two customers; one has a document and a bounced mail."""

    async def fill() -> None:
        await store.write(customers.upsert, [AGNES, INES], now=NOW)
        await store.write(documents.replace_of_customer, INES.number, [RENEWAL])
        await store.write(deliveries.fold, [claim(DeliveryState.BOUNCED)])

    asyncio.run(fill())
    return store


def opening_from(store: Store, folder: Path, source: FakeArchive) -> OpenDocument:
    """Opens documents of ``source``, keeping them below ``folder``."""
    return OpenDocument(
        store=store, systems=archive(source), files=kept_files(folder / "kept", store), clock=FakeClock()
    )


def opening(store: Store) -> OpenCustomer:
    """Opens customers, for Mira."""
    return OpenCustomer(store=store, notary=Notary(store=store, clock=FakeClock(), person="mira"))


def found(store: Store, words: str) -> Sequence[CustomerMatch]:
    """The matches."""
    return asyncio.run(FindCustomers(store=store)(words))


@pytest.mark.parametrize("words", ["inès", "CARON ines", "204881", "renewal", "S-1"])
def test_a_customer_is_found_by_name_number_or_what_they_got(full: Store, words: str) -> None:
    """The caller would have to know the number."""
    assert [match.customer.number for match in found(full, words)] == [INES.number]


def test_without_words_trouble_comes_first(full: Store) -> None:
    """The day would begin with those who are fine."""
    assert [(match.customer.name, match.trouble, match.documents) for match in found(full, " ")] == [
        ("Inès Caron", 1, 1),
        ("Agnès Martin", 0, 0),
    ]


def test_a_customers_file_holds_documents_and_events(full: Store) -> None:
    """Support would open three pages for one call."""
    held = asyncio.run(opening(full)(INES.number))

    assert held.documents == (RENEWAL,)
    assert [event.state for event in held.events] == [DeliveryState.BOUNCED]


def test_who_opened_a_customer_is_in_the_audit_once_until_they_open_another(full: Store) -> None:
    """Nobody could answer who looked at a customer, or the answer would be a row for every refresh."""
    open_customer = opening(full)

    async def story() -> tuple[audit.AuditRow, ...]:
        for number in (INES.number, INES.number, AGNES.number, INES.number):
            await open_customer(number)
        return await full.ledger.read(audit.about, f"customer:{INES.number}")

    rows = asyncio.run(story())

    assert [(row.actor, row.action, row.reference) for row in rows] == [("mira", "customer.opened", "customer")] * 2


def test_a_number_that_nobody_has_is_a_sentence(full: Store) -> None:
    """The page would stay empty."""
    with pytest.raises(UserError, match="not known here"):
        asyncio.run(opening(full)(CustomerNumber("HM-0")))


@pytest.mark.parametrize(("held", "is_changed"), [([RENEWAL], False), ([], True)])
def test_only_a_file_that_changed_is_said_to_have(full: Store, held: list[CustomerDocument], is_changed: bool) -> None:
    """Pages would flicker, or miss what is new."""
    changes = asyncio.run(RefreshCustomer(store=full, systems=archive(FakeArchive(held)))(INES))

    assert bool(changes) == is_changed


@pytest.mark.parametrize(
    ("said", "is_proven", "is_altered"),
    [(hashlib.sha256(b"letter").hexdigest(), True, False), ("0" * 64, False, True), ("", False, False)],
)
def test_nothing_is_proven_where_nothing_was_said(
    full: Store, tmp_path: Path, said: str, is_proven: bool, is_altered: bool
) -> None:
    """A badge would vouch for what nobody knows."""
    document = replace(RENEWAL, sha256=said)

    opening = opening_from(full, tmp_path, FakeArchive(content=b"letter"))
    opened = asyncio.run(opening(document, "ada"))

    assert (opened.is_proven, opened.is_altered) == (is_proven, is_altered)


def test_who_looked_at_a_document_or_took_a_copy_is_in_the_audit(full: Store, tmp_path: Path) -> None:
    """A colleague's letters could be read, and nobody would ever know."""
    opening = opening_from(full, tmp_path, FakeArchive(content=b"letter"))
    saving = NoteSaved(store=full, clock=FakeClock())

    asyncio.run(opening(RENEWAL, "ada"))
    asyncio.run(saving(RENEWAL, "bob"))

    rows = asyncio.run(full.ledger.read(audit.about, f"customer:{INES.number}"))
    assert [(row.actor, row.action, row.reference) for row in rows] == [
        ("ada", "document.opened", f"node:{RENEWAL.node}"),
        ("bob", "document.saved", f"node:{RENEWAL.node}"),
    ]


def test_without_words_whoever_is_in_trouble_is_there_among_thousands(store: Store) -> None:
    """The one customer whose mail bounced would be beyond the fiftieth line."""
    many = [replace(INES, number=CustomerNumber(f"HM-{number:06d}")) for number in range(200)]

    async def look() -> Sequence[CustomerMatch]:
        await store.write(customers.upsert, [*many, INES], now=NOW)
        await store.write(deliveries.fold, [claim(DeliveryState.BOUNCED)])
        return await FindCustomers(store=store)("")

    found = asyncio.run(look())

    assert (found[0].customer, found[0].trouble, len(found)) == (INES, 1, 50)


def test_a_document_that_is_proven_is_fetched_once(full: Store, tmp_path: Path) -> None:
    """A letter of many pages would be fetched with every click, and not be there without a network."""
    document = replace(RENEWAL, sha256=hashlib.sha256(b"letter").hexdigest())
    first = asyncio.run(opening_from(full, tmp_path, FakeArchive(content=b"letter"))(document, "ada"))

    again = asyncio.run(opening_from(full, tmp_path, FakeArchive(content=b"not asked"))(document, "ada"))

    assert (again.content, again.is_proven) == (first.content, True)
    assert b"letter" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_what_nobody_vouches_for_is_always_the_archives(full: Store, tmp_path: Path) -> None:
    """Support would read out what the archive has replaced since."""
    document = replace(RENEWAL, sha256="")
    asyncio.run(opening_from(full, tmp_path, FakeArchive(content=b"letter"))(document, "ada"))

    again = asyncio.run(opening_from(full, tmp_path, FakeArchive(content=b"another"))(document, "ada"))

    assert again.content == b"another"
