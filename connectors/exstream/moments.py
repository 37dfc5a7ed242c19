"""Times as the services write them: ISO 8601 or epoch milliseconds, whichever one likes (contract 2.2)."""

from datetime import UTC, datetime
from typing import ClassVar, TypeAlias

import msgspec

RawMoment: TypeAlias = "int | float | str | None"


def moment(raw: RawMoment) -> datetime | None:
    """An aware UTC time from either form; None when there is none. Raises: ValueError."""
    if raw is None or raw == "":
        return None
    try:
        if isinstance(raw, int | float):
            return datetime.fromtimestamp(raw / 1000, UTC)
        if raw.isascii() and raw.isdigit():
            return datetime.fromtimestamp(int(raw) / 1000, UTC)
        read = datetime.fromisoformat(raw)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("a time that no calendar has") from error
    except ValueError as error:
        raise ValueError("a time in a form that is not known") from error


class Dated(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A reply's object with times: one that cannot be read makes the whole reply an odd one, while it is read."""

    dates: ClassVar[tuple[str, ...]] = ()
    """The fields that hold times."""

    def __post_init__(self) -> None:
        for name in self.dates:
            moment(getattr(self, name))
