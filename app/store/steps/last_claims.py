"""When the last claim about each communication happened, so that later ones need not read all that came before."""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """One more column. It stays empty for what is there: that is folded as a whole when something is told of it."""
    db.execute("ALTER TABLE deliveries ADD COLUMN last_at INTEGER")
