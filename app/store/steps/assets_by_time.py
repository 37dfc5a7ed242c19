"""Assets by the end of their rights and by their last change."""

from typing import Final

STATEMENTS: Final = (
    # Read out of the record, so that no row of a large cache has to be written anew; only the indexes keep it.
    """ALTER TABLE assets ADD COLUMN rights_end TEXT
        GENERATED ALWAYS AS (CAST(record AS TEXT) ->> '$.rights_end') VIRTUAL""",
    "CREATE INDEX assets_rights_end ON assets (rights_end, changed_at DESC, row_id DESC)",
    "DROP INDEX assets_facets",
    "CREATE INDEX assets_facets ON assets (system, state, kind, locale, changed_at, rights_end)",
)
