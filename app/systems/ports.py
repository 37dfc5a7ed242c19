"""What the desk asks of a system, whoever makes it. Translators implement these; use-cases know nothing else.

Every method raises :class:`connectors.errors.ConnectorError` when the system fails, and only that.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from app.errors import UserError
from app.records import (
    Ability,
    AccountFacts,
    Asset,
    AssetKey,
    Category,
    Channel,
    Customer,
    CustomerDocument,
    DriverRecord,
    Filing,
    InboxEvent,
    NodeId,
    OutboxEntry,
    ProofOutput,
    Receipt,
    RecordSeries,
    Silence,
    Standing,
    System,
    Template,
    TemplateId,
)
from app.rules.retention import KeptDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPage:
    """Some assets of a library."""

    assets: tuple[Asset, ...]
    expected: int | None = None
    """How many there are in all, from the beginning of the list, when the vendor says so."""
    gone: tuple[AssetKey, ...] = ()
    """Assets that the library itself lists as deleted."""
    position: str = ""
    """Where the list goes on behind this page, in the library's own words; empty where it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An asset seen in a delivery URL, named the way such URLs name it."""

    system: System
    name: str
    """The asset's id or its alias."""
    version: str
    """As the label of a version; empty when the URL does not pin one."""
    most_px: int | None = None
    """How wide what is delivered is at most; 0 when it is as wide as the original. None when the URL does not say."""
    media_type: str = ""
    """Of what is delivered; empty when the URL does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Bytes to show, with their media type."""

    content: bytes = field(repr=False)
    media_type: str


class Connected(Protocol):
    """What every system can do."""

    system: System

    async def probe(self) -> AccountFacts:
        """Sign in if need be, and find out with a few calls that only read what is offered to this account.

        Raises: ConnectorError when the connection does not work at all. A missing part is an offer that says so.
        """

    async def close(self) -> None:
        """Close every connection."""


class Deliverer(Protocol):
    """What the relay asks of a system for the verbs it takes."""

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Do at the vendor what ``entry`` says, read it back, and say what was done."""

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """Whether an earlier attempt of ``entry`` was carried out: its receipt, or None when it surely was not."""


class AssetLibrary(Connected, Deliverer, Protocol):
    """A library of assets. Takes the verb ``judge_asset``."""

    def changed_since(self, moment: datetime | None, *, position: str = "") -> AsyncIterator[AssetPage]:
        """Pages of the assets changed at or after ``moment``, in any order; None: all of them, the newest first.

        ``position``, of a page of the same list, goes on behind it; a page or so may come again.
        """

    async def missing(self, keys: Sequence[AssetKey]) -> frozenset[AssetKey]:
        """Which of ``keys``, up to a hundred of this library, it surely has no more."""

    def find(self, words: str) -> AsyncIterator[AssetPage]:
        """The library's own full-text search, best first."""

    async def open(self, key: AssetKey) -> Asset:
        """The asset with its versions and reviewers."""

    async def thumbnail(self, asset: Asset, *, width_px: int) -> Picture:
        """A picture of at least ``width_px``, where the library has one of that size."""

    async def original(self, asset: Asset) -> Picture:
        """The newest version's own bytes (videos: the proxy when the library keeps one)."""

    def recognise(self, address: str) -> Sighting | None:
        """What a delivery URL shows; None when it is not one of this library's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """Some of what waited in a library's channel; it comes again unless it is acknowledged."""

    events: tuple[InboxEvent, ...]
    handles: tuple[str, ...] = field(repr=False)


@runtime_checkable
class Notifying(Protocol):
    """A library that keeps what it would tell us until it is fetched."""

    async def drain(self) -> Drained:
        """Claim what waits, some of it at a time; empty when nothing does, or nobody set a channel up for us."""

    async def acknowledge(self, drained: Drained) -> None:
        """Have it never come again: after it is stored, never before."""


class Composer(Connected, Deliverer, Protocol):
    """What composes and sends communications. Takes the verb ``resend``."""

    async def templates(self) -> Sequence[Template]:
        """All communications, newest versions."""

    async def records_for(self, template: TemplateId) -> Sequence[DriverRecord]:
        """Sample records that ``template`` can be composed from."""

    async def compose(self, template: Template, data: Mapping[str, object]) -> Sequence[ProofOutput]:
        """Every channel's output of one composition, on demand, never delivered."""

    async def events_since(self, moment: datetime) -> Sequence[InboxEvent]:
        """Delivery events reported since ``moment``, oldest first."""

    async def run_word(self, silent: Sequence[Silence]) -> tuple[str, Sequence[InboxEvent]]:
        """How the run of ``silent``, which all have the same one, stands: a sentence, and what it means for each."""


class ArchiveOfRecord(Connected, Deliverer, Protocol):
    """Where documents are kept. Takes the verb ``file_document``."""

    async def customers(self) -> Sequence[Customer]:
        """Every customer that has a workspace."""

    async def customer(self, workspace: NodeId) -> Customer:
        """The customer of ``workspace`` as the archive knows them this moment, consents and all."""

    async def documents_of(self, customer: Customer) -> Sequence[CustomerDocument]:
        """The documents in a customer's workspace, newest first."""

    async def content(self, node: NodeId) -> Picture:
        """A document's bytes."""

    async def categories(self, workspace: NodeId) -> Sequence[Category]:
        """The categories that a document in ``workspace`` can carry, with their fields."""

    async def keeping(self, node: NodeId) -> KeptDocument:
        """Why a document is still there: its holds and its retention, as the archive says this moment."""

    async def keepings(self, customer: Customer) -> Sequence[KeptDocument | None]:
        """What keeps a customer's workspace and each document in it, as the archive says this moment.

        None for one of which it does not tell. Raises: NotFoundError, ForbiddenError or InvalidError where it does not
        show the workspace: it never says whether it is gone.
        """

    async def addresses(self, customer: Customer) -> Mapping[Channel, str]:
        """A customer's addresses in the plain, as the archive says this moment. Keep them nowhere."""

    async def record_series(self) -> Sequence[RecordSeries]:
        """The file plan that a document may be filed under."""

    async def read_back(self, node: NodeId) -> Filing:
        """What the archive holds under ``node``: name, bytes' hash, category values."""


class Systems:
    """The systems of one profile as they are connected just now. Used on the engine's loop alone."""

    def __init__(self) -> None:
        self.libraries: dict[System, AssetLibrary] = {}
        self.composer: Composer | None = None
        self.archive: ArchiveOfRecord | None = None
        self.facts: dict[System, AccountFacts] = {}
        """What each offers, as far as it was asked since it was connected or was last in trouble."""

    @property
    def connected(self) -> tuple[Connected, ...]:
        """Each of them, in the order of :class:`System`."""
        there: list[Connected] = [*self.libraries.values()]
        if self.composer is not None:
            there.append(self.composer)
        if self.archive is not None:
            there.append(self.archive)
        return tuple(sorted(there, key=lambda each: list(System).index(each.system)))

    def library(self, system: System) -> AssetLibrary:
        """The library ``system``. Raises: UserError when it is not connected: its assets may still be in the cache."""
        try:
            return self.libraries[system]
        except KeyError:
            raise UserError(f"{system.label} is not connected.", hint="Connect it under Connections.") from None

    def find(self, system: System) -> Connected | None:
        """The one that speaks to ``system``."""
        return next((each for each in self.connected if each.system is system), None)

    def deliverer(self, system: System) -> Deliverer | None:
        """Who carries out entries for ``system``."""
        if system is System.EXSTREAM:
            return self.composer
        if system is System.EXTENDED_ECM:
            return self.archive
        return self.libraries.get(system)

    def require(self, system: System, ability: Ability) -> None:
        """Raises: UserError when ``system`` is known not to offer it. What is not known may be tried."""
        facts = self.facts.get(system)
        offer = facts.offer(ability) if facts else None
        if offer is not None and offer.standing is Standing.MISSING:
            raise UserError(offer.because, hint=offer.remedy)

    async def take_out(self, system: System) -> None:
        """Speak to ``system`` no more."""
        gone = self.find(system)
        self.libraries.pop(system, None)
        if gone is self.composer:
            self.composer = None
        if gone is self.archive:
            self.archive = None
        self.facts.pop(system, None)
        if gone is not None:
            await gone.close()

    async def close(self) -> None:
        """Close every connection."""
        for each in self.connected:
            await each.close()
        self.facts.clear()
        self.libraries.clear()
        self.composer = self.archive = None
