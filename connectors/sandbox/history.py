"""What Harbour Mutual sent in the weeks before the sandbox was started, with the trouble that support staff meet.

One story is told by hand (Inès Caron, whose mailbox does not exist); the rest is derived from the seed, item by item,
so that a long history costs nothing until it is read.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

import msgspec
from msgspec.structs import replace

from connectors.sandbox.derived import Derived
from connectors.sandbox.story import LATEST_RUN, tell_story
from connectors.sandbox.world import DeliveryFact, SentCommunication, WorldCustomer, WorldTemplate

SPAN: Final = timedelta(days=42)
"""How far back the derived history reaches."""

BOUNCES: Final = (
    (6, "5.1.1 mailbox unknown"),
    (4, "4.2.2 mailbox full"),
    (4, "5.7.1 refused by policy"),
    (2, "5.2.1 mailbox disabled"),
    (2, "4.4.1 no answer from host"),
    (1, "5.1.10 recipient address has null MX"),
    (1, "5.7.26 sender not authenticated"),
    (1, "5.3.4 message too big"),
)
"""How often each is met, and the RFC 3463 code with the words of the refusing server."""


class _Sending(msgspec.Struct, frozen=True, kw_only=True):
    """One sending in the making: who, what, when, and the dice of its fate."""

    id: str
    customer: WorldCustomer
    channel: str
    composed_at: datetime
    dice: Random

    def fact(self, place: int, kind: str, *, after: timedelta, told: timedelta, detail: str = "") -> DeliveryFact:
        """The fact at ``place``, ``after`` the composing and ``told`` later than it happened."""
        at = self.composed_at + after
        return DeliveryFact(id=f"{self.id}-{place}", kind=kind, at=at, reported_at=at + told, detail=detail)

    def told_soon(self) -> timedelta:
        return timedelta(seconds=self.dice.randrange(1, 9))


def _opening(sending: _Sending) -> list[DeliveryFact]:
    """What happens to every communication that could be composed."""
    facts = [
        sending.fact(1, "generated", after=timedelta(0), told=timedelta(seconds=1)),
        sending.fact(2, "submitted", after=timedelta(seconds=4), told=sending.told_soon()),
    ]
    if sending.channel == "email":
        facts.append(sending.fact(3, "handed_over", after=timedelta(seconds=9), told=sending.told_soon()))
    elif sending.channel == "print":
        facts.append(
            sending.fact(
                3,
                "handed_over",
                after=timedelta(hours=6),
                told=timedelta(minutes=20),
                detail=f"tracking 3C-{sending.dice.randrange(100, 999)}-{sending.dice.randrange(100, 999)}",
            )
        )
    return facts


def _arrived(sending: _Sending) -> list[DeliveryFact]:
    facts = _opening(sending)
    slow = timedelta(days=2) if sending.channel == "print" else timedelta(seconds=40)
    facts.append(sending.fact(4, "posted", after=slow, told=sending.told_soon()))
    if sending.channel in {"email", "web"} and sending.dice.random() < 0.5:  # noqa: PLR2004 - every second one is read
        read_after = timedelta(minutes=sending.dice.randrange(3, 1_500))
        facts.append(sending.fact(5, "opened", after=read_after, told=sending.told_soon()))
    return facts


def _bounced(sending: _Sending) -> list[DeliveryFact]:
    detail = sending.dice.choices([words for _, words in BOUNCES], [share for share, _ in BOUNCES])[0]
    if sending.channel == "sms":
        detail = "no route to this number"
    elif sending.channel == "print":
        detail = "returned: moved away"
    elif sending.customer.note == "mailbox full":
        detail = "4.2.2 mailbox full"
    late = timedelta(days=6) if sending.channel == "print" else timedelta(minutes=sending.dice.randrange(1, 50))
    return [*_opening(sending), sending.fact(4, "not_delivered", after=late, told=sending.told_soon(), detail=detail)]


def _deferred(sending: _Sending) -> list[DeliveryFact]:
    facts = _opening(sending)
    facts.append(
        sending.fact(
            4, "not_delivered", after=timedelta(minutes=2), told=sending.told_soon(), detail="4.2.2 mailbox full"
        )
    )
    facts.append(sending.fact(5, "posted", after=timedelta(hours=3), told=sending.told_soon()))
    return facts


def _told_twice(sending: _Sending) -> list[DeliveryFact]:
    facts = _arrived(sending)
    again = facts[-1]
    return [*facts, replace(again, reported_at=again.reported_at + timedelta(seconds=5))]


def _told_backwards(sending: _Sending) -> list[DeliveryFact]:
    """The right facts, reported newest first, as a carrier's nightly file does."""
    facts = _arrived(sending)
    night = facts[-1].at + timedelta(hours=2)
    count = len(facts)
    return [replace(fact, reported_at=night + timedelta(seconds=count - place)) for place, fact in enumerate(facts)]


def _never_told(sending: _Sending) -> list[DeliveryFact]:
    """Handed over, and then nobody said a word."""
    return _opening(sending)


def _suppressed(sending: _Sending) -> list[DeliveryFact]:
    detail = "not attempted: consent withdrawn"
    if sending.customer.email_bad and sending.channel == "email":
        detail = "not attempted: suppressed after 5.1.1"
    return [
        sending.fact(1, "generated", after=timedelta(0), told=timedelta(seconds=1)),
        sending.fact(2, "failed", after=timedelta(seconds=3), told=sending.told_soon(), detail=detail),
    ]


def _not_composed(sending: _Sending) -> list[DeliveryFact]:
    return [
        sending.fact(
            1,
            "failed",
            after=timedelta(0),
            told=timedelta(seconds=1),
            detail=sending.dice.choice(
                ("address line 4 is too long for the window", "asset motor-tile expired during the run")
            ),
        )
    ]


_FATES: Final[tuple[tuple[int, Callable[[_Sending], list[DeliveryFact]]], ...]] = (
    (62, _arrived),
    (9, _bounced),
    (5, _deferred),
    (7, _told_twice),
    (6, _told_backwards),
    (6, _never_told),
    (3, _suppressed),
    (2, _not_composed),
)
"""Shares in a hundred."""
_EVERY_FATE: Final = [fate for _, fate in _FATES]
_SHARES: Final = list(accumulate(share for share, _ in _FATES))


def _fate(customer: WorldCustomer, channel: str, dice: Random) -> Callable[[_Sending], list[DeliveryFact]]:
    if channel == "email" and not customer.email_allowed:
        return _suppressed
    if channel == "sms" and not customer.sms_allowed:
        return _suppressed
    if channel == "email" and customer.email_bad:
        return dice.choice((_bounced, _bounced, _suppressed))
    return dice.choices(_EVERY_FATE, cum_weights=_SHARES)[0]


def _reachable(template: WorldTemplate, customer: WorldCustomer) -> tuple[str, ...]:
    """The template's channels on which this customer has an address at all."""
    return tuple(
        channel
        for channel in template.channels
        if not (channel == "email" and not customer.email) and not (channel == "sms" and not customer.mobile)
    )


def build_history(
    seed: int,
    began: datetime,
    *,
    customers: Sequence[WorldCustomer],
    templates: Sequence[WorldTemplate],
    count: int,
) -> Sequence[SentCommunication]:
    """``count`` communications sent before ``began``, in no particular order; the story told by hand comes first.

    Empty when no template is approved, for then nothing could have been sent.
    """
    approved = [template for template in templates if template.state == "APPROVED" and template.channels]
    if not approved:
        return ()
    told = tell_story(began, {template.slug: template for template in approved})

    def make(index: int) -> SentCommunication:
        if index < len(told):
            return told[index]
        dice = Random(f"{seed}:sent:{index}")  # noqa: S311 - a story is told here, no secret made
        customer = customers[dice.randrange(len(customers))]
        template = dice.choice(approved)
        channel = dice.choice(_reachable(template, customer) or template.channels)
        # A carrier's last word may come six days later and must still lie in the past.
        age = timedelta(seconds=dice.randrange(7 * 86_400, int(SPAN.total_seconds())))
        if channel != "print":
            age -= timedelta(days=5)
        composed_at = began - age
        sending = _Sending(
            id=f"S{seed}-{index:07d}", customer=customer, channel=channel, composed_at=composed_at, dice=dice
        )
        facts = tuple(_fate(customer, channel, dice)(sending))
        return SentCommunication(
            id=sending.id,
            template=template.slug,
            customer=customer.number,
            channel=channel,
            title=template.name,
            composed_at=composed_at,
            job_id=str(LATEST_RUN - age.days),
            facts=facts,
            archived=facts[0].kind == "generated" and dice.random() < 0.97,  # noqa: PLR2004 - some are missing there
        )

    return Derived(max(count, len(told)), make)
