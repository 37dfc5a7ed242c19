"""By which ways a document may go out once more."""

from datetime import UTC, datetime, timedelta

from app.records import (
    Channel,
    ChannelConsent,
    ContactPoint,
    Customer,
    CustomerNumber,
    DeliveryEvent,
    DeliveryState,
    NodeId,
)
from app.rules.channel_choice import ChannelWay, Message
from app.rules.quiet_hours import Purpose
from app.rules.resend import plan_resend
from app.rules.suppression_list import listed_by

NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)


def customer(
    *, preferred: tuple[Channel, ...] = (), mail_is_bad: bool = False, sms_is_allowed: bool = True
) -> Customer:
    return Customer(
        number=CustomerNumber("HM-204881"),
        name="Inès Caron",
        workspace=NodeId(1),
        contact_points=(
            ContactPoint(channel=Channel.PRINT, masked="59800"),
            ContactPoint(channel=Channel.EMAIL, masked="i•••@lamer.example", is_bad=mail_is_bad),
            ContactPoint(channel=Channel.SMS, masked="•• 42"),
        ),
        consents=(
            ChannelConsent(channel=Channel.EMAIL, is_allowed=True, reason="allowed"),
            ChannelConsent(channel=Channel.SMS, is_allowed=sms_is_allowed, reason="consent withdrawn"),
        ),
        preferred=preferred,
    )


def ways(who: Customer, *events: DeliveryEvent) -> tuple[ChannelWay, ...]:
    listed = [each.suppression for each in listed_by(events, ())]
    message = Message(purpose=Purpose.SERVICE)
    return plan_resend(who, events, message, communication="S-1", now=NOW, suppressions=listed).ways


def event(state: DeliveryState, *, hours_ago: float = 1) -> DeliveryEvent:
    at = NOW - timedelta(hours=hours_ago)
    return DeliveryEvent(
        id=state.value,
        communication="S-1",
        customer="HM-204881",
        channel=Channel.EMAIL,
        state=state,
        title="",
        at=at,
        received_at=at,
        source="gateway",
    )


def test_the_customer_s_own_order_comes_first() -> None:
    """A letter would be offered to somebody who asked for text messages."""
    offered = ways(customer(preferred=(Channel.SMS, Channel.EMAIL)))

    assert [way.channel for way in offered] == [Channel.SMS, Channel.EMAIL, Channel.PRINT]


def test_closed_ways_come_last() -> None:
    """The first choice would be one that cannot be taken."""
    offered = ways(customer(preferred=(Channel.EMAIL,), mail_is_bad=True))

    assert (offered[-1].channel, bool(offered[-1].objection)) == (Channel.EMAIL, True)


def test_withdrawn_consent_closes_a_way() -> None:
    """We would write to somebody who said no."""
    objections = {way.channel: way.objection for way in ways(customer(sms_is_allowed=False))}

    assert objections[Channel.SMS] == "consent withdrawn"
    assert objections[Channel.PRINT] == ""


def test_a_complaint_closes_a_way() -> None:
    """The next message would cost the sender's good name."""
    objections = {way.channel: way.objection for way in ways(customer(), event(DeliveryState.COMPLAINED))}

    assert objections[Channel.EMAIL] == "the customer complained about this channel (gateway)"


def test_what_was_tried_today_is_told_and_closes_nothing() -> None:
    """A second copy would go out unknowingly, or a needed one not at all."""
    mail = next(way for way in ways(customer(), event(DeliveryState.DELIVERED)) if way.channel is Channel.EMAIL)

    assert mail.objection == ""
    assert mail.guards[-1].answer == "1 event on this channel, 1 say it arrived"
    assert not mail.guards[-1].is_fine
