"""Who is not written to, how far that reaches, and who may end it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Channel
from app.rules.quiet_hours import Purpose
from app.rules.suppression import Suppression, SuppressionReason, SuppressionScope, objections_to_lifting, same_form

SINCE = datetime(2026, 5, 1, tzinfo=UTC)
R, SCOPE = SuppressionReason, SuppressionScope


def entry(reason: SuppressionReason, scope: SuppressionScope = SCOPE.ALL, *, address: str = "") -> Suppression:
    return Suppression(channel=Channel.EMAIL, reason=reason, scope=scope, since=SINCE, address=address)


@pytest.mark.parametrize(
    ("reason", "scope", "bars_service", "bars_marketing"),
    [
        (R.UNSUBSCRIBE, SCOPE.ALL, True, True),
        (R.UNSUBSCRIBE, SCOPE.MARKETING, False, True),
        (R.UNSUBSCRIBE, SCOPE.NOTIFICATION, True, False),
        (R.MANUAL, SCOPE.MARKETING, False, True),
        (R.UNKNOWN, SCOPE.MARKETING, False, True),
        (R.HARD_BOUNCE, SCOPE.MARKETING, True, True),
        (R.SOFT_BOUNCE, SCOPE.NOTIFICATION, True, True),
        (R.COMPLAINT, SCOPE.MARKETING, True, True),
    ],
)
def test_scope_is_of_purpose_and_a_dead_address_is_dead_for_all(
    reason: SuppressionReason, scope: SuppressionScope, bars_service: bool, bars_marketing: bool
) -> None:
    """Who ended the newsletter still gets the bill; whose address is dead gets neither."""
    barred = [
        entry(reason, scope).bars(channel=Channel.EMAIL, purpose=purpose)
        for purpose in (Purpose.SERVICE, Purpose.MARKETING)
    ]

    assert barred == [bars_service, bars_marketing]


def test_one_channel_does_not_close_another() -> None:
    """A bounced mail would stop the letter that should replace it."""
    assert not entry(R.HARD_BOUNCE).bars(channel=Channel.PRINT, purpose=Purpose.SERVICE)


@pytest.mark.parametrize(
    ("listed", "asked", "is_barred"),
    [
        ("Ines.Caron@Lamer.example", "ines.caron@lamer.example", True),
        ("ines@lamer.example", "paul@lamer.example", False),
        ("", "paul@lamer.example", True),
        ("ines@lamer.example", "", True),
    ],
)
def test_addresses_are_compared_without_case(listed: str, asked: str, is_barred: bool) -> None:
    """A list that was kept in capitals would let everything through."""
    entered = entry(R.COMPLAINT, address=listed)

    assert entered.bars(channel=Channel.EMAIL, purpose=Purpose.SERVICE, address=asked) is is_barred


@pytest.mark.parametrize("written", ["+33 6 12 34 56 42", "+33612345642", "+33 (6) 12-34-56-42"])
def test_a_number_is_the_same_in_every_spelling(written: str) -> None:
    """Three systems write one number in three ways."""
    assert same_form(written, Channel.SMS) == "+33612345642"


@pytest.mark.parametrize("reason", [each for each in R if each is not R.COMPLAINT])
def test_one_person_with_a_reason_and_a_scope_lifts_all_but_complaints(reason: SuppressionReason) -> None:
    """An address that was corrected on the telephone has to work again today."""
    objections = objections_to_lifting(entry(reason), asked_by="lea", reason="new address", scope=SCOPE.ALL)

    assert objections == ()


@pytest.mark.parametrize(
    ("agreed_by", "is_enough"), [("", False), ("  ", False), ("lea", False), (" LEA ", False), ("tom", True)]
)
def test_a_complaint_needs_a_second_person(agreed_by: str, is_enough: bool) -> None:
    """The next complaint costs the sender's name at the whole provider."""
    objections = objections_to_lifting(
        entry(R.COMPLAINT), asked_by="lea", agreed_by=agreed_by, reason="asked for it in writing", scope=SCOPE.ALL
    )

    assert (objections == ()) is is_enough


def test_everything_that_is_missing_is_named() -> None:
    """A form that complains of one thing at a time is filled in four times."""
    kept_by_carrier = Suppression(channel=Channel.SMS, reason=R.COMPLAINT, since=SINCE, is_kept_by_carrier=True)

    assert len(objections_to_lifting(kept_by_carrier, asked_by="lea", reason=" ", scope=None)) == 4


def test_the_sentence_says_which_list_and_how_far() -> None:
    """“Suppressed” sends an agent from system to system."""
    entered = Suppression(
        channel=Channel.EMAIL, reason=R.UNSUBSCRIBE, scope=SCOPE.MARKETING, since=SINCE, source="Email gateway"
    )

    assert entered.sentence == "the customer asked not to be written to this way, for marketing (Email gateway)"


def test_an_address_is_in_no_log() -> None:
    """A repr ends in logs and crash reports."""
    assert "ines" not in repr(entry(R.COMPLAINT, address="ines@lamer.example"))


@given(st.sampled_from(R), st.sampled_from(Channel), st.sampled_from(Purpose), st.text(), st.text())
def test_the_scope_of_everything_bars_whatever_a_narrower_one_does(
    reason: SuppressionReason, channel: Channel, purpose: Purpose, listed: str, asked: str
) -> None:
    """A wider opt-out that lets more through is an opt-out against the customer."""
    wide = entry(reason, address=listed).bars(channel=channel, purpose=purpose, address=asked)

    assert all(
        wide >= entry(reason, scope, address=listed).bars(channel=channel, purpose=purpose, address=asked)
        for scope in SCOPE
    )


@given(st.text(), st.sampled_from(Channel))
def test_the_same_form_is_its_own(address: str, channel: Channel) -> None:
    """A key that changes when it is made twice finds nothing."""
    once = same_form(address, channel)

    assert same_form(once, channel) == once
