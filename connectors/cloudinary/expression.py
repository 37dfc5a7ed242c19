"""Search expressions, put together from values so that quoting and precedence are always right.

    (field("tags").is_("spring") | field("tags").is_("summer")) & ~field("format").is_("psd")

Source: wire contract "Cloudinary" §3.4: ``=`` is a whole value, ``:`` has a word, ``*`` ends a prefix; CONFIRMED,
ranges INFERRED.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from connectors.cloudinary.search import quoted

Value: TypeAlias = "str | int | float | datetime | date"


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition; an empty one finds everything."""

    text: str = ""
    joined_by: str = ""
    """``AND`` or ``OR`` when it is several conditions side by side, which then need parentheses inside others."""

    def __str__(self) -> str:
        return self.text

    def __and__(self, other: "Expression") -> "Expression":
        return _joined("AND", self, other)

    def __or__(self, other: "Expression") -> "Expression":
        return _joined("OR", self, other)

    def __invert__(self) -> "Expression":
        return Expression(f"NOT {self.inner}") if self.text else self

    @property
    def inner(self) -> str:
        """The condition as a part of another one."""
        return f"({self.text})" if self.joined_by else self.text


@dataclass(frozen=True, slots=True)
class Field:
    """A field that conditions are made of."""

    name: str

    def is_(self, value: Value) -> Expression:
        """The whole value."""
        return Expression(f"{self.name}={_term(value)}")

    def has(self, value: Value) -> Expression:
        """A word of the value, or a phrase."""
        return Expression(f"{self.name}:{_term(value)}")

    def starts(self, prefix: str) -> Expression:
        """The beginning of the whole value."""
        term = quoted(prefix)
        return Expression(f"{self.name}={term[:-1]}*{term[-1]}" if term.endswith('"') else f"{self.name}={term}*")

    def above(self, value: Value) -> Expression:
        """More than a number or a size (``1m``), later than a time, within an age (``1d``)."""
        return Expression(f"{self.name}>{_term(value)}")

    def below(self, value: Value) -> Expression:
        """Less, or earlier."""
        return Expression(f"{self.name}<{_term(value)}")

    def at_least(self, value: Value) -> Expression:
        """As much, or more."""
        return Expression(f"{self.name}>={_term(value)}")

    def at_most(self, value: Value) -> Expression:
        """As much, or less."""
        return Expression(f"{self.name}<={_term(value)}")

    def between(self, low: Value, high: Value, *, has_low: bool = True, has_high: bool = True) -> Expression:
        """From ``low`` to ``high``, with or without its ends. INFERRED."""
        opening, closing = "[" if has_low else "{", "]" if has_high else "}"
        return Expression(f"{self.name}:{opening}{_term(low)} TO {_term(high)}{closing}")

    def any_of(self, values: Iterable[Value]) -> Expression:
        """One of several whole values. Raises: ValueError without any."""
        found = Expression()
        for value in values:
            found = found | self.is_(value)
        if not found.text:
            raise ValueError("one of no values is never true: leave the question out")
        return found


def field(name: str) -> Field:
    """``field("metadata.license_end")``"""
    return Field(name)


def text(words: str) -> Expression:
    """A phrase in any text field."""
    return Expression(quoted(words)) if words.strip() else Expression()


def _joined(word: str, left: Expression, right: Expression) -> Expression:
    if not left.text or not right.text:
        return left if left.text else right
    # A chain of the same word is flat; anything else gets parentheses, so that no precedence has to be known.
    parts = [one.text if one.joined_by == word else one.inner for one in (left, right)]
    return Expression(f" {word} ".join(parts), word)


def _term(value: Value) -> str:
    match value:
        case datetime():
            return f'"{value.isoformat(timespec="seconds")}"'
        case date():
            return value.isoformat()
        case str():
            return quoted(value)
        case _:
            return str(value)
