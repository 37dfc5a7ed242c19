"""Whether and how a document may go to a customer once more: consent, bad addresses, and what was tried before.

Pure: everything is told, nothing is asked. An objection is a sentence; a way without objections may be offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.records import Channel, ContactPoint, Customer, DeliveryEvent, DeliveryState

RECENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRow:
    """One question that was answered before anything leaves."""

    question: str
    answer: str
    is_fine: bool
    is_blocking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendWay:
    """One way to send, with all that speaks for and against it."""

    channel: Channel
    to: str
    """The masked address."""
    guards: tuple[GuardRow, ...]

    @property
    def objection(self) -> str:
        """Why this way is closed, or empty."""
        return next((row.answer for row in self.guards if row.is_blocking), "")


def ways_to_resend(
    customer: Customer, events: Sequence[DeliveryEvent], *, communication: str, now: datetime
) -> tuple[ResendWay, ...]:
    """Every channel by which ``customer`` can be reached, in the customer's own order, open ones first.

    ``events`` are those of this customer; ``communication`` is the one to be sent again.
    """
    order = tuple(dict.fromkeys((*customer.preferred, *Channel)))
    ways = [_way(customer, point, events, communication=communication, now=now) for point in customer.contact_points]
    return tuple(sorted(ways, key=lambda way: (bool(way.objection), order.index(way.channel))))


def _way(
    customer: Customer, point: ContactPoint, events: Sequence[DeliveryEvent], *, communication: str, now: datetime
) -> ResendWay:
    channel = point.channel
    consent = next((each for each in customer.consents if each.channel is channel), None)
    allowed = consent.is_allowed if consent else channel is Channel.PRINT
    why = consent.reason if consent else "always allowed for contract notices" if allowed else "no consent is recorded"
    complained = any(event.channel is channel and event.state is DeliveryState.COMPLAINED for event in events)
    tried = [
        event
        for event in events
        if event.communication == communication and event.channel is channel and now - event.at < RECENT
    ]
    arrived = [event for event in tried if event.state in {DeliveryState.DELIVERED, DeliveryState.OPENED}]
    return ResendWay(
        channel=channel,
        to=point.masked,
        guards=(
            GuardRow(question="Consent", answer=why, is_fine=allowed, is_blocking=not allowed),
            GuardRow(
                question="Address",
                answer="not possible: the last delivery to it failed for good"
                if point.is_bad
                else "no permanent failure on it",
                is_fine=not point.is_bad,
                is_blocking=point.is_bad,
            ),
            GuardRow(
                question="Suppression",
                answer="the customer complained about this channel" if complained else "none",
                is_fine=not complained,
                is_blocking=complained,
            ),
            GuardRow(question="Last 24 h", answer=_tried_words(tried, arrived), is_fine=not tried),
        ),
    )


def _tried_words(tried: Sequence[DeliveryEvent], arrived: Sequence[DeliveryEvent]) -> str:
    if not tried:
        return "not tried on this channel"
    return f"{len(tried)} event{'s' if len(tried) > 1 else ''} on this channel, {len(arrived)} say it arrived"
