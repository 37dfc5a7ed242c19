"""What could be typed next in the search field: :mod:`app.rules.asset_query`'s language, seen from the cursor."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.rules.asset_query import QueryKey, Token, names_of, plain, read_bound, tokens
from app.rules.asset_times import Unit

MEANINGS: Final = {
    QueryKey.STATE: "where it stands in approval",
    QueryKey.SYSTEM: "the library it lives in",
    QueryKey.KIND: "image, video, document",
    QueryKey.LOCALE: "the language it is made for",
    QueryKey.EXPIRES: "when its rights end",
    QueryKey.CHANGED: "when it was last changed",
    QueryKey.USED: "in how many places",
}

LEAST_TYPED: Final = 3
"""So many letters of a key tell it from a plain word: “st” may become storm."""

_NUMBER: Final = re.compile(r"([<>]?)(\d{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One thing to type: ``text`` in place of the characters from ``start`` to before ``end``."""

    start: int
    end: int
    text: str
    key: QueryKey
    value: str | None = None
    """The record's value that it stands for; None for a key, a time or a number."""

    @property
    def is_key(self) -> bool:
        """Whether a value has to follow."""
        return self.text.endswith(":")

    def accepted(self, text: str) -> str:
        """``text`` with this in it."""
        return text[: self.start] + self.text + text[self.end :]


def suggestions(
    text: str,
    cursor: int,
    *,
    today: date,
    locales: Iterable[str] = (),
    counts: Mapping[QueryKey, Mapping[str, int]] | None = None,
    is_asked: bool = False,
) -> tuple[Suggestion, ...]:
    """What fits at ``cursor``: keys for the beginning of one, values behind a key, nothing for a plain word.

    Values come most frequent first by ``counts``. When it ``is_asked`` for, keys come for an empty place and for a
    single letter too.
    """
    cursor = min(max(cursor, 0), len(text))
    token = next((each for each in tokens(text) if each.start <= cursor <= each.end), Token(text="", start=cursor))
    key = token.key
    if key is None:
        return tuple(_keys(token, typed=text[token.start : cursor], least=0 if is_asked else LEAST_TYPED))
    value_start = token.start + len(token.head) + 1
    if key.is_limit and cursor >= value_start:
        bounds = _bounds(key, text[value_start:cursor], today)
        return tuple(Suggestion(start=value_start, end=token.end, text=bound, key=key) for bound in bounds)
    piece = next((each for each in token.values() if each.start <= cursor <= each.end), None)
    if piece is None:
        return ()
    typed = text[piece.start : cursor]
    names = names_of(key, locales)
    many = (counts or {}).get(key, {})
    order = {name: place for place, name in enumerate(names)}
    # What begins as typed stands before what only goes on so: “re” means rejected rather than in-review.
    fitting = [name for name in names if plain(typed) in plain(name)]
    fitting.sort(key=lambda name: (not plain(name).startswith(plain(typed)), -many.get(names[name], 0), order[name]))
    return tuple(
        Suggestion(start=piece.start, end=piece.end, text=name, key=key, value=names[name]) for name in fitting
    )


def _keys(token: Token, *, typed: str, least: int) -> Iterator[Suggestion]:
    if token.text != typed or len(typed) < least:
        # In the middle of a word a key would swallow the rest of it.
        return
    for key in QueryKey:
        if key.value.startswith(typed.casefold()):
            yield Suggestion(start=token.start, end=token.end, text=f"{key}:", key=key)


def _bounds(key: QueryKey, typed: str, today: date) -> Iterator[str]:
    written = typed.casefold().strip('"')
    if key.is_time and (found := _NUMBER.fullmatch(written)):
        yield from (f"{found[1] or '<'}{found[2]}{unit}" for unit in Unit)
        return
    usual = {
        QueryKey.EXPIRES: ("<30d", "<3m", "past", "none", f"<{date(today.year, 12, 31)}"),
        QueryKey.CHANGED: ("<1d", "<7d", "<1m", ">3m", f">{date(today.year, 1, 1)}"),
        QueryKey.USED: (">0", "0", ">5"),
    }[key]
    beginning = [bound for bound in usual if bound.startswith(written)]
    if beginning:
        yield from beginning
    elif read_bound(key, written) is not None:
        yield written
