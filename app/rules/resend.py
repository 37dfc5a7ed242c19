"""Whether and how a document may go to a customer once more: consent, bad addresses, and what was tried before.

Pure: everything is told, nothing is asked. An objection is a sentence; a way without objections may be offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.records import Channel, Customer, DeliveryEvent, DeliveryState
from app.rules.channel_choice import ChannelWay, Circumstances, Message, choose_channels
from app.rules.guards import GuardRow
from app.rules.quiet_hours import Purpose
from app.rules.suppression import Suppression, SuppressionReason

__all__ = ["RECENT", "GuardRow", "ResendWay", "ways_to_resend"]

RECENT = timedelta(hours=24)


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

    ``events`` are those of this customer; ``communication`` is the one to be sent again. Sending once more what was
    sent already is service, so the rules are those of :func:`app.rules.channel_choice.choose_channels` for that.
    """
    plan = choose_channels(
        customer,
        Message(purpose=Purpose.SERVICE),
        circumstances=Circumstances(now=now),
        suppressions=[
            Suppression(channel=event.channel, reason=SuppressionReason.COMPLAINT, since=event.at)
            for event in events
            if event.state is DeliveryState.COMPLAINED
        ],
    )
    return tuple(_with_what_was_tried(way, events, communication=communication, now=now) for way in plan.ways)


def _with_what_was_tried(
    way: ChannelWay, events: Sequence[DeliveryEvent], *, communication: str, now: datetime
) -> ResendWay:
    tried = [
        event
        for event in events
        if event.communication == communication and event.channel is way.channel and now - event.at < RECENT
    ]
    arrived = [event for event in tried if event.state in {DeliveryState.DELIVERED, DeliveryState.OPENED}]
    # The purpose, the first of the guards, is no question here: every re-sending has the same.
    guards = (
        *way.guards[1:],
        GuardRow(question="Last 24 h", answer=_tried_words(tried, arrived), is_fine=not tried),
    )
    return ResendWay(channel=way.channel, to=way.to, guards=guards)


def _tried_words(tried: Sequence[DeliveryEvent], arrived: Sequence[DeliveryEvent]) -> str:
    if not tried:
        return "not tried on this channel"
    return f"{len(tried)} event{'s' if len(tried) > 1 else ''} on this channel, {len(arrived)} say it arrived"
