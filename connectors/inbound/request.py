"""A request as the proofs see it: raw bytes, headers that cannot be told twice, who is at the other end, and when."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(minutes=5)
"""How far a sender's clock may be from ours, either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRequest:
    """One request, read whole."""

    headers: Mapping[str, Sequence[str]]
    """Every value by lower-case name."""
    raw: bytes = field(repr=False)
    peer: str
    """The address at the other end of the connection; empty when there is none."""
    at: datetime
    """When it was received, aware."""

    def only(self, name: str) -> str | None:
        """The value of a header (lower-case name); None when it is absent, or there twice with no one to say which."""
        values = self.headers.get(name, ())
        return values[0] if len(values) == 1 else None

    @property
    def digest(self) -> str:
        """What tells these bytes from all others."""
        return hashlib.sha256(self.raw).hexdigest()


def moment_of(timestamp: str) -> datetime | None:
    """Unix seconds as senders write them: digits alone. None when it is anything else."""
    if not (timestamp.isascii() and timestamp.isdecimal()):
        return None
    try:
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (OverflowError, ValueError, OSError):
        return None
