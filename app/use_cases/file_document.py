"""File a document into a customer's workspace with its category; what the archive then holds is read back."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.access import Guarded, needs
from app.errors import UserError
from app.outbox import Outbox, Wish
from app.outgoing import OutgoingFiles, read_file
from app.records import Ability, Category, Customer, NodeId, OutboxEntry, RecordSeries, RequestKey, System, Verb
from app.rules.filing import objections_to_filing
from app.rules.roles import Action
from app.systems.filing import FilingOrder
from app.systems.ports import ArchiveOfRecord, Systems


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingWish:
    """The wish: these bytes, under this name, into this customer's workspace, as this kind of document."""

    customer: Customer
    content: bytes = field(repr=False)
    media_type: str
    name: str
    category: Category | None
    values: Mapping[str, str] = field(repr=False)
    """By the key of a category's field."""
    request_key: RequestKey
    actor: str
    series: RecordSeries | None = None
    """What it becomes a record of; None when it becomes none."""


class ListCategories:
    """The kinds of document that a workspace takes."""

    def __init__(self, *, systems: Systems) -> None:
        self._systems = systems

    async def __call__(self, workspace: NodeId) -> Sequence[Category]:
        """As the archive offers them now. Raises: ConnectorError, UserError."""
        return await archive_of(self._systems).categories(workspace)


class FileDocument(Guarded):
    """Queue a filing."""

    def __init__(self, *, outbox: Outbox, outgoing: OutgoingFiles, systems: Systems) -> None:
        self._outbox = outbox
        self._outgoing = outgoing
        self._systems = systems

    @needs(Action.FILE)
    async def __call__(self, wish: FilingWish) -> OutboxEntry:
        """The entry that will carry it. Raises: UserError naming the first field that stands in the way."""
        self._systems.require(System.EXTENDED_ECM, Ability.FILE_DOCUMENTS)
        for key, sentence in objections_to_filing(name=wish.name, category=wish.category, values=wish.values).items():
            raise UserError(sentence, field=key)
        assert wish.category is not None  # noqa: S101 - an objection of its own
        if known := await self._outbox.find(wish.request_key):
            return known
        sha256 = await self._outgoing.keep(wish.request_key, wish.content, replaces=True)
        order = FilingOrder(
            customer=wish.customer.number,
            workspace=wish.customer.workspace,
            name=wish.name.strip(),
            media_type=wish.media_type,
            sha256=sha256,
            category=wish.category.id,
            values={key: value.strip() for key, value in wish.values.items() if value.strip()},
            series=wish.series,
        )
        return await self._outbox.queue(
            Wish(
                system=System.EXTENDED_ECM,
                verb=Verb.FILE_DOCUMENT,
                subject=f"workspace:{wish.customer.workspace}",
                title=f"{order.name} · {wish.customer.name}",
                payload=order.payload(),
                actor=wish.actor,
                request_key=wish.request_key,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFiling:
    """A filing that has not arrived, as it was wished, with its bytes."""

    order: FilingOrder
    content: bytes = field(repr=False)


class ReopenFiling:
    """Take a filing that was refused back into the form, so that nobody fills it in twice."""

    def __init__(self, *, outgoing: OutgoingFiles) -> None:
        self._outgoing = outgoing

    async def __call__(self, entry: OutboxEntry) -> KeptFiling:
        """What was wished. Raises: UserError when the bytes are no longer on this computer."""
        order = FilingOrder.from_payload(entry.payload)
        return KeptFiling(order=order, content=await read_file(self._outgoing.path(entry.request_key)))


def archive_of(systems: Systems) -> ArchiveOfRecord:
    """The archive. Raises: UserError when no connection to one is set up."""
    if systems.archive is None:
        raise UserError("No archive of record is connected.", hint="Add Extended ECM under Connections.")
    return systems.archive


def sha256_of(content: bytes) -> str:
    """The hash that the badge of a document shows."""
    return hashlib.sha256(content).hexdigest()
