"""The ``query`` of a search, Lucene-like: words, "phrases", ``field:value``, ranges, AND OR NOT, groups, wildcards.

Words without an operator between them must all be there (CHOSEN). A query that cannot be read as a whole is read as
far as it goes: reserved characters that were not escaped shrink the result silently, as in the real service
(CONFIRMED).
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from connectors.sandbox.iconik.documents import Documents, Found
from connectors.sandbox.iconik.filters import Test
from connectors.sandbox.iconik.matching import equals, has_phrase, lies_between, words_of

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) |
        (?P<and>AND\b|&&) | (?P<or>OR\b|\|\|) | (?P<not>NOT\b|!|-(?=\S)) | (?P<must>\+) |
        (?P<range>[\[{]\s*(?P<low>[^\s\]}]+)\s+TO\s+(?P<high>[^\s\]}]+)\s*[\]}]) |
        "(?P<phrase>(?:\\.|[^"\\])*)"(?:~\d*)?(?:\^[\d.]+)? |
        (?P<field>(?:\\.|[\w.@-])+):(?=\S) |
        (?P<word>(?:\\.|[^\s()"])+)
    )""",
    re.VERBOSE,
)
_ESCAPED: Final = re.compile(r"\\(.)")
_SUFFIX: Final = re.compile(r"(?<!\\)[~^][\d.]*$")
_COMPARISON: Final = re.compile(r"([<>]=?)(.+)")
_EXISTS: Final = "_exists_"


def compile_query(index: Documents, query: str, fields: tuple[str, ...]) -> Test:
    """A test of one thing; an empty query is met by all."""
    return _Reader(index, query, fields).read()


def words_in(query: str) -> Iterator[tuple[str, str]]:
    """Every word, phrase or range of a query with the field that stands before it; an empty field for none."""
    field = ""
    for token in _TOKEN.finditer(query):
        if token["field"]:
            field = _plain(token["field"])
        elif token["word"] or token["phrase"] or token["range"]:
            yield field, token["word"] or token["phrase"] or token["range"]
            field = ""


class _Reader:
    """Recursive descent over the tokens of one query."""

    def __init__(self, index: Documents, query: str, fields: tuple[str, ...]) -> None:
        self._index = index
        self._fields = fields
        self._tokens = list(_TOKEN.finditer(query))
        self._at = 0

    def read(self) -> Test:
        """The whole query. A closing bracket too many ends nothing."""
        tests = []
        while self._at < len(self._tokens):
            tests.append(self._either(""))
            if self._next() == "close":
                self._at += 1
        return _all(tests)

    def _next(self) -> str | None:
        if self._at >= len(self._tokens):
            return None
        names = ("open", "close", "and", "or", "not", "must", "range", "field", "word")
        token = self._tokens[self._at]
        return next((name for name in names if token[name]), "phrase")

    def _either(self, field: str) -> Test:
        options = [self._every(field)]
        while self._next() == "or":
            self._at += 1
            options.append(self._every(field))
        return options[0] if len(options) == 1 else lambda found: any(option(found) for option in options)

    def _every(self, field: str) -> Test:
        tests = []
        while self._next() not in {None, "or", "close"}:
            if self._next() in {"and", "must"}:
                self._at += 1
                continue
            tests.append(self._one(field))
        return _all(tests)

    def _one(self, field: str) -> Test:
        kind, token = self._next(), self._tokens[self._at]
        self._at += 1
        match kind:
            case "not":
                inner = self._one(field) if self._next() not in {None, "or", "close"} else _all([])
                return lambda found: not inner(found)
            case "open":
                group = self._either(field)
                if self._next() == "close":
                    self._at += 1
                return group
            case "field" if self._next() not in {None, "close", "or", "and"}:
                return self._one(_plain(token["field"]))
            case "range":
                return self._within(field, _bound(token["low"]), _bound(token["high"]))
            case "phrase":
                return self._holds(field, _plain(token["phrase"]))
            case "word":
                return self._word(field, token["word"])
            case _:
                return _all([])

    def _word(self, field: str, raw: str) -> Test:
        raw = _SUFFIX.sub("", raw)
        compared = _COMPARISON.fullmatch(raw) if field else None
        if field == _EXISTS:
            name = _plain(raw)
            return lambda found: bool(self._index.values(found, name))
        if compared:
            bound = _plain(compared[2])
            low, high = (bound, None) if compared[1].startswith(">") else (None, bound)
            return self._within(field, low, high)
        if raw == "*":
            return _all([]) if not field else lambda found: bool(self._index.values(found, field))
        return self._holds(field, raw if "*" in raw or "?" in raw else _plain(raw))

    def _within(self, field: str, low: str | None, high: str | None) -> Test:
        return lambda found: any(lies_between(value, low, high, None) for value in self._index.values(found, field))

    def _holds(self, field: str, said: str) -> Test:
        phrase = tuple(said.casefold().split()) if "*" in said or "?" in said else words_of(said)
        if not phrase:
            return _all([]) if not said.strip() else lambda _: False
        if not field:
            return lambda found: any(has_phrase(text, phrase) for text in self._index.text(found, self._fields))
        return lambda found: any(
            equals(field, value, said) or has_phrase(str(value), phrase) for value in self._index.values(found, field)
        )


def _all(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda found: all(test(found) for test in tests)


def _plain(raw: str) -> str:
    return _ESCAPED.sub(r"\1", raw)


def _bound(raw: str) -> str | None:
    return None if raw == "*" else _plain(raw).strip('"')


def score(index: Documents, query: str) -> Callable[[Found], float]:
    """How well a hit fits: words in the title count double. Only its order means anything."""
    wanted = set(words_of(_ESCAPED.sub(r"\1", query)))

    def of(found: Found) -> float:
        title = {word for value in index.values(found, "title") for word in words_of(str(value))}
        everywhere = {word for text in index.text(found, ()) for word in words_of(text)}
        return 2.0 * len(wanted & title) + len(wanted & everywhere)

    return of
