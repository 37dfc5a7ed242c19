"""One request and its answer as they may be shown and kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.budget import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer as the Activity page shows them: no body, no secret, no query value."""

    system: str
    call: str
    method: str
    address: str
    at: datetime
    took: timedelta
    status: int | None
    outcome: str
    """``done``, or the name of the error class."""
    request_id: str | None
    bytes_sent: int
    bytes_received: int
    budget: Budget | None = None
    """What is left of the vendor's calls, where this answer told it."""
