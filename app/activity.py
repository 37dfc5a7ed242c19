"""The last HTTP exchanges with every system, and what they say about its health. Masked at the doorway; memory only."""

import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile

from app.clock import Clock
from app.log import now_about
from app.records import System
from app.rules.exchange_query import ExchangeQuery
from connectors.budget import Budget as Budget  # noqa: PLC0414 - pages word it and know no connector
from connectors.http import Exchange

log = logging.getLogger(__name__)

KEPT = 2_000
WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One exchange as the Activity list shows it."""

    number: int
    """Counts up from 1 since the desk was started."""
    system: str
    call: str
    method: str
    address: str
    at: datetime
    took: timedelta
    status: int | None
    outcome: str
    request_id: str
    bytes_sent: int = 0
    bytes_received: int = 0
    entry: int | None = None
    """The outbox entry that it was made for; None for everything that was only read."""

    @property
    def is_fine(self) -> bool:
        """Whether the system did what it was asked."""
        return self.outcome == "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The last hour of one system."""

    system: System
    calls: int
    errors: int
    slowest: timedelta
    budget: Budget | None
    """As the newest answer told it; None when the vendor does not."""
    failing: int = 0
    """How many of the newest calls failed, one after the other."""


class Activity:
    """Takes exchanges from the engine's loop and gives them to any thread."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._rows: deque[CallRow] = deque(maxlen=KEPT)
        self._budgets: dict[str, Budget] = {}
        self._count = 0
        self._lock = threading.Lock()

    def take(self, exchange: Exchange) -> None:
        """Remember one exchange; one that failed is in the log too."""
        entry = now_about().get("entry")
        # Neither the address nor a word of the vendor's is told there.
        if exchange.outcome != "done":
            log.warning(
                "a call failed",
                extra={
                    "system": exchange.system,
                    "call": exchange.call,
                    "outcome": exchange.outcome,
                    "status": exchange.status or 0,
                    "request_id": exchange.request_id,
                    "took_ms": exchange.took.total_seconds() * 1000,
                },
            )
        with self._lock:
            self._count += 1
            self._rows.append(
                CallRow(
                    number=self._count,
                    system=exchange.system,
                    call=exchange.call,
                    method=exchange.method,
                    address=exchange.address,
                    at=exchange.at,
                    took=exchange.took,
                    status=exchange.status,
                    outcome=exchange.outcome,
                    request_id=exchange.request_id or "",
                    bytes_sent=exchange.bytes_sent,
                    bytes_received=exchange.bytes_received,
                    entry=entry if isinstance(entry, int) else None,
                )
            )
            if exchange.budget is not None:
                self._budgets[exchange.system] = exchange.budget

    def newest(self, limit: int = 200, *, only_errors: bool = False) -> Sequence[CallRow]:
        """The newest rows first."""
        with self._lock:
            rows = [row for row in reversed(self._rows) if not (only_errors and row.is_fine)]
        return rows[:limit]

    def find(self, query: ExchangeQuery, *, limit: int = KEPT) -> Sequence[CallRow]:
        """The newest rows that ``query`` asks for, newest first."""
        with self._lock:
            rows = tuple(self._rows)
        return list(islice((row for row in reversed(rows) if query.takes(row)), limit))

    def rate(self, system: System, *, slots: int = 60, slot: timedelta = timedelta(minutes=1)) -> Sequence[int]:
        """How many calls each of the last ``slots`` of time saw, oldest first."""
        now, counts = self._clock.now(), [0] * slots
        with self._lock:
            rows = [row for row in self._rows if row.system == system.label]
        for row in rows:
            ago = (now - row.at) // slot
            if 0 <= ago < slots:
                counts[slots - 1 - ago] += 1
        return counts

    def health(self) -> Sequence[Health]:
        """One line per system, in their own order, those without a call included."""
        since = self._clock.now() - WINDOW
        with self._lock:
            recent = [row for row in self._rows if row.at >= since]
            budgets = dict(self._budgets)
        return [
            Health(
                system=system,
                calls=len(rows),
                errors=sum(not row.is_fine for row in rows),
                slowest=max((row.took for row in rows), default=timedelta(0)),
                budget=budgets.get(system.label),
                failing=sum(1 for _ in takewhile(lambda row: not row.is_fine, reversed(rows))),
            )
            for system in System
            for rows in [[row for row in recent if row.system == system.label]]
        ]
