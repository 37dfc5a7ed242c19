"""What is said of a tour: one line for each step with its verdict, its time and its pictures; reasons below."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.tour.guide import Guide

UNDO_FOR = timedelta(seconds=3)
"""How long a wish can be taken back on the tour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a person does and must see."""

    role: str
    title: str
    do: "Callable[[Guide], Awaitable[None]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a step. ``failure`` is its reason, empty when it came out; ``pictures`` are file names."""

    step: Step
    took_s: float
    pictures: tuple[str, ...]
    failure: str = ""


def report(outcomes: Sequence[Outcome], *, theme: str, notes: Sequence[str] = ()) -> str:
    """The report as Markdown."""
    failed = sum(1 for outcome in outcomes if outcome.failure)
    took_s = sum(outcome.took_s for outcome in outcomes)
    lines = [
        f"# The tour, {theme}",
        "",
        f"{len(outcomes) - failed} of {len(outcomes)} steps came out, in {took_s:.0f} s without the pictures.",
        "",
        *(f"- {note}" for note in notes),
        "",
        "| | Role | Step | Verdict | Took | Pictures |",
        "|---|---|---|---|---|---|",
    ]
    for number, outcome in enumerate(outcomes, start=1):
        verdict = f"**failed**, see [below](#step-{number})" if outcome.failure else "came out"
        shown = " ".join(f"[{_size_of(each)}]({each})" for each in outcome.pictures)
        step = outcome.step
        lines.append(f"| {number} | {step.role} | {step.title} | {verdict} | {outcome.took_s:.1f} s | {shown} |")
    for number, outcome in enumerate(outcomes, start=1):
        if outcome.failure:
            lines += ["", f"## Step {number}", "", outcome.step.title, "", "```", outcome.failure.strip(), "```"]
    return "\n".join(lines) + "\n"


def _size_of(picture: str) -> str:
    return picture.removesuffix(".png").rpartition("-")[2].replace("x", " × ")
