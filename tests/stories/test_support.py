"""Support: finds the customer, sees what was really sent and what became of it, and sends it once more. Once."""

import hashlib
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.errors import UserError
from app.records import (
    Channel,
    ChannelConsent,
    CustomerDocument,
    DeliveryState,
    EntryState,
    InboxState,
    OutboxEntry,
    System,
)
from app.rules.bounces import explain
from app.rules.channel_choice import Openness
from app.use_cases.resend import ResendOffer, ResendWish
from tests.stories.desks import ACTOR, StoryDesk
from tests.stories.sandbox import Control
from tests.stories.second_clients import SecondClients

CARON = "HM-204881"
MARCHETTI = "HM-207551"
POST_ONLY = "HM-101014"
STOPPED = "HM-101012"
WHY = "customer asked"


async def document(desk: StoryDesk, number: str, channel: Channel, *, place: int = 0) -> CustomerDocument:
    """One of a customer's documents that went out on ``channel``, newest first."""
    held = await desk.file(number)
    return [each for each in held.documents if each.channel is channel and each.template][place]


async def resend(
    desk: StoryDesk, offer: ResendOffer, channel: Channel, *, why: str = WHY, override: str = ""
) -> OutboxEntry:
    """The click in the dialog."""
    return await desk.desk.use.resend(
        ResendWish(
            request_key=offer.request_key,
            document=offer.document,
            channel=channel,
            sms_text=offer.sms_text,
            reason=why,
            actor=ACTOR,
            override=override,
        )
    )


@pytest.mark.parametrize("words", ["inès caron", "ines car", "204881", "S-caron-1"])
async def test_a_customer_is_found_however_the_caller_puts_it(desk: StoryDesk, words: str) -> None:
    """The caller would be asked to spell the name with its accents."""
    found = await desk.desk.use.find_customers(words)

    assert CARON in {match.customer.number for match in found}


async def test_nearly_the_same_names_stay_apart(desk: StoryDesk) -> None:
    """Another customer's letter would be read out on the telephone."""
    found = await desk.desk.use.find_customers("caron")

    numbers = [match.customer.number for match in found]
    assert {CARON, "HM-118020", "HM-331407", "HM-900212"} <= set(numbers)
    assert len(numbers) == len(set(numbers))


async def test_addresses_are_masked_until_somebody_asks(desk: StoryDesk) -> None:
    """Whoever looks over the shoulder would read them."""
    customer = (await desk.file(CARON)).customer

    shown = {point.channel: point.masked for point in customer.contact_points}

    assert shown[Channel.EMAIL] == "i•••@lamer.example"
    assert "9980" not in shown[Channel.SMS]
    assert shown[Channel.SMS].endswith("42")


async def test_the_timeline_tells_what_became_of_a_mail(desk: StoryDesk) -> None:
    """Support would say that it was sent, which is not what the customer asked."""
    held = await desk.file(CARON)

    renewal = [event for event in held.events if event.communication == "S-caron-1"]

    assert (renewal[0].state, renewal[-1].state) == (DeliveryState.BOUNCED, DeliveryState.COMPOSED)
    assert DeliveryState.DELIVERED not in {event.state for event in renewal}
    assert renewal[0].code == "5.1.1"
    assert explain(renewal[0].code).sentence == "The mailbox does not exist."


async def test_an_event_that_is_pushed_joins_those_that_were_polled(desk: StoryDesk, control: Control) -> None:
    """What a gateway knows would never reach support."""
    secret = b64encode(b"a secret of the gateway's").decode()
    address = desk.desk.receive({"gateway": secret})
    of = await document(desk, MARCHETTI, Channel.EMAIL)

    await control.push(
        address + "gateway",
        secret,
        [
            {
                "id": "pushed-1",
                "type": "message.delivered",
                "timestamp": datetime.now(UTC).isoformat(),
                "data": {"communication": of.communication, "customer": MARCHETTI, "channel": "email"},
            }
        ],
    )
    held = await desk.file(MARCHETTI)

    sources = {event.source for event in held.events if event.communication == of.communication}
    assert {"Exstream", "Gateway"} <= sources
    assert any(event.state is DeliveryState.DELIVERED and event.source == "Gateway" for event in held.events)


async def test_an_opened_document_is_proven_to_be_the_one_that_was_sent(desk: StoryDesk, second: SecondClients) -> None:
    """Support would read from a copy that somebody changed."""
    of = await document(desk, CARON, Channel.PRINT)

    opened = await desk.desk.use.open_document(of, ACTOR)

    assert opened.is_proven
    assert opened.content.startswith(b"%PDF")
    assert hashlib.sha256(opened.content).hexdigest() == of.sha256 == await second.archived_sha256(of.node)


async def test_a_document_with_other_bytes_than_were_filed_is_no_proof(desk: StoryDesk) -> None:
    """A changed document would carry the badge of an unchanged one."""
    of = await document(desk, CARON, Channel.PRINT)

    opened = await desk.desk.use.open_document(replace(of, sha256="0" * 64), ACTOR)

    assert opened.is_altered
    assert not opened.is_proven


async def test_what_is_sent_again_is_received_once_and_is_the_same(desk: StoryDesk, control: Control) -> None:
    """The customer would get nothing, two of them, or another letter."""
    of = await document(desk, MARCHETTI, Channel.EMAIL)
    before = len(await control.deliveries(MARCHETTI))
    offer = await desk.desk.use.offer_resend(of)

    first = await resend(desk, offer, Channel.EMAIL)
    clicked_again = await resend(desk, offer, Channel.EMAIL)
    done = await desk.settled(first)

    received = (await control.deliveries(MARCHETTI))[before:]
    assert clicked_again.id == first.id
    assert done.state is EntryState.DONE
    assert [(each["request_key"], each["channel"], each["sha256"]) for each in received] == [
        (offer.request_key, "email", of.sha256)
    ]


async def test_what_became_of_it_comes_back_into_the_timeline(desk: StoryDesk, control: Control) -> None:
    """Nobody would know whether the second attempt fared better."""
    of = await document(desk, MARCHETTI, Channel.EMAIL)
    known = {event.id for event in (await desk.file(MARCHETTI)).events}
    offer = await desk.desk.use.offer_resend(of)
    await desk.settled(await resend(desk, offer, Channel.EMAIL, why="the link was broken"))

    try:
        await control.advance(60)
        await desk.synchronise(System.EXSTREAM)
    finally:
        await control.advance(-60)

    new = [event for event in (await desk.file(MARCHETTI)).events if event.id not in known]
    assert DeliveryState.HANDED_OVER in {event.state for event in new if event.communication == of.communication}


async def test_a_second_sending_on_one_day_is_refused_with_when_and_by_whom(desk: StoryDesk, control: Control) -> None:
    """Two colleagues would each send the same letter."""
    of = await document(desk, MARCHETTI, Channel.SMS)
    first = await desk.settled(await resend(desk, await desk.desk.use.offer_resend(of), Channel.SMS))
    before = len(await control.deliveries(MARCHETTI))

    with pytest.raises(UserError) as refused:
        await resend(desk, await desk.desk.use.offer_resend(of), Channel.SMS)

    assert f"{ACTOR} asked for it at {first.created_at.astimezone():%H:%M on %d %B}" in refused.value.sentence
    assert "say why" in refused.value.hint
    assert len(await control.deliveries(MARCHETTI)) == before


async def test_a_person_may_send_it_all_the_same_with_a_reason(desk: StoryDesk, control: Control) -> None:
    """A guard without a door would be gone around by mail."""
    of = await document(desk, MARCHETTI, Channel.SMS, place=1)
    await desk.settled(await resend(desk, await desk.desk.use.offer_resend(of), Channel.SMS))
    before = len(await control.deliveries(MARCHETTI))

    again = await resend(
        desk, await desk.desk.use.offer_resend(of), Channel.SMS, override="She deleted it and is on the telephone."
    )
    done = await desk.settled(again)

    assert done.state is EntryState.DONE
    assert len(await control.deliveries(MARCHETTI)) == before + 1


async def test_an_address_that_failed_for_good_is_closed(desk: StoryDesk) -> None:
    """The same mail would bounce from the same mailbox."""
    of = await document(desk, CARON, Channel.EMAIL)

    offer = await desk.desk.use.offer_resend(of)

    ways = {way.channel: way.objection for way in offer.plan.ways}
    assert "failed for good" in ways[Channel.EMAIL]
    assert ways[Channel.SMS] == ways[Channel.PRINT] == ""
    with pytest.raises(UserError, match="Email is closed"):
        await resend(desk, offer, Channel.EMAIL)


async def test_consent_that_is_withdrawn_while_the_dialog_is_open_closes_the_way(
    desk: StoryDesk, control: Control
) -> None:
    """A mail would go to somebody who forbade it a minute ago."""
    of = await document(desk, MARCHETTI, Channel.EMAIL, place=1)
    offer = await desk.desk.use.offer_resend(of)
    withdrawn = ChannelConsent(channel=Channel.EMAIL, is_allowed=False, reason="consent withdrawn, says the archive")
    await desk.learn(replace(offer.customer, consents=(withdrawn,)))

    with pytest.raises(UserError, match="consent withdrawn"):
        await resend(desk, offer, Channel.EMAIL)

    assert await control.writes("exstream", path_part="/inputs/") == []


async def test_consent_that_is_withdrawn_in_the_archive_before_it_leaves_parks_it(
    desk: StoryDesk, control: Control, second: SecondClients
) -> None:
    """A mail would go to somebody who forbade it while it waited to leave."""
    of = await document(desk, MARCHETTI, Channel.EMAIL, place=1)
    workspace = (await desk.customer(MARCHETTI)).workspace
    before = len(await control.deliveries(MARCHETTI))
    offer = await desk.desk.use.offer_resend(of)
    await second.change_archive_value(workspace, "Mail consent", "false")

    try:
        parked = await desk.settled(await resend(desk, offer, Channel.EMAIL, why="she asked for it"))
    finally:
        await second.change_archive_value(workspace, "Mail consent", "true")

    told = await desk.desk.use.explain_sending(parked)
    assert parked.state is EntryState.PARKED
    assert parked.sentence == (
        "Not attempted: Email was closed after this was queued: consent withdrawn, says the archive."
    )
    assert [check.openness for check in told.checks] == [Openness.BLOCKED]
    assert len(await control.deliveries(MARCHETTI)) == before
    assert (await desk.customer(MARCHETTI)).consents[0].is_allowed is False


async def test_a_stop_by_text_message_closes_the_channel_for_good(desk: StoryDesk, control: Control) -> None:
    """The customer would be written to after saying STOP."""
    secret = b64encode(b"the secret of the text gateway").decode()
    address = desk.desk.receive({"texts": secret})
    of = next(each for each in (await desk.file(STOPPED)).documents if each.sha256)

    said = {"customer": STOPPED, "channel": "sms", "text": "STOP"}
    await control.push(address + "texts", secret, [{"id": "stop-1", "type": "message.replied", "data": said}])

    with pytest.raises(UserError, match="SMS is closed: the customer asked not to be written to this way"):
        await resend(desk, await desk.desk.use.offer_resend(of), Channel.SMS, why="asked")


async def test_who_consented_to_nothing_is_reached_by_post_alone(desk: StoryDesk) -> None:
    """A customer who asked for paper would get a text message."""
    customer = await desk.customer(POST_ONLY)

    assert {consent.channel for consent in customer.consents if consent.is_allowed} == {Channel.PRINT}
    assert [point.channel for point in customer.contact_points] == [Channel.PRINT]


@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "500"])
async def test_a_sending_survives_a_broken_line_and_is_received_once(
    desk: StoryDesk, control: Control, fault: str
) -> None:
    """A cut line would cost the customer the letter, or bring it twice."""
    of = await document(desk, MARCHETTI, Channel.PRINT)
    offer = await desk.desk.use.offer_resend(of)
    await control.trouble("exstream", fault, count=1, method="POST", path="*/inputs/*")

    done = await desk.settled(await resend(desk, offer, Channel.PRINT, why=f"asked after {fault}"))

    received = [each for each in await control.deliveries(MARCHETTI) if each["request_key"] == offer.request_key]
    assert (done.state, len(received)) == (EntryState.DONE, 1)


async def test_a_job_that_cannot_be_read_back_is_looked_up_and_not_sent_again(
    desk: StoryDesk, control: Control
) -> None:
    """The trouble may come one call after the deed."""
    of = await document(desk, MARCHETTI, Channel.PRINT)
    offer = await desk.desk.use.offer_resend(of)
    await control.trouble("exstream", "500", count=8, method="GET", path="*/runtime/jobs/*")

    done = await desk.settled(await resend(desk, offer, Channel.PRINT, why="asked once more"))

    received = [each for each in await control.deliveries(MARCHETTI) if each["request_key"] == offer.request_key]
    assert (done.state, len(received)) == (EntryState.DONE, 1)


async def test_what_the_composer_refuses_waits_for_a_person_with_its_words(desk: StoryDesk) -> None:
    """The click would vanish."""
    of = replace(await document(desk, MARCHETTI, Channel.PRINT), template="no-such-template", communication="S-none")

    parked = await desk.settled(await resend(desk, await desk.desk.use.offer_resend(of), Channel.PRINT))

    assert parked.state is EntryState.PARKED
    assert "no-such-template" in parked.sentence


async def test_an_event_that_comes_twice_counts_once_and_says_so(desk: StoryDesk, control: Control) -> None:
    """One bounce would look like two."""
    secret = b64encode(b"another secret of the gateway").decode()
    address = desk.desk.receive({"gateway": secret})
    told = {
        "id": "twice-1",
        "type": "message.delivered",
        "data": {"communication": "S-twice", "customer": MARCHETTI, "channel": "email", "title": "Twice"},
    }

    posted = await control.push(address + "gateway", secret, [told], copies=2)

    events = [event for event in (await desk.file(MARCHETTI)).events if event.communication == "S-twice"]
    inbox = [event for event in await desk.desk.use.list_events() if event.source == "gateway"]
    assert [each["status"] for each in posted] == [204, 204]
    assert [event.times_seen for event in events] == [2]
    assert [(event.state, event.times_seen) for event in inbox] == [(InboxState.DONE, 2)]
