"""Who is listed after what was reported, and who is off the list again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Channel, CustomerWord, DeliveryEvent, DeliveryState, SendingWish
from app.rules.suppression import Suppression, SuppressionReason, SuppressionScope
from app.rules.suppression_list import Listed, left_after_lifting, listed_by, merged, still_counting

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def claim(
    state: DeliveryState, *, code: str = "", hours: float = 0, communication: str = "S-1", name: str = ""
) -> DeliveryEvent:
    at = NOON + timedelta(hours=hours)
    return DeliveryEvent(
        id=name or f"{communication}-{state}-{hours}",
        communication=communication,
        customer="HM-1",
        channel=Channel.EMAIL,
        state=state,
        title="",
        at=at,
        received_at=at,
        source="gateway",
        code=code,
    )


def word(wish: SendingWish, *, hours: float = 0, channel: Channel = Channel.SMS, scope: str = "") -> CustomerWord:
    return CustomerWord(
        id=f"{wish}-{hours}",
        customer="HM-1",
        channel=channel,
        wish=wish,
        at=NOON + timedelta(hours=hours),
        source="gateway",
        scope=scope,
    )


def reasons(*claims: DeliveryEvent) -> list[SuppressionReason]:
    return [each.suppression.reason for each in listed_by(claims, ())]


@pytest.mark.parametrize(
    ("state", "code", "listed"),
    [
        (DeliveryState.BOUNCED, "5.1.1", [SuppressionReason.HARD_BOUNCE]),
        (DeliveryState.COMPLAINED, "", [SuppressionReason.COMPLAINT]),
        (DeliveryState.BOUNCED, "5.0.0", []),
        (DeliveryState.BOUNCED, "4.4.1", []),
        (DeliveryState.SUPPRESSED, "", []),
        (DeliveryState.DELIVERED, "", []),
    ],
)
def test_what_lists_somebody(state: DeliveryState, code: str, listed: list[SuppressionReason]) -> None:
    """A first digit would cost a customer their mail, or a dead mailbox would be written to for ever."""
    assert reasons(claim(state, code=code)) == listed


def test_passing_failures_of_one_sending_add_up() -> None:
    """A provider that gave up would be asked again."""
    tries = [claim(DeliveryState.DEFERRED, code="4.4.1", hours=3 * each) for each in range(7)]

    assert reasons(*tries) == [SuppressionReason.SOFT_BOUNCE]


def test_passing_failures_of_different_sendings_do_not() -> None:
    """An address that was busy in May and in June is not a dead one."""
    tries = [
        claim(DeliveryState.DEFERRED, code="4.4.1", hours=3 * each, communication=f"S-{each}") for each in range(7)
    ]

    assert reasons(*tries) == []


@pytest.mark.parametrize(
    ("channel", "said", "scope"),
    [
        (Channel.SMS, "", SuppressionScope.ALL),
        (Channel.EMAIL, "", SuppressionScope.MARKETING),
        (Channel.EMAIL, "all", SuppressionScope.ALL),
        (Channel.SMS, "nonsense", SuppressionScope.ALL),
    ],
)
def test_how_far_a_stop_reaches(channel: Channel, said: str, scope: SuppressionScope) -> None:
    """Who left a newsletter would get no bills, or who answered STOP would get another text."""
    (listed,) = listed_by((), [word(SendingWish.STOP, channel=channel, scope=said)])

    assert listed.suppression.scope is scope


@pytest.mark.parametrize(("start_at", "counts"), [(1, False), (-1, True), (0, True)])
def test_only_a_later_start_takes_a_stop_back(start_at: float, *, counts: bool) -> None:
    """An old START would undo a new STOP."""
    words = [word(SendingWish.STOP), word(SendingWish.START, hours=start_at)]

    assert bool(still_counting(listed_by((), words), words=words, arrived={})) is counts


@pytest.mark.parametrize(
    ("state", "code", "counts"), [(DeliveryState.BOUNCED, "5.1.1", False), (DeliveryState.COMPLAINED, "", True)]
)
def test_a_later_arrival_disproves_a_bounce_and_no_complaint(state: DeliveryState, code: str, *, counts: bool) -> None:
    """A mended address would stay closed; a complaint would be forgotten by the next delivery."""
    listed = listed_by([claim(state, code=code)], ())

    left = still_counting(listed, words=(), arrived={Channel.EMAIL: NOON + timedelta(hours=1)})

    assert bool(left) is counts


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_nothing_lifted_comes_back_and_nothing_is_told_twice(kept: set[int], found: set[int], lifted: set[int]) -> None:
    """The same event would close the channel again at the next look."""

    def several(numbers: set[int]) -> list[Listed]:
        return [listed_by([claim(DeliveryState.COMPLAINED, name=str(each))], ())[0] for each in sorted(numbers)]

    names = [each.event for each in merged(several(kept - lifted), several(found), lifted=frozenset(map(str, lifted)))]

    assert sorted(names) == sorted(map(str, (kept | found) - lifted))


@pytest.mark.parametrize(
    ("reason", "scope", "again", "left"),
    [
        (SuppressionReason.UNSUBSCRIBE, "all", "all", None),
        (SuppressionReason.UNSUBSCRIBE, "all", "notification", "marketing"),
        (SuppressionReason.UNSUBSCRIBE, "all", "marketing", "notification"),
        (SuppressionReason.UNSUBSCRIBE, "marketing", "notification", "marketing"),
        (SuppressionReason.HARD_BOUNCE, "all", "notification", None),
    ],
)
def test_what_stays_barred_after_lifting(
    reason: SuppressionReason, scope: str, again: str, left: SuppressionScope | None
) -> None:
    """Allowing a bill would allow the newsletter."""
    suppression = Suppression(channel=Channel.EMAIL, reason=reason, since=NOON, scope=SuppressionScope(scope))

    assert left_after_lifting(suppression, SuppressionScope(again)) == left


@pytest.mark.parametrize(
    ("stop", "start", "still"),
    [
        ("", "", False),
        ("marketing", "", False),
        ("marketing", "marketing", False),
        ("marketing", "all", False),
        ("marketing", "notification", True),
        ("all", "marketing", True),
        ("", "notification", True),
    ],
)
def test_a_start_takes_back_no_more_than_it_says(stop: str, start: str, still: bool) -> None:
    """Who wants the bills again would get the newsletter too, though they ended it."""
    words = [word(SendingWish.STOP, scope=stop), word(SendingWish.START, hours=1, scope=start)]

    assert bool(still_counting(listed_by([], words), words=words, arrived={})) is still
