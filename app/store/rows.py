"""How records become columns and come back: whole records as JSON, moments as microseconds, so that they sort."""

from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import msgspec

T = TypeVar("T")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def pack(record: object) -> bytes:
    """A frozen record as JSON."""
    return msgspec.json.encode(record)


def unpack(raw: bytes | str, shape: type[T]) -> T:
    """The record that :func:`pack` made ``raw`` from."""
    return msgspec.json.decode(raw, type=shape)


def to_micros(moment: datetime) -> int:
    """An aware moment as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The aware UTC moment that :func:`to_micros` made ``value`` from."""
    return _EPOCH + value * _MICROSECOND


def maybe_micros(moment: datetime | None) -> int | None:
    """As :func:`to_micros`; None stays None."""
    return None if moment is None else to_micros(moment)


def maybe_moment(value: int | None) -> datetime | None:
    """As :func:`from_micros`; None stays None."""
    return None if value is None else from_micros(value)


def json_list(values: object) -> str:
    """Values for ``json_each``, SQLite's way to take a list of any length as one parameter."""
    return msgspec.json.encode(values).decode()
