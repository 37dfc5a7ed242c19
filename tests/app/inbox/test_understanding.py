"""What an event's bytes mean, shape by shape, and that no bytes are an error of ours."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.inbox.exstream import own_id
from app.inbox.meaning import NotUnderstoodError, Told
from app.inbox.understanding import understand
from app.records import Channel, DeliveryState
from tests.app.inbox.arrivals_made import NOW, event_json, message

TOLD = Told(event="gateway/1", source="gateway", received_at=NOW)


@pytest.mark.parametrize(
    ("schema", "content_type", "channel", "state"),
    [
        ("Exstream-Generated", "email", Channel.EMAIL, DeliveryState.COMPOSED),
        ("Exstream-Generated", "application/pdf", Channel.PRINT, DeliveryState.COMPOSED),
        ("Exstream-Email-Submit", "", Channel.EMAIL, DeliveryState.ACCEPTED),
        ("Exstream-Email-POST", "", Channel.EMAIL, DeliveryState.HANDED_OVER),
        ("Exstream-Email-OPEN", "", Channel.EMAIL, DeliveryState.OPENED),
        ("Exstream-Email-NDLV", "", Channel.EMAIL, DeliveryState.BOUNCED),
        ("Exstream-Email-WHAT", "", Channel.EMAIL, DeliveryState.UNKNOWN),
        ("Exstream-SMS", "", Channel.SMS, DeliveryState.HANDED_OVER),
        ("Exstream-Letters", "", Channel.PRINT, DeliveryState.HANDED_OVER),
        ("Exstream-Portal-Failed", "", Channel.WEB, DeliveryState.FAILED),
        ("Exstream-Output1", "html", Channel.WEB, DeliveryState.HANDED_OVER),
    ],
)
def test_event_json_says_what_the_contract_says(
    schema: str, content_type: str, channel: Channel, state: DeliveryState
) -> None:
    """A claim read as more than it says is told to a customer as the truth."""
    meaning = understand(event_json(schema, content_type=content_type), TOLD)

    (claim,) = meaning.claims
    assert (claim.channel, claim.state) == (channel, state)
    assert (claim.communication, claim.customer, claim.title) == ("c1", "HM-204881", "May")
    assert claim.at.isoformat() == "2026-05-12T07:30:00+00:00"


def test_an_unknown_word_of_exstream_is_kept() -> None:
    """Nobody could find out later what it was."""
    meaning = understand(event_json("Exstream-Email-WHAT"), TOLD)

    assert meaning.claims[0].detail == "Exstream-Email-WHAT"


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("accepted", DeliveryState.ACCEPTED),
        ("handed_over", DeliveryState.HANDED_OVER),
        ("deferred", DeliveryState.DEFERRED),
        ("delivered", DeliveryState.DELIVERED),
        ("opened", DeliveryState.OPENED),
        ("bounced", DeliveryState.BOUNCED),
        ("failed", DeliveryState.FAILED),
        ("suppressed", DeliveryState.SUPPRESSED),
        ("complained", DeliveryState.COMPLAINED),
        ("teleported", DeliveryState.UNKNOWN),
    ],
)
def test_a_message_says_what_its_type_says(kind: str, state: DeliveryState) -> None:
    """Four different claims must not be merged into “sent”."""
    assert understand(message(kind), TOLD).claims[0].state is state


def test_the_time_of_a_cloud_event_counts_as_the_time() -> None:
    """Timelines are sorted by when things happened, not by when we heard."""
    body = {"id": "1", "source": "Post", "type": "message.delivered", "time": "2026-05-12T09:00:00+02:00"}
    raw = json.dumps({**body, "data": {"communication": "c", "channel": "print"}}).encode()

    meaning = understand(raw, TOLD)

    assert meaning.claims[0].at.isoformat() == "2026-05-12T07:00:00+00:00"
    assert meaning.claims[0].source == "Post"


def test_a_claim_from_a_clock_that_is_ahead_by_years_is_of_when_it_came() -> None:
    """A bounce that comes next would have happened before it: it would stand as delivered for years."""
    ahead = message("delivered").replace(b"2026-05-12", b"2031-05-12")
    a_little = message("delivered").replace(b"2026-05-12", b"2026-05-13")

    assert understand(ahead, TOLD).claims[0].at == NOW
    assert understand(a_little, TOLD).claims[0].at == NOW + timedelta(days=1)


def test_a_mail_event_without_an_id_gets_the_same_one_each_time() -> None:
    """The same opening would be counted at every poll."""
    first = own_id(json.loads(event_json("Exstream-Email-OPEN")))
    again = own_id(json.loads(event_json("Exstream-Email-OPEN")))
    other = own_id(json.loads(event_json("Exstream-Email-POST")))

    assert first == again != other


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["type", "data", "time", "timestamp", "expctr", "user", "exstreamJob", "exstreamEmailStatistics"]
)


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=40) | st.dictionaries(KEYS, JSON, max_size=5).map(lambda body: json.dumps(body).encode()))
def test_no_bytes_are_an_error_of_ours(raw: bytes) -> None:
    """One odd body would stop the receiver."""
    with suppress(NotUnderstoodError):
        understand(raw, TOLD)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon", ""])
def test_an_impossible_time_is_no_time(at: str) -> None:
    """The edge of the calendar must not stop the inbox."""
    raw = json.dumps({"type": "message.opened", "time": at, "data": {"communication": "c", "channel": "sms"}}).encode()

    assert understand(raw, TOLD).claims[0].at == NOW


def test_deep_nesting_is_not_understood() -> None:
    """A body of brackets alone must not exhaust the stack."""
    with pytest.raises(NotUnderstoodError):
        understand(b'{"type":' + b"[" * 100_000 + b"]" * 100_000 + b"}", TOLD)
