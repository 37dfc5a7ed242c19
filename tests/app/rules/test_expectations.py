"""What is waited for, and how long nothing was told."""

from datetime import UTC, datetime, timedelta

import pytest

from app.records import Channel, DeliveryState
from app.rules.expectations import expected, hours_of

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_hand_over_is_the_last_word_where_nobody_tells_arrivals() -> None:
    """Every mail that Exstream sent would be missed for ever: it never says that one arrived."""
    (mail, text) = expected({Channel.EMAIL: DAY, Channel.SMS: DAY}, tell_arrivals=frozenset({Channel.SMS}), now=NOW)

    assert DeliveryState.HANDED_OVER not in mail.states
    assert DeliveryState.HANDED_OVER in text.states
    assert mail.before == NOW - DAY


@pytest.mark.parametrize("waits", [{}, {Channel.PRINT: timedelta(0)}])
def test_nothing_is_waited_for_where_nobody_wants_to(waits: dict[Channel, timedelta]) -> None:
    """A house without tracked letters would drown in them."""
    assert expected(waits, tell_arrivals=frozenset(Channel), now=NOW) == ()


def test_no_end_is_waited_for() -> None:
    """A bounce would be looked up every day."""
    (mail,) = expected({Channel.EMAIL: DAY}, tell_arrivals=frozenset(Channel), now=NOW)

    assert not {DeliveryState.DELIVERED, DeliveryState.BOUNCED, DeliveryState.SUPPRESSED} & set(mail.states)


@pytest.mark.parametrize(("hours", "said"), [(-1, "0 h"), (26, "26 h"), (71, "71 h"), (80, "3 d")])
def test_how_long(hours: int, said: str) -> None:
    """One would have to subtract dates."""
    assert hours_of(NOW - timedelta(hours=hours), now=NOW) == said
