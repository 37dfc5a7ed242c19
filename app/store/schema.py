"""The tables, as a list of steps that only grows. A released step is never edited: add the next one.

Moments are microseconds since 1970 UTC. ``record`` columns hold a whole record as JSON; the columns beside it are
those that are searched, filtered or sorted by.
"""

from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.store import audit
from app.store.fulltext import FullText
from app.store.rows import to_micros
from app.store.steps import (
    asset_marks,
    asset_texts,
    bounce_classes,
    customer_words,
    dismissed_silences,
    files,
    last_claims,
    outbox_engine,
    readings,
    restrictions,
    saved_views,
    silences,
    suppressions,
    troubled,
    usages,
)

store_migrations: Final = Migrations("store")
ledger_migrations: Final = Migrations("ledger")

ASSET_WORDS: Final = FullText("assets", ("name", "words"))
CUSTOMER_WORDS: Final = FullText("customers", ("name_tokens", "number"))
DOCUMENT_WORDS: Final = FullText("documents", ("name_tokens", "words"))

LISTED_AT: Final = "CASE WHEN trust = 'polled' AND occurred_at < received_at THEN occurred_at ELSE received_at END"
"""``InboxEvent.listed_at``. The index is only used where a query says it letter by letter."""

IN_TROUBLE: Final = "state IN ('bounced', 'failed', 'suppressed', 'complained')"
"""``DeliveryState.is_trouble``; as above."""
HAS_BYTES: Final = "length(raw) > 28"
"""An event that was not emptied: 28 bytes are what sealing nothing gives; as above."""


@store_migrations()
def m0001_first_tables(db: Database) -> None:
    """Everything that the systems can tell again."""
    for statement in _FIRST_STORE:
        db.execute(statement)
    for index in (ASSET_WORDS, FullText("customers", ("name", "number")), FullText("documents", ("name", "words"))):
        index.create(db)


@store_migrations()
def m0002_inbox_as_listed(db: Database) -> None:
    """The inbox in the order of :attr:`~app.records.InboxEvent.listed_at`."""
    db.execute("DROP INDEX inbox_newest")
    db.execute(f"CREATE INDEX inbox_listed ON inbox ({LISTED_AT} DESC, row_id DESC)")


@store_migrations()
def m0003_personal_content_sealed(db: Database) -> None:
    """Customers and documents are told again by the archive, sealed; what came in is sealed as it lies here."""
    for statement in _SEALED_STORE:
        db.execute(statement)
    for index in (CUSTOMER_WORDS, DOCUMENT_WORDS):
        index.create(db)


@store_migrations()
def m0004_assets_by_time(db: Database) -> None:
    """Assets by the end of their rights and by their last change, in lists and in the counts of facets."""
    for statement in _TIMED_STORE:
        db.execute(statement)


@store_migrations()
def m0005_lasting_keys(db: Database) -> None:
    """Which personal key lasts; who is in trouble, and whose bytes are old, without reading every row."""
    db.execute("ALTER TABLE personal_key ADD COLUMN is_lasting INTEGER NOT NULL DEFAULT 1")
    db.execute(f"CREATE INDEX deliveries_in_trouble ON deliveries (customer, at) WHERE customer <> '' AND {IN_TROUBLE}")
    db.execute(f"CREATE INDEX inbox_with_bytes ON inbox (received_at) WHERE {HAS_BYTES}")


@store_migrations()
def m0006_usages(db: Database) -> None:
    """Where assets are used; counts and lists of a million assets without reading them."""
    for statement in usages.STATEMENTS:
        db.execute(statement)


@store_migrations()
def m0007_readings(db: Database) -> None:
    """Long readings go on where they broke off, and find what is gone."""
    for statement in readings.STATEMENTS:
        db.execute(statement)


@store_migrations()
def m0007_files(db: Database) -> None:
    """What lies beside the database, by what it shows."""
    for statement in files.STATEMENTS:
        db.execute(statement)


@store_migrations()
def m0008_bounce_classes(db: Database) -> None:
    """A failed delivery with the provider's class of it and ours."""
    bounce_classes.apply(db)


@store_migrations()
def m0008_silences(db: Database) -> None:
    """Communications that are waited for too long."""
    for statement in silences.STATEMENTS:
        db.execute(statement)


@store_migrations()
def m0008_last_claims(db: Database) -> None:
    """When the last claim about a communication happened."""
    last_claims.apply(db)


@store_migrations()
def m0009_customer_words(db: Database) -> None:
    """What customers said about being written to."""
    for statement in customer_words.STATEMENTS:
        db.execute(statement)


@store_migrations()
def m0011_asset_texts(db: Database) -> None:
    """The words of assets, newest first, without the large rows beside them."""
    for statement in asset_texts.STATEMENTS:
        db.execute(statement)


@store_migrations()
def m0015_dismissed_silences(db: Database) -> None:
    """Which silences nobody has to look at any more."""
    for statement in dismissed_silences.STATEMENTS:
        db.execute(statement)


@store_migrations()
def m0012_asset_marks(db: Database) -> None:
    """Sets of assets by what they may be found by."""
    for statement in asset_marks.STATEMENTS:
        db.execute(statement)


@store_migrations()
def m0013_troubled(db: Database) -> None:
    """Who is in trouble, without reading communications."""
    for statement in troubled.STATEMENTS:
        db.execute(statement)


@ledger_migrations()
def m0001_first_ledger(db: Database) -> None:
    """Everything that nobody could tell again."""
    for statement in _FIRST_LEDGER:
        db.execute(statement)


@ledger_migrations()
def m0002_audit_sealed(db: Database) -> None:
    """The audit as a chain; what was there is sealed as it is found."""
    for statement in _SEALED_AUDIT:
        db.execute(statement)
    found, oldest = db.execute("SELECT count(*), min(at) FROM audit_before").fetchone()
    audit.begin(db, at_us=oldest or to_micros(datetime.now(UTC)), found=found)
    audit.add_all(db, map(_as_found, db.execute(_AUDIT_BEFORE)))
    for statement in _AUDIT_GUARDS:
        db.execute(statement)


@ledger_migrations()
def m0003_saved_views(db: Database) -> None:
    """Views that people keep."""
    for statement in saved_views.STATEMENTS:
        db.execute(statement)


@ledger_migrations()
def m0004_outbox_engine(db: Database) -> None:
    """Entries that need others or replace them, pauses by people, whose relay it is, uploads in parts."""
    for statement in outbox_engine.STATEMENTS:
        db.execute(statement)


@ledger_migrations()
def m0005_suppressions(db: Database) -> None:
    """The list of those who are not written to."""
    for statement in suppressions.STATEMENTS:
        db.execute(statement)


@ledger_migrations()
def m0005b_restrictions(db: Database) -> None:
    """Customers who asked to be forgotten and are kept for the sake of a hold."""
    for statement in restrictions.STATEMENTS:
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


_FIRST_STORE: Final = (
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

_FIRST_LEDGER: Final = (
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

_SEALED_STORE: Final = (
    "DROP TABLE customers_words",
    "DROP TABLE documents_words",
    "DROP TABLE customers",
    "DROP TABLE documents",
    """CREATE TABLE customers (
        row_id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        name_tokens TEXT NOT NULL,
        fetched_at INTEGER NOT NULL,
        record BLOB NOT NULL
    )""",
    """CREATE TABLE documents (
        row_id INTEGER PRIMARY KEY,
        node INTEGER NOT NULL UNIQUE,
        customer TEXT NOT NULL,
        communication TEXT NOT NULL,
        name_tokens TEXT NOT NULL,
        words TEXT NOT NULL,
        filed_at INTEGER NOT NULL,
        record BLOB NOT NULL
    )""",
    "CREATE INDEX documents_of_customer ON documents (customer, filed_at DESC, row_id DESC)",
    "CREATE INDEX documents_of_communication ON documents (communication) WHERE communication <> ''",
    "UPDATE inbox SET raw = sealed(raw)",
    "CREATE TABLE personal_key (fingerprint TEXT NOT NULL)",
)

_TIMED_STORE: Final = (
    # Read out of the record, so that no row of a large cache has to be written anew; only the indexes keep it.
    """ALTER TABLE assets ADD COLUMN rights_end TEXT
        GENERATED ALWAYS AS (CAST(record AS TEXT) ->> '$.rights_end') VIRTUAL""",
    "CREATE INDEX assets_rights_end ON assets (rights_end, changed_at DESC, row_id DESC)",
    "DROP INDEX assets_facets",
    "CREATE INDEX assets_facets ON assets (system, state, kind, locale, changed_at, rights_end)",
)

_SEALED_AUDIT: Final = (
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

_AUDIT_BEFORE: Final = """
    SELECT before.at, before.actor, before.action, before.reference, before.detail,
        'customer:' || json_extract(outbox.payload, '$.customer')
    FROM audit_before AS before LEFT JOIN outbox ON outbox.id = substr(before.reference, 7)
        AND before.reference = 'entry:' || outbox.id
    ORDER BY before.number"""
"""Rows were about nobody then; the entries that they tell of say whom they were about."""

_AUDIT_GUARDS: Final = (
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
