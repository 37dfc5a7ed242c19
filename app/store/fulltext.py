"""Full-text search over some columns of a table, kept in step by sets of rows.

Row-by-row triggers cost ten times as much as one statement per batch, so whoever writes the table calls
:meth:`FullText.forget` before the change and :meth:`FullText.learn` after it, in the same transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from app.store.rows import json_list

MAX_WORDS: Final = 16
"""More than anybody types; a pasted page must not become a query of a thousand terms."""

TOKENIZER: Final = "unicode61 remove_diacritics 2"


@dataclass(frozen=True, slots=True)
class FullText:
    """An FTS5 index without content of its own over ``columns`` of ``table``, joined by ``row_id``.

    Accents and case do not count (``unicode61``); names such as ``spring-banner-fr`` are three words.
    """

    table: str
    columns: tuple[str, ...]

    @property
    def index(self) -> str:
        """The index's own table."""
        return f"{self.table}_words"

    def create(self, db: Database) -> None:
        """Make the index of an empty table."""
        db.execute(
            f"CREATE VIRTUAL TABLE {self.index} USING fts5({', '.join(self.columns)}, content='{self.table}',"
            f" content_rowid='row_id', tokenize='{TOKENIZER}')"
        )

    def forget(self, db: Database, row_ids: Iterable[int]) -> None:
        """Take rows out, as they still stand in the table."""
        columns = ", ".join(self.columns)
        db.execute(
            f"INSERT INTO {self.index}({self.index}, rowid, {columns})"  # noqa: S608 - names are constants of the schema
            f" SELECT 'delete', row_id, {columns} FROM {self.table}"
            " WHERE row_id IN (SELECT value FROM json_each(?))",
            [json_list(list(row_ids))],
        )

    def learn(self, db: Database, row_ids: Iterable[int]) -> None:
        """Put rows in, as they now stand in the table."""
        columns = ", ".join(self.columns)
        db.execute(
            f"INSERT INTO {self.index}(rowid, {columns}) SELECT row_id, {columns} FROM {self.table}"  # noqa: S608 - as above
            " WHERE row_id IN (SELECT value FROM json_each(?))",
            [json_list(list(row_ids))],
        )

    def clear(self, db: Database) -> None:
        """Take everything out, before the table is emptied."""
        db.execute(f"INSERT INTO {self.index}({self.index}) VALUES('delete-all')")

    def settle(self, db: Database) -> None:
        """Leave nothing of what was taken out in the index's own pages, as a purge promises. Rewrites all of it."""
        db.execute(f"INSERT INTO {self.index}({self.index}) VALUES('optimize')")

    def check(self, db: Database) -> None:
        """Compare the index with its table. Raises: sqlite3.DatabaseError when they differ."""
        db.execute(f"INSERT INTO {self.index}({self.index}, rank) VALUES('integrity-check', 1)")


def typed_pieces(words: str) -> list[str]:
    """What stands between blanks in ``words``, as far as it has a letter or digit."""
    pieces = words.replace("\0", " ").replace('"', " ").split()
    return [piece for piece in pieces if any(map(str.isalnum, piece))][:MAX_WORDS]


def as_typed(words: str) -> str:
    """The FTS5 query for ``words`` as far as they were typed: each is the beginning of a word, all must be there.

    Empty when there is nothing to search for in ``words``. Nothing in ``words`` has a meaning of its own to FTS5.
    """
    return " AND ".join(f'"{piece}"*' for piece in typed_pieces(words))
