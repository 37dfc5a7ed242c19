"""Why something went to a customer the way it did, or did not go: as it was queued, and each time it was to leave."""

from dataclasses import dataclass
from datetime import datetime

from app.records import OutboxEntry
from app.rules.channel_choice import Openness
from app.store import Store, audit
from app.systems.resending import ResendOrder
from app.use_cases.check_sending import DECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingCheck:
    """One look at everything, just before it was to leave."""

    at: datetime
    openness: Openness
    trail: tuple[str, ...]
    """Sentences; empty when the customer was forgotten since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingTrail:
    """All that was decided about one sending."""

    queued_at: datetime
    queued: tuple[str, ...]
    """How the way was chosen when it was queued, a sentence for each way."""
    checks: tuple[SendingCheck, ...]
    """Oldest first."""


class ExplainSending:
    """The trail of one re-sending, out of the entry and the audit."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self, entry: OutboxEntry) -> SendingTrail:
        """What was decided. Raises: UserError when it cannot be read."""
        rows = await self._store.ledger.read(audit.of, f"entry:{entry.id}")
        checks = tuple(
            SendingCheck(
                at=row.at,
                openness=Openness(row.detail.get("openness", Openness.BLOCKED)),
                trail=tuple(filter(None, row.words.get("trail", "").split("\n"))),
            )
            for row in rows
            if row.action == DECIDED
        )
        return SendingTrail(
            queued_at=entry.created_at, queued=ResendOrder.from_payload(entry.payload).trail, checks=checks
        )
