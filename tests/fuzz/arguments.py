"""Arguments for any operation of a client, from its annotations: right in type, odd in value."""

import inspect
import io
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import is_dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec

ODD_WORDS: Final = (
    "",
    " ",
    "0",
    "-1",
    "null",
    "../../etc",
    "a/b",
    "%2F",
    "ä€😀",
    "مرحبا",
    "x" * 300,
    "\x00",
    "\ud800".encode("utf-8", "replace").decode(),
    'quo"te',
    "<b>",
    "a,b|c=d",
    "*",
    "(((",
    "\\",
    "AND",
    "é\u0301",
    "\r\nX-Odd: 1",
    "1e999",
    "9" * 30,
    "2026-02-30",
    "true",
)
WORDS: Final = ("spring", "banner", "approved", "title", "fr", "image", "marketing", "manual", "pending", "print")
ODD_NUMBERS: Final = (0, 1, 2, 5, 10, 100, -1, 1000, 2**31, 2**63, -(2**63))
_MOMENT: Final = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
_DEPTH: Final = 5


class UnmakeableError(TypeError):
    """Nobody has said how such a thing is made."""


class Known:
    """Names and ids that replies have shown, so that generated calls can mean something that is there."""

    def __init__(self, *, never: frozenset[str] = frozenset()) -> None:
        """``never``: what must not be used again, for it is looked for elsewhere."""
        self._by_key: dict[str, list[object]] = {}
        self._never = never

    def learn(self, value: object, key: str = "", depth: int = 0) -> None:
        """Remember every string and number in a decoded reply under its key."""
        if depth > 12:
            return
        match value:
            case dict():
                for name, each in list(value.items())[:60]:
                    self.learn(each, str(name), depth + 1)
            case list():
                for each in value[:8]:
                    self.learn(each, key, depth + 1)
            case str() | int() if not isinstance(value, bool) and len(str(value)) < 200:
                kept = self._by_key.get(key, [])
                if len(kept) < 40 and value not in kept and value not in self._never:
                    self._by_key[key] = [*kept, value]

    def like(self, name: str, dice: Random) -> object | None:
        """Something that was seen under a key like ``name``; None when nothing was."""
        wanted = name.lower().replace("_", "").removesuffix("s")
        keys = [key for key in self._by_key if key and wanted.endswith(key.lower().replace("_", "").replace("-", ""))]
        if not keys and wanted.endswith("id"):
            keys = [key for key in self._by_key if key.lower().endswith("id")]
        return dice.choice(self._by_key[dice.choice(keys)]) if keys else None

    def any(self, dice: Random) -> object | None:
        """Anything that was seen."""
        return dice.choice(self._by_key[dice.choice(list(self._by_key))]) if self._by_key else None


class Maker:
    """Makes values out of ``dice`` and what is ``known``; the same dice make the same values."""

    def __init__(self, dice: Random, known: Known, *, file: Path) -> None:
        self.dice = dice
        self._known = known
        self._file = file

    def arguments(self, operation: Callable[..., object]) -> dict[str, Any]:
        """Keyword arguments for ``operation``. Raises: UnmakeableError."""
        hints = typing.get_type_hints(operation)
        made: dict[str, Any] = {}
        for name, parameter in inspect.signature(operation).parameters.items():
            if parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
                continue
            if parameter.default is not parameter.empty and self.dice.random() < 0.6:
                continue
            try:
                made[name] = self.value(hints.get(name, str), name)
            except UnmakeableError:
                if parameter.default is parameter.empty:
                    raise
        return made

    def word(self, name: str) -> str:
        """A string for something called ``name``."""
        turn = self.dice.random()
        seen = self._known.like(name, self.dice) if turn < 0.7 else self._known.any(self.dice) if turn < 0.8 else None
        if seen is not None:
            return str(seen)
        return self.dice.choice(WORDS if turn < 0.9 else ODD_WORDS)

    def number(self, name: str) -> int:
        """A whole number for something called ``name``."""
        seen = self._known.like(name, self.dice) if self.dice.random() < 0.5 else None
        return seen if isinstance(seen, int) else self.dice.choice(ODD_NUMBERS)

    def json(self, depth: int = 0) -> Any:
        """Any value that JSON can say."""
        turn = self.dice.randrange(8 if depth < 3 else 6)
        match turn:
            case 0:
                return None
            case 1:
                return self.dice.random() < 0.5
            case 2:
                return self.dice.choice((*ODD_NUMBERS, 1.5, -0.0, 1e308))
            case 6:
                return [self.json(depth + 1) for _ in range(self.dice.randrange(4))]
            case 7:
                return {self.word("key"): self.json(depth + 1) for _ in range(self.dice.randrange(4))}
            case _:
                return self.word("value")

    def value(self, hint: Any, name: str, depth: int = 0) -> Any:  # noqa: PLR0912 - one case per kind of type
        """A value of the annotated type ``hint``. Raises: UnmakeableError."""
        if depth > _DEPTH:
            raise UnmakeableError(name)
        origin, inside = typing.get_origin(hint), typing.get_args(hint)
        if isinstance(hint, typing.NewType):
            return self.value(hint.__supertype__, hint.__name__, depth)
        if origin is typing.Annotated:
            return self.value(inside[0], name, depth)
        if origin in {typing.Union, types.UnionType}:
            return self.value(self.dice.choice(inside), name, depth + 1)
        if origin is typing.Literal:
            return self.dice.choice(inside)
        if origin is typing.IO:
            return io.BytesIO()
        if origin is not None and isinstance(origin, type):
            return self._many(origin, inside, name, depth)
        match hint:
            case types.NoneType | None:
                return None
            case _ if hint is Any or hint is object:
                return self.json()
            case _ if hint in _PLAIN:
                return _PLAIN[hint](self, name)
            case type() if issubclass(hint, Enum):
                return self.dice.choice(list(hint))
            case type() if is_dataclass(hint) or issubclass(hint, msgspec.Struct):
                return self._record(hint, depth)
            case typing.TypeVar():
                return self.value(hint.__bound__ or str, name, depth + 1)
            case _:
                raise UnmakeableError(f"{name}: {hint!r}")

    def _many(self, origin: type, inside: tuple[Any, ...], name: str, depth: int) -> Any:
        count = self.dice.choice((0, 1, 1, 2, 3))
        if issubclass(origin, Mapping):
            key, value = inside or (str, object)
            return {self.value(key, name, depth + 1): self.value(value, name, depth + 1) for _ in range(count)}
        if origin is tuple and inside and inside[-1] is not Ellipsis:
            return tuple(self.value(each, name, depth + 1) for each in inside)
        if issubclass(origin, Iterable):
            items = [self.value(inside[0] if inside else object, name, depth + 1) for _ in range(count)]
            if issubclass(origin, frozenset | set | AbstractSet):
                return frozenset(items)
            return tuple(items) if issubclass(tuple, origin) else items
        if issubclass(origin, Sequence):
            return ()
        raise UnmakeableError(f"{name}: {origin!r}")

    def _record(self, kind: type, depth: int) -> Any:
        hints = typing.get_type_hints(kind)
        made = {}
        for name, parameter in inspect.signature(kind).parameters.items():
            if parameter.default is not parameter.empty and self.dice.random() < 0.6:
                continue
            try:
                made[name] = self.value(hints[name], name, depth + 1)
            except UnmakeableError:
                if parameter.default is parameter.empty:
                    raise
        return kind(**made)

    def moment(self) -> datetime:
        """An aware moment, mostly of these days."""
        extremes = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        if self.dice.random() < 0.1:
            return self.dice.choice(extremes)
        return _MOMENT + timedelta(seconds=self.dice.randrange(-(10**8), 10**6))

    def path(self) -> Path:
        """A small file that is there."""
        return self._file


_PLAIN: Final[Mapping[object, Callable[[Maker, str], object]]] = {
    str: Maker.word,
    int: Maker.number,
    bool: lambda maker, _name: maker.dice.random() < 0.5,
    float: lambda maker, _name: maker.dice.choice((0.0, 0.5, 1.0, -1.0, 1e9)),
    bytes: lambda maker, _name: maker.dice.randbytes(maker.dice.choice((0, 1, 60))),
    datetime: lambda maker, _name: maker.moment(),
    date: lambda maker, _name: maker.moment().date(),
    timedelta: lambda maker, _name: timedelta(seconds=maker.dice.choice((0, 1, 60, -1, 86_400))),
    Path: lambda maker, _name: maker.path(),
    tzinfo: lambda _maker, _name: UTC,
}
