"""The marks of an asset: what it can be found, narrowed and sorted by, as the bits of one number. Pure.

A mark says that an asset *may* answer, never that it does: many beginnings of words share one mark, and so may two
names. What has no mark surely does not answer. Sets of assets by mark are combined at once for a million
(:mod:`app.store.asset_marks`), and only what is left is read.

Numbers lie in marks digit by digit, so that the newest or the first by name of any set are found without sorting it.
The layout is kept in files: it never changes, but by a migration that marks all assets anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from string import ascii_lowercase, digits
from typing import Final, TypeAlias
from zlib import crc32

from app.store.typed import Piece, UnreadableTextError, folded


@dataclass(frozen=True, slots=True)
class Number:
    """A number of ``bits`` binary digits, the lowest at the mark ``first``. Larger ones are kept as the largest."""

    first: int
    bits: int

    @property
    def most(self) -> int:
        """The largest that can be told."""
        return (1 << self.bits) - 1

    def told(self, value: int) -> int:
        """``value`` as it is kept."""
        return min(max(value, 0), self.most)

    def marks(self, value: int) -> int:
        """``value`` as marks."""
        return self.told(value) << self.first

    @property
    def digits(self) -> range:
        """The marks of its digits, the highest first."""
        return range(self.first + self.bits - 1, self.first - 1, -1)


PRESENT: Final = 0
"""The asset is there."""
NEVER_ENDS: Final = 1
"""No end of its rights is known."""
_LETTERS: Final = 2
_FREQUENT: Final = ascii_lowercase + digits
_OTHER_LETTERS: Final = 8
_PAIRS: Final = 46
"""Marks of the first two letters: most pairs have one of their own, for whoever types two waits for the third."""
_OTHER_PAIRS: Final = 60
_BEGINNINGS: Final = {3: (782, 160), 4: (942, 192), 5: (1134, 192), 7: (1326, 160)}
"""By its length: where the marks of a word's longer beginning lie, and how many there are."""
_SORTS: Final = 1486
_SORT_MARKS: Final = 128
CHANGED: Final = Number(1614, 20)
"""Hours since 2000."""
ENDS: Final = Number(1634, 16)
"""The day on which its rights end, since 1970."""
USED: Final = Number(1650, 16)
"""In how many places."""
NAME: Final = Number(1666, 30)
"""The first five letters of its name, as names are sorted."""
MARKS: Final = 1696
WIDTH: Final = MARKS // 8
"""Bytes in which the marks of one asset fit."""

_ANY_WORD: Final = (1 << _SORTS) - (1 << _LETTERS)
_MOST_OF_A_WORD: Final = 4
"""Marks of one word that are asked for: the longest beginnings tell most."""
_HOUR_US: Final = 3_600_000_000
_HOUR_ZERO: Final = 262_968
"""Hours from 1970 to 2000."""
_DAY_ZERO: Final = date(1970, 1, 1)
_NAME_LETTERS: Final = 5
_NAME_BITS: Final = 6
_KEPT_WORDS: Final = 10_000


Sorts: TypeAlias = tuple[tuple[str, str], ...]
"""Column and value of what an asset is chosen by."""


class _Words(dict[str, int]):
    """The marks of each word; those that were met are kept, for most words are met again and again."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _KEPT_WORDS:
            self.clear()
        marks = self[word] = reduce(or_, (1 << mark for mark in _marks_of(word)), 0)
        return marks


_words: Final = _Words()


def marks_of(
    texts: tuple[str, str],
    *,
    sorts: Sorts,
    changed_at: int,
    rights_end: str | None,
    used: int,
    sort_name: str,
) -> int:
    """All marks of one asset, from its columns."""
    try:
        found = reduce(or_, map(_words.__getitem__, folded(texts).split()), 1 << PRESENT)
    except UnreadableTextError:
        # It may have any word: whoever asks for one reads it.
        found = _ANY_WORD | 1 << PRESENT
    return (
        found
        | _sorts_marks(sorts)
        | _ends_marks(rights_end)
        | CHANGED.marks(hour_of(changed_at))
        | USED.marks(used)
        | NAME.marks(name_number(sort_name[:_NAME_LETTERS]))
    )


@lru_cache(4_096)
def _sorts_marks(sorts: Sorts) -> int:
    return reduce(or_, (1 << sort_mark(column, value) for column, value in sorts))


@lru_cache(4_096)
def _ends_marks(rights_end: str | None) -> int:
    ends = day_of(rights_end)
    return 1 << NEVER_ENDS if ends is None else ENDS.marks(ends)


def piece_marks(piece: Piece) -> Iterable[int]:
    """The marks that an asset with ``piece`` has."""
    return (mark for word in piece.folded.split() for mark in _marks_of(word)[-_MOST_OF_A_WORD:])


def sort_mark(column: str, value: str) -> int:
    """The mark of what has ``value`` in ``column``."""
    return _SORTS + crc32(f"{column}={value}".encode()) % _SORT_MARKS


def hour_of(micros: int) -> int:
    """Hours since 2000."""
    return micros // _HOUR_US - _HOUR_ZERO


def day_of(written: str | None) -> int | None:
    """Days since 1970 of an ISO day; None for none."""
    return None if written is None else (date.fromisoformat(written) - _DAY_ZERO).days


@lru_cache(16_384)
def name_number(sort_name: str) -> int:
    """A number that is never smaller for a name that is sorted behind."""
    told, left = 0, _NAME_LETTERS
    for letter in sort_name[:_NAME_LETTERS]:
        code, is_exact = _letter_code(letter)
        told, left = told << _NAME_BITS | code, left - 1
        if not is_exact:
            # Letters that share a code are not told apart, so what follows them must not be either.
            break
    return told << _NAME_BITS * left


def _letter_code(letter: str) -> tuple[int, bool]:
    """A code that is never smaller for a letter that is sorted behind, and whether no other letter shares it."""
    if letter in _CODES:
        return _CODES[letter], True
    return max((code for known, code in _CODES.items() if known < letter), default=0) + 1, False


def _codes() -> dict[str, int]:
    """The codes of frequent letters, with one between two of them where other letters are sorted between them."""
    codes: dict[str, int] = {}
    code, before = 0, "\0"
    for letter in sorted(f" -._{_FREQUENT}"):
        code += 1 if ord(letter) == ord(before) + 1 else 2
        codes[letter], before = code, letter
    return codes


_CODES: Final = _codes()


def _marks_of(word: str) -> list[int]:
    first = word[0]
    at = _FREQUENT.find(first)
    marks = [_LETTERS + (at if at >= 0 else len(_FREQUENT) + ord(first) % _OTHER_LETTERS)]
    if len(word) > 1:
        marks.append(_PAIRS + _pair(word[:2]))
    marks += [
        start + crc32(word[:length].encode()) % many
        for length, (start, many) in _BEGINNINGS.items()
        if len(word) >= length
    ]
    return marks


def _pair(letters: str) -> int:
    first, second = map(ascii_lowercase.find, letters)
    if min(first, second) >= 0:
        return first * len(ascii_lowercase) + second
    return len(ascii_lowercase) ** 2 + crc32(letters.encode()) % _OTHER_PAIRS
