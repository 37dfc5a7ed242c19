"""Whether and how a document may go to a customer once more: the choice of a way, and what was tried before.

Pure: everything is told, nothing is asked. An objection is a sentence; a way without objections may be offered.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.records import ContactPoint, Customer, DeliveryEvent, DeliveryState
from app.rules.channel_choice import ChannelPlan, ChannelWay, Message, choose_channels
from app.rules.guards import GuardRow
from app.rules.sending_circumstances import circumstances_of
from app.rules.suppression import Suppression

RECENT = timedelta(hours=24)


def plan_resend(
    customer: Customer,
    events: Sequence[DeliveryEvent],
    message: Message,
    *,
    communication: str,
    now: datetime,
    suppressions: Iterable[Suppression] = (),
    address_of: Callable[[ContactPoint], str] = lambda _: "",
) -> ChannelPlan:
    """Every channel by which ``customer`` can be reached, open ones first, each with what was tried on it of late.

    ``events`` are those of this customer; ``communication`` is the one to be sent again.
    """
    plan = choose_channels(
        customer,
        message,
        circumstances=circumstances_of(customer, now=now),
        suppressions=suppressions,
        marketing_consents=customer.marketing_consents,
        address_of=address_of,
    )
    ways = (_with_what_was_tried(way, events, communication=communication, now=now) for way in plan.ways)
    return replace(plan, ways=tuple(ways))


def _with_what_was_tried(
    way: ChannelWay, events: Sequence[DeliveryEvent], *, communication: str, now: datetime
) -> ChannelWay:
    tried = [
        event
        for event in events
        if event.communication == communication and event.channel is way.channel and now - event.at < RECENT
    ]
    arrived = [event for event in tried if event.state in {DeliveryState.DELIVERED, DeliveryState.OPENED}]
    row = GuardRow(question="Last 24 h", answer=_tried_words(tried, arrived), is_fine=not tried)
    return replace(way, guards=(*way.guards, row))


def _tried_words(tried: Sequence[DeliveryEvent], arrived: Sequence[DeliveryEvent]) -> str:
    if not tried:
        return "not tried on this channel"
    return f"{len(tried)} event{'s' if len(tried) > 1 else ''} on this channel, {len(arrived)} say it arrived"
