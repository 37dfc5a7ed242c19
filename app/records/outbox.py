"""Entries of the outbox: every write to a vendor, from wish to receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from app.records.system import System

EntryId = NewType("EntryId", int)
RequestKey = NewType("RequestKey", str)
"""Ours, made when the wish is made and the same on every attempt."""


class Verb(StrEnum):
    """What an entry does at its vendor."""

    JUDGE_ASSET = "judge_asset"
    FILE_DOCUMENT = "file_document"
    RESEND = "resend"


class EntryState(StrEnum):
    """How far an entry has come."""

    QUEUED = "queued"
    SENDING = "sending"
    DONE = "done"
    UNKNOWN = "unknown"
    """Sent, no answer: looked up by its key before anything else happens."""
    PARKED = "parked"
    """Waits for a person."""
    DROPPED = "dropped"
    """Undone before it left, or given up by a person with a reason."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen."""
        return self in {EntryState.QUEUED, EntryState.SENDING, EntryState.UNKNOWN, EntryState.PARKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the vendor said it did, read back where the vendor lets us."""

    sentence: str
    reference: str = ""
    """The vendor's own id of the result: a node, a job, a version."""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Predecessor:
    """The entry whose receipt another one needs before it can leave."""

    id: EntryId
    title: str
    state: EntryState
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One write to one vendor. Times are aware UTC."""

    id: EntryId
    request_key: RequestKey
    system: System
    verb: Verb
    subject: str
    """Entries of one subject leave in order, one after the other."""
    title: str
    """What the person sees: ``Approve spring-banner-fr v9``."""
    payload: Mapping[str, object] = field(repr=False)
    """JSON-ready; what the verb needs and nothing else."""
    state: EntryState
    created_at: datetime
    leaves_at: datetime
    """Until then it can be undone."""
    changed_at: datetime
    attempts: int = 0
    sentence: str = ""
    """Why it waits or is parked; empty otherwise."""
    receipt: Receipt | None = None
    actor: str = ""
    """Whose wish it is."""
    is_doubtful: bool = False
    """Whether an attempt may have arrived: then it is looked up before it is sent."""
    needs: Predecessor | None = None
    """What must be done before it; None when it waits for nobody."""
    replaces: EntryId | None = None
    """The entry that was given up for this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted; what is empty narrows nothing."""

    states: frozenset[EntryState] = frozenset()
    systems: frozenset[System] = frozenset()
    words: str = ""
    """Each of them somewhere in the title, the sentence or the name of whose wish it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPlace:
    """Where a list of entries goes on: open ones stand before closed ones, newest first in both."""

    is_closed: bool
    entry: EntryId


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """Some entries in their order."""

    entries: tuple[OutboxEntry, ...]
    next_after: EntryPlace | None
    """Where the next page begins; None when this was the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryStep:
    """One thing that happened to an entry, as the audit has it."""

    at: datetime
    actor: str
    action: str
    """``queued``, ``parked``, ``done`` …"""
    words: str = field(default="", repr=False)
    """What somebody typed with it; empty when nothing, or erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much of one system's outbox is open."""

    waiting: int
    unknown: int
    parked: int
    oldest: datetime
    """When the oldest open entry was made."""

    @property
    def open(self) -> int:
        """All that has not come to an end."""
        return self.waiting + self.unknown + self.parked


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPause:
    """Why nothing leaves for a system: somebody wants it so."""

    system: System
    actor: str
    reason: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStanding:
    """How the whole outbox stands."""

    depths: Mapping[System, Depth]
    """Only systems that have anything open."""
    pauses: Mapping[System, OutboxPause]
    """Only systems that somebody paused."""
    rests: Mapping[System, str] = field(default_factory=dict)
    """Why the relay lets a system rest by itself."""

    @property
    def open(self) -> int:
        """All that has not come to an end."""
        return sum(depth.open for depth in self.depths.values())

    @property
    def needing_a_person(self) -> int:
        """What does not go on by itself, or is in doubt."""
        return sum(depth.parked + depth.unknown for depth in self.depths.values())
