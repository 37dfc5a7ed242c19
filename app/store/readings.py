"""How far each long reading of a system has come, so that one that was cut goes on where it was.

What a page told and the place behind it are kept in one transaction: a reading never skips what was not stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from app.records import Asset, AssetKey, Customer, CustomerNumber, System
from app.store import assets, cursors, customers
from app.store.rows import from_micros, json_list, maybe_micros, maybe_moment, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One list of a system that is being read, page by page."""

    name: str
    """``changes iconik``, ``everything iconik``."""
    began_at: datetime
    since: datetime | None = None
    """What changed from then on; None: everything."""
    position: str = ""
    """Where it goes on; empty at its beginning."""
    newest: datetime | None = None
    """The latest change among what was read so far; of a list that was cut, among what was read before its first cut.

    What it told since, it told of a later time: something older may lie before the place of the cut.
    """
    fetched: int = 0
    is_complete: bool = False
    """It came to its end. Never kept: what ended is no reading any more."""
    was_cut: bool = False
    """It goes on from a place that was kept."""

    def completed(self) -> "Reading":
        """The same at its end."""
        return replace(self, is_complete=True)

    def behind(self, page: Iterable[Asset], *, position: str) -> "Reading":
        """The same behind one more page."""
        told = tuple(page)
        newest = self.newest if self.was_cut else max((asset.changed_at for asset in told), default=None)
        return replace(
            self,
            position=position or self.position,
            newest=max(filter(None, (self.newest, newest)), default=None),
            fetched=self.fetched + len(told),
        )


def load(db: Database, name: str) -> Reading | None:
    """The reading ``name`` that broke off; None when there is none."""
    row = db.execute(
        "SELECT since, position, newest, fetched, began_at FROM readings WHERE name = ?", [name]
    ).fetchone()
    if row is None:
        return None
    since, position, newest, fetched, began_at = row
    return Reading(
        name=name,
        since=maybe_moment(since),
        position=position,
        newest=maybe_moment(newest),
        fetched=fetched,
        began_at=from_micros(began_at),
        was_cut=True,
    )


def take_page(
    db: Database,
    reading: Reading,
    told: Iterable[Asset],
    gone: Iterable[AssetKey],
    *,
    sees: System | None = None,
    follows: str = "",
) -> frozenset[AssetKey]:
    """Keep a page and the ``reading`` behind it; which assets are new, different or no longer there.

    ``sees`` notes for that system that these assets are still there. ``follows`` is a cursor that begins with the first
    page, unless it is there: at the newest that was told, or at when the reading was begun.
    """
    page = tuple(told)
    dropped = frozenset(assets.get_many(db, gone))
    assets.drop(db, dropped)
    changed = assets.upsert(db, page, are_listed=True)
    if sees is not None:
        _see(db, sees, [asset.key.id for asset in page])
    if follows and reading.newest is not None and not cursors.load(db, follows):
        begins = min(reading.newest, reading.began_at)
        cursors.move(db, follows, begins.isoformat(), now=reading.began_at)
    db.execute(
        "INSERT OR REPLACE INTO readings (name, since, position, newest, fetched, began_at) VALUES (?, ?, ?, ?, ?, ?)",
        [
            reading.name,
            maybe_micros(reading.since),
            reading.position,
            maybe_micros(reading.newest),
            reading.fetched,
            to_micros(reading.began_at),
        ],
    )
    return changed | dropped


def remember(db: Database, cursor: str, moment: datetime, *, now: datetime, ended: str = "") -> None:
    """Move ``cursor`` to ``moment``; the reading ``ended`` is over with it, where one is named."""
    cursors.move(db, cursor, moment.isoformat(), now=now)
    if ended:
        end(db, ended)


def end(db: Database, name: str) -> None:
    """The reading cannot go on from where it was, or need not."""
    db.execute("DELETE FROM readings WHERE name = ?", [name])


def unseen(db: Database, system: System, *, limit: int) -> tuple[AssetKey, ...]:
    """Assets of ``system`` that are here and that the reading of everything did not come by."""
    rows = db.execute(f"{_UNSEEN} LIMIT ?", [system, system, limit])
    return tuple(AssetKey(system, id_) for (id_,) in rows)


def count_unseen(db: Database, system: System) -> int:
    """How many :func:`unseen` there are."""
    (many,) = db.execute(f"SELECT count(*) FROM ({_UNSEEN})", [system, system]).fetchone()  # noqa: S608 - a constant
    return int(many)


def count_seen(db: Database, system: System) -> int:
    """How many of the assets that are here it came by."""
    (many,) = db.execute(
        "SELECT count(*) FROM assets AS a WHERE a.system = ? AND a.row_id IN"
        " (SELECT row_id FROM assets_seen WHERE system = ?)",
        [system, system],
    ).fetchone()
    return int(many)


def settle(db: Database, system: System, asked: Iterable[AssetKey], missing: Iterable[AssetKey]) -> frozenset[AssetKey]:
    """Of those that were ``asked`` for, drop the ``missing`` and note that the others are there; what was dropped."""
    gone = frozenset(missing)
    assets.drop(db, gone)
    _see(db, system, [key.id for key in asked if key not in gone])
    return gone


def forget_seen(db: Database, system: System) -> None:
    """The next reading of everything begins with nothing seen."""
    db.execute("DELETE FROM assets_seen WHERE system = ?", [system])


def was_elsewhere(db: Database, system: System, place: str) -> bool:
    """Whether ``system`` was read from another place than ``place`` before."""
    before = cursors.load(db, f"place {system}").rstrip()
    if system is System.EXTENDED_ECM and place.startswith(f"{before} "):
        return False  # Earlier releases kept an archive's host alone, without the path below it.
    return before not in {"", place}


def read_from(db: Database, system: System, place: str, *, now: datetime) -> None:
    """``system`` is read from ``place`` from now on; from its beginning, when that is another one than before.

    What the place before told stays until the new one was asked for it.
    """
    if was_elsewhere(db, system, place):
        for kept in ("assets", "swept", "doubted", "events"):
            cursors.forget(db, f"{kept} {system}")
        forget(db, system)
    if cursors.load(db, f"place {system}") != place:
        cursors.move(db, f"place {system}", place, now=now)


def forget(db: Database, system: System) -> None:
    """The connection to ``system`` was removed."""
    db.execute("DELETE FROM readings WHERE name LIKE '% ' || ?", [system])
    forget_seen(db, system)


def take_customers(
    db: Database, told: Iterable[Customer], *, now: datetime, most_first: int
) -> frozenset[CustomerNumber]:
    """Keep customers, told at ``now``, and say which of them are new or different.

    Up to ``most_first`` of those are walked once more, before all others, even where this walk came by them already.
    """
    changed = customers.upsert(db, told, now=now)
    if len(changed) <= most_first:
        db.execute(
            "UPDATE customers SET documents_walk = 0 WHERE number IN (SELECT value FROM json_each(?))",
            [json_list(list(changed))],
        )
    return changed


def next_to_walk(db: Database, walk: int, first: Iterable[CustomerNumber]) -> CustomerNumber | None:
    """Whose documents are read next in this ``walk``: one of ``first``, then who waits longest; None at its end."""
    row = db.execute(
        "SELECT number FROM customers WHERE documents_walk < ? AND number IN (SELECT value FROM json_each(?)) LIMIT 1",
        [walk, json_list(list(first))],
    ).fetchone()
    row = (
        row
        or db.execute(
            "SELECT number FROM customers WHERE documents_walk < ? ORDER BY documents_walk, row_id LIMIT 1", [walk]
        ).fetchone()
    )
    return CustomerNumber(row[0]) if row else None


def walked(db: Database, number: CustomerNumber, walk: int) -> None:
    """This ``walk`` came by the customer."""
    db.execute("UPDATE customers SET documents_walk = ? WHERE number = ?", [walk, number])


def count_walked(db: Database, walk: int) -> tuple[int, int]:
    """How many customers this ``walk`` came by, and how many there are."""
    there, every = db.execute("SELECT sum(documents_walk >= ?), count(*) FROM customers", [walk]).fetchone()
    return there or 0, every


def _see(db: Database, system: System, ids: list[str]) -> None:
    # Crossed, so that the page is walked and each asset looked up: SQLite would rather walk the whole library.
    db.execute(
        "INSERT OR IGNORE INTO assets_seen (system, row_id) SELECT a.system, a.row_id FROM json_each(?) AS told"
        " CROSS JOIN assets AS a ON a.system = ? AND a.id = told.value",
        [json_list(ids), system],
    )


_UNSEEN = (
    "SELECT a.id FROM assets AS a WHERE a.system = ?"
    " AND a.row_id NOT IN (SELECT row_id FROM assets_seen WHERE system = ?)"
)
