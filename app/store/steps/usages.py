"""Where assets are used, how many assets there are of each sort, and lists that read nothing but an index."""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE usages (
        system TEXT NOT NULL,
        asset TEXT NOT NULL,
        kind TEXT NOT NULL,
        place TEXT NOT NULL,
        version TEXT NOT NULL,
        title TEXT NOT NULL,
        source TEXT NOT NULL,
        seen_at INTEGER NOT NULL,
        PRIMARY KEY (system, asset, kind, place, version)
    ) WITHOUT ROWID""",
    # The number of places stands beside the asset, so that asking for it reads no usage.
    "ALTER TABLE assets ADD COLUMN used INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX assets_used ON assets (used)",
    """CREATE TABLE asset_counts (
        system TEXT NOT NULL,
        state TEXT NOT NULL,
        kind TEXT NOT NULL,
        locale TEXT NOT NULL,
        is_used INTEGER NOT NULL,
        many INTEGER NOT NULL,
        PRIMARY KEY (system, state, kind, locale, is_used)
    ) WITHOUT ROWID""",
    """INSERT INTO asset_counts (system, state, kind, locale, is_used, many)
        SELECT system, state, kind, locale, 0, count(*) FROM assets GROUP BY system, state, kind, locale""",
    # Whoever filters a list walks it in its order: what is filtered by lies in the index, not in the large rows.
    "DROP INDEX assets_newest",
    "CREATE INDEX assets_newest ON assets (changed_at DESC, row_id DESC, system, state, kind, locale, used)",
    "DROP INDEX assets_by_name",
    "CREATE INDEX assets_by_name ON assets (sort_name, row_id, system, state, kind, locale, used, changed_at)",
)
