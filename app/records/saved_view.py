"""A question that somebody keeps: a name for words, filters and an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """One kept question of a profile. Nobody could tell it again, so it lies where what was sent lies."""

    name: str
    """As the person wrote it; two names that differ in case alone are one."""
    asks: Mapping[str, object]
    """What the page asks with it, as JSON: ``words``, ``order`` and what each filter lets in."""
    saved_at: datetime
