"""The grammar of search expressions: text in, a test of resources out.

    any      = all { "OR" all }
    all      = one { ["AND"] one }                     terms side by side mean AND (INFERRED)
    one      = ("NOT" | "-") one | "(" any ")" | clause
    clause   = [field operator] (value | range | "(" any-of-values ")")
    operator = ":" | "=" | ">" | "<" | ">=" | "<="
    range    = ("[" | "{") value "TO" value ("]" | "}")

Source: contract §3.4. A leading wildcard, an unbalanced parenthesis, a field that does not exist or a special
character out of place is refused with ``Query Error (at position N)``, N counted from 0.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final, TypeAlias

from connectors.sandbox.cloudinary.matching import (
    Operator,
    Range,
    Term,
    matches_range,
    matches_term,
    matches_text,
    words_of,
)
from connectors.sandbox.cloudinary.refusals import RefusalError
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.search_fields import is_field, names_of, text_of, values_of
from connectors.sandbox.cloudinary.shelf import EVERYTHING, NAMES, Question
from connectors.sandbox.cloudinary.state import Cloud

Test: TypeAlias = Callable[[Resource], bool]

_SPECIAL: Final = frozenset('!(){}[]^~?:\\=&><"')
_MAX_DEPTH: Final = 50


class _Kind(StrEnum):
    WORD = "word"
    QUOTED = "quoted"
    MARK = "mark"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: _Kind
    text: str
    at: int
    is_prefix: bool = False
    """A word or phrase with a star at its end."""
    is_glued: bool = False
    """No space before it."""


def parse(expression: str, *, cloud: Cloud, now: datetime) -> Question:
    """A question for ``expression``; an empty one finds everything. Raises: RefusalError, 400."""
    if not expression.strip():
        return EVERYTHING
    parser = _Parser(_tokens(expression), cloud=cloud, now=now)
    return Question(test=parser.whole(), reads_names=parser.reads_names)


def _text_test(term: Term) -> Test:
    """Whether any text has ``term``. What repetitions share is looked through once for all of them."""
    shared: dict[int, tuple[object, bool]] = {}
    """By what repetitions share, which is held on to so that nothing else can take its place."""

    wanted = words_of(term.text)

    def test(resource: Resource) -> bool:
        # Most names are done with by this one look at all of them together.
        names = names_of(resource)
        together = "\n".join(names).casefold()
        if all(word in together for word in wanted) and matches_text(names, term):
            return True
        file = resource.latest
        known = shared.get(id(file))
        if known is None:
            known = shared[id(file)] = (file, matches_text(text_of(resource), term))
        return known[1]

    return test


def _query_error(at: int) -> RefusalError:
    return RefusalError(HTTPStatus.BAD_REQUEST, f"Query Error (at position {at})")


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter.isspace():
            at += 1
            continue
        is_glued = at > 0 and not text[at - 1].isspace()
        if letter == '"':
            token, end = _quoted(text, at)
        elif text[at : at + 2] in {">=", "<="}:
            token, end = _Token(kind=_Kind.MARK, text=text[at : at + 2], at=at), at + 2
        elif letter in "(){}[]:=<>" or (letter == "-" and _begins_term(tokens, is_glued=is_glued)):
            token, end = _Token(kind=_Kind.MARK, text=letter, at=at), at + 1
        else:
            token, end = _word(text, at)
        tokens.append(replace(token, is_glued=is_glued))
        at = end
    tokens.append(_Token(kind=_Kind.END, text="", at=len(text)))
    return tokens


def _begins_term(tokens: list[_Token], *, is_glued: bool) -> bool:
    """Whether a minus here negates what follows, rather than being a part of a value."""
    return not is_glued or (bool(tokens) and tokens[-1].text == "(" and tokens[-1].kind is _Kind.MARK)


def _quoted(text: str, start: int) -> tuple[_Token, int]:
    letters: list[str] = []
    at = start + 1
    is_prefix = False
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        elif text[at] == "*":
            if text[at + 1 : at + 2] != '"' or not letters:
                raise _query_error(at)
            is_prefix = True
            at += 1
            continue
        letters.append(text[at])
        at += 1
    if at >= len(text):
        raise _query_error(start)
    end = at + 1
    return _Token(kind=_Kind.QUOTED, text="".join(letters), at=start, is_prefix=is_prefix), end


def _word(text: str, start: int) -> tuple[_Token, int]:
    letters: list[str] = []
    at = start
    while at < len(text) and not text[at].isspace():
        letter = text[at]
        if letter == "\\" and at + 1 < len(text):
            at += 1
            letter = text[at]
        elif letter == "*":
            followed_by = text[at + 1 : at + 2]
            if not letters or not (followed_by in {"", ")", "]", "}"} or followed_by.isspace()):
                raise _query_error(at)
            return _Token(kind=_Kind.WORD, text="".join(letters), at=start, is_prefix=True), at + 1
        elif letter in _SPECIAL:
            break
        letters.append(letter)
        at += 1
    if not letters:
        raise _query_error(at)
    return _Token(kind=_Kind.WORD, text="".join(letters), at=start), at


class _Parser:
    def __init__(self, tokens: list[_Token], *, cloud: Cloud, now: datetime) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self.reads_names = False
        """Whether any clause reads what differs between repetitions of an asset."""
        self._cloud = cloud
        self._now = now

    def whole(self) -> Test:
        test = self._any(self._clause)
        if self._next.kind is not _Kind.END:
            raise _query_error(self._next.at)
        return test

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def _is_mark(self, *marks: str) -> bool:
        return self._next.kind is _Kind.MARK and self._next.text in marks

    def _is_word(self, word: str) -> bool:
        return self._next.kind is _Kind.WORD and self._next.text == word and not self._next.is_prefix

    def _any(self, leaf: Callable[[], Test]) -> Test:
        tests = [self._all(leaf)]
        while self._is_word("OR"):
            self._take()
            tests.append(self._all(leaf))
        return tests[0] if len(tests) == 1 else lambda resource: any(test(resource) for test in tests)

    def _all(self, leaf: Callable[[], Test]) -> Test:
        tests = [self._one(leaf)]
        while True:
            if self._is_word("AND"):
                self._take()
            elif self._next.kind is _Kind.END or self._is_mark(")") or self._is_word("OR"):
                break
            tests.append(self._one(leaf))
        return tests[0] if len(tests) == 1 else lambda resource: all(test(resource) for test in tests)

    def _one(self, leaf: Callable[[], Test]) -> Test:
        if self._is_word("NOT") or self._is_mark("-"):
            self._descend()
            test = self._one(leaf)
            self._depth -= 1
            return lambda resource: not test(resource)
        if self._is_mark("("):
            self._descend()
            test = self._any(leaf)
            self._depth -= 1
            if not self._is_mark(")"):
                raise _query_error(self._next.at)
            self._take()
            return test
        return leaf()

    def _descend(self) -> None:
        token = self._take()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _query_error(token.at)

    def _clause(self) -> Test:
        first = self._take()
        if first.kind not in {_Kind.WORD, _Kind.QUOTED} or self._is_reserved(first):
            raise _query_error(first.at)
        if first.kind is _Kind.WORD and self._is_mark(":", "=", ">", "<", ">=", "<="):
            if first.is_prefix or not is_field(self._cloud, first.text):
                raise _query_error(first.at)
            self.reads_names |= first.text in NAMES
            return self._field_clause(first.text, Operator(self._take().text))
        self.reads_names = True
        return _text_test(Term(text=first.text, is_prefix=first.is_prefix))

    def _field_clause(self, name: str, operator: Operator) -> Test:
        if self._is_mark("[", "{"):
            return self._range(name, operator)
        if self._is_mark("("):
            return self._one(lambda: self._value(name, operator))
        return self._value(name, operator)

    def _value(self, name: str, operator: Operator) -> Test:
        token = self._take()
        if token.kind not in {_Kind.WORD, _Kind.QUOTED} or self._is_reserved(token):
            raise _query_error(token.at)
        term = Term(text=token.text, is_prefix=token.is_prefix)
        now = self._now
        return lambda resource: matches_term(values_of(resource, name), operator, term, now=now)

    def _range(self, name: str, operator: Operator) -> Test:
        opening = self._take()
        low = self._take()
        if operator not in {Operator.HAS, Operator.IS} or low.kind not in {_Kind.WORD, _Kind.QUOTED}:
            raise _query_error(opening.at)
        if not self._is_word("TO"):
            raise _query_error(self._next.at)
        self._take()
        high = self._take()
        if high.kind not in {_Kind.WORD, _Kind.QUOTED} or not self._is_mark("]", "}"):
            raise _query_error(high.at)
        closing = self._take()
        bounds = Range(low=low.text, high=high.text, has_low=opening.text == "[", has_high=closing.text == "]")
        now = self._now
        return lambda resource: matches_range(values_of(resource, name), bounds, now=now)

    @staticmethod
    def _is_reserved(token: _Token) -> bool:
        return token.kind is _Kind.WORD and token.text in {"AND", "OR", "NOT"} and not token.is_prefix
