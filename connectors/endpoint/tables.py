"""A table of a description while it is read: typed questions, and a complaint for what is wrong, missing or unknown.

A question that cannot be answered complains and answers None, so that reading goes on and everything wrong is found
at once; what comes out is used only when nobody complained.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

from connectors.endpoint.expressions import Expression, ExpressionError
from connectors.endpoint.lines import KeyPath
from connectors.endpoint.problems import Complaints

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
"""What calls, inputs and slots are called."""
_HTTP_STATUSES: Final = range(100, 600)


class Table:
    """One table, at its path in the file."""

    def __init__(self, raw: Mapping[str, object], path: KeyPath, complaints: Complaints) -> None:
        self._raw = raw
        self._asked: set[str] = set()
        self._complaints = complaints
        self.path = path

    def complain(self, key: str, complaint: str) -> None:
        """Complain about the value of ``key``; about the table itself when it is empty."""
        self._complaints.add((*self.path, key) if key else self.path, complaint)

    @property
    def is_spotless(self) -> bool:
        """Whether nothing in this table was complained of so far."""
        return not self._complaints.has_below(self.path)

    def has(self, key: str) -> bool:
        """Whether ``key`` stands here."""
        return key in self._raw

    def names(self) -> tuple[str, ...]:
        """Every key that stands here, in the file's order."""
        return tuple(self._raw)

    def raw(self, key: str) -> object:
        """The value as TOML gave it; None when it is absent."""
        self._asked.add(key)
        return self._raw.get(key)

    def text(self, key: str, *, why: str = "") -> str | None:
        """A text. With ``why`` it must be there, and that sentence says what for."""
        value = self._value(key, why)
        if value is None or (isinstance(value, str) and value):
            return value
        self.complain(key, "It must be a text that is not empty, in quotes.")
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        """true or false."""
        value = self._value(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.complain(key, "It must be true or false, without quotes.")
        return default

    def number(self, key: str, *, default: float, above: float, most: float) -> float:
        """A number above ``above`` and at most ``most``."""
        value = self._value(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and above < value <= most:
            return value
        if value is not None:
            self.complain(key, f"It must be a number above {above:g} and at most {most:g}, without quotes.")
        return default

    def whole(self, key: str, *, default: int, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self._value(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        if value is not None:
            self.complain(key, f"It must be a whole number from {least} to {most}, without quotes.")
        return default

    def choice(self, key: str, options: type[E], *, default: E | None = None) -> E | None:
        """One of ``options``; without a default it must be there."""
        named = ", ".join(f'"{option}"' for option in options)
        value = self._value(key, "" if default else f"Write one of {named}.")
        if value is None:
            return default
        try:
            return options(str(value))
        except ValueError:
            self.complain(key, f"It must be one of {named}.")
            return None

    def statuses(self, key: str) -> frozenset[int]:
        """HTTP statuses, none when it is absent."""
        value = self._value(key)
        if value is None:
            return frozenset()
        if isinstance(value, list) and all(
            isinstance(each, int) and not isinstance(each, bool) and each in _HTTP_STATUSES for each in value
        ):
            return frozenset(value)
        self.complain(key, "It must be a list of HTTP statuses, such as [404].")
        return frozenset()

    def expression(self, key: str, *, why: str = "") -> Expression | None:
        """A JMESPath expression."""
        source = self.text(key, why=why)
        return None if source is None else self.tried(key, lambda: Expression(source), ExpressionError)

    def tried(self, key: str, make: Callable[[], T], error: type[ValueError]) -> T | None:
        """What ``make`` answers; when it raises ``error`` that is complained of."""
        try:
            return make()
        except error as caught:
            self.complain(key, str(caught))
            return None

    def table(self, key: str, *, why: str = "") -> "Table | None":
        """A table within this one."""
        value = self._value(key, why)
        if isinstance(value, dict):
            return Table(value, (*self.path, key), self._complaints)
        if value is not None:
            self.complain(key, f"It must be a table: [{self._dotted(key)}] on a line of its own, or {{ … }}.")
        return None

    def pairs(self, key: str) -> Iterator[tuple[str, object, "Table"]]:
        """Name, value and table of each entry of a table whose keys the file chooses."""
        inner = self.table(key)
        if inner is not None:
            for name in inner.names():
                yield name, inner.raw(name), inner

    def end(self) -> None:
        """Complain of every key that nobody asked for."""
        for key in self._raw.keys() - self._asked:
            near = get_close_matches(key, self._asked, n=1)
            known = ", ".join(sorted(self._asked))
            advice = f'Is "{near[0]}" meant?' if near else f"Known here: {known}."
            self.complain(key, f"There is no such key. {advice} Remove it or correct it.")

    def _value(self, key: str, why: str = "") -> object:
        value = self.raw(key)
        if value is None and why:
            self.complain(key, f"It is missing. {why}")
        return value

    def _dotted(self, key: str) -> str:
        return ".".join(str(step) for step in (*self.path, key))
