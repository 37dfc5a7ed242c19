"""The audit trail of nodes. Dates have one-second grain, as the vendor's have (INFERRED, contract 11)."""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

import msgspec


class Event(IntEnum):
    """Kinds of entries. 9, 10, 92, 264, 6000 and 6014 are CONFIRMED (contract 11); the other numbers are CHOSEN, for
    the reply's own table is the authority."""

    CREATED = 1
    DELETED = 2
    MOVED = 4
    RENAMED = 6
    VERSION_ADDED = 7
    PERMISSION_CHANGED = 9
    VALUE_CHANGED = 10
    RESERVED = 11
    UNRESERVED = 12
    FETCHED = 13
    VERSION_DELETED = 14
    CATEGORY_ADDED = 15
    CATEGORY_REMOVED = 16
    COPIED = 92
    CLASSIFIED = 264
    HOLD_APPLIED = 501
    HOLD_REMOVED = 502
    MEMBER_ADDED = 801
    MEMBER_REMOVED = 802
    SHARED = 6000
    COORDINATORS_CHANGED = 6014


EVENT_NAMES = {
    Event.CREATED: "Create",
    Event.DELETED: "Delete",
    Event.MOVED: "Move",
    Event.RENAMED: "Rename",
    Event.VERSION_ADDED: "Version Added",
    Event.PERMISSION_CHANGED: "Permission Changed",
    Event.VALUE_CHANGED: "Attribute value changed",
    Event.RESERVED: "Reserve",
    Event.UNRESERVED: "Unreserve",
    Event.FETCHED: "Fetch",
    Event.VERSION_DELETED: "Version Deleted",
    Event.CATEGORY_ADDED: "Category Added",
    Event.CATEGORY_REMOVED: "Category Removed",
    Event.COPIED: "Create from Copy",
    Event.CLASSIFIED: "Classification Applied",
    Event.HOLD_APPLIED: "Hold Applied",
    Event.HOLD_REMOVED: "Hold Removed",
    Event.MEMBER_ADDED: "Role Member Added",
    Event.MEMBER_REMOVED: "Role Member Removed",
    Event.SHARED: "Share",
    Event.COORDINATORS_CHANGED: "Coordinators Changed",
}


class TrailEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what to a node, and when (aware UTC, whole seconds)."""

    node_id: int
    event: Event
    at: datetime
    user_id: int
    target_user_id: int | None = None


class Trail:
    """Entries by node, oldest first."""

    def __init__(self, on_entry: Callable[[int], None] = lambda _node_id: None) -> None:
        """``on_entry`` is told the node of each entry."""
        self._entries: dict[int, list[TrailEntry]] = {}
        self._on_entry = on_entry

    def add(self, node_id: int, event: Event, *, at: datetime, user_id: int, target_user_id: int | None = None) -> None:
        """Write one entry."""
        entry = TrailEntry(
            node_id=node_id,
            event=event,
            at=at.replace(microsecond=0),
            user_id=user_id,
            target_user_id=target_user_id,
        )
        self._entries.setdefault(node_id, []).append(entry)
        self._on_entry(node_id)

    def of(self, node_id: int) -> list[TrailEntry]:
        """The node's entries, oldest first."""
        return list(self._entries.get(node_id, ()))
