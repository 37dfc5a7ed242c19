"""At which hours a customer may be reached."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Channel
from app.rules.quiet_hours import STATED, Purpose, QuietRule, is_open, next_open, rule_for

PARIS = ZoneInfo("Europe/Paris")
BASTILLE = frozenset({date(2026, 7, 14)})
FRENCH = STATED[0]
RULES = st.builds(
    QuietRule,
    country=st.just("FR"),
    channel=st.just(Channel.SMS),
    purpose=st.just(Purpose.MARKETING),
    opens=st.integers(5, 12).map(time),
    closes=st.integers(13, 23).map(time),
    closed_weekdays=st.frozensets(st.integers(0, 6), max_size=6),
    is_closed_on_holidays=st.booleans(),
    source=st.just("made up"),
)
MOMENTS = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]).map(
    ZoneInfo
)
HOLIDAYS = st.frozensets(st.dates(date(2024, 1, 1), date(2030, 1, 1)), max_size=20)


def paris(day: int, hour: int, minute: int = 0, *, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "opens_at"),
    [
        (paris(12, 9), paris(12, 9)),
        (paris(12, 8), paris(12, 8)),
        (paris(12, 7, 59), paris(12, 8)),
        (paris(12, 21, 59), paris(12, 21, 59)),
        (paris(12, 22), paris(13, 8)),
        (paris(12, 23, 30), paris(13, 8)),
        (paris(13, 0, 30), paris(13, 8)),
        (paris(16, 22), paris(18, 8)),
        (paris(17, 12), paris(18, 8)),
        (paris(13, 22, month=7), paris(15, 8, month=7)),
        (paris(14, 12, month=7), paris(15, 8, month=7)),
        (paris(28, 22, month=3), paris(30, 8, month=3)),
        (paris(24, 22, month=10), paris(26, 8, month=10)),
    ],
)
def test_marketing_by_sms_in_france(moment: datetime, opens_at: datetime) -> None:
    """Not from 22 to 8, not on Sundays, not on holidays, by the clock on the customer's wall."""
    assert next_open(FRENCH, moment, zone=PARIS, holidays=BASTILLE) == opens_at


@pytest.mark.parametrize(
    ("country", "channel", "purpose", "is_bound"),
    [
        ("FR", Channel.SMS, Purpose.MARKETING, True),
        ("fr", Channel.SMS, Purpose.MARKETING, True),
        ("FR", Channel.SMS, Purpose.SERVICE, False),
        ("FR", Channel.EMAIL, Purpose.MARKETING, False),
        ("DE", Channel.SMS, Purpose.MARKETING, False),
        ("", Channel.SMS, Purpose.MARKETING, False),
    ],
)
def test_a_rule_binds_its_own_kind_alone(country: str, channel: Channel, purpose: Purpose, is_bound: bool) -> None:
    """A service message that waits for Monday comes too late."""
    assert (rule_for(STATED, country=country, channel=channel, purpose=purpose) is FRENCH) is is_bound


def test_a_caller_s_own_rule_overrides_ours() -> None:
    """An organisation may bind itself more strictly than the law."""
    stricter = QuietRule(
        country="FR",
        channel=Channel.SMS,
        purpose=Purpose.MARKETING,
        opens=time(10),
        closes=time(20),
        source="house rule",
    )

    assert rule_for((*STATED, stricter), country="FR", channel=Channel.SMS, purpose=Purpose.MARKETING) is stricter


def test_the_rule_is_said_in_words() -> None:
    """“Quiet hours” explains nothing to who waits for a message."""
    assert FRENCH.sentence == "marketing by SMS in FR goes out from 08:00 to 22:00, not on Sundays or holidays"


def test_a_rule_that_admits_no_day_admits_none() -> None:
    """Looking for ever for a Sunday that is not a Sunday would hang the desk."""
    never = QuietRule(
        country="FR",
        channel=Channel.SMS,
        purpose=Purpose.MARKETING,
        opens=time(8),
        closes=time(9),
        closed_weekdays=frozenset(range(7)),
        source="made up",
    )

    assert next_open(never, paris(12, 9), zone=PARIS) is None


def test_hours_must_open_before_they_close() -> None:
    """A rule over midnight would be read the wrong way round."""
    with pytest.raises(ValueError, match="before it closes"):
        QuietRule(
            country="FR",
            channel=Channel.SMS,
            purpose=Purpose.MARKETING,
            opens=time(22),
            closes=time(8),
            source="made up",
        )


def test_an_opening_hour_that_comes_twice_opens_twice() -> None:
    """On the night in October the second half past two would wait for the next day."""
    rule = QuietRule(
        country="FR",
        channel=Channel.SMS,
        purpose=Purpose.MARKETING,
        opens=time(2, 30),
        closes=time(22),
        source="made up",
    )
    second_quarter_past_two = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)

    assert next_open(rule, second_quarter_past_two, zone=PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(RULES, MOMENTS, ZONES, HOLIDAYS)
def test_what_opens_is_open_never_early_and_stays_so(
    rule: QuietRule, moment: datetime, zone: ZoneInfo, holidays: frozenset[date]
) -> None:
    """A minute before eight is a breach, in every zone and on every night on which clocks change."""
    opened = next_open(rule, moment, zone=zone, holidays=holidays)

    assert opened is not None
    assert opened >= moment
    assert is_open(rule, opened, zone=zone, holidays=holidays)
    assert next_open(rule, opened, zone=zone, holidays=holidays) == opened


@given(RULES, MOMENTS, st.timedeltas(timedelta(), timedelta(days=9)), ZONES, HOLIDAYS)
def test_who_waits_longer_is_never_served_sooner(
    rule: QuietRule, moment: datetime, wait: timedelta, zone: ZoneInfo, holidays: frozenset[date]
) -> None:
    """Messages of one customer would overtake each other."""
    early = next_open(rule, moment, zone=zone, holidays=holidays)
    late = next_open(rule, moment + wait, zone=zone, holidays=holidays)

    assert early is not None
    assert late is not None
    assert early <= late


@given(RULES, MOMENTS, ZONES, HOLIDAYS, st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_one_more_holiday_never_opens_anything(
    rule: QuietRule, moment: datetime, zone: ZoneInfo, holidays: frozenset[date], more: date
) -> None:
    """A holiday can only close."""
    before = next_open(rule, moment, zone=zone, holidays=holidays)
    after = next_open(rule, moment, zone=zone, holidays=holidays | {more})

    assert before is not None
    assert after is None or after >= before
