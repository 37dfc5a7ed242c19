"""The disk is full, or takes no writing, at every write of a desk.

Each thing that a desk writes is done on a fresh copy of a profile while no file may grow beyond some size: from
nothing, page by page, until it goes through, so that the first, the second … the last write of it fails. Then space is
back: it is done again, and everything is held against what was promised. The same with folders and files that are
read-only, as somebody who is not root.
"""

import asyncio
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Final, TypeAlias

from app.desk import Desk
from app.errors import UserError
from app.outbox import Wish
from app.profile import Profile
from app.records import AssetKey, AssetState, Customer, CustomerNumber, RequestKey, System, Verb
from app.settings import SYNC_MIN
from app.store import assets, audit, customers, entries, forgetting, inbox_events, memory
from app.store.personal import PersonalKey
from app.store.schema import ASSET_WORDS, CUSTOMER_WORDS
from app.systems.ports import Picture
from connectors.inbound import Arrival, ArrivalTrust
from tests.app.store.assets_made import make_asset
from tests.soak.compare import objection_to_sentence
from tests.soak.sabotage import Sabotage, sabotaged
from tests.soak.tally import Tally
from tests.soak.work import Kind, Task, stranger

COUNT: Final = 24
"""Sizes that no file may exceed, one after the other."""
NAME: Final = "disk"
NOBODY: Final = 65_534
_PAGE: Final = 4_096
_KEY: Final = PersonalKey(b"a key of 32 bytes for this soak.")
_KEPT: Final = RequestKey("kept-from-before")
_STRANGER: Final = Task(kind=Kind.LEARN, key=RequestKey("k"), number=0)


class _Library:
    """Gives out a picture without a network."""

    system = System.ICONIK

    async def thumbnail(self, _asset: object, *, width_px: int) -> Picture:
        return Picture(content=b"p" * 30_000, media_type="image/png")

    async def close(self) -> None:
        pass


Trouble: TypeAlias = Callable[[Path], AbstractContextManager[None]]
"""What stands in the way of writing below a folder, for a while."""


@dataclass(frozen=True, slots=True)
class Write:
    """One thing that a desk writes, and whether it is there."""

    name: str
    do: Callable[[Desk], Awaitable[object]]
    is_there: Callable[[Desk], Awaitable[bool]]
    lasts: bool = True
    """Whether it is still there after a restart; a file that no entry waits for is cleared away."""


async def _queue(desk: Desk, key: str = "new") -> object:
    return await desk.outbox.queue(
        Wish(
            system=System.ICONIK,
            verb=Verb.JUDGE_ASSET,
            subject=f"iconik:{key}",
            title="Approve",
            payload={"asset": f"iconik:{key}", "verdict": "approve", "note": "n" * 9_000},
            actor="ada",
            request_key=RequestKey(key),
        )
    )


async def _is_queued(desk: Desk, key: str = "new") -> bool:
    return await desk.store.ledger.read(entries.find_by_key, RequestKey(key)) is not None


async def _is_set(desk: Desk) -> bool:
    await desk.settings.load()
    return desk.settings.value(SYNC_MIN) == 77


async def _upsert(desk: Desk) -> object:
    return await desk.store.write(assets.upsert, [make_asset(f"n{each}", name=f"new-{each}") for each in range(200)])


async def _has_assets(desk: Desk) -> bool:
    return await desk.store.read(assets.find, AssetKey(System.ICONIK, "n199")) is not None


async def _learn(desk: Desk) -> object:
    return await desk.store.write(customers.upsert, [stranger(_STRANGER)], now=datetime.now(UTC))


async def _is_learned(desk: Desk) -> bool:
    return await desk.store.read(customers.find, stranger(_STRANGER).number) is not None


async def _forget(desk: Desk) -> object:
    return await desk.store.purge(forgetting.forget_customers, [CustomerNumber("HM-KEPT")])


async def _is_forgotten(desk: Desk) -> bool:
    return await desk.store.read(customers.find, CustomerNumber("HM-KEPT")) is None


async def _hear(desk: Desk) -> object:
    return await desk.inbox.take(
        [
            Arrival(
                id="new",
                source="gateway",
                headers={"content-type": "application/json"},
                raw=b'{"type":"other","filler":"' + b"f" * 20_000 + b'"}',
                received_at=datetime.now(UTC),
                trust=ArrivalTrust.VERIFIED,
            )
        ]
    )


async def _is_heard(desk: Desk) -> bool:
    return await desk.store.read(inbox_events.find, "gateway/new") is not None


async def _keep_file(desk: Desk) -> object:
    return await desk.outgoing.keep(RequestKey("file"), b"d" * 30_000)


async def _has_file(desk: Desk) -> bool:
    with suppress(UserError):
        return desk.outgoing.path(RequestKey("file")).stat().st_size == 30_000
    return False


async def _picture(desk: Desk) -> object:
    desk.systems.libraries[System.ICONIK] = _Library()  # type: ignore[assignment]  # all of a library that is asked
    return await desk.pictures.thumbnail(make_asset("kept"), width_px=200)


async def _has_picture(desk: Desk) -> bool:
    desk.systems.libraries[System.ICONIK] = _Library()  # type: ignore[assignment]  # as above
    path = await desk.pictures.thumbnail(make_asset("kept"), width_px=200)
    return path.stat().st_size == 30_000


async def _anchor(desk: Desk) -> object:
    await desk.store.ledger.write(audit.add, at=datetime.now(UTC), actor="ada", action="seen", reference="node:1")
    await desk.audit.anchor(datetime.now(UTC))
    return None


async def _is_anchored(desk: Desk) -> bool:
    number, seal = await desk.store.ledger.read(audit.end)
    return f'"{seal}"' in desk.profile.anchors.read_text() and number > 0


async def _remember(desk: Desk) -> object:
    return await desk.store.write(memory.remember, "layout", {"width": 1, "filler": "f" * 9_000})


async def _is_remembered(desk: Desk) -> bool:
    return "layout" in await desk.store.read(memory.everything)


WRITES: Final = (
    Write("a wish", _queue, _is_queued),
    Write("a setting", lambda desk: desk.settings.change(SYNC_MIN, 77), _is_set),
    Write("a batch of assets", _upsert, _has_assets),
    Write("a customer", _learn, _is_learned),
    Write("a purge", _forget, _is_forgotten),
    Write("an event", _hear, _is_heard),
    Write("a file to send", _keep_file, _has_file, lasts=False),
    Write("a picture", _picture, _has_picture),
    Write("an anchor", _anchor, _is_anchored),
    Write("the window's memory", _remember, _is_remembered),
)


async def _open(root: Path) -> Desk:
    profile = Profile.open(NAME, root)
    try:
        return await Desk.open(profile, publish=lambda _changes: None, session_only=True, personal=_KEY)
    except BaseException:
        profile.close()
        raise


async def _fill(root: Path) -> None:
    desk = await _open(root)
    try:
        await desk.store.write(assets.upsert, [make_asset("kept", name="kept", state=AssetState.DRAFT)])
        await desk.store.write(
            customers.upsert,
            [_kept_customer()],
            now=datetime.now(UTC),
        )
        await _queue(desk, _KEPT)
    finally:
        await desk.close()


def _kept_customer() -> Customer:
    return replace(stranger(_STRANGER), number=CustomerNumber("HM-KEPT"), name="Kept")


def run(count: int = COUNT, *, only: Collection[str] = (), sabotage: Sabotage | None = None) -> Tally:
    """Try ``count`` sizes, and read-only places, at every write or at those that are named."""
    tally = Tally(name="disk")
    began = monotonic()
    if sys.platform == "win32":
        tally.findings.append("the platform can make no disk full for a test")
        return tally
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        asyncio.run(_fill(base))
        Path(folder).chmod(0o777)
        told, tell = multiprocessing.Pipe(duplex=False)
        # A process of its own: it gives up its rights and its room, and never gets the first back.
        process = multiprocessing.get_context("spawn").Process(
            target=_suffer, args=(Path(folder), count, only, sabotage, tell)
        )
        process.start()
        tell.close()
        with suppress(EOFError):
            tally = Tally.from_json(told.recv())
        process.join()
        if process.exitcode:
            tally.crashed += 1
            tally.findings.append(f"the process of the desk ended with {process.exitcode}")
    tally.took_s = monotonic() - began
    return tally


def _suffer(folder: Path, count: int, only: Collection[str], sabotage: Sabotage | None, tell: Connection) -> None:
    tally = Tally(name="disk")
    with sabotaged(sabotage):
        _go_without(folder, count, [write for write in WRITES if not only or write.name in only], tally)
    tell.send(tally.as_json())
    tell.close()


def _go_without(folder: Path, count: int, writes: Sequence[Write], tally: Tally) -> None:
    asyncio.run(_warm(folder))
    if os.geteuid() == 0:
        for path in (folder / "base", *(folder / "base").rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.environ["HOME"] = str(folder)
    for size in _sizes(count):
        full = partial(_no_room, size)
        for write in writes:
            asyncio.run(_try(folder, write, tally, full, f"full at {size}"))
        asyncio.run(_try_opening(folder, tally, full, f"full at {size}"))
    for write in writes:
        asyncio.run(_try(folder, write, tally, _read_only, "read-only"))
    asyncio.run(_try_opening(folder, tally, _read_only, "read-only"))


async def _warm(folder: Path) -> None:
    """Do everything once: what is imported late may not be readable any more to whoever gives up his rights."""
    root = shutil.copytree(folder / "base", folder / "warm")
    desk = await _open(root)
    for write in WRITES:
        await write.do(desk)
        await write.is_there(desk)
    await desk.close()
    shutil.rmtree(root)


def _sizes(count: int) -> list[int]:
    """Bytes: nothing, a byte, half a page; then page by page, and by larger steps up to where all goes through."""
    fine = [
        0,
        1,
        2_048,
        *(_PAGE * pages + 100 for pages in range(1, 16)),
        *(_PAGE * pages for pages in range(20, 400, 40)),
    ]
    step = max(1, len(fine) // count)
    return fine[::step][:count] if count < len(fine) else fine


@contextmanager
def _no_room(size: int, _root: Path) -> Iterator[None]:
    """No file may grow beyond ``size``: what a full disk does to whoever writes, at a place that can be chosen."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _read_only(root: Path) -> Iterator[None]:
    """Nothing below ``root`` may be written."""
    every = [root, *root.rglob("*")]
    before = {path: path.stat().st_mode for path in every}
    for path in reversed(every):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        yield
    finally:
        for path, mode in before.items():
            if path.exists():
                path.chmod(mode)


async def _try(folder: Path, write: Write, tally: Tally, trouble: Trouble, where: str) -> None:
    root = folder / "now"
    shutil.copytree(folder / "base", root)
    desk = await _open(root)
    tally.tried += 1
    went_through = False
    try:
        with trouble(root):
            went_through = await _expected(write.do(desk), tally, f"{write.name}, {where}")
            await _closed(desk, tally, f"closing after {write.name}, {where}")
        desk = await _open(root)
        if went_through and write.lasts and not await write.is_there(desk):
            tally.lost += 1
            tally.findings.append(f"{write.name}, {where}: it was promised and is not there")
        await write.do(desk)
        await _whole(desk, write, tally, where)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        tally.crashed += 1
        _note(tally, f"{write.name}, {where}, once there is room again: {type(error).__name__}: {error}")
    finally:
        with suppress(Exception):
            await desk.close()
        shutil.rmtree(root)


async def _try_opening(folder: Path, tally: Tally, trouble: Trouble, where: str) -> None:
    root = folder / "now"
    shutil.copytree(folder / "base", root)
    tally.tried += 1
    desk: Desk | None = None

    async def open_desk() -> None:
        nonlocal desk
        desk = await _open(root)

    try:
        with trouble(root):
            await _expected(open_desk(), tally, f"opening, {where}")
            if desk is not None:
                await _closed(desk, tally, f"closing, {where}")
        desk = await _open(root)
        if not await _is_queued(desk, _KEPT):
            tally.lost += 1
            tally.findings.append(f"opening, {where}: what was queued before is gone")
    except Exception as error:  # noqa: BLE001 - as above
        tally.crashed += 1
        _note(tally, f"opening, {where}: {type(error).__name__}: {error}")
    finally:
        if desk is not None:
            with suppress(Exception):
                await desk.close()
        shutil.rmtree(root)


async def _expected(work: Awaitable[object], tally: Tally, where: str) -> bool:
    """Whether ``work`` went through; what it raises must be a sentence."""
    try:
        await work
    except UserError as error:
        tally.parked += 1
        if objection := objection_to_sentence(error.sentence):
            _note(tally, f"{where}, and {objection}: “{error.sentence}”")
        return False
    except Exception as error:  # noqa: BLE001 - as above
        tally.crashed += 1
        _note(tally, f"{where}: {type(error).__name__}: {error}")
        return False
    return True


async def _closed(desk: Desk, tally: Tally, where: str) -> None:
    try:
        await desk.close()
    except Exception as error:  # noqa: BLE001 - as above
        tally.crashed += 1
        _note(tally, f"{where}: {type(error).__name__}: {error}")


async def _whole(desk: Desk, write: Write, tally: Tally, where: str) -> None:
    if not await write.is_there(desk):
        _note(tally, f"{write.name}, {where}: done again with room enough, it is not there")
    if not await _is_queued(desk, _KEPT):
        tally.lost += 1
        _note(tally, f"{write.name}, {where}: what was queued before is gone")
    if desk.store.set_aside is not None:
        _note(tally, f"{write.name}, {where}: the cache was set aside")
    for trouble in desk.troubles:
        _note(tally, f"{write.name}, {where}: the desk opens with “{trouble.sentence}”")
    for words in (ASSET_WORDS, CUSTOMER_WORDS):
        await desk.store.write(words.check)


def _note(tally: Tally, finding: str) -> None:
    if len(tally.findings) < 60:
        tally.findings.append(finding)
