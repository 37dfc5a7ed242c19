"""Entries in words for the pane."""

from datetime import UTC, datetime

from app.records import OutboxStanding, Verb
from app.systems.resending import ResendOrder
from tests.ui.pages.activity.outbox.driver import entry
from tests.ui.pages.support.desk import entry as resending
from ui.pages.activity.outbox.telling import entry_shown

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
TRAIL = ("SMS is open.", "Email is blocked: consent withdrawn.")


def test_a_sending_says_why_it_goes_that_way_and_nothing_else_does() -> None:
    """“Why not by mail?” would have no answer where the entry is looked at."""
    sending = resending(1)
    payload = {**sending.payload, "trail": list(TRAIL)}
    standing = OutboxStanding(depths={}, pauses={}, rests={})

    told = entry_shown(entry(1, verb=Verb.RESEND, payload=payload), None, standing, now=NOW)
    other = entry_shown(entry(2), None, standing, now=NOW)

    assert ResendOrder.from_payload(payload).trail == TRAIL
    assert (told.trail, other.trail) == (TRAIL, ())
