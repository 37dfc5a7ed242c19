"""The audit: who did what when, in rows that are only ever added. It names references, never people or contents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlite_utils import Database

from app.store.rows import from_micros, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One thing that was done."""

    number: int
    at: datetime
    actor: str
    """Who: a person's account name, or ``relay``."""
    action: str
    """``outbox.queued``, ``outbox.dropped`` …"""
    reference: str
    """What it was done to: ``entry:12``."""
    detail: Mapping[str, str] = field(default_factory=dict)


def add(
    db: Database, *, at: datetime, actor: str, action: str, reference: str, detail: Mapping[str, str] | None = None
) -> None:
    """Add one row, in the transaction of what it tells of."""
    db.execute(
        "INSERT INTO audit (at, actor, action, reference, detail) VALUES (?, ?, ?, ?, ?)",
        [to_micros(at), actor, action, reference, msgspec.json.encode(detail or {}, order="sorted").decode()],
    )


def of(db: Database, reference: str) -> tuple[AuditRow, ...]:
    """All that was done to ``reference``, oldest first."""
    rows = db.execute(
        "SELECT number, at, actor, action, reference, detail FROM audit WHERE reference = ? ORDER BY number",
        [reference],
    )
    return tuple(_row(row) for row in rows)


def newest(db: Database, *, limit: int = 100) -> tuple[AuditRow, ...]:
    """The last ``limit`` rows, newest first."""
    rows = db.execute(
        "SELECT number, at, actor, action, reference, detail FROM audit ORDER BY number DESC LIMIT ?", [limit]
    )
    return tuple(_row(row) for row in rows)


def _row(row: tuple[int, int, str, str, str, str]) -> AuditRow:
    number, at, actor, action, reference, detail = row
    return AuditRow(
        number=number,
        at=from_micros(at),
        actor=actor,
        action=action,
        reference=reference,
        detail=msgspec.json.decode(detail, type=dict[str, str]),
    )
