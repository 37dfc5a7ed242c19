"""A sending becomes one entry, or a sentence: consent, addresses, proof, and once a day."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from app.errors import UserError
from app.outbox import Outbox
from app.records import Channel, CustomerDocument, OutboxEntry, Receipt
from app.store import Store, customers, entries
from app.systems.ports import Systems
from app.use_cases.resend import OfferResend, Resend, ResendWish
from tests.app.outbox.fakes import NOW, FakeClock
from tests.app.use_cases.people import INES, RENEWAL, plans_on, without_consent


class Dialog:
    """Opens the dialog and clicks."""

    def __init__(self, store: Store, outbox: Outbox, clock: FakeClock) -> None:
        plans = plans_on(store, clock)
        self._offer = OfferResend(store=store, plans=plans, systems=Systems())
        self._resend = Resend(store=store, outbox=outbox, systems=Systems(), plans=plans, clock=clock)

    async def click(
        self,
        document: CustomerDocument = RENEWAL,
        channel: Channel = Channel.EMAIL,
        *,
        reason: str = "asked",
        override: str = "",
    ) -> OutboxEntry:
        """One dialog, one click."""
        offer = await self._offer(document)
        return await self._resend(
            ResendWish(
                request_key=offer.request_key,
                document=document,
                channel=channel,
                reason=reason,
                actor="ada",
                override=override,
            )
        )


@pytest.fixture
def dialog(store: Store, outbox: Outbox, clock: FakeClock) -> Dialog:
    """A dialog on a store that knows one customer."""
    asyncio.run(store.write(customers.upsert, [INES], now=NOW))
    return Dialog(store, outbox, clock)


@pytest.fixture
def in_los_angeles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The desktop's own zone."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "America/Los_Angeles")
        time.tzset()
        yield
    time.tzset()


def send(store: Store, entry: OutboxEntry) -> None:
    """It has left, and arrived."""

    async def story() -> None:
        await store.ledger.write(entries.begin, entry.id, now=NOW)
        await store.ledger.write(entries.finish, entry.id, Receipt(sentence="Done."), now=NOW)

    asyncio.run(story())


def test_the_entry_carries_the_documents_hash_and_no_address(dialog: Dialog) -> None:
    """Another document could go out, and an address would lie in the outbox."""
    entry = asyncio.run(dialog.click())

    assert entry.payload["sha256"] == RENEWAL.sha256
    assert "lamer.example" not in repr(entry.payload)
    assert entry.subject == "customer:HM-204881"
    assert entry.title == "Re-send “Renewal notice.pdf” by Email"


@pytest.mark.parametrize("reason", ["asked", " asked "])
def test_a_second_one_on_the_same_day_is_refused(dialog: Dialog, reason: str) -> None:
    """Two colleagues would each send it."""
    asyncio.run(dialog.click(reason="asked"))

    with pytest.raises(UserError, match="ada asked for it at"):
        asyncio.run(dialog.click(reason=reason))


def test_what_still_waits_from_yesterday_is_not_sent_beside_itself(dialog: Dialog, clock: FakeClock) -> None:
    """Queued in the evening for the morning; in the morning somebody asks for it again, and two leave at eight."""
    first = asyncio.run(dialog.click())
    clock.advance(timedelta(days=1))

    with pytest.raises(UserError, match="already on its way"):
        asyncio.run(dialog.click())
    assert asyncio.run(dialog.click(override="the first is stuck")).id != first.id


def test_a_day_ends_at_midnight_of_whoever_sits_here(
    dialog: Dialog, store: Store, clock: FakeClock, in_los_angeles: None
) -> None:
    """UTC's day ends at five in the afternoon there: ten minutes later the same letter could go again."""
    clock.advance(timedelta(hours=14, minutes=55))
    send(store, asyncio.run(dialog.click()))
    clock.advance(timedelta(minutes=10))

    with pytest.raises(UserError, match="was already sent"):
        asyncio.run(dialog.click())


def test_the_next_day_is_another_day(dialog: Dialog, store: Store, clock: FakeClock) -> None:
    """A customer who lost it again could not be helped."""
    first = asyncio.run(dialog.click())
    send(store, first)
    clock.advance(timedelta(days=1))

    assert asyncio.run(dialog.click()).id != first.id


@pytest.mark.parametrize("change", [{"channel": Channel.PRINT}, {"override": "on the telephone"}])
def test_another_way_or_a_reason_to_override_is_another_sending(dialog: Dialog, change: dict[str, str]) -> None:
    """The guard would keep out what it is not meant for."""
    first = asyncio.run(dialog.click())

    second = asyncio.run(
        dialog.click(channel=Channel(change.get("channel", "email")), override=change.get("override", ""))
    )

    assert second.id != first.id


def test_a_way_that_the_customer_does_not_have_is_refused(dialog: Dialog) -> None:
    """The entry would fail at the vendor."""
    with pytest.raises(UserError, match="Inès Caron cannot be reached by SMS"):
        asyncio.run(dialog.click(channel=Channel.SMS))


def test_withdrawn_consent_closes_the_way(dialog: Dialog, store: Store) -> None:
    """It would be unlawful."""
    asyncio.run(store.write(customers.upsert, [without_consent(INES)], now=NOW))

    with pytest.raises(UserError, match="Email is closed: consent withdrawn"):
        asyncio.run(dialog.click())


def test_what_cannot_be_proven_is_not_sent_as_the_same_document(dialog: Dialog) -> None:
    """The customer would get something that nobody checked."""
    with pytest.raises(UserError, match="does not say what this document's bytes hash to"):
        asyncio.run(dialog.click(replace(RENEWAL, sha256="")))


def test_a_document_without_a_communication_is_known_by_its_node(dialog: Dialog) -> None:
    """What was filed by hand could be sent twice."""
    by_hand = replace(RENEWAL, communication="")

    entry = asyncio.run(dialog.click(by_hand))

    assert entry.payload["communication"] == "node:11"
    with pytest.raises(UserError, match="already"):
        asyncio.run(dialog.click(by_hand))


def test_a_customer_who_is_not_known_here_is_a_sentence(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """The dialog would open on nothing."""
    with pytest.raises(UserError, match="not known here"):
        asyncio.run(Dialog(store, outbox, clock).click())
