"""A question that was answered before anything leaves: the shape in which rules about sending explain themselves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRow:
    """One question that was answered before anything leaves."""

    question: str
    answer: str
    is_fine: bool
    is_blocking: bool = False
