"""One message as it arrived, before anybody understood it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ArrivalTrust(StrEnum):
    """What its signature says."""

    VERIFIED = "verified"
    BAD_SIGNATURE = "bad_signature"
    STALE = "stale"
    """Signed by whom it claims, and more than five minutes away from our time: late, or played again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message. ``raw`` is what came over the wire, byte for byte."""

    source: str
    """The name under which its sender is known here: the last part of the address that it was sent to."""
    headers: Mapping[str, str]
    """The few that say what it is, by lower-case name; never the signature."""
    raw: bytes = field(repr=False)
    received_at: datetime
    trust: ArrivalTrust
