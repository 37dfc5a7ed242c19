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


@dataclass(slots=True, kw_only=True)
class Hold:
    """One hold and the nodes that it was put on directly."""

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
    node_ids: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    """Node id → who put it there, and when."""


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
