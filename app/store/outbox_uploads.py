"""How far uploads in parts are, by the request key of their entry; kept part by part, so that a kill costs one part."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from app.records import RequestKey
from app.store.entry_rows import OPEN
from app.store.rows import json_list, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptUpload:
    """One upload under way. Sizes are bytes."""

    upload: str
    """The vendor's key of it."""
    sha256: str
    """Of the whole file when it was begun."""
    size_bytes: int
    part_bytes: int
    arrived: frozenset[int] = frozenset()
    """The numbers of the parts that the vendor has, from 1."""
    is_closed: bool = False

    @property
    def parts(self) -> int:
        """How many there are."""
        return -(-self.size_bytes // self.part_bytes)


def find(db: Database, key: RequestKey) -> KeptUpload | None:
    """What was kept of the upload for ``key``."""
    row = db.execute(
        "SELECT upload, sha256, size_bytes, part_bytes, arrived, is_closed FROM outbox_uploads WHERE request_key = ?",
        [key],
    ).fetchone()
    if row is None:
        return None
    upload, sha256, size_bytes, part_bytes, arrived, is_closed = row
    return KeptUpload(
        upload=upload,
        sha256=sha256,
        size_bytes=size_bytes,
        part_bytes=part_bytes,
        arrived=msgspec.json.decode(arrived, type=frozenset[int]),
        is_closed=bool(is_closed),
    )


def begin(db: Database, key: RequestKey, upload: KeptUpload, *, now: datetime) -> None:
    """Keep a new upload for ``key``; what was kept of another is forgotten."""
    db.execute(
        "INSERT OR REPLACE INTO outbox_uploads VALUES (?, ?, ?, ?, ?, '[]', 0, ?)",
        [key, upload.upload, upload.sha256, upload.size_bytes, upload.part_bytes, to_micros(now)],
    )


def note_arrived(db: Database, key: RequestKey, upload: str, number: int) -> None:
    """Part ``number`` has arrived. One of an upload that was begun anew since is no part of this one."""
    kept = find(db, key)
    if kept is not None and kept.upload == upload:
        arrived = json_list(sorted(kept.arrived | {number}))
        db.execute("UPDATE outbox_uploads SET arrived = ? WHERE request_key = ?", [arrived, key])


def note_closed(db: Database, key: RequestKey, upload: str) -> None:
    """All parts have arrived, and the vendor took them for whole."""
    db.execute("UPDATE outbox_uploads SET is_closed = 1 WHERE request_key = ? AND upload = ?", [key, upload])


def forget(db: Database, key: RequestKey) -> None:
    """The vendor does not know it any more, or a document was made of it."""
    db.execute("DELETE FROM outbox_uploads WHERE request_key = ?", [key])


def forget_closed_entries(db: Database) -> None:
    """Forget what no open entry will go on with."""
    db.execute(
        f"DELETE FROM outbox_uploads WHERE request_key NOT IN (SELECT request_key FROM outbox WHERE state IN {OPEN})"  # noqa: S608 - a constant
    )
