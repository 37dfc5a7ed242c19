"""``a and (b or c)``: the boolean arithmetic that keyword queries and search conditions share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Subject = TypeVar("Subject")
Predicate = Callable[[Subject], bool]


class Sign(StrEnum):
    """What stands between predicates."""

    AND = "and"
    OR = "or"
    NOT = "not"
    OPEN = "("
    CLOSE = ")"


@dataclass(slots=True)
class _Reader(Generic[Subject]):
    """Recursive descent; ``and`` binds tighter than ``or``, missing signs mean ``and``, stray ones are dropped."""

    tokens: Sequence["Sign | Predicate[Subject]"]
    at: int = 0

    def peek(self) -> "Sign | Predicate[Subject] | None":
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def alternatives(self) -> "Predicate[Subject]":
        terms = [self.all_of()]
        while self.peek() is Sign.OR:
            self.at += 1
            terms.append(self.all_of())
        return terms[0] if len(terms) == 1 else lambda subject: any(term(subject) for term in terms)

    def all_of(self) -> "Predicate[Subject]":
        terms = []
        while (token := self.peek()) is not None and token not in {Sign.OR, Sign.CLOSE}:
            if token is Sign.AND:
                self.at += 1
            else:
                terms.append(self.one())
        return terms[0] if len(terms) == 1 else lambda subject: all(term(subject) for term in terms)

    def one(self) -> "Predicate[Subject]":
        token = self.peek()
        self.at += 1
        if token is Sign.NOT:
            if self.peek() in {None, Sign.CLOSE, Sign.OR, Sign.AND}:
                return lambda _subject: True
            inner = self.one()
            return lambda subject: not inner(subject)
        if token is Sign.OPEN:
            inner = self.alternatives()
            if self.peek() is Sign.CLOSE:
                self.at += 1
            return inner
        assert callable(token)  # noqa: S101 - the other signs never reach this line
        return token


def read_expression(tokens: "Sequence[Sign | Predicate[Subject]]") -> "Predicate[Subject]":
    """One predicate for all; no tokens at all let everything pass."""
    reader = _Reader(list(tokens))
    found = [reader.alternatives()]
    while reader.peek() is not None:
        if reader.peek() is Sign.CLOSE:  # one bracket too many
            reader.at += 1
        else:
            found.append(reader.alternatives())
    return lambda subject: all(term(subject) for term in found)
