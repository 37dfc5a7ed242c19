"""Whether a text answers what was typed, without the full-text index, and as the index itself would say.

A beginning that a great part of a million rows has costs FTS5 a second: it gathers all hits before it gives the first.
To read the newest rows until a page is full costs milliseconds. How letters are folded and parted is asked of SQLite
once, letter by letter, so that both ways agree; texts with other letters are left to the index.
"""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

from app.store.fulltext import TOKENIZER, as_typed, typed_pieces

_KNOWN: Final = tuple(chain(range(0x250), range(0x2000, 0x2070), range(0x20A0, 0x20C0)))
"""Latin letters, punctuation, currencies. None of these changes its meaning with what stands beside it."""
_UNKNOWN: Final = re.compile("[^\u0000-\u024f\u2000-\u206f\u20a0-\u20bf]")
_BORDER: Final = " \x01 "
"""Stands between two columns: a phrase does not reach over it."""
_LONGEST: Final = 5_000
"""Letters that somebody may type without a blank. SQLite compares no patterns of any length."""


class UnreadableTextError(Exception):
    """The text has letters whose folding is only known to the index."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What was typed between two blanks: words one after the other, the last one as far as it was typed."""

    typed: str
    folded: str
    """Its words behind a blank each."""

    def is_in(self, text: str) -> bool:
        """Whether a text that :func:`folded` made has it."""
        return self.folded in text


def pieces(words: str) -> tuple[Piece, ...]:
    """The pieces of ``words`` that can be searched for. Raises: UnreadableTextError."""
    typed = typed_pieces(words)
    if any(len(piece) > _LONGEST for piece in typed):
        raise UnreadableTextError
    return tuple(Piece(piece, f" {_folded(piece)}") for piece in typed)


def folded(texts: Iterable[str]) -> str:
    """The columns of one row, as the index sees them: each word behind one blank. Raises: UnreadableTextError."""
    return f" {_BORDER.join(map(_folded, texts))}"


def found_by_index(rows: Iterable[tuple[int, str, str]], words: str) -> frozenset[int]:
    """Which of a few rows, each with its two columns, answer ``words`` as the index reads them, whatever their letters.

    Some 20 µs for each.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE held USING fts5(name, words, tokenize='{TOKENIZER}')")
        connection.executemany("INSERT INTO held (rowid, name, words) VALUES (?, ?, ?)", rows)
        found = connection.execute("SELECT rowid FROM held WHERE held MATCH ?", [as_typed(words)])
        return frozenset(row_id for (row_id,) in found)


def _folded(text: str) -> str:
    if text.isascii():
        return b" ".join(text.encode().translate(_ascii_letters()).split()).decode()
    if _UNKNOWN.search(text):
        raise UnreadableTextError
    return " ".join(text.translate(_letters()).split())


@cache
def _letters() -> Mapping[int, str]:
    """What the index makes of each letter: another one, none, or a blank for what parts words."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE letters USING fts5(letter, tokenize='{TOKENIZER}')")
        connection.execute("CREATE VIRTUAL TABLE seen USING fts5vocab(letters, instance)")
        connection.executemany(
            "INSERT INTO letters (rowid, letter) VALUES (?, ?)", [(code + 1, f"x{chr(code)}y") for code in _KNOWN]
        )
        # Between two letters one that parts words leaves them alone, and any other stands in one word with them.
        told = dict(connection.execute("SELECT doc - 1, term FROM seen WHERE term LIKE 'x%y'").fetchall())
    return {code: told[code][1:-1] if code in told else " " for code in _KNOWN}


@cache
def _ascii_letters() -> bytes:
    """The same for ASCII alone, whose letters become one letter each: most texts are folded four times as fast."""
    return "".join(_letters()[code] for code in range(128)).encode().ljust(256)
