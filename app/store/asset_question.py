"""Which assets are wanted, and the shapes of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from app.records import Asset, AssetKind, AssetState, System
from app.rules.asset_times import Days
from app.rules.asset_uses import Uses


class AssetOrder(StrEnum):
    """How found assets are sorted."""

    NEWEST = "newest"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """From ``since``, included, to ``before``, not included; None where it has no end. Aware."""

    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetQuestion:
    """Which assets are wanted. An empty set does not filter; ``words`` are matched as far as they were typed."""

    words: str = ""
    systems: frozenset[System] = frozenset()
    states: frozenset[AssetState] = frozenset()
    kinds: frozenset[AssetKind] = frozenset()
    locales: frozenset[str] = frozenset()
    rights_end: Days | None = None
    """An asset without an end of its rights is in no such stretch."""
    lacks_rights_end: bool = False
    changed: Moments | None = None
    used: Uses | None = None
    order: AssetOrder = AssetOrder.NEWEST

    @property
    def unchosen(self) -> "AssetQuestion":
        """The same without what is chosen in the facets that are counted."""
        return replace(self, systems=frozenset(), states=frozenset(), kinds=frozenset(), locales=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetSlice:
    """Some assets in order, and where the next slice begins: empty after the last one."""

    assets: tuple[Asset, ...]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFacets:
    """How many assets answer, and how many each further choice would leave, most first.

    A facet's own filter does not narrow itself.
    """

    matching: int = 0
    is_estimate: bool = False
    """Told from a sample, two digits of it: to count a great part of a million would keep whoever types waiting."""
    systems: Mapping[System, int] = field(default_factory=lambda: MappingProxyType({}))
    states: Mapping[AssetState, int] = field(default_factory=lambda: MappingProxyType({}))
    kinds: Mapping[AssetKind, int] = field(default_factory=lambda: MappingProxyType({}))
    locales: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
