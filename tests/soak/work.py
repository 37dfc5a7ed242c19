"""What a desk in the soak is asked to do: every verb, and every local write that a person or the desk itself makes.

A task is done as the pages do it, under a request key that is the same when it is done once more after a kill.
"""

import hashlib
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count, cycle, islice
from typing import Final

import msgspec

from app.desk import Desk
from app.errors import UserError
from app.records import (
    Asset,
    AssetKey,
    AssetState,
    Category,
    Channel,
    ChannelConsent,
    Customer,
    CustomerDocument,
    CustomerNumber,
    NodeId,
    RequestKey,
    System,
)
from app.rules.verdicts import Verdict
from app.settings import SYNC_MIN
from app.store import asset_search, connections, customers, entries, forgetting
from app.store.asset_question import AssetQuestion
from app.use_cases.file_document import FilingWish
from app.use_cases.judge_asset import AssetVerdict
from app.use_cases.load_connection import load_connection
from app.use_cases.resend import ResendWish
from connectors.errors import ConnectorError
from connectors.inbound import Arrival, ArrivalTrust
from tests.soak import own_work

TRIES: Final = 5
"""Of one task that asks a system and is not answered."""
LARGE_BYTES: Final = 9_000_000
"""Three parts at the archive, which takes no less than eight megabytes in parts."""
LARGE_EVERY: Final = 8
ACTOR: Final = "ada"
SOURCE: Final = "gateway"
_JUDGED: Final = frozenset({AssetState.APPROVED, AssetState.IN_REVIEW, AssetState.DRAFT, AssetState.REJECTED})
LIBRARIES: Final = (System.CORE_DAM, System.ICONIK, System.CLOUDINARY)
_SYNCED: Final = (System.CLOUDINARY, System.EXSTREAM, System.CORE_DAM)


class Kind(StrEnum):
    """What is done."""

    JUDGE = "judge"
    FILE = "file"
    RESEND = "resend"
    SETTING = "setting"
    SEEN = "seen"
    EVENT = "event"
    SYNC = "sync"
    CONNECT = "connect"
    LEARN = "learn"
    FORGET = "forget"
    EMPTY = "empty"
    """Purge the bytes of old events."""
    LARGE = "large"
    """File what goes in parts."""
    REVEAL = "reveal"
    VIEW = "view"
    ROTATE = "rotate"
    """Replace a long secret."""
    TOLD = "told"
    """A complaint comes over HTTP."""
    LEAVE = "leave"
    """Forget somebody in every file."""


OUTBOX: Final = frozenset({Kind.JUDGE, Kind.FILE, Kind.LARGE, Kind.RESEND})
FILED: Final = frozenset({Kind.FILE, Kind.LARGE})
_ROTA: Final = (
    *(Kind.JUDGE, Kind.FILE, Kind.JUDGE, Kind.EVENT, Kind.RESEND, Kind.JUDGE, Kind.SETTING, Kind.JUDGE),
    *(Kind.LEARN, Kind.JUDGE, Kind.FILE, Kind.SEEN, Kind.JUDGE, Kind.SYNC, Kind.RESEND, Kind.EVENT),
    *(Kind.CONNECT, Kind.REVEAL, Kind.FORGET, Kind.VIEW, Kind.EMPTY, Kind.ROTATE, Kind.TOLD, Kind.LEAVE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do. What it needs is read once, beforehand."""

    kind: Kind
    key: RequestKey
    number: int
    asset: Asset | None = None
    customer: Customer | None = None
    document: CustomerDocument | None = None
    category: Category | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a filed document is called."""
        return f"Soak {self.key}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What tasks are made of."""

    assets: Mapping[System, Sequence[Asset]]
    customers: Sequence[Customer]
    documents: Sequence[CustomerDocument]
    category: Category
    values: Mapping[str, str]
    mark: str = "soak"
    """What request keys begin with."""

    def parted(self, number: int, *, of: int) -> "Material":
        """Every so many-th of all of it."""
        return replace(
            self,
            assets={system: held[number::of] for system, held in self.assets.items()},
            customers=self.customers[number::of],
            documents=self.documents[number::of],
            mark=f"{self.mark}-{number}",
        )


async def gather_material(desk: Desk) -> Material:
    """Out of a synchronised desk."""
    found: dict[System, list[Asset]] = {}
    for system in LIBRARIES:
        question = AssetQuestion(systems=frozenset({system}), states=_JUDGED)
        page = await desk.store.read(asset_search.page, question, limit=100_000)
        found[system] = sorted(page.assets, key=lambda asset: asset.key)
    known = [match.customer for match in await desk.use.find_customers("HM")]
    files = [await desk.use.open_customer(each.number) for each in known]
    printed = [each for held in files for each in held.documents if each.channel is Channel.PRINT]
    usable = [each for each in printed if each.sha256 and each.template]
    category = (await desk.use.list_categories(known[0].workspace))[0]
    keys = {each.name: each.key for each in category.fields}
    usual = {"Account": "HM-1", "Document date": "2026-05-12", "Document type": "Letter", "Channel": "print"}
    return Material(
        assets=found,
        customers=known,
        documents=usable,
        category=category,
        values={keys[name]: value for name, value in usual.items() if name in keys},
    )


def plan(material: Material, *, desk: int, desks: int, length: int) -> list[Task]:
    """``length`` tasks for one of ``desks``; no two desks judge one asset."""
    judged = _judgements(material, desk=desk, desks=desks)
    # Nobody files into a workspace that another desk files into: its documents are read back after each filing.
    places = cycle(material.customers[desk::desks])
    papers = cycle(material.documents[desk::desks])
    tasks = []
    for number, kind in enumerate(_kinds(length)):
        key = RequestKey(f"{material.mark}-{desk}-{number}")
        match kind:
            case Kind.JUDGE:
                asset = next(judged, None)
                if asset is None:  # every asset was judged once
                    tasks.append(Task(kind=Kind.SETTING, key=key, number=number))
                else:
                    tasks.append(Task(kind=kind, key=key, number=number, asset=asset))
            case Kind.FILE | Kind.LARGE:
                tasks.append(
                    Task(
                        kind=kind,
                        key=key,
                        number=number,
                        customer=next(places),
                        category=material.category,
                        values=material.values,
                    )
                )
            case Kind.REVEAL:
                tasks.append(Task(kind=kind, key=key, number=number, customer=next(places)))
            case Kind.RESEND | Kind.SEEN:
                tasks.append(Task(kind=kind, key=key, number=number, document=next(papers)))
            case _:
                tasks.append(Task(kind=kind, key=key, number=number))
    return tasks


def _kinds(length: int) -> Iterator[Kind]:
    for number, kind in enumerate(islice(cycle(_ROTA), length)):
        # Few, for the sandbox keeps all of them in memory.
        is_large = number % (LARGE_EVERY * len(_ROTA)) == _ROTA.index(Kind.FILE)
        yield Kind.LARGE if is_large else kind


def _judgements(material: Material, *, desk: int, desks: int) -> Iterator[Asset]:
    shares = [iter(material.assets[system][desk::desks]) for system in LIBRARIES]
    while True:
        turn = [asset for share in shares if (asset := next(share, None))]
        if not turn:
            return
        yield from turn


def verdict_on(asset: Asset) -> Verdict:
    """The other one."""
    return Verdict.REJECT if asset.state is AssetState.APPROVED else Verdict.APPROVE


async def carry_out(desk: Desk, task: Task) -> None:
    """Do ``task``; when this returns, it was promised. Raises: UserError, ConnectorError."""
    for tries in count(1):
        try:
            await _DO[task.kind](desk, task)
        except UserError:
            # Cut between the promise and its note, it may have gone all the way since: nothing is left to wish for.
            if task.kind not in OUTBOX or await desk.store.ledger.read(entries.find_by_key, task.key) is None:
                raise
        except ConnectorError:
            # A busy machine and a hurried clock make a call late now and then. A person would try again.
            if tries >= TRIES:
                raise
            continue
        return


async def _judge(desk: Desk, task: Task) -> None:
    assert task.asset is not None
    await desk.use.judge_asset(
        AssetVerdict(
            key=task.asset.key,
            verdict=verdict_on(task.asset),
            request_key=task.key,
            actor=ACTOR,
            note=f"for {task.key}",
        )
    )


def content_of(task: Task) -> bytes:
    """The bytes of the document that ``task`` files."""
    if task.kind is Kind.LARGE:
        return b"%PDF-1.7\n% " + task.key.encode() + random.Random(task.number).randbytes(LARGE_BYTES) + b"\n%%EOF\n"
    return b"%PDF-1.7\n% " + task.key.encode() + b"\n" + b"x" * (200 * (task.number % 50)) + b"\n%%EOF\n"


async def _file(desk: Desk, task: Task) -> None:
    assert task.customer is not None
    await desk.use.file_document(
        FilingWish(
            customer=task.customer,
            content=content_of(task),
            media_type="application/pdf",
            name=task.name,
            category=task.category,
            values=task.values,
            request_key=task.key,
            actor=ACTOR,
        )
    )


async def _resend(desk: Desk, task: Task) -> None:
    assert task.document is not None
    # Each has a reason of its own, or the guard would take them for the same sending.
    await desk.use.resend(
        ResendWish(
            request_key=task.key,
            document=task.document,
            channel=Channel.PRINT,
            reason=f"asked for {task.key}",
            actor=ACTOR,
        )
    )


def minutes_of(task: Task) -> int:
    """What a setting is set to."""
    return task.number % 1_000 + 1


async def _set(desk: Desk, task: Task) -> None:
    await desk.settings.change(SYNC_MIN, minutes_of(task))


async def _see(desk: Desk, task: Task) -> None:
    assert task.document is not None
    await desk.use.note_saved(task.document, ACTOR)


def event_id(task: Task) -> str:
    """What the inbox calls the event of ``task``."""
    return f"{SOURCE}/{task.key}"


async def _hear(desk: Desk, task: Task) -> None:
    now = datetime.now(UTC)
    body = {
        "id": task.key,
        "type": "message.delivered",
        "timestamp": now.isoformat(),
        "data": {"communication": f"C-{task.key}", "customer": "HM-204881", "channel": "email"},
    }
    await desk.inbox.take(
        [
            Arrival(
                id=task.key,
                source=SOURCE,
                headers={"content-type": "application/json"},
                raw=msgspec.json.encode(body),
                received_at=now,
                trust=ArrivalTrust.VERIFIED,
            )
        ]
    )


async def _synchronise(desk: Desk, task: Task) -> None:
    await desk.synchroniser.once(_SYNCED[task.number % len(_SYNCED)])


async def _connect(desk: Desk, task: Task) -> None:
    kept = await desk.store.ledger.read(connections.every)
    read = await load_connection(desk.store, desk.credentials, kept[task.number % len(kept)].system)
    await desk.use.save_connection.use(read)


def stranger(task: Task) -> Customer:
    """Somebody whom no archive tells of; a later task forgets the one that an earlier one learned."""
    number = f"HM-S{task.number // len(_ROTA)}"
    return Customer(
        number=CustomerNumber(number),
        name=f"Stranger {number}",
        workspace=NodeId(900_000_000 + task.number // len(_ROTA)),
        locale="en",
        segments=(),
        contact_points=(),
        consents=(ChannelConsent(channel=Channel.PRINT, is_allowed=True, reason="always"),),
        preferred=(),
    )


async def _learn(desk: Desk, task: Task) -> None:
    await desk.store.write(customers.upsert, [stranger(task)], now=datetime.now(UTC))


async def _forget(desk: Desk, task: Task) -> None:
    await desk.store.purge(forgetting.forget_customers, [stranger(task).number])


async def _empty(desk: Desk, task: Task) -> None:
    await desk.store.purge(forgetting.empty_events, before=datetime.now(UTC) - timedelta(minutes=1))


async def _reveal(desk: Desk, task: Task) -> None:
    assert task.customer is not None
    await own_work.reveal(desk, task.customer)


def _leaving(task: Task) -> Customer:
    return replace(stranger(task), number=own_work.leaver(task.key))


_DO: Final[Mapping[Kind, Callable[[Desk, Task], Awaitable[None]]]] = {
    Kind.JUDGE: _judge,
    Kind.FILE: _file,
    Kind.LARGE: _file,
    Kind.RESEND: _resend,
    Kind.SETTING: _set,
    Kind.SEEN: _see,
    Kind.EVENT: _hear,
    Kind.SYNC: _synchronise,
    Kind.CONNECT: _connect,
    Kind.LEARN: _learn,
    Kind.FORGET: _forget,
    Kind.EMPTY: _empty,
    Kind.REVEAL: _reveal,
    Kind.VIEW: lambda desk, task: own_work.keep_view(desk, task.key),
    Kind.ROTATE: lambda desk, task: own_work.rotate(desk, task.key),
    Kind.TOLD: lambda desk, task: own_work.be_told(desk, task.key),
    Kind.LEAVE: lambda desk, task: own_work.forget_wholly(desk, _leaving(task)),
}


def sha256_of(task: Task) -> str:
    """What the archive must give back."""
    return hashlib.sha256(content_of(task)).hexdigest()


def alias_of(key: AssetKey, asset: Asset) -> str:
    """What stands in the path of a verdict's write: Core DAM is written to by the id of the newest version."""
    return asset.alias if key.system is System.CORE_DAM else key.id
