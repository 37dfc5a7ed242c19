"""Where a communication stands, whatever order its news came in."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Channel, DeliveryEvent, DeliveryState
from app.rules.delivery import may_follow, standing

BEGAN = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
S = DeliveryState


def claim(state: DeliveryState, minute: int, *, run: str = "", customer: str = "HM-1") -> DeliveryEvent:
    """One claim, ``minute`` after composing."""
    return DeliveryEvent(
        id=f"{state}-{minute}-{run}",
        communication="c1",
        customer=customer,
        channel=Channel.EMAIL,
        state=state,
        title="Renewal notice",
        at=BEGAN + timedelta(minutes=minute),
        received_at=BEGAN,
        source="test",
        run=run,
    )


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([S.COMPOSED, S.ACCEPTED, S.HANDED_OVER, S.DELIVERED], S.DELIVERED),
        ([S.HANDED_OVER, S.DEFERRED, S.DELIVERED], S.DELIVERED),
        ([S.HANDED_OVER, S.DEFERRED, S.BOUNCED], S.BOUNCED),
        ([S.DELIVERED, S.BOUNCED], S.BOUNCED),
        ([S.DELIVERED, S.OPENED, S.COMPLAINED], S.COMPLAINED),
        ([S.BOUNCED, S.DELIVERED], S.DELIVERED),
        ([S.BOUNCED, S.HANDED_OVER], S.BOUNCED),
        ([S.DELIVERED, S.DEFERRED], S.DELIVERED),
        ([S.SUPPRESSED, S.DELIVERED], S.SUPPRESSED),
        ([S.OPENED, S.DELIVERED], S.OPENED),
        ([S.HANDED_OVER, S.UNKNOWN], S.HANDED_OVER),
    ],
)
def test_news_moves_forward_only(told: list[DeliveryState], state: DeliveryState) -> None:
    """A state that goes back hides what happened."""
    assert standing([claim(each, minute) for minute, each in enumerate(told)]).state is state


@given(
    st.lists(st.tuples(st.sampled_from(S), st.integers(0, 5), st.sampled_from(["", "r1", "r2"])), min_size=1),
    st.randoms(),
)
def test_the_order_of_arrival_does_not_count(told: list[tuple[DeliveryState, int, str]], random: Random) -> None:
    """Two desks that heard the same news would show different states."""
    events = [claim(state, minute, run=run) for state, minute, run in told]
    shuffled = sorted(events, key=lambda _: random.random())

    assert standing(shuffled) == standing(events)


def test_a_second_attempt_stands_for_itself() -> None:
    """After a bounce and a re-sending the page would show “bounced” for ever."""
    events = [
        claim(S.COMPOSED, 0, run="r1"),
        claim(S.BOUNCED, 1),
        claim(S.COMPOSED, 60, run="r2"),
        claim(S.HANDED_OVER, 61),
    ]

    at_last = standing(events)

    assert (at_last.state, at_last.run, at_last.attempts) == (S.HANDED_OVER, "r2", 2)


def test_late_news_of_the_first_attempt_does_not_touch_the_second() -> None:
    """A late bounce of the old address would condemn the new one."""
    events = [claim(S.HANDED_OVER, 0, run="r1"), claim(S.DELIVERED, 60, run="r2"), claim(S.BOUNCED, 90, run="r1")]

    assert standing(events).state is S.DELIVERED


def test_the_customer_is_known_from_any_of_the_events() -> None:
    """The timeline would miss what the gateway reported."""
    assert standing([claim(S.COMPOSED, 0), claim(S.BOUNCED, 1, customer="")]).customer == "HM-1"


@given(st.sampled_from(S), st.sampled_from(S))
def test_nothing_follows_itself(state: DeliveryState, other: DeliveryState) -> None:
    """The moment of a state is the first one, not the last repetition."""
    assert not may_follow(state, state)
    assert not (may_follow(state, other) and may_follow(other, state)) or {state, other} == {S.BOUNCED, S.DELIVERED}
