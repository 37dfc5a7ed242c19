"""Reading a library of assets: what changed since the last time, and now and then everything, to find what is gone.

Both are lists that may be cut at any page and go on from there. The first reading of everything fills the cache,
newest first; the later ones find what was deleted without a word, and heal whatever a lagging index left out. Changes
are read before it, and again whenever it has gone on for a while, so that a long list delays nobody's news.

What such a list did not come by is asked for once more by its id before it is dropped.
"""

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from app.clock import Clock
from app.errors import UserError
from app.records import AssetKey, Changes, System
from app.store import Store, cursors, readings
from app.store.readings import Reading
from app.sync.pace import SWEPT_EVERY
from app.systems.ports import AssetLibrary
from connectors.errors import InvalidError

OVERLAP: Final = timedelta(minutes=10)
"""Read again on the next round: indexes lag and clocks differ (contracts, iconik §6 and cloudinary §3.4)."""
BEFORE_ALL: Final = datetime(2000, 1, 1, tzinfo=UTC)
STRETCH_S: Final = 60.0
"""How long everything is read before the changes have their turn again."""
ASKED_AT_ONCE: Final = 100
"""Assets that are asked for together: what one call of Cloudinary's takes (§3.1, CONFIRMED)."""
FEW: Final = 20
"""Up to so many may be gone at once without anybody wondering."""
MOST_GONE: Final = 0.5
"""Where more than this share of a library seems to be gone, its index may be: it is believed the second time."""

Told = Callable[[int, int | None, str], None]
"""Takes how many were fetched, of how many when that is known, and what is being done."""


class LibraryReader:
    """Reads one library at a time, on the engine's loop."""

    def __init__(self, *, store: Store, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    async def read(self, library: AssetLibrary, tell: Told) -> None:
        """One round: the changes, and everything when it is due. Raises: ConnectorError, UserError."""
        while True:
            await self._changes(library, tell)
            if not await self._is_due(library.system) or await self._everything(library, tell):
                return

    async def _changes(self, library: AssetLibrary, tell: Told) -> None:
        kept = await self._moment(_cursor(library.system))
        if kept is None:
            return  # There is nothing to compare with yet: everything is read.
        cursor = self._sane(kept)
        name = f"changes {library.system}"
        if cut := await self._load(name):
            # It tells what lies behind the place of its cut; before that place the list has gone on since.
            cursor = await self._follow(library, cut, cursor, tell)
        fresh = Reading(name=name, began_at=self._clock.now(), since=cursor - OVERLAP)
        await self._follow(library, fresh, cursor, tell)

    async def _follow(self, library: AssetLibrary, reading: Reading, cursor: datetime, tell: Told) -> datetime:
        """Read to the end, and move ``cursor`` to where it may be believed."""
        read = await self._pages(library, reading, tell, doing="reading")
        # Never beyond its own beginning: what was read first may have changed again before the last was read. Where our
        # clock is ahead of theirs, only how long it took tells when that was by theirs.
        took = timedelta(0) if read.was_cut else max(timedelta(0), self._clock.now() - read.began_at)
        reached = max(cursor, min((read.newest or cursor) - took, read.began_at))
        await self._remember(_cursor(library.system), reached, ended=read.name)
        return reached

    async def _everything(self, library: AssetLibrary, tell: Told) -> bool:
        """Whether it came to the end, or only so far for now."""
        system = library.system
        name = f"everything {system}"
        reading = await self._load(name)
        is_first = await self._moment(_swept(system)) is None
        if reading is None:
            await self._store.write(readings.forget_seen, system)
            reading = Reading(name=name, began_at=self._clock.now())
        doing = "reading" if is_first else "looking for deletions"
        reading = await self._pages(library, reading, tell, doing=doing, sees=system, for_s=STRETCH_S)
        if not reading.is_complete:
            return False
        await self._drop_what_is_gone(library)
        await self._store.write(readings.forget_seen, system)
        await self._remember(_swept(system), self._clock.now(), ended=name)
        if await self._moment(_cursor(system)) is None:
            # An empty library: whatever comes is new, also where our clock is ahead of theirs.
            await self._remember(_cursor(system), BEFORE_ALL)
        return True

    async def _pages(
        self,
        library: AssetLibrary,
        reading: Reading,
        tell: Told,
        *,
        doing: str,
        sees: System | None = None,
        for_s: float | None = None,
    ) -> Reading:
        """Read on from where ``reading`` is; complete, unless ``for_s`` seconds went by before."""
        until = None if for_s is None else self._clock.monotonic() + for_s
        kept = reading.position
        pages = library.changed_since(reading.since, position=reading.position)
        tell(reading.fetched, None, doing)
        try:
            async for page in pages:
                reading = reading.behind(page.assets, position=page.position)
                # Changes are followed from the first page of everything on, however soon it is cut.
                changed = await self._store.write(
                    readings.take_page,
                    reading,
                    page.assets,
                    page.gone,
                    sees=sees,
                    follows=_cursor(library.system) if sees else "",
                )
                tell(reading.fetched, page.expected, doing)
                if changed:
                    self._publish(Changes(libraries=frozenset({library.system}), assets=changed))
                if until is not None and page.position and self._clock.monotonic() >= until:
                    return reading
        except InvalidError:
            if kept and reading.position == kept:
                # The vendor does not know that place any more; from the beginning it does. What is refused further on,
                # such as a cursor that grew old while the computer slept, goes on from the place of the last page.
                await self._store.write(readings.end, reading.name)
            raise
        finally:
            if isinstance(pages, AsyncGenerator):
                await pages.aclose()
        return reading.completed()

    async def _drop_what_is_gone(self, library: AssetLibrary) -> None:
        """Ask once more for what the list did not come by. Raises: UserError when too much of it seems to be gone."""
        system = library.system
        await self._doubt(system, await self._store.read(readings.count_unseen, system))
        while asked := await self._store.read(readings.unseen, system, limit=ASKED_AT_ONCE):
            missing = await library.missing(asked)
            gone: frozenset[AssetKey] = await self._store.write(readings.settle, system, asked, missing)
            if gone:
                self._publish(Changes(libraries=frozenset({system}), assets=gone))

    async def _doubt(self, system: System, unseen: int) -> None:
        seen = await self._store.read(readings.count_seen, system)
        name = f"doubted {system}"
        if unseen <= FEW or unseen <= MOST_GONE * (seen + unseen):
            await self._store.write(cursors.forget, name)
            return
        if await self._moment(name) is None:
            await self._remember(name, self._clock.now())
            await self._store.write(readings.end, f"everything {system}")
            raise UserError(
                f"{system.label} lists only {seen} of {seen + unseen} assets that are here, so nothing was dropped.",
                hint="If it says so again, the others are taken for deleted.",
            )

    async def _is_due(self, system: System) -> bool:
        """Whether everything is to be listed: never yet, in the middle of it, or not for long."""
        if await self._load(f"everything {system}") is not None:
            return True
        last = await self._moment(_swept(system))
        # A moment that is yet to come is a clock's that was wrong.
        return last is None or not timedelta(0) <= self._clock.now() - last < SWEPT_EVERY[system]

    def _sane(self, moment: datetime) -> datetime:
        """A cursor never runs ahead: one record dated in the future would hide all that follows."""
        return min(moment, self._clock.now())

    async def _load(self, name: str) -> Reading | None:
        return await self._store.read(readings.load, name)

    async def _moment(self, name: str) -> datetime | None:
        kept = await self._store.read(cursors.load, name)
        return datetime.fromisoformat(kept) if kept else None

    async def _remember(self, name: str, moment: datetime, *, ended: str = "") -> None:
        await self._store.write(readings.remember, name, moment, now=self._clock.now(), ended=ended)


def _cursor(system: System) -> str:
    return f"assets {system}"


def _swept(system: System) -> str:
    return f"swept {system}"
