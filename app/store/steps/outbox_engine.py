"""The outbox as an engine: order that survives an edit, entries that need others, pauses by people, parted uploads."""

from typing import Final

STATEMENTS: Final = (
    # An entry that replaces another takes its place in the order of their subject.
    "ALTER TABLE outbox ADD COLUMN place INTEGER NOT NULL DEFAULT 0",
    "UPDATE outbox SET place = id",
    "ALTER TABLE outbox ADD COLUMN waits_for INTEGER",
    "ALTER TABLE outbox ADD COLUMN replaces INTEGER",
    "ALTER TABLE outbox ADD COLUMN only_look INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX outbox_open",
    """CREATE INDEX outbox_open ON outbox (system, subject, place, id)
        WHERE state IN ('queued', 'sending', 'unknown', 'parked')""",
    "CREATE INDEX outbox_due ON outbox (system, place, id) WHERE state IN ('queued', 'unknown')",
    "CREATE INDEX outbox_waiting_for ON outbox (waits_for) WHERE waits_for IS NOT NULL",
    """CREATE TABLE outbox_pauses (
        system TEXT PRIMARY KEY,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE outbox_relay (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        term INTEGER NOT NULL,
        file TEXT NOT NULL
    )""",
    """CREATE TABLE outbox_uploads (
        request_key TEXT PRIMARY KEY,
        upload TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        part_bytes INTEGER NOT NULL,
        arrived TEXT NOT NULL,
        is_closed INTEGER NOT NULL,
        begun_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
)
"""``outbox_relay`` has one row: whose turn it is to send, and which file this ledger was when it was last opened."""
