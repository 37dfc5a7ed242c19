"""What a use-case, a synchronisation or a relay changed. Pages subscribe and refresh only what they show."""

from dataclasses import dataclass

from app.records.asset import AssetKey
from app.records.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Which records are different now. An empty set means that nothing of that kind changed."""

    assets: frozenset[AssetKey] = frozenset()
    libraries: frozenset[System] = frozenset()
    """Libraries in which so much changed that single keys are not told."""
    templates: bool = False
    customers: frozenset[str] = frozenset()
    """Customer numbers whose documents, events or contact points changed."""
    outbox: bool = False
    inbox: bool = False
    systems: frozenset[System] = frozenset()
    """Connections whose status changed."""
    notices: bool = False
    saved_views: bool = False
    silences: bool = False
    """Other communications than before are waited for too long."""

    def __or__(self, other: "Changes") -> "Changes":
        """Both together."""
        return Changes(
            assets=self.assets | other.assets,
            libraries=self.libraries | other.libraries,
            templates=self.templates or other.templates,
            customers=self.customers | other.customers,
            outbox=self.outbox or other.outbox,
            inbox=self.inbox or other.inbox,
            systems=self.systems | other.systems,
            notices=self.notices or other.notices,
            saved_views=self.saved_views or other.saved_views,
            silences=self.silences or other.silences,
        )

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING = Changes()
