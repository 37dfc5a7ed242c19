"""What every step of an entry is made of: a change that demands the state it expects, and its row in the audit."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from app.records import EntryId, EntryState, OutboxEntry
from app.store import audit
from app.store.entry_lists import ACTION
from app.store.entry_rows import get
from app.store.rows import json_list, to_micros

UNHELD: Final = "leaves_at = min(leaves_at, :now)"
"""The time in which it could be undone is over: a clock that was set back since must not begin it anew."""


def step(
    db: Database,
    entry: EntryId,
    assignments: str,
    *,
    when: Collection[EntryState],
    now: datetime,
    and_also: str = "1",
    **values: str | int,
) -> OutboxEntry | None:
    """Do the constant ``assignments``; None, and nothing, when ``entry`` is in no state of ``when``."""
    changed = db.execute(
        f"UPDATE outbox SET {assignments}, changed_at = :now WHERE id = :entry AND {and_also}"  # noqa: S608 - constants
        " AND state IN (SELECT value FROM json_each(:states))",
        {**values, "entry": entry, "now": to_micros(now), "states": json_list(list(when))},
    )
    return get(db, entry) if changed.rowcount else None


def tell(
    db: Database,
    entry: OutboxEntry,
    action: str,
    *,
    actor: str,
    now: datetime,
    words: Mapping[str, str] | None = None,
    **detail: str,
) -> None:
    """Add to the audit that ``action`` happened to ``entry``; ``words`` are what somebody typed."""
    audit.add(
        db,
        at=now,
        actor=actor,
        action=ACTION + action,
        reference=f"entry:{entry.id}",
        detail={"request_key": entry.request_key, **detail},
        # Entries are ordered by what they change; whom they are about is in what they carry.
        subject=f"customer:{entry.payload['customer']}" if "customer" in entry.payload else "",
        words=words,
    )
