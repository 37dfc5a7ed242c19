"""Nothing leaves on yesterday's consent: the archive is asked when it leaves, and what was decided is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import msgspec
import pytest

from app.errors import UserError
from app.inbox import Inbox
from app.outbox import Outbox, Relay
from app.records import (
    Channel,
    ChannelConsent,
    ContactPoint,
    Customer,
    DeliveryState,
    EntryState,
    InboxEvent,
    InboxState,
    NodeId,
    OutboxEntry,
    System,
    Trust,
)
from app.rules.channel_choice import Openness
from app.rules.erasure import held_by
from app.rules.suppression import SuppressionReason, SuppressionScope
from app.store import Store, audit, customers, deliveries, forgetting, restrictions, suppressions
from app.suppressions import Suppressions
from app.systems.ports import ArchiveOfRecord, Systems
from app.use_cases.check_sending import CheckedComposer, CheckSending
from app.use_cases.explain_sending import ExplainSending
from app.use_cases.lift_suppression import LiftSuppression, LiftWish
from app.use_cases.resend import OfferResend, Resend, ResendWish
from connectors.errors import ConnectorError, NotFoundError, UnreachableError
from tests.app.outbox.fakes import NOW, FakeClock, FakeVendor
from tests.app.use_cases.people import INES, RENEWAL, claim, plans_on, without_consent


class Archive:
    """Says what a test told it of the one customer."""

    def __init__(self, customer: Customer) -> None:
        self.customer_now: Customer = customer
        self.failure: ConnectorError | None = None
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        """What somebody does while it is asked."""

    async def customer(self, _workspace: NodeId) -> Customer:
        """As of now."""
        if self.meanwhile:
            await self.meanwhile()
        if self.failure:
            raise self.failure
        return self.customer_now


class Desk:
    """A store, an outbox with its relay, a composer that remembers, and an archive that can change its mind."""

    def __init__(self, store: Store, outbox: Outbox, clock: FakeClock) -> None:
        self.store, self.clock, self.outbox = store, clock, outbox
        outbox.undo_for = timedelta(0)
        self.composer, self.archive = FakeVendor(), Archive(INES)
        self.systems = Systems()
        self.systems.archive = cast("ArchiveOfRecord", self.archive)
        self.suppressions = Suppressions(store, clock=clock)
        self.plans = plans_on(store, clock)
        check = CheckSending(store=store, systems=self.systems, plans=self.plans, clock=clock)
        self.relay = Relay(
            outbox, store.ledger, deliverer=lambda _system: checked, clock=clock, publish=lambda _changes: None
        )
        checked = CheckedComposer(self.composer, check, still=self.relay.refuse_paused)

    async def send(self, channel: Channel = Channel.EMAIL) -> OutboxEntry:
        """Offer and click."""
        offer = await OfferResend(store=self.store, plans=self.plans, systems=Systems())(RENEWAL)
        resend = Resend(store=self.store, outbox=self.outbox, systems=Systems(), plans=self.plans, clock=self.clock)
        return await resend(
            ResendWish(request_key=offer.request_key, document=RENEWAL, channel=channel, reason="asked", actor="ada")
        )

    async def leave(self, entry: OutboxEntry) -> OutboxEntry:
        """One turn of the relay."""
        await self.relay.turn(System.EXSTREAM)
        return await self.outbox.entry(entry.id)


@pytest.fixture
def desk(store: Store, outbox: Outbox, clock: FakeClock) -> Desk:
    """One that knows Inès."""
    asyncio.run(store.write(customers.upsert, [INES], now=NOW))
    return Desk(store, outbox, clock)


async def _send_and_leave(desk: Desk, change: Callable[[Desk], object]) -> OutboxEntry:
    entry = await desk.send()
    change(desk)
    return await desk.leave(entry)


def _withdraw(desk: Desk) -> None:
    desk.archive.customer_now = without_consent(INES)


def test_consent_that_was_withdrawn_meanwhile_parks_it_with_a_sentence(desk: Desk) -> None:
    """A mail would go to somebody who forbade it a minute ago."""
    parked = asyncio.run(_send_and_leave(desk, _withdraw))

    assert parked.state is EntryState.PARKED
    assert parked.sentence == "Not attempted: Email was closed after this was queued: consent withdrawn."
    assert desk.composer.acted == []


def test_a_pause_while_the_archive_is_asked_stops_it(desk: Desk) -> None:
    """“Stop!” is confirmed, the archive takes half a minute to answer, and the letter leaves all the same."""

    async def pause() -> None:
        await desk.outbox.pause(System.EXSTREAM, reason="wrong letters", actor="ada")

    async def go() -> EntryState:
        entry = await desk.send()
        desk.archive.meanwhile = pause
        await desk.leave(entry)
        return (await desk.outbox.undo(entry.id, actor="ada")).state

    assert asyncio.run(go()) is EntryState.DROPPED
    assert desk.composer.acted == []


def test_what_was_never_attempted_is_in_no_doubt_however_often_it_is_retried(desk: Desk) -> None:
    """Retry is pressed twice, consent stays withdrawn, and a letter that never left is said to have left perhaps."""

    async def go() -> tuple[OutboxEntry, OutboxEntry]:
        parked = await _send_and_leave(desk, _withdraw)
        for _ in range(2):
            await desk.outbox.retry(parked.id, actor="ada")
            await desk.leave(parked)
        dropped = await desk.outbox.drop(parked.id, reason="she forbade it", actor="ada")
        await desk.store.write(customers.upsert, [INES], now=NOW)
        return dropped, await desk.send()

    dropped, again = asyncio.run(go())

    assert (dropped.attempts, dropped.is_doubtful) == (0, False)
    assert again.state is EntryState.QUEUED


def test_what_was_not_attempted_may_be_dropped_and_wished_again(desk: Desk) -> None:
    """Nothing went out, and the guard would say that it may have."""

    async def go() -> OutboxEntry:
        parked = await _send_and_leave(desk, _withdraw)
        await desk.outbox.drop(parked.id, reason="she forbade it", actor="ada")
        await desk.store.write(customers.upsert, [INES], now=NOW)
        return await desk.send()

    assert asyncio.run(go()).state is EntryState.QUEUED


def test_consent_that_holds_lets_it_pass_and_is_kept_as_it_was(desk: Desk) -> None:
    """Nobody could show later that it was allowed."""

    async def go() -> tuple[OutboxEntry, tuple[str, ...], tuple[str, ...]]:
        done = await desk.leave(await desk.send())
        told = await ExplainSending(store=desk.store)(done)
        return done, told.queued, told.checks[0].trail

    done, queued, checked = asyncio.run(go())

    assert done.state is EntryState.DONE
    assert queued == ("Email is open.", "Print is open.")
    assert "Consent: allowed." in checked


def test_the_snapshot_lies_beside_the_chain(desk: Desk) -> None:
    """What is known of a person could never be erased."""

    async def go() -> audit.AuditRow:
        done = await desk.leave(await desk.send())
        rows = await desk.store.ledger.read(audit.of, f"entry:{done.id}")
        return next(row for row in rows if row.action == "sending.decided")

    row = asyncio.run(go())

    assert set(row.detail) == {"request_key", "channel", "purpose", "openness"}
    assert row.detail["openness"] == Openness.ALLOWED
    assert "lamer.example" not in repr((row.detail, row.words))
    assert "Inès" not in repr(row.words)


@pytest.mark.parametrize(
    ("failure", "state", "said"),
    [
        (UnreachableError(system="Extended ECM", call="node"), EntryState.QUEUED, "consent cannot be read"),
        (NotFoundError(system="Extended ECM", call="node"), EntryState.PARKED, "does not show this customer"),
    ],
)
def test_an_archive_that_does_not_say_lets_nothing_pass(
    desk: Desk, failure: ConnectorError, state: EntryState, said: str
) -> None:
    """The cache may be a day old."""

    def fail(of: Desk) -> None:
        of.archive.failure = failure

    held = asyncio.run(_send_and_leave(desk, fail))

    assert held.state is state
    assert said in held.sentence
    assert desk.composer.acted == []


def test_it_leaves_by_itself_once_the_archive_answers_again(desk: Desk) -> None:
    """A short fault of one system would need a person for every sending."""

    async def go() -> OutboxEntry:
        desk.archive.failure = UnreachableError(system="Extended ECM", call="node")
        waits = await desk.leave(await desk.send())
        desk.archive.failure = None
        desk.clock.advance(timedelta(minutes=2))
        return await desk.leave(waits)

    assert asyncio.run(go()).state is EntryState.DONE
    assert desk.composer.look_ups == 0


def test_without_an_archive_nothing_leaves(desk: Desk) -> None:
    """Nobody can say whether it is still allowed."""

    def cut(of: Desk) -> None:
        of.systems.archive = None

    assert "is not connected" in asyncio.run(_send_and_leave(desk, cut)).sentence


async def _complain(desk: Desk) -> None:
    await desk.store.write(deliveries.fold, [claim(DeliveryState.COMPLAINED, at=NOW)])


def test_a_complaint_closes_the_way_even_when_the_cache_is_lost(desk: Desk) -> None:
    """The list is ours: no damaged cache may open a channel again."""

    async def go() -> str:
        await _complain(desk)
        await desk.suppressions.learn({INES.number})
        await desk.store.purge(forgetting.forget_customers, [INES.number])
        await desk.store.write(customers.upsert, [INES], now=NOW)
        with pytest.raises(UserError) as refused:
            await desk.send()
        return refused.value.sentence

    assert asyncio.run(go()) == "Email is closed: the customer complained about this channel (Exstream)."


def _lifting(actor: str, *, event: str = "S-1-complained") -> LiftWish:
    return LiftWish(
        customer=INES.number, event=event, scope=SuppressionScope.ALL, reason="she called and asked for it", actor=actor
    )


def test_a_complaint_is_lifted_by_two_and_never_by_one(desk: Desk) -> None:
    """One agent in a hurry would cost the sender's good name."""

    async def go() -> list[bool]:
        await _complain(desk)
        lift = LiftSuppression(store=desk.store, suppressions=desk.suppressions, clock=desk.clock)
        return [(await lift(_lifting(actor))).is_lifted for actor in ("ada", "ada", "grace")]

    assert asyncio.run(go()) == [False, False, True]
    assert asyncio.run(desk.suppressions.of(INES.number)) == ()
    assert asyncio.run(desk.send()).state is EntryState.QUEUED


def test_a_bounce_that_two_sources_told_is_one_and_lifted_at_once(desk: Desk) -> None:
    """The agent would lift the same dead mailbox once for every report of it."""
    told = [
        replace(claim(DeliveryState.BOUNCED, communication=name), id=name, code="5.1.1")
        for name in ("S-1", "S-2", "S-3")
    ]

    async def go() -> tuple[int, int]:
        await desk.store.write(deliveries.fold, told)
        shown = await desk.suppressions.of(INES.number)
        lift = LiftSuppression(store=desk.store, suppressions=desk.suppressions, clock=desk.clock)
        await lift(_lifting("ada", event=shown[0].event))
        return len(shown), len(await desk.suppressions.every(INES.number))

    assert asyncio.run(go()) == (1, 0)


def test_lifting_needs_a_reason(desk: Desk) -> None:
    """Nobody would know why somebody is written to again."""
    asyncio.run(_complain(desk))
    lift = LiftSuppression(store=desk.store, suppressions=desk.suppressions, clock=desk.clock)

    with pytest.raises(UserError, match="needs a reason"):
        asyncio.run(lift(replace(_lifting("ada"), reason=" ")))


@pytest.mark.parametrize(
    ("event", "open_"),
    [
        ({"type": "message.replied", "data": {"text": "Stop!"}}, False),
        ({"type": "message.unsubscribed", "data": {}}, False),
        ({"type": "message.replied", "data": {"text": "Thank you"}}, True),
        ({"type": "message.resubscribed", "data": {}}, True),
    ],
)
def test_a_customer_s_own_word_closes_the_channel(desk: Desk, event: dict[str, object], *, open_: bool) -> None:
    """STOP would be a word for nobody to read."""
    who = replace(
        INES,
        contact_points=(*INES.contact_points, ContactPoint(channel=Channel.SMS, masked="•• 42")),
        consents=(*INES.consents, ChannelConsent(channel=Channel.SMS, is_allowed=True, reason="allowed")),
    )

    async def go() -> bool:
        await desk.store.write(customers.upsert, [who], now=NOW)
        await Inbox(desk.store).take_polled([_event(event)])
        offer = await OfferResend(store=desk.store, plans=desk.plans, systems=Systems())(RENEWAL)
        return next(not way.objection for way in offer.plan.ways if way.channel is Channel.SMS)

    assert asyncio.run(go()) is open_


def _event(said: dict[str, object]) -> InboxEvent:
    data = {"customer": INES.number, "channel": "sms", **cast("dict[str, object]", said["data"])}
    return InboxEvent(
        id="gateway/1",
        source="gateway",
        type="",
        about="",
        received_at=NOW,
        occurred_at=None,
        trust=Trust.POLLED,
        state=InboxState.RECEIVED,
        raw=msgspec.json.encode({**said, "data": data}),
    )


@pytest.mark.parametrize("country", ["FR", "France", "fra"])
def test_marketing_waits_for_the_customer_s_morning(desk: Desk, clock: FakeClock, country: str) -> None:
    """A text would ring at midnight."""
    offer_kind = replace(RENEWAL, document_type="Offer", channel=Channel.PRINT)
    who = replace(
        INES,
        country=country,
        contact_points=(ContactPoint(channel=Channel.SMS, masked="•• 42"),),
        consents=(ChannelConsent(channel=Channel.SMS, is_allowed=True, reason="allowed"),),
        marketing_consents=(ChannelConsent(channel=Channel.SMS, is_allowed=True, reason="allowed"),),
    )
    clock.advance(datetime(2026, 5, 12, 21, 0, tzinfo=UTC) - clock.now())  # 23:00 in Paris

    async def go() -> OutboxEntry:
        await desk.store.write(customers.upsert, [who], now=NOW)
        offer = await OfferResend(store=desk.store, plans=desk.plans, systems=Systems())(offer_kind)
        resend = Resend(store=desk.store, outbox=desk.outbox, systems=Systems(), plans=desk.plans, clock=clock)
        return await resend(
            ResendWish(
                request_key=offer.request_key, document=offer_kind, channel=Channel.SMS, reason="asked", actor="ada"
            )
        )

    assert asyncio.run(go()).leaves_at == datetime(2026, 5, 13, 6, 0, tzinfo=UTC)


def test_what_is_listed_already_is_not_written_again(desk: Desk) -> None:
    """A gateway that repeats itself would fill the audit and wear out the disk."""

    async def go() -> list[str]:
        await _complain(desk)
        for _ in range(3):
            await desk.suppressions.learn({INES.number})
        return [row.action for row in await desk.store.ledger.read(audit.newest)]

    assert asyncio.run(go()).count("suppression.listed") == 1


def test_the_list_fills_itself_from_what_is_heard(desk: Desk) -> None:
    """Nobody would write the list, and a lost cache would open everything."""

    async def go() -> int:
        await _complain(desk)
        running = asyncio.create_task(desk.suppressions.run())
        desk.suppressions.note([INES.number])
        kept: tuple[object, ...] = ()
        async with asyncio.timeout(300):
            while not kept:
                desk.clock.advance(timedelta(seconds=1))
                kept, _ = await desk.store.ledger.read(suppressions.of_customer, INES.number)
        running.cancel()
        return len(kept)

    assert asyncio.run(go()) == 1


def test_the_list_names_nobody(desk: Desk) -> None:
    """Somebody who complained, was forgotten and came back would be written to again."""

    async def go() -> tuple[SuppressionReason, ...]:
        await _complain(desk)
        await desk.suppressions.learn({INES.number})
        await desk.store.purge(forgetting.forget_customers, [INES.number])
        return tuple(each.suppression.reason for each in await desk.suppressions.of(INES.number))

    assert asyncio.run(go()) == (SuppressionReason.COMPLAINT,)
    kept = asyncio.run(desk.store.ledger.read(lambda db: db.execute("SELECT * FROM suppressions").fetchall()))
    assert INES.number not in repr(kept)


def _texted(*numbers: str) -> Customer:
    points = tuple(ContactPoint(channel=Channel.SMS, masked=number) for number in numbers)
    allowed = ChannelConsent(channel=Channel.SMS, is_allowed=True, reason="allowed")
    return replace(INES, contact_points=(*INES.contact_points, *points), consents=(*INES.consents, allowed))


@pytest.mark.parametrize(
    ("then", "now"), [(["+33 •• •• •• 42"], ["•• •• •• 42"]), (["+33 •• •• •• 42", "+33 •• •• •• 17"],) * 2]
)
def test_stop_outlasts_another_spelling_and_a_second_number(desk: Desk, then: list[str], now: list[str]) -> None:
    """Somebody tidies numbers in the archive, and whoever said STOP would be written to again."""

    async def go() -> list[str]:
        await desk.store.write(customers.upsert, [_texted(*then)], now=NOW)
        await Inbox(desk.store).take_polled([_event({"type": "message.unsubscribed", "data": {}})])
        await desk.suppressions.learn({INES.number})
        await desk.store.write(customers.upsert, [_texted(*now)], now=NOW)
        offer = await OfferResend(store=desk.store, plans=desk.plans, systems=Systems())(RENEWAL)
        return [way.to for way in offer.plan.ways if way.channel is Channel.SMS and not way.objection]

    assert asyncio.run(go()) == []


def test_of_two_addresses_a_bounce_closes_both(desk: Desk) -> None:
    """The dead one would be written to again and again, for nobody said which it was."""
    second = ContactPoint(channel=Channel.EMAIL, masked="c•••@lamer.example")
    who = replace(INES, contact_points=(*INES.contact_points, second))

    async def go() -> list[str]:
        await desk.store.write(customers.upsert, [who], now=NOW)
        await desk.store.write(deliveries.fold, [replace(claim(DeliveryState.BOUNCED), code="5.1.1")])
        await desk.suppressions.learn({INES.number})
        offer = await OfferResend(store=desk.store, plans=desk.plans, systems=Systems())(RENEWAL)
        return [way.to for way in offer.plan.ways if way.channel is Channel.EMAIL and not way.objection]

    assert asyncio.run(go()) == []


def test_a_text_that_nobody_could_read_is_not_sent_as_service(desk: Desk) -> None:
    """The archive is down for a minute, and an advertisement with a stop code rings at night."""
    text = replace(RENEWAL, channel=Channel.SMS, media_type="text/plain")

    async def go() -> None:
        await desk.store.write(customers.upsert, [_texted("•• 42")], now=NOW)
        offer = await OfferResend(store=desk.store, plans=desk.plans, systems=Systems())(text)
        resend = Resend(store=desk.store, outbox=desk.outbox, systems=Systems(), plans=desk.plans, clock=desk.clock)
        await resend(
            ResendWish(request_key=offer.request_key, document=text, channel=Channel.SMS, reason="asked", actor="ada")
        )

    with pytest.raises(UserError, match="nobody can say whether it counts as marketing"):
        asyncio.run(go())


def test_an_arrival_of_tomorrow_disproves_no_bounce(desk: Desk) -> None:
    """One word from a clock that is ahead would keep a dead address open for years."""
    ahead = replace(claim(DeliveryState.DELIVERED, communication="S-2"), at=NOW + timedelta(days=4000))
    bounced = replace(claim(DeliveryState.BOUNCED), code="5.1.1", at=NOW + timedelta(hours=1))

    async def go() -> int:
        await desk.store.write(deliveries.fold, [ahead, bounced])
        return len(await desk.suppressions.of(INES.number))

    assert asyncio.run(go()) == 1


def test_who_is_restricted_while_the_archive_is_asked_is_not_written_to(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive takes half a minute, and the letter goes to somebody who asked to be forgotten."""
    ask = desk.archive.customer

    async def restrict_first(workspace: NodeId) -> Customer:
        await desk.store.ledger.write(
            restrictions.put, INES.number, obstacles=[held_by("Audit 26")], reason="asked", actor="ada", now=NOW
        )
        return await ask(workspace)

    parked = asyncio.run(_send_and_leave(desk, lambda _: monkeypatch.setattr(desk.archive, "customer", restrict_first)))

    assert parked.state is EntryState.PARKED
    assert desk.composer.acted == []
