"""Records management: holds, record classifications and the retention schedules behind them.

A hold freezes a document whatever its retention says; a schedule (RSI) says when its time is over. Both may stand on
one document, and neither implies the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from connectors.sandbox.extended_ecm.nodes import Node, NodeTree

HOLD_TYPES: Final = ("LEGAL", "FOIA", "AUDIT", "TAX")
STATUSES: Final = ("ACTIVE", "INACTIVE", "CLOSED")
DIRECT: Final = "Direct"
INHERITED: Final = "Inherited"
BY_QUERY: Final = "Query"
BY_USER: Final = "User"
BY_CROSS_REFERENCE: Final = "Cross-Reference"
"""How a hold came to a node; R names the ways, the words are INFERRED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """That a hold was put on a node: by whom, when, and what brought it there."""

    by: int
    at: datetime
    query_id: int = 0
    """The search query that chose the node; 0 for none."""
    user_id: int = 0
    """The user whose documents are held; 0 for nobody."""
    cross_reference: str = ""
    """The kind of cross-reference that brought it; empty for none."""

    @property
    def method(self) -> str:
        """The vendor's word for the way."""
        if self.query_id:
            return BY_QUERY
        return BY_USER if self.user_id else BY_CROSS_REFERENCE if self.cross_reference else DIRECT


@dataclass(slots=True, kw_only=True)
class Hold:
    """One hold and the nodes that it was put on."""

    id: int
    name: str
    kind: str
    comment: str
    applied_at: datetime
    applied_by: int
    alternate_id: str = ""
    parent_id: int | None = None
    remove_at: str = ""
    active: bool = True
    node_ids: dict[int, Placing] = field(default_factory=dict)
    """By node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One record series: how long its documents are kept after they were filed."""

    id: int
    name: str
    title: str
    years: int
    disposition: str


@dataclass(slots=True, kw_only=True)
class RecordFacts:
    """What makes a document a record."""

    classification_id: int
    file_number: str
    record_date: datetime
    schedule_name: str
    status: str = "ACTIVE"
    essential: str = "NONVITAL"
    storage: str = "ELECTRONIC"
    official: bool = True
    final: bool = False
    """A finalized record stays as it is, for ever."""
    status_date: datetime | None = None
    revision: int = 1
    """Part of the edit token."""

    @property
    def token(self) -> str:
        """``rm_metadataToken``."""
        return f"{self.classification_id}-{self.revision}"


class Records:
    """All holds, schedules and record facts of the server."""

    def __init__(self, tree: NodeTree) -> None:
        self._tree = tree
        self.holds: dict[int, Hold] = {}
        self.schedules: dict[str, Schedule] = {}
        self.facts: dict[int, RecordFacts] = {}
        """By node."""

    def hold_named(self, name: str) -> Hold | None:
        """Holds have unique names."""
        return next((hold for hold in self.holds.values() if hold.name == name), None)

    def holds_on(self, node: Node) -> Iterator[tuple[Hold, int]]:
        """Every hold that freezes ``node``, with the node it was put on: itself, or something above it."""
        line = [above.id for above in self._tree.ancestors(node)]
        for hold in self.holds.values():
            for node_id in line:
                if node_id in hold.node_ids:
                    yield hold, node_id

    def frozen_below(self, node: Node) -> bool:
        """Whether a hold lies on the node or on anything in it."""
        return any(True for _ in self.holds_on(node)) or any(
            below.id in hold.node_ids for below in self._tree.below(node.id) for hold in self.holds.values()
        )
