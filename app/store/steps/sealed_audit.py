"""The audit as a chain that may be erased from and never edited; what was there is sealed as it is found."""

from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlite_utils import Database

from app.store import audit
from app.store.rows import to_micros


def apply(db: Database) -> None:
    """The new table, its first row, every row that was there, and what guards them."""
    for statement in _TABLE:
        db.execute(statement)
    found, oldest = db.execute("SELECT count(*), min(at) FROM audit_before").fetchone()
    audit.begin(db, at_us=oldest or to_micros(datetime.now(UTC)), found=found)
    audit.add_all(db, map(_as_found, db.execute(_BEFORE)))
    for statement in _GUARDS:
        db.execute(statement)


def _as_found(row: tuple[int, str, str, str, str, str | None]) -> audit.NewRow:
    at_us, actor, action, reference, packed, subject = row
    detail = msgspec.json.decode(packed, type=dict[str, str])
    # A reason is what somebody typed, so it lies where it can be erased.
    words = {"reason": detail.pop("reason")} if "reason" in detail else {}
    return audit.NewRow(
        at_us=at_us,
        actor=actor,
        action=action,
        reference=reference,
        detail=detail,
        subject=subject or "",
        words=words,
    )


_TABLE: Final = (
    "ALTER TABLE audit RENAME TO audit_before",
    """CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        reference TEXT NOT NULL,
        detail TEXT NOT NULL,
        personal TEXT NOT NULL,
        seal TEXT NOT NULL,
        salt BLOB,
        subject TEXT,
        words TEXT
    )""",
)

_BEFORE: Final = """
    SELECT before.at, before.actor, before.action, before.reference, before.detail,
        'customer:' || json_extract(outbox.payload, '$.customer')
    FROM audit_before AS before LEFT JOIN outbox ON outbox.id = substr(before.reference, 7)
        AND before.reference = 'entry:' || outbox.id
    ORDER BY before.number"""
"""Rows were about nobody then; the entries that they tell of say whom they were about."""

_GUARDS: Final = (
    # Of all rows at once: one by one they would take as long as the rows themselves.
    "CREATE INDEX audit_of ON audit (reference, number)",
    "CREATE INDEX audit_about ON audit (subject, number) WHERE subject IS NOT NULL",
    "DROP TABLE audit_before",
    """CREATE TRIGGER audit_is_only_erased BEFORE UPDATE ON audit
        WHEN NEW.salt IS NOT NULL OR NEW.subject IS NOT NULL OR NEW.words IS NOT NULL
            OR (NEW.number, NEW.at, NEW.actor, NEW.action, NEW.reference, NEW.detail, NEW.personal, NEW.seal)
                IS NOT (OLD.number, OLD.at, OLD.actor, OLD.action, OLD.reference, OLD.detail, OLD.personal, OLD.seal)
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
)
