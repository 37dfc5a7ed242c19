"""One message as it arrived, before anybody understood it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from connectors.inbound.cloudevents import CloudEvent


class ArrivalTrust(StrEnum):
    """What its proof says."""

    VERIFIED = "verified"
    BAD_SIGNATURE = "bad_signature"
    STALE = "stale"
    """Proven to come from whom it claims, and too far away from our time: late, or played again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message. ``raw`` is what came over the wire, byte for byte."""

    id: str
    """Two arrivals of one source with the same id are the same message. Worth nothing unless it is verified."""
    source: str
    """The name under which its sender is known here: the last part of the address that it was sent to."""
    headers: Mapping[str, str]
    """The few that say what it is, by lower-case name; never the signature."""
    raw: bytes = field(repr=False)
    received_at: datetime
    trust: ArrivalTrust
    refused: str = ""
    """Why it was not taken although its proof holds for its body; empty when nothing was wrong with it."""
    events: tuple[CloudEvent, ...] = ()
    """What it says, when its source speaks CloudEvents and is believed."""
