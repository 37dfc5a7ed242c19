"""What somebody wants done at a vendor, before it is an entry."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

from app.records import Channel, EntryId, RequestKey, System, Verb


def new_request_key() -> RequestKey:
    """A key for one wish: make it when the dialog opens, so that a second click is the same wish."""
    return RequestKey(str(uuid.uuid4()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendGuard:
    """What makes two re-sendings the same one: domain rule 3.5.

    ``override`` is a person's reason for doing it a second time all the same; it becomes part of what is unique.
    """

    communication: str
    channel: Channel
    address: str = field(repr=False)
    """Plain or masked; only a hash of it is kept. Case does not count."""
    reason: str
    day: date
    override: str = ""

    @property
    def key(self) -> str:
        """A hash of all of it."""
        parts = (
            self.communication,
            self.channel,
            self.address.strip().casefold(),
            self.reason,
            self.day.isoformat(),
            self.override.strip(),
        )
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One write to one vendor. A re-sending must have a guard."""

    system: System
    verb: Verb
    subject: str
    """Entries of one subject leave in order: an asset's key, ``customer:HM-204881`` …"""
    title: str
    """What the person sees: ``Approve spring-banner-fr v9``."""
    payload: Mapping[str, object] = field(repr=False)
    """JSON-ready; what the verb needs and nothing else."""
    actor: str
    """Whose wish it is."""
    request_key: RequestKey = field(default_factory=new_request_key)
    guard: ResendGuard | None = None
    needs: EntryId | None = None
    """The entry that must be done before, because its receipt says what this one needs, such as a new workspace."""

    def __post_init__(self) -> None:
        if (self.verb is Verb.RESEND) != (self.guard is not None):
            raise ValueError("a re-sending, and nothing else, has a guard")
