"""The last HTTP exchanges with every system, and what they say about its health. Masked at the doorway; memory only."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import Clock
from app.records import System
from connectors.budget import Budget as Budget  # noqa: PLC0414 - pages word it and know no connector
from connectors.http import Exchange

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


class Activity:
    """Takes exchanges from the engine's loop and gives them to any thread."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._rows: deque[CallRow] = deque(maxlen=KEPT)
        self._budgets: dict[str, Budget] = {}
        self._count = 0
        self._lock = threading.Lock()

    def take(self, exchange: Exchange) -> None:
        """Remember one exchange."""
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
                )
            )
            if exchange.budget is not None:
                self._budgets[exchange.system] = exchange.budget

    def newest(self, limit: int = 200, *, only_errors: bool = False) -> Sequence[CallRow]:
        """The newest rows first."""
        with self._lock:
            rows = [row for row in reversed(self._rows) if not (only_errors and row.is_fine)]
        return rows[:limit]

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
            )
            for system in System
            for rows in [[row for row in recent if row.system == system.label]]
        ]
