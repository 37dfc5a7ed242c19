"""A channel that somebody closes stays closed until somebody lifts it, and the audit has why."""

import asyncio

import pytest

from app.errors import UserError
from app.records import Channel
from app.rules.channel_choice import Openness
from app.rules.suppression import SuppressionReason, SuppressionScope
from app.store import Store, audit, customers
from app.suppressions import Suppressions
from app.use_cases.close_channel import CloseChannel, CloseWish
from app.use_cases.lift_suppression import LiftSuppression, LiftWish
from tests.app.outbox.fakes import NOW, FakeClock
from tests.app.use_cases.people import INES, RENEWAL, plans_on

REASON = "She said so on the telephone."
WISH = CloseWish(customer=INES.number, channel=Channel.EMAIL, scope=SuppressionScope.ALL, reason=REASON, actor="ada")


def closing(store: Store, clock: FakeClock) -> CloseChannel:
    """The use-case."""
    return CloseChannel(store=store, suppressions=Suppressions(store, clock=clock), clock=clock)


def test_what_is_closed_bars_the_channel_and_says_so_in_the_trail(store: Store, clock: FakeClock) -> None:
    """It would be a note that nobody obeys, or one that nobody can explain."""

    async def go() -> tuple[Openness, str]:
        await store.write(customers.upsert, [INES], now=NOW)
        await closing(store, clock)(WISH)
        plans = plans_on(store, clock)
        plan = await plans.plan(INES, await plans.message(RENEWAL), communication="another")
        way = next(way for way in plan.ways if way.channel is Channel.EMAIL)
        return way.openness, way.sentence

    openness, sentence = asyncio.run(go())

    assert openness is Openness.BLOCKED
    assert "somebody here closed it (ada)" in sentence


def test_who_closed_it_and_why_is_in_the_audit(store: Store, clock: FakeClock) -> None:
    """A customer who complains that nothing comes any more would get no answer."""
    asyncio.run(closing(store, clock)(WISH))

    (row,) = asyncio.run(store.ledger.read(audit.about, f"customer:{INES.number}"))
    assert (row.actor, row.action, row.words) == ("ada", "suppression.listed", {"reason": REASON})
    assert row.detail == {"channel": "email", "reason": "manual", "scope": "all"}


@pytest.mark.parametrize(
    ("before", "scope", "is_refused"),
    [
        (SuppressionScope.ALL, SuppressionScope.MARKETING, True),
        (SuppressionScope.MARKETING, SuppressionScope.MARKETING, True),
        (SuppressionScope.MARKETING, SuppressionScope.ALL, False),
    ],
)
def test_what_is_closed_is_not_closed_again(
    store: Store, clock: FakeClock, before: SuppressionScope, scope: SuppressionScope, *, is_refused: bool
) -> None:
    """Two entries would have to be lifted, and the second is forgotten."""

    async def go() -> int:
        for each in (before, scope):
            wish = CloseWish(customer=INES.number, channel=Channel.EMAIL, scope=each, reason=REASON, actor="ada")
            await closing(store, clock)(wish)
        return len(await Suppressions(store, clock=clock).of(INES.number))

    if is_refused:
        with pytest.raises(UserError, match="already"):
            asyncio.run(go())
    else:
        assert asyncio.run(go()) == 2


def test_without_a_reason_nothing_is_closed(store: Store, clock: FakeClock) -> None:
    """Nobody could say later whether it may be opened again."""
    wish = CloseWish(customer=INES.number, channel=Channel.SMS, scope=SuppressionScope.ALL, reason=" ", actor="ada")

    with pytest.raises(UserError, match="needs a reason"):
        asyncio.run(closing(store, clock)(wish))


def test_one_person_lifts_it_again(store: Store, clock: FakeClock) -> None:
    """A slip would close a channel for ever."""

    async def go() -> tuple[SuppressionReason, int]:
        await closing(store, clock)(WISH)
        listed = Suppressions(store, clock=clock)
        (kept,) = await listed.of(INES.number)
        lift = LiftSuppression(store=store, suppressions=listed, clock=clock)
        await lift(
            LiftWish(
                customer=INES.number,
                event=kept.event,
                scope=SuppressionScope.ALL,
                reason="It was somebody else.",
                actor="ada",
            )
        )
        return kept.suppression.reason, len(await listed.of(INES.number))

    assert asyncio.run(go()) == (SuppressionReason.MANUAL, 0)
