"""Names and times as iconik writes them: UUID strings that are the same for a seed, ISO times with microseconds."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

_SPACE: Final = UUID("6f0b4c8e-5a51-4f6e-9a0d-0c1f5f9a7b11")


class Identities:
    """Makes ids. Seeded things are named by what they are, later ones by their order of making."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._made: Counter[str] = Counter()

    def of(self, *names: str) -> str:
        """The id of the thing called ``names``; the same each time."""
        return str(uuid5(_SPACE, "/".join((str(self._seed), *names))))

    def fresh(self, kind: str) -> str:
        """An id that was not given before."""
        self._made[kind] += 1
        return self.of("made", kind, str(self._made[kind]))


def stamp(moment: datetime) -> str:
    """``2026-03-04T10:11:12.345678+00:00`` (CONFIRMED)."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def stamp_or_none(moment: datetime | None) -> str | None:
    """:func:`stamp`, with null for what has not happened."""
    return stamp(moment) if moment else None
