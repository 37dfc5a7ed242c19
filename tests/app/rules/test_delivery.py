"""Where a communication stands, whatever order its news came in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Channel, DeliveryEvent, DeliveryState
from app.rules.delivery import continued, may_follow, retold, standing

BEGAN = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
S = DeliveryState
ENDS = {S.DELIVERED, S.BOUNCED, S.FAILED, S.SUPPRESSED, S.OPENED, S.COMPLAINED}
LATE = {
    (S.DELIVERED, S.BOUNCED),
    (S.DELIVERED, S.OPENED),
    (S.DELIVERED, S.COMPLAINED),
    (S.OPENED, S.COMPLAINED),
    (S.BOUNCED, S.DELIVERED),
    (S.BOUNCED, S.OPENED),
    (S.BOUNCED, S.COMPLAINED),
}
CLAIMS = st.lists(st.tuples(st.sampled_from(S), st.integers(0, 5), st.sampled_from(["", "r1", "r2"])), min_size=1)


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


@given(CLAIMS, st.randoms())
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


@pytest.mark.parametrize("claim_state", S)
@pytest.mark.parametrize("state", S)
def test_the_whole_table_of_what_may_follow(state: DeliveryState, claim_state: DeliveryState) -> None:
    """Each pair is a decision: forward before the end, and after it only what the sources document as late."""
    order = [S.UNKNOWN, S.COMPOSED, S.ACCEPTED, S.HANDED_OVER, S.DEFERRED]
    forward = state not in ENDS and (claim_state in ENDS or order.index(claim_state) > order.index(state))

    assert may_follow(state, claim_state) is (forward or (state, claim_state) in LATE)


@pytest.mark.parametrize("minutes", [(0, 0, 0), (0, 0, 1), (0, 1, 2)])
def test_every_order_of_arrival_of_every_three_claims_ends_alike(minutes: tuple[int, ...]) -> None:
    """A webhook, a poll and a retry may overtake each other in each of six ways."""
    for together in permutations(S, 3):
        events = [claim(state, minute) for state, minute in zip(together, minutes, strict=True)]

        assert len({standing(arrived) for arrived in permutations(events)}) == 1, together


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        (S.DELIVERED, S.BOUNCED, S.BOUNCED),
        (S.DELIVERED, S.FAILED, S.FAILED),
        (S.DELIVERED, S.SUPPRESSED, S.SUPPRESSED),
        (S.DELIVERED, S.OPENED, S.OPENED),
        (S.DELIVERED, S.COMPLAINED, S.COMPLAINED),
    ],
)
def test_two_ends_at_one_moment_show_the_trouble_whatever_they_are_called(
    one: DeliveryState, other: DeliveryState, state: DeliveryState
) -> None:
    """Which of two contradicting claims is believed would hang on the ids that a provider gave them."""
    told = [claim(one, 0), claim(other, 0)]
    renamed = [replace(event, id=name) for event, name in zip(told, "ba", strict=True)]

    assert (standing(told).state, standing(renamed).state) == (state, state)


@given(CLAIMS)
def test_hearing_it_all_twice_changes_nothing(told: list[tuple[DeliveryState, int, str]]) -> None:
    """A replay of a day would undo it."""
    events = [claim(state, minute, run=run) for state, minute, run in told]

    assert standing([*events, *events]) == standing(events)


@given(CLAIMS, st.sampled_from(S), st.integers(0, 5))
def test_what_has_ended_stays_ended(
    told: list[tuple[DeliveryState, int, str]], late: DeliveryState, minute: int
) -> None:
    """A late “accepted” would take a bounce off the desk of whoever was to look at it."""
    events = [claim(state, at) for state, at, _ in told]

    before, after = standing(events).state, standing([*events, claim(late, minute)]).state

    assert after in ENDS or before not in ENDS


@given(CLAIMS)
def test_the_tale_ends_where_the_communication_stands(told: list[tuple[DeliveryState, int, str]]) -> None:
    """The explanation would explain another state than the one on the page."""
    events = [claim(state, minute, run=run) for state, minute, run in told]

    steps = retold(events)

    at_last = standing(events)
    moved = [step for step in steps if step.moved][-1]
    assert (moved.event.state, moved.event.at, moved.attempt) == (at_last.state, at_last.at, at_last.attempts)
    assert sorted(step.event.id for step in steps) == sorted(event.id for event in events)
    assert all(step.moved != bool(step.reason) for step in steps)


def test_news_that_moved_nothing_is_explained() -> None:
    """An agent would ask why the row says “bounced” when the newest line says “handed over”."""
    steps = retold([claim(S.BOUNCED, 1), claim(S.HANDED_OVER, 2), claim(S.BOUNCED, 3), claim(S.UNKNOWN, 4)])

    assert [step.reason for step in steps] == [
        "",
        "“Handed over” cannot follow “bounced”: it moves nothing.",
        "It was bounced already.",
        "What it claims is not understood.",
    ]
    assert retold([]) == ()


@given(CLAIMS, CLAIMS)
def test_news_lead_where_the_whole_story_leads(
    before: list[tuple[DeliveryState, int, str]], news: list[tuple[DeliveryState, int, str]]
) -> None:
    """What is not read again would be told otherwise than by reading everything."""
    told = [claim(state, minute, run=run) for state, minute, run in before]
    new = [claim(state, minute + 3, run=run) for state, minute, run in news]

    after = continued(standing(told), new)

    assert after is None or after == standing([*told, *new])


def test_news_of_the_same_attempt_need_no_second_reading() -> None:
    """A timeline of a thousand events would be read for each further one."""
    before = standing([claim(S.ACCEPTED, 0, run="r1"), claim(S.HANDED_OVER, 1, run="r1")])

    after = continued(before, [claim(S.DELIVERED, 2, run="r1"), claim(S.OPENED, 3)])

    assert after is not None
    assert (after.state, after.last_at) == (S.OPENED, BEGAN + timedelta(minutes=3))
