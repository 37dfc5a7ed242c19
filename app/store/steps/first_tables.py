"""The tables that everything began with: the cache, and the ledger beside it."""

from typing import Final

STORE: Final = (
    """CREATE TABLE assets (
        row_id INTEGER PRIMARY KEY,
        system TEXT NOT NULL,
        id TEXT NOT NULL,
        alias TEXT NOT NULL,
        name TEXT NOT NULL,
        sort_name TEXT NOT NULL,
        words TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        locale TEXT NOT NULL,
        changed_at INTEGER NOT NULL,
        fetched_at INTEGER,
        record BLOB NOT NULL,
        UNIQUE (system, id)
    )""",
    "CREATE INDEX assets_by_alias ON assets (system, alias) WHERE alias <> ''",
    "CREATE INDEX assets_newest ON assets (changed_at DESC, row_id DESC)",
    "CREATE INDEX assets_by_name ON assets (sort_name, row_id)",
    "CREATE INDEX assets_facets ON assets (system, state, kind, locale)",
    """CREATE TABLE templates (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        record BLOB NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE customers (
        row_id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        record BLOB NOT NULL
    )""",
    """CREATE TABLE documents (
        row_id INTEGER PRIMARY KEY,
        node INTEGER NOT NULL UNIQUE,
        customer TEXT NOT NULL,
        communication TEXT NOT NULL,
        name TEXT NOT NULL,
        words TEXT NOT NULL,
        filed_at INTEGER NOT NULL,
        record BLOB NOT NULL
    )""",
    "CREATE INDEX documents_of_customer ON documents (customer, filed_at DESC, row_id DESC)",
    "CREATE INDEX documents_of_communication ON documents (communication) WHERE communication <> ''",
    """CREATE TABLE delivery_events (
        id TEXT PRIMARY KEY,
        communication TEXT NOT NULL,
        customer TEXT NOT NULL,
        channel TEXT NOT NULL,
        state TEXT NOT NULL,
        title TEXT NOT NULL,
        at INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        source TEXT NOT NULL,
        times_seen INTEGER NOT NULL,
        code TEXT NOT NULL,
        detail TEXT NOT NULL,
        run TEXT NOT NULL
    )""",
    "CREATE INDEX delivery_events_of_communication ON delivery_events (communication, channel, at)",
    """CREATE TABLE deliveries (
        communication TEXT NOT NULL,
        channel TEXT NOT NULL,
        customer TEXT NOT NULL,
        title TEXT NOT NULL,
        state TEXT NOT NULL,
        at INTEGER NOT NULL,
        run TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        PRIMARY KEY (communication, channel)
    ) WITHOUT ROWID""",
    "CREATE INDEX deliveries_of_customer ON deliveries (customer, at DESC)",
    """CREATE TABLE inbox (
        row_id INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL,
        type TEXT NOT NULL,
        about TEXT NOT NULL,
        received_at INTEGER NOT NULL,
        occurred_at INTEGER,
        trust TEXT NOT NULL,
        state TEXT NOT NULL,
        times_seen INTEGER NOT NULL,
        sentence TEXT NOT NULL,
        raw BLOB NOT NULL,
        media_type TEXT NOT NULL
    )""",
    "CREATE INDEX inbox_newest ON inbox (received_at DESC, row_id DESC)",
    "CREATE INDEX inbox_by_state ON inbox (state, row_id)",
    """CREATE TABLE cursors (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL,
        moved_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE memory (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID""",
)

LEDGER: Final = (
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        request_key TEXT NOT NULL UNIQUE,
        guard TEXT UNIQUE,
        system TEXT NOT NULL,
        verb TEXT NOT NULL,
        subject TEXT NOT NULL,
        title TEXT NOT NULL,
        payload TEXT NOT NULL,
        actor TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        leaves_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        not_before INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        is_doubtful INTEGER NOT NULL,
        sentence TEXT NOT NULL,
        receipt TEXT
    )""",
    """CREATE INDEX outbox_open ON outbox (system, subject, id)
        WHERE state IN ('queued', 'sending', 'unknown', 'parked')""",
    "CREATE INDEX outbox_by_subject ON outbox (subject, id)",
    """CREATE TABLE audit (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        reference TEXT NOT NULL,
        detail TEXT NOT NULL
    )""",
    """CREATE TRIGGER audit_is_never_edited BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    """CREATE TABLE connections (
        system TEXT PRIMARY KEY,
        record TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID""",
)
