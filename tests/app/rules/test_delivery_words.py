"""What went wrong, in words that whoever has to act understands; and what to do next."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import BounceKind, Channel, DeliveryEvent, DeliveryState
from app.rules.bounces import bounce_of
from app.rules.delivery_words import explained, is_not_attempted

AT = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
S = DeliveryState
TROUBLE = (S.BOUNCED, S.FAILED, S.DEFERRED, S.SUPPRESSED, S.COMPLAINED)
CODES = st.builds("{}.{}.{}".format, st.sampled_from("245"), st.integers(0, 9), st.integers(0, 40))
VERDICTS = st.sampled_from(["", "Permanent", "Transient", "Undetermined", "soft", "hard"]) | st.text(max_size=9)


def claim(
    state: DeliveryState, *, code: str = "", detail: str = "", verdict: str = "", channel: Channel = Channel.EMAIL
) -> DeliveryEvent:
    """One claim about a renewal notice."""
    return DeliveryEvent(
        id="e1",
        communication="c1",
        customer="HM-1",
        channel=channel,
        state=state,
        title="Renewal notice",
        at=AT,
        received_at=AT,
        source="Email gateway",
        code=code,
        provider_verdict=verdict,
        bounce=bounce_of(state, code, detail, verdict),
        detail=detail,
    )


@given(st.sampled_from(TROUBLE), CODES | st.text(max_size=12), st.text(max_size=40), VERDICTS, st.sampled_from(Channel))
def test_every_trouble_has_a_sentence_and_a_next_step(
    state: DeliveryState, code: str, detail: str, verdict: str, channel: Channel
) -> None:
    """A failure without words is a call to a colleague."""
    said = explained(claim(state, code=code, detail=detail, verdict=verdict, channel=channel))

    assert said is not None
    assert len(said.sentence) > 1
    assert said.advice.endswith(".")


@pytest.mark.parametrize("state", [each for each in S if each not in TROUBLE])
def test_what_goes_well_is_not_explained(state: DeliveryState) -> None:
    """Good news with advice looks like bad news."""
    assert explained(claim(state, code="5.1.1")) is None


@pytest.mark.parametrize(
    ("code", "verdict", "kind"),
    [
        ("4.2.2", "Transient", BounceKind.HARD),
        ("5.7.1", "", BounceKind.REFUSED),
        ("5.0.0", "Transient", BounceKind.SOFT),
        ("", "Permanent", BounceKind.HARD),
        ("", "", BounceKind.UNKNOWN),
    ],
)
def test_our_class_is_not_the_first_digit(code: str, verdict: str, kind: BounceKind) -> None:
    """A full mailbox would be tried for ever, and a good address given up (domain rule 3.2)."""
    assert bounce_of(S.BOUNCED, code, "", verdict) is kind


def test_a_verdict_without_a_code_is_said() -> None:
    """“Gave no code” alone hides that the provider has made up its mind."""
    said = explained(claim(S.BOUNCED, verdict="Permanent"))

    assert said is not None
    assert said.sentence == "The provider says that it fails for good, and gave no code."


def test_nothing_that_was_sent_has_a_class() -> None:
    """A delivered message would count as a failure of its address."""
    assert bounce_of(S.DELIVERED, "5.1.1", "", "") is None


@pytest.mark.parametrize(
    ("state", "detail", "is_so"),
    [
        (S.SUPPRESSED, "", True),
        (S.BOUNCED, "not attempted: consent withdrawn", True),
        (S.BOUNCED, "mailbox unknown", False),
        (S.DELIVERED, "not attempted: x", False),
    ],
)
def test_suppressed_is_not_bounced(state: DeliveryState, detail: str, is_so: bool) -> None:
    """The customer would be told that their mailbox is broken (domain rule 3.3)."""
    assert is_not_attempted(claim(state, detail=detail)) is is_so
