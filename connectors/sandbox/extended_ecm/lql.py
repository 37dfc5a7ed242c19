"""The part of the Livelink Query Language that people and clients write: terms, regions, ``and or not``, brackets.

``OTName:"a b" and OTSubType:144 and OTLocation:2000`` (CONFIRMED, contract 7). ``*`` matches any rest of a word.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from connectors.sandbox.extended_ecm.refusal import Refusal

Matches: TypeAlias = Callable[[str, str], bool]
"""``(region, words)`` → whether a document has them; the region is empty for its full text."""
Question: TypeAlias = Callable[[Matches], bool]

_TOKEN: Final = re.compile(
    r'\s*(?:(?P<bracket>[()])|(?P<region>[\w.]+):\s*|"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s()":]+))'
)
_QUERY_ERROR: Final = (
    "Error Evaluating Query, You have either not specified any search criterion at all, or one of your Livelink Query "
    "Language statements is incorrect."
)


def parse(text: str) -> Question:
    """The question that ``text`` asks. Raises: Refusal for one that cannot be read."""
    reader = _Reader(text)
    question = reader.any_of()
    if not reader.at_end:
        raise Refusal(400, _QUERY_ERROR)
    return question


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if not self.at_end else ("end", "")

    def _take_word(self, *words: str) -> bool:
        kind, value = self._peek()
        if kind == "word" and value.lower() in words:
            self._at += 1
            return True
        return False

    def any_of(self) -> Question:
        parts = [self._all_of()]
        while self._take_word("or", "qlor"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else lambda matches: any(part(matches) for part in parts)

    def _all_of(self) -> Question:
        parts = [self._one()]
        while True:
            if self._take_word("and-not", "qland-not"):
                refused = self._one()
                parts.append(lambda matches, refused=refused: not refused(matches))  # type: ignore[misc]
            elif self._take_word("and", "qland"):
                parts.append(self._one())
            else:
                return parts[0] if len(parts) == 1 else lambda matches: all(part(matches) for part in parts)

    def _one(self) -> Question:
        if self._take_word("not", "qlnot"):
            refused = self._one()
            return lambda matches: not refused(matches)
        kind, value = self._peek()
        self._at += 1
        if (kind, value) == ("bracket", "("):
            inner = self.any_of()
            if self._peek() != ("bracket", ")"):
                raise Refusal(400, _QUERY_ERROR)
            self._at += 1
            return inner
        region = ""
        if kind == "region":
            region = value
            kind, value = self._peek()
            self._at += 1
        if kind not in ("word", "phrase"):
            raise Refusal(400, _QUERY_ERROR)
        return lambda matches: matches(region, value)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Refusal(400, _QUERY_ERROR)
        kind = found.lastgroup or "word"
        yield kind, re.sub(r"\\(.)", r"\1", found[kind])
        at = found.end()
