"""The power goes while a desk writes: what was flushed is there, what was not may be anything.

After a flush the files are copied as a power cut would leave them: behind the last flush, the journal is cut at any
byte, its sectors are lost, swapped or noise; a checkpoint that was under way has torn pages in the file; the shared
memory is gone. The ledger may lose nothing that was promised. The store is whole, or is set aside and begun anew.
"""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final
from unittest.mock import patch

from sqlite_utils import Database

from app.clock import SystemClock
from app.errors import UserError
from app.inbox import Inbox
from app.outbox import Outbox, Wish
from app.records import RequestKey, System, Verb
from app.rules.chain import check
from app.store import Store, assets, audit, entries, inbox_events
from app.store.personal import PersonalKey
from app.store.schema import ASSET_WORDS
from app.store.threads import DatabaseThreads
from connectors.inbound import Arrival, ArrivalTrust
from tests.app.store.assets_made import make_asset
from tests.soak.tally import Tally

COUNT: Final = 1_500
ANEW_EVERY: Final = 40
"""Copies of one writer before the next one begins: files grow, and a new one has other places to break at."""
_KEY: Final = PersonalKey(b"a key of 32 bytes for this soak.")
FULL: Final = 2
_SECTOR: Final = 512
_HEADER: Final = 32
_FRAME: Final = 24
_SALT: Final = slice(16, 24)
"""Of the header: what tells a journal's rounds apart; each frame repeats it from its eighth byte on."""
FILES: Final = ("ledger.sqlite", "store.sqlite")


@dataclass(slots=True)
class Promised:
    """What somebody was told is safe."""

    keys: list[str]
    events: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flushed:
    """How much of one journal is on the disk, and in which of its rounds that was."""

    upto: int
    salt: bytes

    def in_round(self, salt: bytes) -> int:
        """The same once it may have been begun anew: then all that it held is in the file, and its header stands."""
        return self.upto if salt == self.salt else _HEADER


class Flushes:
    """How far each journal is on the disk: up to the end of the last transaction that was committed to be flushed.

    A copy of the files cannot tell what was flushed, so each commit is asked what it was told to do.
    """

    def __init__(self) -> None:
        self._flushed: dict[Path, int] = {}

    def of(self, path: Path) -> "Flushed":
        """What a power cut leaves alone of the journal of ``path``."""
        return Flushed(upto=self._flushed.get(path, 0), salt=_journal(path)[_SALT])

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch every commit while the block runs."""
        within = DatabaseThreads._within

        def noting(self_: DatabaseThreads, begin: str, work: Any, **how: Any) -> object:
            before = _journal(self_.path)
            result = within(self_, begin, work, **how)
            if begin != "BEGIN":
                (flushes,) = self_._database(how["uri"]).execute("PRAGMA synchronous").fetchone()
                self._note(self_.path, before, is_flushed=flushes == FULL)
            return result

        with patch.object(DatabaseThreads, "_within", noting):
            yield

    def _note(self, path: Path, before: bytes, *, is_flushed: bool) -> None:
        after = _journal(path)
        if is_flushed:
            self._flushed[path] = end_of_commits(after)
        elif before[_SALT] != after[_SALT]:
            self._flushed[path] = _HEADER  # it was begun anew, from its start, when all before was in the file


def run(count: int = COUNT) -> Tally:
    """Cut the power ``count`` times."""
    tally = Tally(name="powercut")
    began = monotonic()
    dice = random.Random(1)
    while tally.tried < count:
        flushes = Flushes()
        with tempfile.TemporaryDirectory() as folder, flushes.watched():
            cuts = min(ANEW_EVERY, count - tally.tried)
            asyncio.run(_write_and_cut(Path(folder).resolve(), dice, cuts, flushes, tally))
    tally.took_s = monotonic() - began
    return tally


async def _write_and_cut(folder: Path, dice: random.Random, cuts: int, flushes: Flushes, tally: Tally) -> None:
    promised = Promised([], [])
    store = Store.open(folder / "live", personal=_KEY)
    outbox = Outbox(store.ledger, clock=SystemClock(), publish=lambda _: None, undo_for=timedelta(0))
    inbox = Inbox(store)
    try:
        for number in range(cuts):
            for _ in range(dice.randrange(1, 4)):
                key = f"key-{number}-{dice.randrange(10**9)}"
                await _promise(store, outbox, inbox, key, dice)
                promised.keys.append(key)
                promised.events.append(key)
            flushed = {name: flushes.of(folder / "live" / name) for name in FILES}
            # And one that nobody was told of: it may be there or not.
            await _promise(store, outbox, inbox, f"untold-{number}-{dice.randrange(10**9)}", dice)
            copy = shutil.copytree(folder / "live", folder / "cut")
            for name, stands in flushed.items():
                _tear(copy, name, stands, dice)
            tally.tried += 1
            await _open_again(copy, promised, tally)
            shutil.rmtree(copy)
    finally:
        await asyncio.to_thread(store.close)


async def _promise(store: Store, outbox: Outbox, inbox: Inbox, key: str, dice: random.Random) -> None:
    await outbox.queue(
        Wish(
            system=System.ICONIK,
            verb=Verb.JUDGE_ASSET,
            subject=f"asset {key}",
            title="Approve",
            payload={"note": "x" * dice.randrange(6_000)},
            actor="ada",
            request_key=RequestKey(key),
        )
    )
    # The cache is not flushed by itself: what an event says is, and everything before it with it.
    await store.write(assets.upsert, [make_asset(f"{key}-{each}", name=f"spring-{key}") for each in range(20)])
    await inbox.take([_arrival(key)])


def _arrival(key: str) -> Arrival:
    return Arrival(
        id=key,
        source="gateway",
        headers={"content-type": "application/json"},
        raw=b'{"type":"other","time":"2026-05-12T09:00:00Z"}',
        received_at=datetime.now(UTC),
        trust=ArrivalTrust.VERIFIED,
    )


def _tear(folder: Path, name: str, stands: Flushed, dice: random.Random) -> None:
    path = folder / name
    path.with_name(f"{name}-shm").unlink(missing_ok=True)
    journal = path.with_name(f"{name}-wal")
    if not journal.exists():
        return
    raw = bytearray(journal.read_bytes())
    flushed = min(stands.in_round(bytes(raw[_SALT])), len(raw))
    if dice.random() < 0.5:
        _tear_checkpoint(path, raw[:flushed], dice)
    match dice.randrange(4):
        case 0:
            del raw[dice.randrange(flushed, len(raw) + 1) :]
        case 1:
            for place in _sectors(flushed, len(raw), dice):
                raw[place : place + _SECTOR] = bytes(len(raw[place : place + _SECTOR]))
        case 2:
            for place in _sectors(flushed, len(raw), dice):
                raw[place : place + _SECTOR] = dice.randbytes(len(raw[place : place + _SECTOR]))
        case 3:
            places = [each for each in _sectors(flushed, len(raw), dice) if each + _SECTOR <= len(raw)]
            if len(places) > 1:
                one, other = dice.sample(places, 2)
                kept = raw[one : one + _SECTOR]
                raw[one : one + _SECTOR] = raw[other : other + _SECTOR]
                raw[other : other + _SECTOR] = kept
    journal.write_bytes(raw)


def _sectors(first: int, end: int, dice: random.Random) -> Sequence[int]:
    """Some sectors that lie behind what was flushed."""
    aligned = -(-first // _SECTOR) * _SECTOR
    return [place for place in range(aligned, end, _SECTOR) if dice.random() < 0.3]


def _tear_checkpoint(path: Path, flushed: bytearray, dice: random.Random) -> None:
    """Pages that the journal still holds, half copied into the file when the power went."""
    if len(flushed) < _HEADER:
        return
    page = int.from_bytes(flushed[8:12], "big")
    numbers = {number for number, _end in _committed(bytes(flushed))}
    raw = bytearray(path.read_bytes())
    for number in numbers:
        if dice.random() < 0.5 and number * page <= len(raw):
            place = (number - 1) * page + dice.randrange(page)
            raw[place : number * page] = dice.randbytes(number * page - place)
    path.write_bytes(raw)


async def _open_again(folder: Path, promised: Promised, tally: Tally) -> None:
    try:
        store = await asyncio.to_thread(lambda: Store.open(folder, personal=_KEY))
    except UserError as error:
        tally.lost += 1
        tally.findings.append(f"it does not open: {error.sentence}")
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        tally.crashed += 1
        tally.findings.append(f"opening it failed: {type(error).__name__}: {error}")
        return
    try:
        await _check(store, promised, tally)
    finally:
        await asyncio.to_thread(store.close)


async def _check(store: Store, promised: Promised, tally: Tally) -> None:
    def missing(db: Database) -> list[str]:
        return [key for key in promised.keys if entries.find_by_key(db, RequestKey(key)) is None]

    def unheard(db: Database) -> list[str]:
        return [key for key in promised.events if inbox_events.find(db, f"gateway/{key}") is None]

    lost = await store.ledger.read(missing)
    if lost:
        tally.lost += len(lost)
        tally.findings.append(f"{len(lost)} entries that were promised are gone")
    verdict = await store.ledger.read(lambda db: check(audit.every(db), []))
    if not verdict.is_whole:
        tally.findings.append(f"the audit is broken: {verdict.breaks[0].sentence}")
    if store.set_aside is not None:
        tally.details["set aside"] = int(tally.details.get("set aside", 0)) + 1
        return
    events = await store.read(unheard)
    if events:
        tally.lost += len(events)
        tally.findings.append(f"{len(events)} events that were acknowledged are gone")
    await store.write(ASSET_WORDS.check)
    tally.details["whole"] = int(tally.details.get("whole", 0)) + 1


def _journal(path: Path) -> bytes:
    journal = path.with_name(f"{path.name}-wal")
    return journal.read_bytes() if journal.exists() else b""


def end_of_commits(journal: bytes) -> int:
    """Where the last whole transaction of ``journal`` ends; behind it may lie what an earlier round left."""
    return max((end for _page, end in _committed(journal)), default=min(_HEADER, len(journal)))


def _committed(journal: bytes) -> Iterator[tuple[int, int]]:
    """The page and the end of each frame that belongs to a committed transaction of the journal's present round."""
    size = int.from_bytes(journal[8:12], "big")
    place = _HEADER
    waiting: list[tuple[int, int]] = []
    while size and place + _FRAME + size <= len(journal) and journal[place + 8 : place + 16] == journal[_SALT]:
        waiting.append((int.from_bytes(journal[place : place + 4], "big"), place + _FRAME + size))
        if int.from_bytes(journal[place + 4 : place + 8], "big"):  # the frame of a commit
            yield from waiting
            waiting = []
        place += _FRAME + size
