"""The kinds of value that a description can speak of, and how each is written on the wire and read from it. Pure.

Reading is strict: a value of another type is odd, not converted in hope. Moments without an offset are refused, for
nobody could say when they are.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeAlias

Value: TypeAlias = str | int | Decimal | bool | datetime | date | tuple[str, ...] | None
"""What goes into a call and comes out of a mapping. None: there is none."""

_MOST_DIGITS: Final = 4_000
"""Python itself refuses longer whole numbers as text."""
MOST_WHOLE: Final = 2**63
"""JSON's readers agree on no more than 64 bits."""


class Kind(StrEnum):
    """What a value is, on both sides of the wire."""

    TEXT = "text"
    """Text; a whole number is read as its digits, for some systems count their ids."""
    WHOLE = "whole"
    """A whole number, or a string of digits."""
    DECIMAL = "decimal"
    """A number or a string of one, kept exactly."""
    FLAG = "flag"
    """true or false."""
    MOMENT = "moment"
    """ISO 8601 with an offset."""
    EPOCH_S = "epoch_s"
    """Seconds since 1970 as a number; a moment on our side."""
    EPOCH_MS = "epoch_ms"
    """Milliseconds since 1970 as a number; a moment on our side."""
    DAY = "day"
    """``2026-03-04``."""
    TEXTS = "texts"
    """A list of texts."""


class UnfitError(ValueError):
    """A value does not fit its place; the text says what was expected and what type was there, never the value."""

    def __init__(self, why: str, *, name: str = "") -> None:
        """``name`` of the input, header or field, where it is known."""
        super().__init__(why)
        self.name = name


def check_input(kind: Kind, value: object) -> Value:
    """``value`` as it may enter a call. Raises: UnfitError."""
    match kind, value:
        case (Kind.TEXT, str()) if _is_sendable(value):
            return value
        case (Kind.FLAG, bool()):
            return value
        case Kind.WHOLE, int() if not isinstance(value, bool) and abs(value) < MOST_WHOLE:
            return value
        case Kind.DECIMAL, Decimal() | int() if not isinstance(value, bool) and Decimal(value).is_finite():
            return value
        case ((Kind.MOMENT | Kind.EPOCH_S | Kind.EPOCH_MS), datetime()) if value.tzinfo is not None:
            return value.astimezone(UTC)
        case Kind.DAY, date() if not isinstance(value, datetime):
            return value
        case Kind.TEXTS, Sequence() if not isinstance(value, str) and all(
            isinstance(each, str) and _is_sendable(each) for each in value
        ):
            return tuple(value)
    raise UnfitError(f"{kind} was expected, not {_type_of(value)}")


def to_json(kind: Kind, value: Value) -> object:
    """``value`` as JSON carries it."""
    match value:
        case datetime() if kind is Kind.EPOCH_S:
            return int(value.timestamp())
        case datetime() if kind is Kind.EPOCH_MS:
            return int(value.timestamp() * 1000)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


def to_text(kind: Kind, value: Value) -> str:
    """``value`` as an address, a form or a header carries it, before any encoding."""
    match to_json(kind, value):
        case bool() as flag:
            return "true" if flag else "false"
        case Decimal() as number:
            return format(number, "f")
        case other:
            return str(other)


def from_json(kind: Kind, raw: object) -> Value:
    """``raw`` as a reply carries it, as a value of ours. Raises: UnfitError."""
    match kind, raw:
        case Kind.TEXT, str():
            return raw
        case Kind.FLAG, bool():
            return raw
        case Kind.TEXT, int() if not isinstance(raw, bool):
            return _digits(raw)
        case Kind.WHOLE, int() if not isinstance(raw, bool):
            return raw
        case Kind.WHOLE, str() if raw.removeprefix("-").isdecimal() and raw.isascii() and len(raw) < _MOST_DIGITS:
            return int(raw)
        case Kind.DECIMAL, int() | float() | str() if not isinstance(raw, bool):
            return _decimal(raw)
        case ((Kind.EPOCH_S | Kind.EPOCH_MS), int() | float()) if not isinstance(raw, bool):
            return _epoch(raw, per_second=1 if kind is Kind.EPOCH_S else 1000)
        case Kind.MOMENT, str():
            return _moment(raw)
        case Kind.DAY, str():
            return _day(raw)
        case Kind.TEXTS, list():
            return tuple(str(from_json(Kind.TEXT, each)) for each in raw)
    raise UnfitError(f"expected {kind}, got {_type_of(raw)}")


def _is_sendable(text: str) -> bool:
    """Whether UTF-8 can carry it: half of a surrogate pair is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _digits(number: int) -> str:
    try:
        return str(number)
    except ValueError as error:
        raise UnfitError("expected text, got a number without end") from error


def _decimal(raw: float | str) -> Decimal:
    try:
        # By way of its text: 12.3 is meant, not the nearest binary fraction.
        number = Decimal(raw if isinstance(raw, str) else repr(raw))
    except (InvalidOperation, ValueError) as error:
        raise UnfitError("expected decimal, got other text") from error
    if not number.is_finite():
        raise UnfitError("expected decimal, got no finite number")
    return number


def _epoch(raw: float, *, per_second: int) -> datetime:
    try:
        return datetime.fromtimestamp(raw / per_second, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise UnfitError("expected a moment, got a number outside every calendar") from error


def _moment(raw: str) -> datetime:
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError as error:
        raise UnfitError("expected a moment, got other text") from error
    if moment.tzinfo is None:
        raise UnfitError("expected a moment, got one without its offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise UnfitError("expected a moment, got one outside every calendar") from error


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError as error:
        raise UnfitError("expected a day, got other text") from error


def _type_of(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case datetime() if value.tzinfo is None:
            return "a moment without an offset"
        case int() | float() | Decimal():
            return "a number"
        case str():
            return "text"
        case list() | tuple():
            return "a list"
        case dict():
            return "an object"
        case _:
            return type(value).__name__
