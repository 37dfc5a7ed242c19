"""The disk is full, or takes no writing, at every write of a desk.

Each thing that a desk writes is done on a fresh copy of a profile while no file may grow beyond some size: from
nothing, page by page, until it goes through, so that the first, the second … the last write of it fails. Then space is
back: it is done again, and everything is held against what was promised. The same on a small disk of its own that has
so many bytes left and no more, where this process may make one, and with folders and files that are read-only, as
somebody who is not root.
"""

import asyncio
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Final

from app.desk import Desk
from app.errors import UserError
from app.profile import Profile
from app.records import AssetState, Customer, CustomerNumber, RequestKey
from app.store import assets, customers
from app.store.personal import PersonalKey
from app.store.schema import ASSET_WORDS, CUSTOMER_WORDS
from tests.app.store.assets_made import make_asset
from tests.soak.compare import objection_to_sentence
from tests.soak.desk_writes import STRANGER, WRITES, Write, is_queued, queue
from tests.soak.no_room import PAGE, Trouble, no_blocks, no_room, read_only, small_disk
from tests.soak.sabotage import Sabotage, sabotaged
from tests.soak.tally import Tally
from tests.soak.work import stranger

COUNT: Final = 24
"""Sizes that no file may exceed, one after the other."""
NAME: Final = "disk"
NOBODY: Final = 65_534
_KEY: Final = PersonalKey(b"a key of 32 bytes for this soak.")
_KEPT: Final = RequestKey("kept-from-before")


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
        await queue(desk, _KEPT)
    finally:
        await desk.close()


def _kept_customer() -> Customer:
    return replace(stranger(STRANGER), number=CustomerNumber("HM-KEPT"), name="Kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What the process without room is to try."""

    folder: Path
    """``base`` lies in it: the profile that every try begins with."""
    small: Path | None
    """A small disk, where there is one."""
    count: int
    only: Collection[str]
    sabotage: Sabotage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lack:
    """One way to be without room."""

    base: Path
    place: Path
    """Where the profile is copied to, to be written in."""
    trouble: Trouble
    where: str


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
        with small_disk(Path(folder) / "small") as small:
            order = _Order(folder=Path(folder), small=small, count=count, only=only, sabotage=sabotage)
            process = multiprocessing.get_context("spawn").Process(target=_suffer, args=(order, tell))
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


def _suffer(order: _Order, tell: Connection) -> None:
    tally = Tally(name="disk", details={"on a full disk": 0})
    with sabotaged(order.sabotage):
        _go_without(order, tally)
    tell.send(tally.as_json())
    tell.close()


def _go_without(order: _Order, tally: Tally) -> None:
    folder, small = order.folder, order.small
    writes = [write for write in WRITES if not order.only or write.name in order.only]
    asyncio.run(_warm(folder))
    if os.geteuid() == 0:
        for path in (folder / "base", *(folder / "base").rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.environ["HOME"] = str(folder)

    def tried(trouble: Trouble, where: str, *, on: Path | None = None) -> None:
        lack = _Lack(base=folder / "base", place=on or folder, trouble=trouble, where=where)
        for write in writes:
            asyncio.run(_try(lack, write, tally))
        asyncio.run(_try_opening(lack, tally))

    for size in _some(_SIZES, order.count):
        tried(partial(no_room, size), f"full at {size}")
    for spare in _some(_SPARES, order.count) if small is not None else ():
        before = tally.tried
        tried(partial(no_blocks, spare), f"{spare} bytes left", on=small)
        tally.details["on a full disk"] = int(tally.details["on a full disk"]) + tally.tried - before
    tried(read_only, "read-only")


async def _warm(folder: Path) -> None:
    """Do everything once: what is imported late may not be readable any more to whoever gives up his rights."""
    root = shutil.copytree(folder / "base", folder / "warm")
    desk = await _open(root)
    for write in WRITES:
        await write.do(desk)
        await write.is_there(desk)
    await desk.close()
    shutil.rmtree(root)


_SIZES: Final = (
    0,
    1,
    2_048,
    *(PAGE * pages + 100 for pages in range(1, 16)),
    *(PAGE * pages for pages in range(20, 400, 40)),
)
"""Bytes: nothing, a byte, half a page; then page by page, and by larger steps up to where all goes through."""
_SPARES: Final = tuple(PAGE * pages for pages in (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 26, 32, 48, 64, 96, 160))


def _some(sizes: Sequence[int], count: int) -> Sequence[int]:
    """``count`` of them, from all over."""
    return sizes[:: max(1, len(sizes) // count)][:count] if count < len(sizes) else sizes


async def _try(lack: _Lack, write: Write, tally: Tally) -> None:
    root, where = lack.place / "now", lack.where
    shutil.copytree(lack.base, root)
    desk = await _open(root)
    tally.tried += 1
    went_through = False
    try:
        with lack.trouble(root):
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


async def _try_opening(lack: _Lack, tally: Tally) -> None:
    root, where = lack.place / "now", lack.where
    shutil.copytree(lack.base, root)
    tally.tried += 1
    desk: Desk | None = None

    async def open_desk() -> None:
        nonlocal desk
        desk = await _open(root)

    try:
        with lack.trouble(root):
            await _expected(open_desk(), tally, f"opening, {where}")
            if desk is not None:
                await _closed(desk, tally, f"closing, {where}")
        desk = await _open(root)
        if not await is_queued(desk, _KEPT):
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
    if not await is_queued(desk, _KEPT):
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
