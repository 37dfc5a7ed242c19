"""Small things that the window remembers: layout, column widths, filters. Losing them costs nothing but comfort."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final, TypeVar

import msgspec
from sqlite_utils import Database

from app.store.rows import json_list, pack, unpack

T = TypeVar("T")

_WORD: Final = re.compile(r"\w+")
_TELLING: Final = 4
"""Letters of a name that somebody who typed no more of it had in mind."""
_FIRST_IDEOGRAPH: Final = "\u2e80"
"""From here on are the scripts in which a letter or two are a name."""


def remember(db: Database, key: str, value: object) -> None:
    """Keep ``value``, anything that is JSON, under ``key``."""
    db.execute("INSERT OR REPLACE INTO memory (key, value) VALUES (?, ?)", [key, pack(value).decode()])


def recall(db: Database, key: str, shape: type[T]) -> T | None:
    """What is kept under ``key``; None when there is nothing, or something of another shape from another version."""
    row = db.execute("SELECT value FROM memory WHERE key = ?", [key]).fetchone()
    if row is None:
        return None
    try:
        return unpack(row[0], shape)
    except msgspec.ValidationError:
        return None


def everything(db: Database) -> dict[str, object]:
    """All that is kept, by key; what cannot be read any more is left out."""
    kept: dict[str, object] = {}
    for key, value in db.execute("SELECT key, value FROM memory"):
        try:
            kept[key] = msgspec.json.decode(value)
        except msgspec.DecodeError:
            continue
    return kept


def forget_words(db: Database, words: Iterable[str]) -> None:
    """Forget everything in which one of ``words`` stands, or its beginning: somebody may have searched it.

    Case and accents do not count, for whoever searches need not type them, and neither does how a letter is composed.
    """
    wanted = {folded for word in words if (folded := _folded(word))}
    rows = db.execute("SELECT key, value FROM memory").fetchall()
    gone = [key for key, value in rows if _names_any(_folded(value), wanted)]
    db.execute("DELETE FROM memory WHERE key IN (SELECT value FROM json_each(?))", [json_list(gone)])


def _names_any(value: str, wanted: Collection[str]) -> bool:
    begun = tuple(piece for piece in _WORD.findall(value) if len(piece) >= _TELLING or piece >= _FIRST_IDEOGRAPH)
    return any(word in value or any(map(word.startswith, begun)) for word in wanted)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
