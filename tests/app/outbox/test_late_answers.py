"""A letter that was sent and shows itself late is not sent a second time."""

import asyncio
from datetime import timedelta
from pathlib import Path

from app.outbox.late_answers import PATIENCE
from app.records import EntryState, OutboxEntry, Receipt, System, Verb
from tests.app.outbox.fakes import Desk, FakeVendor, Fault, desk, resending


class SlowVendor(FakeVendor):
    """Takes a request, lets go of the line, and shows the result so many looks later."""

    hidden_looks = 2

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        if self.hidden_looks:
            self.hidden_looks -= 1
            self.look_ups += 1
            return None
        return await super().look_up(entry)


def send(here: Desk, vendor: FakeVendor, fault: Fault) -> OutboxEntry:
    """Queue one re-sending, whose first try fails like that, and let everything come to rest."""
    here.vendors[System.EXSTREAM] = vendor
    vendor.faults = [fault]

    async def story() -> OutboxEntry:
        entry = await here.outbox.queue(resending("k1"))
        await here.settle()
        return await here.outbox.entry(entry.id)

    return asyncio.run(story())


def test_a_letter_that_shows_itself_late_is_not_sent_twice(tmp_path: Path) -> None:
    """The first look came too early, and the customer had two letters."""
    with desk(tmp_path) as here:
        vendor = SlowVendor()

        entry = send(here, vendor, Fault.CUT_AFTER)

        assert (entry.state, vendor.acted) == (EntryState.DONE, ["k1"])


def test_a_letter_that_never_arrived_is_sent_after_a_while(tmp_path: Path) -> None:
    """It would be looked for until the end of days."""
    with desk(tmp_path) as here:
        vendor = FakeVendor()
        began = here.clock.now()

        entry = send(here, vendor, Fault.CUT_BEFORE)

        assert (entry.state, vendor.acted) == (EntryState.DONE, ["k1"])
        assert here.clock.now() - began > PATIENCE[Verb.RESEND]


def test_patience_is_only_for_what_cannot_be_taken_back() -> None:
    """A verdict would wait for nothing: a second one changes nothing."""
    assert set(PATIENCE) == {Verb.RESEND}
    assert PATIENCE[Verb.RESEND] > timedelta(0)
