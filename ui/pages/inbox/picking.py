"""Which events a replay or an export is about: the one that is current, those that are selected, or the filter's."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.rules.event_filter import EventFilter
from app.wording import count
from ui.widgets import Segment


class Scope(StrEnum):
    """How many are meant."""

    SELECTED = "selected"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What a person can mean just now."""

    selected: tuple[str, ...]
    filtered: EventFilter
    is_all: bool
    """Whether the filter leaves everything in."""

    def wanted(self, scope: Scope) -> EventFilter:
        """The events of ``scope``."""
        return EventFilter(ids=frozenset(self.selected)) if scope is Scope.SELECTED else self.filtered

    def segments(self) -> Sequence[Segment]:
        """The choices, in words."""
        some = "This one" if len(self.selected) == 1 else f"{count(len(self.selected))} selected"
        chosen = [Segment(key=Scope.SELECTED, word=some)] if self.selected else []
        return [*chosen, Segment(key=Scope.FILTERED, word="All events" if self.is_all else "All that the filter finds")]
