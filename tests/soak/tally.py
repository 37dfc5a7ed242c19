"""What a soak counts, the same five numbers for every fault, and how they are shown."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

_HEADS = ("", "tried", "lost", "doubled", "parked", "crashed", "took", "")


@dataclass(slots=True, kw_only=True)
class Tally:
    """One fault's counts. ``findings`` are sentences about what must not be."""

    name: str
    tried: int = 0
    lost: int = 0
    """Promised, and not there afterwards."""
    doubled: int = 0
    """Carried out more than once, by the other side's own list."""
    parked: int = 0
    """Waiting for a person, with a sentence."""
    crashed: int = 0
    """Ended by a fault of ours."""
    took_s: float = 0.0
    details: dict[str, int | float | str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was found that must not be."""
        return self.tried > 0 and not (self.lost or self.doubled or self.crashed or self.findings)

    def as_json(self) -> str:
        """One line."""
        return json.dumps(
            {
                "name": self.name,
                "is_good": self.is_good,
                "tried": self.tried,
                "lost": self.lost,
                "doubled": self.doubled,
                "parked": self.parked,
                "crashed": self.crashed,
                "took_s": round(self.took_s, 1),
                "details": self.details,
                "findings": self.findings,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, line: str) -> "Tally":
        """What :meth:`as_json` wrote."""
        told = json.loads(line)
        del told["is_good"]
        return cls(**told)


def table(tallies: Sequence[Tally]) -> str:
    """All counts side by side, and below them what was found."""
    rows = [_HEADS, *map(_row, tallies)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADS))]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:-1], widths[1:-1]), row[-1]]) for row in rows]
    findings = [f"{each.name}: {finding}" for each in tallies for finding in each.findings]
    return "\n".join([line.rstrip() for line in lines] + findings)


def _row(tally: Tally) -> tuple[str, ...]:
    counts = (tally.tried, tally.lost, tally.doubled, tally.parked, tally.crashed)
    verdict = "good" if tally.is_good else "NOT GOOD"
    return (tally.name, *(f"{count:,}" for count in counts), f"{tally.took_s:,.0f} s", verdict)
