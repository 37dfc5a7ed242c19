"""Find what a customer really got: the customer, the documents, the timeline, the bytes as they were sent."""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from app.access import Guarded, needs
from app.clock import Clock
from app.errors import UserError
from app.files import KeptFiles
from app.notary import Notary
from app.records import Changes, Customer, CustomerDocument, CustomerNumber, DeliveryEvent, Restriction, Silence, System
from app.rules.roles import Action
from app.store import Store, audit, customers, deliveries, documents, restrictions, silences
from app.systems.ports import Picture, Systems
from app.use_cases.file_document import archive_of

MATCHES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMatch:
    """One customer that answers a search, with what support should know before opening it."""

    customer: Customer
    trouble: int
    """Communications whose latest word is a failure."""
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """Everything that is held about one customer, newest first."""

    customer: Customer
    documents: tuple[CustomerDocument, ...]
    events: tuple[DeliveryEvent, ...]
    silences: tuple[Silence, ...] = ()
    """Communications of which nothing is told any more, though something should be."""
    restriction: Restriction | None = None
    """Set while a hold keeps a customer who asked to be forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    """An archived document with its bytes, and whether they are the ones that were filed."""

    document: CustomerDocument
    content: bytes = field(repr=False)
    media_type: str
    sha256: str

    @property
    def is_proven(self) -> bool:
        """Whether the bytes hash to what the filer said. Nothing is proven where nothing was said."""
        return bool(self.document.sha256) and self.document.sha256 == self.sha256

    @property
    def is_altered(self) -> bool:
        """Whether the filer said another hash."""
        return bool(self.document.sha256) and self.document.sha256 != self.sha256


class FindCustomers:
    """Search customers and documents by name, number, communication or document name."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self, words: str) -> Sequence[CustomerMatch]:
        """Up to fifty, best match first; when nothing was typed, those in the most trouble first.

        Who is restricted is found by the whole number alone: by whoever needs to.
        """
        found = await self._store.read(_matching, words)
        restricted = await self._store.ledger.read(restrictions.of, [customer.number for customer in found])
        found = tuple(
            each
            for each in found
            if each.number not in restricted or each.number.casefold() == words.strip().casefold()
        )
        numbers = [customer.number for customer in found]
        trouble, held = await asyncio.gather(
            self._store.read(deliveries.trouble_of, numbers), self._store.read(documents.count_of, numbers)
        )
        return [
            CustomerMatch(
                customer=customer, trouble=trouble.get(customer.number, 0), documents=held.get(customer.number, 0)
            )
            for customer in found
        ]


def _matching(db: Database, words: str) -> tuple[Customer, ...]:
    """Customers by their own words first, then those who hold a document that answers."""
    if not words.strip():
        return _worth_a_look(db)
    found = {customer.number: customer for customer in customers.search(db, words, limit=MATCHES)}
    for document in documents.search(db, words, limit=MATCHES):
        holder = customers.find(db, document.customer) if document.customer not in found else None
        if holder:
            found[holder.number] = holder
    return tuple(found.values())[:MATCHES]


def _worth_a_look(db: Database) -> tuple[Customer, ...]:
    troubled = deliveries.most_troubled(db, limit=MATCHES)
    found = {number: customer for number in troubled if (customer := customers.find(db, number))}
    for customer in customers.search(db, "", limit=MATCHES):
        found.setdefault(customer.number, customer)
    return tuple(found.values())[:MATCHES]


class OpenCustomer:
    """One customer's file out of the cache; the documents are asked of the archive when it can be reached.

    Who opened it is in the audit: once, until they open another. Reading it again while it is open shows no more.
    """

    def __init__(self, *, store: Store, notary: Notary) -> None:
        self._store = store
        self._notary = notary
        self._open: CustomerNumber | None = None

    async def __call__(self, number: CustomerNumber) -> CustomerFile:
        """What is held. Raises: UserError when the customer is not known here."""
        customer = await self._store.read(customers.find, number)
        if customer is None:
            raise UserError("This customer is not known here.", hint="Search by another word, or synchronise first.")
        if number != self._open:
            await self._notary.note("customer.opened", "customer", subject=f"customer:{number}")
            self._open = number
        restricted = await self._store.ledger.read(restrictions.of, [number])
        return CustomerFile(
            customer=customer,
            documents=await self._store.read(documents.of_customer, number),
            events=await self._store.read(deliveries.timeline, number),
            silences=await self._store.read(silences.of_customer, number),
            restriction=restricted.get(number),
        )


class RefreshCustomer:
    """Ask the archive for one customer's documents now, ahead of the next synchronisation."""

    def __init__(self, *, store: Store, systems: Systems) -> None:
        self._store = store
        self._systems = systems

    async def __call__(self, customer: Customer) -> Changes:
        """What is different now. Raises: ConnectorError, UserError."""
        held = await archive_of(self._systems).documents_of(customer)
        changed = await self._store.write(documents.replace_of_customer, customer.number, held)
        return Changes(customers=frozenset({customer.number}) if changed else frozenset())


class OpenDocument(Guarded):
    """Fetch a document as it was archived and prove it. Who looked is in the audit.

    Bytes that are kept here serve only where the filer said their hash and they still have it: what the archive holds
    of any other document is known to nobody but the archive.
    """

    def __init__(self, *, store: Store, systems: Systems, files: KeptFiles, clock: Clock) -> None:
        self._store = store
        self._systems = systems
        self._files = files
        self._clock = clock

    @needs(Action.OPEN_DOCUMENT)
    async def __call__(self, document: CustomerDocument, actor: str) -> OpenedDocument:
        """The bytes with their hash. Raises: ConnectorError, UserError."""
        opened = await self._kept(document)
        if opened is None:
            came: Picture = await archive_of(self._systems).content(document.node)
            opened = await _opened(document, came)
            if opened.is_proven:
                with suppress(UserError):  # a full disk is no reason not to show it
                    await self._files.keep_sealed(
                        _name(document), came, system=System.EXTENDED_ECM, customer=document.customer
                    )
        await note_seen(self._store, document, "document.opened", actor=actor, now=self._clock.now())
        return opened

    async def _kept(self, document: CustomerDocument) -> OpenedDocument | None:
        found = await self._files.find_sealed(_name(document)) if document.sha256 else None
        opened = await _opened(document, found) if found is not None else None
        return opened if opened is not None and opened.is_proven else None


async def _opened(document: CustomerDocument, came: Picture) -> OpenedDocument:
    return OpenedDocument(
        document=document,
        content=came.content,
        media_type=document.media_type or came.media_type,
        sha256=await asyncio.to_thread(lambda: hashlib.sha256(came.content).hexdigest()),
    )


def _name(document: CustomerDocument) -> str:
    return f"document {document.node}"


class NoteSaved(Guarded):
    """Note in the audit that a copy is about to leave the desk."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @needs(Action.SAVE_COPY)
    async def __call__(self, document: CustomerDocument, actor: str) -> None:
        """Await it before the copy is written: what is not noted does not leave. Raises: UserError."""
        await note_seen(self._store, document, "document.saved", actor=actor, now=self._clock.now())


async def note_seen(store: Store, document: CustomerDocument, action: str, *, actor: str, now: datetime) -> None:
    """Add a row to the audit for a customer's document. Raises: UserError when the disk takes no more."""
    await store.ledger.write(
        audit.add,
        at=now,
        actor=actor,
        action=action,
        reference=f"node:{document.node}",
        subject=f"customer:{document.customer}",
    )
