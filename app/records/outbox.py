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
