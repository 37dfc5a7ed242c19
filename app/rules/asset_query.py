"""The language of the search field: ``state:approved locale:fr system:iconik used:>0 expires:<30d banner``.

Words and "quoted words" are searched as they stand. ``key:value[,value…]`` is a condition when its key is one of ours;
any other word with a colon, such as an address or an id, is a word. What is meant as a condition and cannot be one
is a complaint that knows where it stands and says what is possible. Nothing that can be typed raises.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from app.records import AssetKind, AssetState, System
from app.rules.asset_times import Named, When, looks_like_day, read_reach
from app.rules.asset_uses import Uses, read_uses

ANY_LOCALE: Final = "any"
"""How one asks for assets that name no locale."""
UNSAID_LOCALES: Final = ("", "und")

_LIKENESS_OF_KEYS: Final = 0.72
_LIKENESS_OF_VALUES: Final = 0.6
_LONGEST_LOCALE: Final = 35
_QUOTE: Final = '"'


class QueryKey(StrEnum):
    """What can stand before a colon."""

    STATE = "state"
    SYSTEM = "system"
    KIND = "kind"
    LOCALE = "locale"
    EXPIRES = "expires"
    CHANGED = "changed"
    USED = "used"

    @property
    def is_time(self) -> bool:
        """Whether its value is a time."""
        return self in {QueryKey.EXPIRES, QueryKey.CHANGED}

    @property
    def is_limit(self) -> bool:
        """Whether its value is a time or a number rather than one of several names."""
        return self.is_time or self is QueryKey.USED


ALIASES: Final = {**{key.value: key for key in QueryKey}, "library": QueryKey.SYSTEM}

NOUNS: Final = {
    QueryKey.STATE: "state",
    QueryKey.SYSTEM: "library",
    QueryKey.KIND: "kind",
    QueryKey.LOCALE: "locale",
    QueryKey.EXPIRES: "end of rights",
    QueryKey.CHANGED: "time of change",
    QueryKey.USED: "number of places",
}

_CLOSED: Final = {
    QueryKey.STATE: {state.value.replace("_", "-"): state.value for state in AssetState},
    QueryKey.SYSTEM: {each.label.lower().replace(" ", "-"): each.value for each in System if each.is_library},
    QueryKey.KIND: {kind.value: kind.value for kind in AssetKind},
}


Bound = When | Uses
"""What a key takes that is no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several names is wanted: ``state:approved,draft``. The values are those of our records."""

    key: QueryKey
    values: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A time or a number is wanted: ``expires:<30d``, ``used:>0``."""

    key: QueryKey
    bound: Bound
    start: int
    end: int


Condition = Choice | Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What cannot be understood, and what can: the characters from ``start`` to before ``end``, and a sentence."""

    start: int
    end: int
    sentence: str
    is_unfinished: bool = False
    """Nothing is wrong but that the value is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetQuery:
    """What a text asks for. Conditions and complaints come in the order of the text."""

    words: str
    """What is searched for: the text as it stands when it has no condition."""
    conditions: tuple[Condition, ...] = ()
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What stands between two blanks, quotes respected."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the blank behind it stands."""
        return self.start + len(self.text)

    @property
    def head(self) -> str:
        """What stands before its first colon; empty when it has none, or begins with a quote."""
        name, colon, _ = self.text.partition(":")
        return name if colon and not name.startswith(_QUOTE) else ""

    @property
    def key(self) -> QueryKey | None:
        """The key that it begins with; None for a word."""
        return None if self.text[len(self.head) :].startswith("://") else ALIASES.get(self.head.casefold())

    def values(self) -> Iterator["Token"]:
        """The values behind the colon, quotes included; one empty value when there is none."""
        at = self.start + len(self.head) + 1
        for piece in self.text[len(self.head) + 1 :].split(","):
            yield Token(text=piece, start=at)
            at += len(piece) + 1


def read(text: str, *, today: date, locales: Iterable[str] = ()) -> AssetQuery:
    """What ``text`` asks for. ``locales`` are those that exist, as their libraries spell them."""
    known = tuple(locales)
    words = list[str]()
    conditions = list[Condition]()
    complaints = list[Complaint]()
    for token in tokens(text):
        key = token.key
        if key is None:
            if (meant := _meant_key(token)) is None:
                words.append(token.text)
            else:
                complaints.append(_of(token, f"There is no “{token.head}:”. Try {meant}:."))
        elif key.is_limit:
            conditions.extend(_limits(token, key, complaints, today=today))
        else:
            conditions.extend(_choices(token, key, complaints, known))
    return AssetQuery(
        words=" ".join(words) if conditions or complaints else text,
        conditions=tuple(conditions),
        complaints=tuple(complaints),
    )


def tokens(text: str) -> Iterator[Token]:
    """The pieces of ``text`` between blanks. A quote opens at the start of a piece or a value, and may stay open."""
    start, is_quoted, before = 0, False, " "
    for at, letter in enumerate(text):
        if letter == _QUOTE and (is_quoted or before.isspace() or before in ":,"):
            is_quoted = not is_quoted
        elif letter.isspace() and not is_quoted:
            if start < at:
                yield Token(text=text[start:at], start=start)
            start = at + 1
        before = letter
    if start < len(text):
        yield Token(text=text[start:], start=start)


def plain(word: str) -> str:
    """``word`` without case, blanks, hyphens, underscores and quotes: ``In-Review`` is ``in_review`` is “in review”."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def names_of(key: QueryKey, locales: Iterable[str]) -> dict[str, str]:
    """What can be typed for ``key``, with the value that each stands for; empty for times and numbers."""
    if key is not QueryKey.LOCALE:
        return dict(_CLOSED.get(key, {}))
    spelled = {locale: locale for locale in sorted(locales) if locale not in UNSAID_LOCALES and _is_typeable(locale)}
    return {**spelled, ANY_LOCALE: ""}


def _is_typeable(locale: str) -> bool:
    return bool(plain(locale)) and not any(letter.isspace() or letter in ',"' for letter in locale)


def _meant_key(token: Token) -> QueryKey | None:
    """The key that a token with another head was probably meant to have."""
    if not token.head or token.text[len(token.head) :].startswith("://"):
        return None
    near = get_close_matches(token.head.casefold(), ALIASES, n=1, cutoff=_LIKENESS_OF_KEYS)
    return ALIASES[near[0]] if near else None


def _of(token: Token, sentence: str, *, is_unfinished: bool = False) -> Complaint:
    return Complaint(start=token.start, end=token.end, sentence=sentence, is_unfinished=is_unfinished)


def _choices(token: Token, key: QueryKey, complaints: list[Complaint], locales: Iterable[str]) -> Iterator[Choice]:
    names = names_of(key, locales)
    pieces = [piece for piece in token.values() if plain(piece.text)]
    found = list[str]()
    is_whole = True
    for piece in pieces:
        values = _values(key, piece.text, names)
        found.extend(value for value in values if value not in found)
        if not values:
            is_whole = False
            complaints.append(_of(piece, _no_such(key, piece.text, names)))
    if not pieces:
        complaints.append(_of(token, f"Which {NOUNS[key]}? Try {_some(names)}.", is_unfinished=True))
    elif is_whole:
        yield Choice(key=key, values=tuple(found), start=token.start, end=token.end)


def _values(key: QueryKey, typed: str, names: dict[str, str]) -> tuple[str, ...]:
    wanted = plain(typed)
    if key is QueryKey.LOCALE and wanted == ANY_LOCALE:
        return UNSAID_LOCALES
    found = tuple(value for name, value in names.items() if plain(name) == wanted)
    if found or key is not QueryKey.LOCALE:
        return found
    # The cache may not hold it yet, or other filters hide it: what is written like a locale is one.
    tag = typed.strip(_QUOTE)
    return (tag,) if _is_locale(tag) else ()


def _is_locale(tag: str) -> bool:
    language, *rest = tag.replace("_", "-").split("-")
    return (
        len(tag) <= _LONGEST_LOCALE
        and tag.isascii()
        and language.isalpha()
        and len(language) in (2, 3)
        and all(part.isalnum() and len(part) <= 8 for part in rest)  # noqa: PLR2004 - RFC 5646, a subtag's length
    )


def _no_such(key: QueryKey, typed: str, names: dict[str, str]) -> str:
    # One locale looks much like another, so there the likeness says nothing.
    by_plain = {} if key is QueryKey.LOCALE else {plain(name): name for name in names}
    near = get_close_matches(plain(typed), by_plain, n=1, cutoff=_LIKENESS_OF_VALUES)
    possible = by_plain[near[0]] if near else _some(names)
    return f"No {NOUNS[key]} is called “{typed.strip(_QUOTE)}”. Try {possible}."


def _some(names: dict[str, str]) -> str:
    *first, last = list(names)[:4]
    return f"{', '.join(first)} or {last}" if first else last


def _limits(token: Token, key: QueryKey, complaints: list[Complaint], *, today: date) -> Iterator[Limit]:
    typed = token.text[len(token.head) + 1 :]
    written = typed.replace(_QUOTE, "").replace(" ", "").strip(",").casefold()
    if not written.strip("<>"):
        complaints.append(_of(token, f"Which {NOUNS[key]}? Try {_examples(key, today)}.", is_unfinished=True))
        return
    bound = read_bound(key, written)
    if bound is not None:
        yield Limit(key=key, bound=bound, start=token.start, end=token.end)
        return
    value = Token(text=typed, start=token.start + len(token.head) + 1)
    day = written.strip("<>")
    wrong = f"There is no day {day}." if key.is_time and looks_like_day(day) else f"“{typed}” is no {NOUNS[key]}."
    complaints.append(_of(value, f"{wrong} Try {_examples(key, today)}."))


def read_bound(key: QueryKey, written: str) -> Bound | None:
    """The time or the number that ``written`` names for ``key``; None when it names none."""
    if key is QueryKey.USED:
        return read_uses(written)
    if key is QueryKey.EXPIRES and written in list(Named):
        return Named(written)
    return read_reach(written)


def _examples(key: QueryKey, today: date) -> str:
    if key is QueryKey.USED:
        return ">0, 0 or >5"
    if key is QueryKey.EXPIRES:
        return f"<30d, past, none or <{date(today.year, 12, 31)}"
    return f"<7d, >30d or >{date(today.year, 1, 1)}"
