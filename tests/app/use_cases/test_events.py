"""Events are looked at with a reason, and the audit has it."""

import asyncio

from app.notary import Notary
from app.records import InboxEvent, InboxState, Trust
from app.rules.roles import RevealReason
from app.store import Store, audit
from app.use_cases.events import RevealEvent
from tests.app.outbox.fakes import NOW, FakeClock

EVENT = InboxEvent(
    id="gateway/ines@lamer.example",
    source="gateway",
    type="message.bounced",
    about="HM-204881",
    received_at=NOW,
    occurred_at=None,
    trust=Trust.VERIFIED,
    state=InboxState.DONE,
    sentence="",
    raw=b"{}",
    media_type="application/json",
)


def test_the_audit_says_who_looked_at_an_event_and_why(store: Store, clock: FakeClock) -> None:
    """Somebody would read customers' addresses all day, and nobody could ask them what for."""
    notary = Notary(store=store, clock=clock, person="ada")

    asyncio.run(RevealEvent(notary=notary)(EVENT, RevealReason.COMPLAINT))

    (row,) = asyncio.run(store.ledger.read(audit.about, "customer:HM-204881"))
    assert (row.action, row.actor, row.detail) == ("event.revealed", "ada", {"reason": "complaint"})
    assert "ines" not in row.reference
