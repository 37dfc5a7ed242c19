"""Which bytes are kept under which name: a row each, whether they lie beside the database or, being small, in it.

``sha256`` is that of the bytes as they lie on the disk; several names may share them. A row with a customer is
personal: its bytes are sealed, here as there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from app.records import CustomerNumber, System
from app.store.rows import from_micros, json_list, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One thing that is kept."""

    name: str
    sha256: str
    suffix: str
    """Of the file's name, with its dot; empty for what lies in the row."""
    size_bytes: int
    media_type: str
    system: System
    used_at: datetime
    customer: CustomerNumber | None = None
    """Whose it is; None for what is nobody's."""
    content: bytes | None = field(default=None, repr=False)
    """Sealed bytes that lie in the row itself."""

    @property
    def file_name(self) -> str:
        """Of the file below its folder; empty when there is none."""
        return "" if self.content is not None else f"{self.sha256[:2]}/{self.sha256}{self.suffix}"


def put(db: Database, kept: KeptFile) -> None:
    """Keep it; what had that name before is forgotten. Nothing is kept of a customer who was forgotten meanwhile."""
    db.execute(
        f"INSERT OR REPLACE INTO files ({_COLUMNS}) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?"  # noqa: S608 - a constant
        " WHERE ? IS NULL OR EXISTS (SELECT 1 FROM customers WHERE number = ?)",
        [
            kept.name,
            kept.sha256,
            kept.suffix,
            kept.size_bytes,
            kept.media_type,
            kept.system,
            kept.customer or "",
            to_micros(kept.used_at),
            kept.content,
            kept.customer,
            kept.customer,
        ],
    )


def find(db: Database, name: str) -> KeptFile | None:
    """What is kept under ``name``."""
    row = db.execute(f"SELECT {_COLUMNS} FROM files WHERE name = ?", [name]).fetchone()  # noqa: S608 - a constant
    return _kept(row) if row else None


def drop(db: Database, names: Collection[str]) -> None:
    """Forget these; their bytes are swept up when no other name shares them."""
    db.execute("DELETE FROM files WHERE name IN (SELECT value FROM json_each(?))", [json_list(list(names))])


def use(db: Database, used: Mapping[str, datetime]) -> None:
    """Note when each of these names was last wanted."""
    db.conn.executemany(
        "UPDATE files SET used_at = ? WHERE name = ?", [(to_micros(at), name) for name, at in used.items()]
    )


def least_used(db: Database, *, limit: int) -> tuple[KeptFile, ...]:
    """Those that nobody wanted for the longest time, first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM files ORDER BY used_at, name LIMIT ?", [limit])  # noqa: S608 - a constant
    return tuple(_kept(row) for row in rows)


def size(db: Database) -> tuple[int, int]:
    """How many different files and rows of bytes there are, and how many bytes they take."""
    rows = db.execute(
        "SELECT count(*), coalesce(sum(size_bytes), 0)"
        " FROM (SELECT max(size_bytes) AS size_bytes FROM files GROUP BY sha256)"
    )
    many, size_bytes = rows.fetchone()
    return int(many), int(size_bytes)


def file_names(db: Database) -> frozenset[str]:
    """Every file that should lie beside the database."""
    rows = db.execute(
        "SELECT DISTINCT substr(sha256, 1, 2) || '/' || sha256 || suffix FROM files WHERE content IS NULL"
    )
    return frozenset(name for (name,) in rows)


def forget_system(db: Database, system: System) -> None:
    """Forget all that came from ``system``."""
    db.execute("DELETE FROM files WHERE system = ?", [system])


def forget_customers(db: Database, numbers: str) -> None:
    """Forget all that is these customers', a JSON list."""
    db.execute("DELETE FROM files WHERE customer <> '' AND customer IN (SELECT value FROM json_each(?))", [numbers])


def forget_unused(db: Database, *, before: datetime) -> None:
    """Forget what is somebody's and was last wanted before then."""
    db.execute("DELETE FROM files WHERE customer <> '' AND used_at < ?", [to_micros(before)])


def sealed(db: Database, content: bytes) -> bytes:
    """``content`` as it may lie on a disk."""
    (done,) = db.execute("SELECT sealed(?)", [content]).fetchone()
    return bytes(done)


def unsealed(db: Database, content: bytes) -> bytes:
    """What was sealed; empty when another key did it, or it was changed."""
    (done,) = db.execute("SELECT unsealed(?)", [content]).fetchone()
    return bytes(done)


def _kept(row: tuple[str, str, str, int, str, str, str, int, bytes | None]) -> KeptFile:
    name, sha256, suffix, size_bytes, media_type, system, customer, used_at, content = row
    return KeptFile(
        name=name,
        sha256=sha256,
        suffix=suffix,
        size_bytes=size_bytes,
        media_type=media_type,
        system=System(system),
        customer=CustomerNumber(customer) if customer else None,
        used_at=from_micros(used_at),
        content=content,
    )


_COLUMNS = "name, sha256, suffix, size_bytes, media_type, system, customer, used_at, content"
