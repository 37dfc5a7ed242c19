"""Systems that answer what they are told, and break off where they are told."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from app.records import AccountFacts, Asset, Customer, CustomerDocument, InboxEvent, System, Template
from app.systems.ports import ArchiveOfRecord, AssetLibrary, AssetPage, Composer, Systems


@dataclass
class FakeLibrary:
    """Pages of assets; ``error`` is raised after ``breaks_after`` of them."""

    system: System = System.ICONIK
    probed: int = 0
    pages: list[list[Asset]] = field(default_factory=list)
    breaks_after: int = 99
    error: Exception | None = None
    asked: list[datetime | None] = field(default_factory=list)

    async def changed_since(self, moment: datetime | None) -> AsyncIterator[AssetPage]:
        """The pages as they are, whatever the moment; it is remembered."""
        self.asked.append(moment)
        expected = sum(map(len, self.pages))
        for number, page in enumerate(self.pages):
            if number == self.breaks_after and self.error:
                raise self.error
            yield AssetPage(assets=tuple(page), expected=expected)
        if self.error and self.breaks_after >= len(self.pages):
            raise self.error

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

    async def customers(self) -> Sequence[Customer]:
        """As given."""
        return self.known

    async def documents_of(self, customer: Customer) -> Sequence[CustomerDocument]:
        """As given."""
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
