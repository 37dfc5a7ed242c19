"""Systems that answer what they are told, and break off where they are told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from app.records import AccountFacts, Asset, AssetKey, Customer, CustomerDocument, InboxEvent, System, Template
from app.systems.ports import ArchiveOfRecord, AssetLibrary, AssetPage, Composer, Systems


@dataclass
class FakeLibrary:
    """Pages of assets, for whatever was asked; ``error`` is raised before page ``breaks_after``.

    A position is the number of the page behind it. ``gate``, when given, is waited for before every page but the first.
    """

    system: System = System.ICONIK
    probed: int = 0
    pages: list[list[Asset]] = field(default_factory=list)
    breaks_after: int = 99
    error: Exception | None = None
    asked: list[datetime | None] = field(default_factory=list)
    positions: list[str] = field(default_factory=list)
    changed: list[Asset] | None = None
    """What changed since any moment; the pages as they are when None."""
    gone: tuple[AssetKey, ...] = ()
    """What the library lists as deleted, with its first page."""
    deleted: set[AssetKey] = field(default_factory=set)
    """What is missing when it is asked for by its id; everything that no page holds when empty."""
    looked_for: list[AssetKey] = field(default_factory=list)
    gate: asyncio.Event | None = None
    takes: Callable[[], None] = lambda: None
    """Called before every page but the first: time goes by."""

    async def changed_since(self, moment: datetime | None, *, position: str = "") -> AsyncIterator[AssetPage]:
        """The pages as they are, whatever the moment; it is remembered."""
        self.asked.append(moment)
        self.positions.append(position)
        pages = self.pages if moment is None or self.changed is None else [self.changed]
        expected = sum(map(len, pages))
        for number, page in enumerate(pages):
            if number < int(position or 0):
                continue
            if number:
                self.takes()
            if number and self.gate is not None:
                await self.gate.wait()
            if number == self.breaks_after and self.error:
                raise self.error
            yield AssetPage(
                assets=tuple(page), expected=expected, gone=self.gone if not number else (), position=str(number + 1)
            )
        if self.error and pages is self.pages and self.breaks_after >= len(pages):
            raise self.error

    async def missing(self, keys: Sequence[AssetKey]) -> frozenset[AssetKey]:
        """As given; they are remembered."""
        self.looked_for += keys
        there = {asset.key for page in self.pages for asset in page}
        return frozenset(key for key in keys if (key in self.deleted if self.deleted else key not in there))

    async def probe(self) -> AccountFacts:
        """Somebody who may everything; how often it was asked is remembered."""
        self.probed += 1
        return AccountFacts(account="ada")

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class FakeComposer:
    """Templates and events."""

    system: System = System.EXSTREAM
    probed: int = 0
    offered: list[Template] = field(default_factory=list)
    events: list[InboxEvent] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)

    async def templates(self) -> Sequence[Template]:
        """As given."""
        return self.offered

    async def events_since(self, moment: datetime) -> Sequence[InboxEvent]:
        """As given; the moment is remembered."""
        self.asked.append(moment)
        return self.events

    async def probe(self) -> AccountFacts:
        """Somebody who may everything; how often it was asked is remembered."""
        self.probed += 1
        return AccountFacts(account="ada")

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class FakeArchive:
    """Customers and their documents; a customer whose documents are an error breaks off."""

    system: System = System.EXTENDED_ECM
    probed: int = 0
    held: dict[str, Sequence[CustomerDocument] | Exception] = field(default_factory=dict)
    known: list[Customer] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    """Whose documents were asked for, in order."""

    async def customers(self) -> Sequence[Customer]:
        """As given."""
        return self.known

    async def documents_of(self, customer: Customer) -> Sequence[CustomerDocument]:
        """As given."""
        self.read.append(customer.number)
        found = self.held.get(customer.number, ())
        if isinstance(found, Exception):
            raise found
        return found

    async def probe(self) -> AccountFacts:
        """Somebody who may everything; how often it was asked is remembered."""
        self.probed += 1
        return AccountFacts(account="ada")

    async def close(self) -> None:
        """Nothing is open."""


def systems_of(*those: FakeLibrary | FakeComposer | FakeArchive) -> Systems:
    """The connected systems of a profile."""
    systems = Systems()
    for each in those:
        match each:
            case FakeLibrary():
                systems.libraries[each.system] = cast("AssetLibrary", each)
            case FakeComposer():
                systems.composer = cast("Composer", each)
            case FakeArchive():
                systems.archive = cast("ArchiveOfRecord", each)
    return systems
