"""Where assets are used, each place once for each version; the number of places stands beside the asset as well."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from sqlite_utils import Database

from app.records import AssetKey, System, Usage, UsageKind
from app.store import asset_counts, asset_marks
from app.store.rows import from_micros, json_list, to_micros


def note(db: Database, usages: Iterable[Usage]) -> frozenset[AssetKey]:
    """Keep ``usages`` and say which assets are used in more places than before. Pass batches of some thousands."""
    seen = list(usages)
    db.conn.executemany(_NOTE, [_columns(each) for each in seen])
    return recount(db, {each.asset for each in seen})


def recount(db: Database, keys: Iterable[AssetKey]) -> frozenset[AssetKey]:
    """Count again in how many places ``keys`` are used, as far as they are here; those for which that is news."""
    rows = db.execute(_RECOUNTED, [json_list([[key.system, key.id] for key in keys])]).fetchall()
    row_ids = [row_id for _, _, row_id, _ in rows]
    asset_counts.forget(db, row_ids)
    db.conn.executemany("UPDATE assets SET used = ? WHERE row_id = ?", [(many, row_id) for _, _, row_id, many in rows])
    asset_counts.learn(db, row_ids)
    asset_marks.note(db, row_ids)
    return frozenset(AssetKey(System(system), id_) for system, id_, _, _ in rows)


def of_asset(db: Database, asset: AssetKey, *, limit: int = 200) -> tuple[Usage, ...]:
    """Where ``asset`` is used, last seen first; an older version is told as well as the newest."""
    rows = db.execute(
        "SELECT system, asset, version, kind, place, title, source, seen_at FROM usages WHERE system = ? AND asset = ?"
        " ORDER BY seen_at DESC, kind, place, version LIMIT ?",
        [asset.system, asset.id, limit],
    )
    return tuple(_usage(row) for row in rows)


def forget_library(db: Database, system: System) -> None:
    """Forget where assets of a library are used, together with the library."""
    db.execute("DELETE FROM usages WHERE system = ?", [system])


_NOTE: Final = """
    INSERT INTO usages (system, asset, kind, place, version, title, source, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (system, asset, kind, place, version) DO UPDATE SET
        title = excluded.title, source = excluded.source, seen_at = excluded.seen_at
    WHERE excluded.seen_at >= usages.seen_at"""

_RECOUNTED: Final = """
    SELECT system, id, row_id, places FROM (
        SELECT a.system, a.id, a.row_id, a.used, (
            SELECT count(DISTINCT u.kind || ' ' || u.place) FROM usages AS u
            WHERE u.system = a.system AND u.asset = a.id) AS places
        FROM json_each(?) AS wanted JOIN assets AS a
            ON a.system = wanted.value ->> 0 AND a.id = wanted.value ->> 1)
    WHERE used <> places"""

_Row: TypeAlias = tuple[str, str, str, str, str, str, str, int]


def _columns(usage: Usage) -> tuple[object, ...]:
    return (
        usage.asset.system,
        usage.asset.id,
        usage.kind,
        usage.place,
        usage.version,
        usage.title,
        usage.source,
        to_micros(usage.seen_at),
    )


def _usage(row: _Row) -> Usage:
    system, asset, version, kind, place, title, source, seen_at = row
    return Usage(
        asset=AssetKey(System(system), asset),
        version=version,
        kind=UsageKind(kind),
        place=place,
        title=title,
        source=source,
        seen_at=from_micros(seen_at),
    )
