"""Building the profile: through the store's own writes where those are quick enough, else through its own tables.

Events and deliveries are made by SQLite itself, in the order in which a gateway would have told them; what they fold to
is what :mod:`app.rules.delivery` would say of them.
"""

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from app.profile import Profile
from app.records import (
    Channel,
    Customer,
    CustomerDocument,
    CustomerNumber,
    InboxEvent,
    InboxState,
    NodeId,
    Trust,
    Usage,
    UsageKind,
)
from app.store import Store, asset_marks, assets, customers, documents, inbox_events, usages
from app.store.personal import PersonalKey
from app.store.rows import to_micros
from tests.bench.scale.libraries import EPOCH, made_assets

T = TypeVar("T")

PROFILE: Final = "scale"
EVENTS_EACH: Final = 10
"""Events of one communication."""
_BATCH: Final = 5_000
_SECONDS_APART: Final = 30
_FIRST_NAMES: Final = "Ines Noah Emma Louis Jade Adam Alice Lina Hugo Zoe Paul Rose Omar Nora Ivan Eva"
_LAST_NAMES: Final = "Caron Weber Novak Haddad Costa Berg Blanc Fischer Lopez Kowalska Martin Silva Petit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many rows of each kind. There are :data:`EVENTS_EACH` events to each communication."""

    assets: int = 1_000_000
    communications: int = 1_000_000
    usages: int = 1_000_000
    customers: int = 100_000
    documents: int = 200_000
    inbox: int = 300_000


def personal_key() -> PersonalKey:
    """The key that the profile's personal content is sealed with: no secret, for nobody lives in it."""
    return PersonalKey(hashlib.sha256(b"bench:scale").digest())


def build(root: Path, sizes: Sizes, *, say: Callable[[str], None] = lambda _: None) -> Path:
    """Build the profile :data:`PROFILE` under ``root`` and answer its folder; one that is whole is left alone."""
    with Profile.open(PROFILE, root) as profile:
        built = profile.folder / "built"
        if not built.exists():
            with asyncio.Runner() as runner, Store.open(profile.folder, personal=personal_key()) as store:
                for what, many, work in (
                    ("assets", sizes.assets, _fill_assets),
                    ("customers", sizes.customers, _fill_customers),
                    ("documents", sizes.documents, _fill_documents),
                    ("inbox events", sizes.inbox, _fill_inbox),
                    ("usages", sizes.usages, _fill_usages),
                ):
                    runner.run(work(store, many, sizes))
                    say(f"{many:,} {what}")
            _fill_deliveries(profile.folder / "store.sqlite", sizes)
            say(f"{sizes.communications:,} communications, {sizes.communications * EVENTS_EACH:,} events")
            built.touch(mode=0o600)
        _settle(profile.folder)
        return profile.folder


def _settle(folder: Path) -> None:
    """Do what an open desk does by itself: a profile that an earlier release made was not settled so far."""
    with asyncio.Runner() as runner, Store.open(folder, personal=personal_key()) as store:
        while not runner.run(store.read(asset_marks.is_settled)):
            runner.run(store.write(asset_marks.settle))


async def _fill_assets(store: Store, many: int, _sizes: Sizes) -> None:
    for batch in _batched(islice(made_assets(), many)):
        await store.write(assets.upsert, batch)


async def _fill_customers(store: Store, many: int, _sizes: Sizes) -> None:
    dice = Random("bench:customers")
    first, last = _FIRST_NAMES.split(), _LAST_NAMES.split()
    made = (
        Customer(
            number=CustomerNumber(_number(place)),
            name=f"{dice.choice(first)} {dice.choice(last)}-{dice.choice(last)}",
            workspace=NodeId(place + 1),
            locale="fr",
        )
        for place in range(many)
    )
    for batch in _batched(made):
        await store.write(customers.upsert, batch, now=EPOCH)


async def _fill_documents(store: Store, many: int, sizes: Sizes) -> None:
    made = (
        CustomerDocument(
            node=NodeId(10_000_000 + place),
            customer=CustomerNumber(_number(place % max(1, sizes.customers))),
            name=f"Renewal notice {place}",
            media_type="application/pdf",
            size_bytes=200_000,
            filed_at=EPOCH + timedelta(seconds=place * _SECONDS_APART),
            channel=Channel.PRINT,
            communication=f"S-{place}",
            template="renewal-notice",
            document_type="letter",
        )
        for place in range(many)
    )
    for batch in _batched(made):
        await store.write(documents.upsert, batch)


async def _fill_inbox(store: Store, many: int, _sizes: Sizes) -> None:
    dice = Random("bench:inbox")
    made = (
        InboxEvent(
            id=f"exstream:in-{place}",
            source="Exstream",
            type="message.delivered",
            about=_number(place % 1000),
            received_at=EPOCH + timedelta(seconds=place * _SECONDS_APART),
            occurred_at=EPOCH + timedelta(seconds=place * _SECONDS_APART - 5),
            trust=dice.choice((Trust.POLLED, Trust.VERIFIED)),
            state=InboxState.DONE if place % 500 else InboxState.FAILED,
            raw=b'{"id":"in-%d","type":"message.delivered","data":{"channel":"email","code":"250"}}' % place,
        )
        for place in range(many)
    )

    for batch in _batched(made):
        await store.write(inbox_events.record, batch)


async def _fill_usages(store: Store, many: int, sizes: Sizes) -> None:
    """In a few hundred templates, and in letters and proofs without end; some assets everywhere, most nowhere."""
    dice = Random("bench:usages")
    keys = [asset.key for asset in islice(made_assets(), min(sizes.assets, 200_000))]
    kinds = dice.choices(list(UsageKind), weights=(4, 1, 2, 3), k=many)
    # Asset by asset: each is written once, and not as often as it is used.
    chosen = sorted(int(len(keys) * dice.random() ** 3) for _ in range(many))

    def made() -> Iterator[Usage]:
        for place, (kind, at) in enumerate(zip(kinds, chosen, strict=True)):
            where = f"template-{dice.randrange(400)}" if kind is UsageKind.TEMPLATE else f"{kind}-{place}"
            yield Usage(
                asset=keys[at],
                version=f"v{dice.randrange(1, 9)}",
                kind=kind,
                place=where,
                title=f"Renewal notice {where}",
                source="Proof",
                seen_at=EPOCH + timedelta(seconds=place * _SECONDS_APART),
            )

    for batch in _batched(made()):
        await store.write(usages.note, batch)


def _fill_deliveries(path: Path, sizes: Sizes) -> None:
    """One in fifty bounced; the first customer is a company, which has one in two hundred of all communications."""
    values = {
        "many": sizes.communications,
        "customers": max(1, sizes.customers),
        "epoch": to_micros(EPOCH),
        "apart": _SECONDS_APART * 1_000_000,
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nobody else has the file, and one that is half built is thrown away.
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-1000000")
        connection.execute("BEGIN")
        connection.execute(_DELIVERIES, values)
        connection.execute(_EVENTS, values)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")


_COMMUNICATIONS: Final = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many),
    communications AS (
        SELECT i, 'S-' || i AS id, :epoch + i * :apart AS at, i % 50 = 7 AS is_bad,
            printf('HM-%06d', iif(i % 200 = 0, 0, i * 2654435761 % 4294967296 % :customers)) AS customer,
            iif(i % 3 = 0, 'print', 'email') AS channel, 'run-' || (i / 5000) AS run
        FROM n)"""
_DELIVERIES: Final = f"""
    INSERT INTO deliveries (communication, channel, customer, title, state, at, run, attempts) {_COMMUNICATIONS}
    SELECT id, channel, customer, 'Renewal notice', iif(is_bad, 'bounced', 'opened'),
        at + iif(is_bad, 4, 5) * 60000000, run, 1
    FROM communications"""
_EVENTS: Final = f"""
    INSERT INTO delivery_events (id, communication, customer, channel, state, title, at, received_at, source,
        times_seen, code, detail, run) {_COMMUNICATIONS},
    steps(place, good, bad) AS (VALUES
        (0, 'composed', 'composed'), (1, 'accepted', 'accepted'), (2, 'handed_over', 'handed_over'),
        (3, 'deferred', 'deferred'), (4, 'delivered', 'bounced'), (5, 'opened', 'bounced'), (6, 'opened', 'bounced'),
        (7, 'opened', 'bounced'), (8, 'opened', 'bounced'), (9, 'opened', 'bounced'))
    SELECT printf('exstream:%08x', (i * 10 + place) * 2654435761 % 4294967296), id, customer, channel,
        iif(place = 3 AND i % 10 > 0, 'handed_over', iif(is_bad, bad, good)), 'Renewal notice', at + place * 60000000,
        at + place * 60000000 + 900000, 'Exstream', 1, iif(is_bad AND place > 3, '5.1.1', ''), '', run
    FROM communications CROSS JOIN steps"""


def _number(place: int) -> str:
    return f"HM-{place:06d}"


def _batched(made: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(made)
    while batch := list(islice(rest, _BATCH)):
        yield batch
