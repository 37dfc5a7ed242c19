"""The tables, as a list of steps that only grows. A released step is never edited: add the next one.

Moments are microseconds since 1970 UTC. ``record`` columns hold a whole record as JSON; the columns beside it are
those that are searched, filtered or sorted by.
"""

from typing import Final

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.store.fulltext import FullText
from app.store.steps import (
    asset_marks,
    asset_texts,
    assets_by_time,
    bounce_classes,
    customer_words,
    dismissed_silences,
    files,
    first_tables,
    last_claims,
    outbox_engine,
    readings,
    restrictions,
    saved_views,
    sealed_audit,
    sealed_content,
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
    for statement in first_tables.STORE:
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
    for statement in sealed_content.STATEMENTS:
        db.execute(statement)
    for index in (CUSTOMER_WORDS, DOCUMENT_WORDS):
        index.create(db)


@store_migrations()
def m0004_assets_by_time(db: Database) -> None:
    """Assets by the end of their rights and by their last change, in lists and in the counts of facets."""
    for statement in assets_by_time.STATEMENTS:
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
    for statement in first_tables.LEDGER:
        db.execute(statement)


@ledger_migrations()
def m0002_audit_sealed(db: Database) -> None:
    """The audit as a chain; what was there is sealed as it is found."""
    sealed_audit.apply(db)


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
