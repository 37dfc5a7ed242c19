"""Assets of every library, as they are kept. They are searched by :mod:`app.store.asset_search`."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from operator import attrgetter
from typing import Final

from sqlite_utils import Database

from app.records import Asset, AssetKey, System
from app.store import asset_counts, asset_marks, usages
from app.store.rows import json_list, maybe_micros, maybe_moment, pack, to_micros, unpack
from app.store.schema import ASSET_WORDS

LAG: Final = timedelta(minutes=10)
"""How far an index may trail what was read by its id."""


def upsert(db: Database, assets: Iterable[Asset], *, are_listed: bool = False) -> frozenset[AssetKey]:
    """Insert or update ``assets`` and say which of them are new or different, apart from when they were fetched.

    A listed asset that did not change keeps the versions and reviewers of the time it was opened. Of several with
    one key the last one counts. Where they ``are_listed`` by an index, what was fetched newer within :data:`LAG`
    stays: the page was on its way, or the index trails. Pass batches of some thousands.
    """
    incoming = {asset.key: asset for asset in assets}
    stored = _rows_of(db, incoming)
    if are_listed:
        incoming = {key: asset for key, asset in incoming.items() if not _is_behind(asset, stored.get(key))}
    changed: dict[AssetKey, Asset] = {}
    for key, asset in incoming.items():
        kept = _keep_details(asset, stored[key].asset if key in stored else None)
        if key not in stored or _packed(kept) != stored[key].packed:
            changed[key] = kept
    known = [stored[key].row_id for key in changed if key in stored]
    ASSET_WORDS.forget(db, known)
    asset_counts.forget(db, known)
    db.conn.executemany(_UPSERT, [_columns(asset) for asset in changed.values()])
    rows = _row_ids_of(db, changed)
    ASSET_WORDS.learn(db, rows)
    asset_counts.learn(db, rows)
    usages.recount(db, changed.keys() - stored.keys())
    asset_marks.note(db, rows)
    db.conn.executemany(
        "UPDATE assets SET fetched_at = ? WHERE row_id = ?",
        [
            (maybe_micros(incoming[key].fetched_at), row.row_id)
            for key, row in stored.items()
            if key in incoming and key not in changed
        ],
    )
    return frozenset(changed)


def drop(db: Database, keys: Iterable[AssetKey]) -> int:
    """Forget assets that their library no longer has; how many were here."""
    row_ids = _row_ids_of(db, keys)
    ASSET_WORDS.forget(db, row_ids)
    asset_counts.forget(db, row_ids)
    db.execute("DELETE FROM assets WHERE row_id IN (SELECT value FROM json_each(?))", [json_list(row_ids)])
    asset_marks.note(db, row_ids)
    return len(row_ids)


def find(db: Database, key: AssetKey) -> Asset | None:
    """The asset under ``key``."""
    return get_many(db, [key]).get(key)


def get_many(db: Database, keys: Iterable[AssetKey]) -> dict[AssetKey, Asset]:
    """The assets under ``keys``, as far as they are here."""
    return {key: row.asset for key, row in _rows_of(db, keys).items()}


def by_name_in_addresses(db: Database, names: Iterable[tuple[System, str]]) -> dict[tuple[System, str], Asset]:
    """The assets that delivery addresses call so, by alias or id, as far as they are here."""
    rows = db.execute(
        """SELECT wanted.value ->> 0, wanted.value ->> 1, a.record, a.fetched_at
           FROM json_each(?) AS wanted JOIN assets AS a
               ON a.system = wanted.value ->> 0 AND a.id = wanted.value ->> 1
           UNION ALL
           SELECT wanted.value ->> 0, wanted.value ->> 1, a.record, a.fetched_at
           FROM json_each(?) AS wanted JOIN assets AS a
               ON a.system = wanted.value ->> 0 AND a.alias = wanted.value ->> 1 AND a.alias <> ''""",
        [json_list(list(names))] * 2,
    )
    return {(System(system), name): of_record(record, fetched) for system, name, record, fetched in rows}


def named_like(db: Database, stems: Iterable[str], *, most: int = 50) -> tuple[Asset, ...]:
    """The assets whose names begin with any of ``stems``, whatever the case and the accents; ``most`` of each.

    The shortest names first: they are nearest to their stem.
    """
    found: dict[AssetKey, Asset] = {}
    for stem in {sort_name(each) for each in stems if each.strip()}:
        rows = db.execute(
            "SELECT record, fetched_at FROM assets WHERE sort_name >= ? AND sort_name < ?"
            " ORDER BY length(sort_name), sort_name LIMIT ?",
            [stem, f"{stem}\U0010ffff", most],
        )
        found |= {asset.key: asset for asset in (of_record(*row) for row in rows)}
    return tuple(found.values())


_UPSERT: Final = """
    INSERT INTO assets
        (system, id, alias, name, sort_name, words, kind, state, locale, changed_at, fetched_at, record)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (system, id) DO UPDATE SET
        alias = excluded.alias, name = excluded.name, sort_name = excluded.sort_name, words = excluded.words,
        kind = excluded.kind, state = excluded.state, locale = excluded.locale, changed_at = excluded.changed_at,
        fetched_at = excluded.fetched_at, record = excluded.record"""


@dataclass(frozen=True, slots=True)
class _Row:
    row_id: int
    packed: bytes
    fetched_at: int | None

    @property
    def asset(self) -> Asset:
        return of_record(self.packed, self.fetched_at)


def _rows_of(db: Database, keys: Iterable[AssetKey]) -> dict[AssetKey, _Row]:
    wanted = json_list([[key.system, key.id] for key in keys])
    rows = db.execute(
        "SELECT a.system, a.id, a.row_id, a.record, a.fetched_at FROM json_each(?) AS wanted"
        " JOIN assets AS a ON a.system = wanted.value ->> 0 AND a.id = wanted.value ->> 1",
        [wanted],
    )
    return {AssetKey(System(system), id_): _Row(*rest) for system, id_, *rest in rows}


def _row_ids_of(db: Database, keys: Iterable[AssetKey]) -> list[int]:
    rows = db.execute(
        "SELECT a.row_id FROM json_each(?) AS wanted"
        " JOIN assets AS a ON a.system = wanted.value ->> 0 AND a.id = wanted.value ->> 1",
        [json_list([[key.system, key.id] for key in keys])],
    )
    return [row_id for (row_id,) in rows]


def of_record(record: bytes, fetched_at: int | None) -> Asset:
    """The asset of two columns of its row."""
    asset = unpack(record, Asset)
    # When it was fetched has a column of its own, so that a mere re-reading does not count as a change. Nobody has the
    # asset yet, and to copy it with its moment takes longer than to make it did.
    object.__setattr__(asset, "fetched_at", maybe_moment(fetched_at))
    return asset


_FIELDS: Final = tuple(field.name for field in fields(Asset))
_VALUES: Final = attrgetter(*_FIELDS)


def _packed(asset: Asset) -> bytes:
    """As :func:`~app.store.rows.pack`, without when it was fetched.

    This is done for every asset that is ever listed, and to copy a record with one field changed takes longer than to
    write it down.
    """
    record = dict(zip(_FIELDS, _VALUES(asset), strict=True))
    record["fetched_at"] = None
    return pack(record)


def _is_behind(asset: Asset, row: _Row | None) -> bool:
    """Whether ``row`` tells of a later change, and was told about when ``asset`` was, or since."""
    if row is None or row.fetched_at is None or asset.fetched_at is None:
        return False
    return row.fetched_at >= to_micros(asset.fetched_at - LAG) and row.asset.changed_at > asset.changed_at


def _keep_details(asset: Asset, before: Asset | None) -> Asset:
    if before is None or asset.versions or asset.reviewers:
        return asset
    if not (before.versions or before.reviewers):
        return asset
    if (before.version, before.changed_at) != (asset.version, asset.changed_at):
        return asset
    return replace(asset, versions=before.versions, reviewers=before.reviewers)


def _columns(asset: Asset) -> tuple[object, ...]:
    words = " ".join(
        (asset.key.id, asset.alias, asset.description, asset.alt_text, asset.folder, asset.owner, *asset.tags)
    )
    return (
        asset.key.system,
        asset.key.id,
        asset.alias,
        asset.name,
        sort_name(asset.name),
        words,
        asset.kind,
        asset.state,
        asset.locale,
        to_micros(asset.changed_at),
        maybe_micros(asset.fetched_at),
        _packed(asset),
    )


def sort_name(name: str) -> str:
    """``name`` without accents and case, so that Élan stands beside elan."""
    folded = name.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
