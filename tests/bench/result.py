"""What a benchmark answers with, and how it gets there: pairs of runs in turn, medians, ratios pair by pair."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One benchmark. ``ratio`` is ours / bare in time: lower is better, 1 is the bare way itself."""

    name: str
    unit: str
    ours: float
    bare: float
    ratio: float
    runs: int
    details: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The one object that is printed."""
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": self.ours,
            "bare": self.bare,
            "ratio": self.ratio,
            "runs": self.runs,
            **self.details,
        }

    def as_words(self) -> str:
        """The same for a person."""
        measured = f"{self.ours:g} {self.unit} against {self.bare:g} bare"
        return f"{self.name}: {measured}, {self.ratio:.2f} times ({self.runs} runs)"


def in_turn(
    name: str,
    *,
    unit: str,
    ours: Callable[[], float],
    bare: Callable[[], float],
    runs: int,
    warm_up: int = 1,
    details: Mapping[str, object] | None = None,
) -> Result:
    """Measure A B A B …: the machine's speed drifts, and each pair drifts together."""
    pairs = [(ours(), bare()) for _ in range(runs + warm_up)][warm_up:]
    return Result(
        name=name,
        unit=unit,
        ours=round(median(mine for mine, _ in pairs), 4),
        bare=round(median(other for _, other in pairs), 4),
        ratio=round(median(mine / other for mine, other in pairs), 3),
        runs=runs,
        details=details or {},
    )
