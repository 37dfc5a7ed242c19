"""Systems whose entries wait because a person wants it so: kept over restarts, with who and why."""

from datetime import datetime

from sqlite_utils import Database

from app.records import System
from app.store import audit
from app.store.rows import to_micros


def pause(db: Database, system: System, *, reason: str, actor: str, now: datetime) -> None:
    """Let nothing leave for ``system`` until :func:`resume`. A second pause keeps the first one's words."""
    added = db.execute(
        "INSERT INTO outbox_pauses (system, actor, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [system, actor, reason, to_micros(now)],
    )
    if added.rowcount:
        audit.add(
            db,
            at=now,
            actor=actor,
            action="outbox.paused",
            reference=f"system:{system}",
            words={"reason": reason} if reason else None,
        )


def resume(db: Database, system: System, *, actor: str, now: datetime) -> bool:
    """Let entries leave again; False when nobody had paused them."""
    if not db.execute("DELETE FROM outbox_pauses WHERE system = ?", [system]).rowcount:
        return False
    audit.add(db, at=now, actor=actor, action="outbox.resumed", reference=f"system:{system}")
    return True


def is_paused(db: Database, system: System) -> bool:
    """Whether somebody wants nothing to leave for ``system``."""
    return db.execute("SELECT 1 FROM outbox_pauses WHERE system = ?", [system]).fetchone() is not None
