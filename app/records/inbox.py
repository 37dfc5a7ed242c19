"""Events as they came in, before and after they were understood."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Trust(StrEnum):
    """Why we believe that an event is genuine."""

    VERIFIED = "verified"
    """Its signature was checked over the raw bytes."""
    POLLED = "polled"
    """We fetched it ourselves, signed in."""
    BAD_SIGNATURE = "bad_signature"
    STALE = "stale"
    """Signed, and outside the time tolerance."""


class InboxState(StrEnum):
    """What became of an event."""

    RECEIVED = "received"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEvent:
    """One event as received. ``raw`` is what came over the wire, byte for byte."""

    id: str
    """``source`` and the sender's own id; a second arrival with the same id is a duplicate."""
    source: str
    type: str
    """``message.bounced``, ``asset.approved`` …"""
    about: str
    """What it is about, masked: a customer number, an asset's name."""
    received_at: datetime
    occurred_at: datetime | None
    trust: Trust
    state: InboxState
    times_seen: int = 1
    sentence: str = ""
    """Why it was refused or failed; what it did otherwise."""
    raw: bytes = field(default=b"", repr=False)
    media_type: str = "application/json"

    @property
    def listed_at(self) -> datetime:
        """Where it stands among the others: when it was pushed to us, but for what we fetched, when it happened.

        One poll brings a month of history at one moment: by its arrival alone it would bury what came live.
        """
        if self.trust is Trust.POLLED and self.occurred_at is not None:
            return min(self.occurred_at, self.received_at)
        return self.received_at
