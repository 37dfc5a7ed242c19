"""CloudEvents in their three modes: read whole, read equal, or refused with a reason."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.inbound import (
    ArrivalTrust,
    CloudEvent,
    Form,
    MutualTls,
    NotACloudEventError,
    PlainHmac,
    Source,
    networks,
    read_events,
    standard_webhooks,
)
from tests.connectors.inbound.posts import NOW, SECRET, post, request
from tests.connectors.inbound.test_verifiers import webhook

STRUCTURED = {"Content-Type": "application/cloudevents+json; charset=UTF-8"}
BATCHED = {"Content-Type": "application/cloudevents-batch+json"}
ATTRIBUTES: Mapping[str, str] = {
    "specversion": "1.0",
    "id": "A234",
    "source": "/gateway/eu",
    "type": "message.bounced",
    "subject": "HM-204881",
    "time": "2026-03-04T10:00:00+01:00",
}
DATA = {"communication": "c1", "code": "5.1.1"}
EVENT = CloudEvent(
    id="A234",
    source="/gateway/eu",
    type="message.bounced",
    subject="HM-204881",
    time=NOW,
    datacontenttype="application/json",
    data=json.dumps(DATA, separators=(",", ":")).encode(),
)


def structured(**changed: object) -> bytes:
    """The event as JSON, with attributes changed; None takes one away."""
    whole = {**ATTRIBUTES, "datacontenttype": "application/json", "data": DATA, **changed}
    return json.dumps({name: value for name, value in whole.items() if value is not ...}).encode()


def headers(**changed: str) -> dict[str, str]:
    """The event's headers in binary mode."""
    told = {f"ce-{name}": value for name, value in {**ATTRIBUTES, **changed}.items()}
    return {**told, "Content-Type": "application/json"}


def only(raw: bytes, told: Mapping[str, str]) -> CloudEvent:
    """The one event of a request."""
    (event,) = read_events(request(raw, told))
    return event


def test_each_mode_says_the_same() -> None:
    """How it travels is no part of an event."""
    assert only(structured(), STRUCTURED) == EVENT
    assert only(EVENT.data or b"", headers()) == EVENT
    assert read_events(request(b"[" + structured() + b"," + structured(id="B") + b"]", BATCHED))[0] == EVENT


def test_an_empty_batch_is_a_batch() -> None:
    """The specification allows it."""
    assert read_events(request(b"[]", BATCHED)) == ()


@pytest.mark.parametrize(
    ("raw", "data", "content_type"),
    [
        (structured(data=..., datacontenttype=...), None, None),
        (structured(data=None), b"null", "application/json"),
        (structured(data="text", datacontenttype="text/plain"), b"text", "text/plain"),
        (structured(data="text", datacontenttype="application/vnd.x+json"), b'"text"', "application/vnd.x+json"),
        (structured(data=[1, 2], datacontenttype=...), b"[1,2]", None),
        (structured(data=..., data_base64="AP8="), b"\x00\xff", "application/json"),
        (structured(data=..., data_base64=None), None, "application/json"),
    ],
)
def test_data_is_what_its_type_says(raw: bytes, data: bytes | None, content_type: str | None) -> None:
    """A text would be read with its quotes, or bytes as text."""
    event = only(raw, STRUCTURED)

    assert (event.data, event.datacontenttype) == (data, content_type)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ("%45uro", "Euro"),
        ('"a \\"quoted\\" one"', 'a "quoted" one'),
        ("plain", "plain"),
        ("50%25", "50%"),
    ],
)
def test_a_header_is_decoded_as_the_binding_says(written: str, meant: str) -> None:
    """Names of customers have letters that headers do not."""
    assert only(b"", headers(subject=written)).subject == meant


def test_extensions_keep_their_types() -> None:
    """A trace would not be found again."""
    event = only(structured(traceparent="00-1", attempt=3, final=True), STRUCTURED)

    assert event.extensions == {"traceparent": "00-1", "attempt": 3, "final": True}


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"{", STRUCTURED),
        (b"[]", STRUCTURED),
        (b"\xff", STRUCTURED),
        (b"{}", BATCHED),
        (b"[1]", BATCHED),
        (structured(specversion="0.3"), STRUCTURED),
        (structured(id=""), STRUCTURED),
        (structured(id=7), STRUCTURED),
        (structured(source=...), STRUCTURED),
        (structured(type=None), STRUCTURED),
        (structured(time="yesterday"), STRUCTURED),
        (structured(time="2026-03-04T10:00:00"), STRUCTURED),
        (structured(time="0001-01-01T00:00:00+23:00"), STRUCTURED),
        (structured(Upper="x"), STRUCTURED),
        (structured(list=[1]), STRUCTURED),
        (structured(big=2**31), STRUCTURED),
        (structured(data_base64="AP8="), STRUCTURED),
        (structured(data=..., data_base64="?"), STRUCTURED),
        (structured(data=..., data_base64=7), STRUCTURED),
        (b"<event/>", {"Content-Type": "application/cloudevents+xml"}),
        (b"{}", {"Content-Type": "application/json"}),
        (b"", headers(subject="%C0%A0")),
        (b"", headers(data="x")),
        (b"", headers(datacontenttype="text/plain")),
    ],
)
def test_what_is_no_event_is_refused(raw: bytes, told: Mapping[str, str]) -> None:
    """Half an event would be a wrong one."""
    with pytest.raises(NotACloudEventError):
        read_events(request(raw, told))


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
EVENTS = st.builds(
    CloudEvent,
    id=TEXTS,
    source=TEXTS,
    type=TEXTS,
    subject=st.none() | TEXTS,
    time=st.none() | st.datetimes(timezones=st.just(UTC)),
    datacontenttype=st.sampled_from([None, "application/json", "text/plain", "application/octet-stream"]),
    extensions=st.dictionaries(st.sampled_from(["tracestate", "attempt"]), TEXTS | st.booleans() | st.integers(0, 99)),
    data=st.none() | st.sampled_from([b"1", b'{"a":[1,2]}', b'"text"']),
)


@given(EVENTS)
def test_an_event_that_was_written_is_read_again(event: CloudEvent) -> None:
    """The inbox keeps what this writes."""
    assert only(event.structured(), STRUCTURED) == event


@given(EVENTS)
def test_bytes_that_are_no_json_are_kept_as_they_are(event: CloudEvent) -> None:
    """A picture in an event would be lost."""
    with_bytes = CloudEvent(id="1", source="/", type="t", datacontenttype=event.datacontenttype, data=b"\x00\xff")

    assert only(with_bytes.structured(), STRUCTURED).data == b"\x00\xff"


@given(
    st.binary(max_size=60) | st.sampled_from([structured(), b"[" + structured() + b"]"]),
    st.dictionaries(
        st.sampled_from(["Content-Type", "ce-id", "ce-source", "ce-type", "ce-specversion", "ce-time", "ce-x", "ce-"]),
        st.text(st.characters(max_codepoint=255), max_size=12)
        | st.sampled_from(["1.0", *STRUCTURED.values(), *BATCHED.values()]),
    ),
)
def test_any_request_is_events_or_refused(raw: bytes, told: dict[str, str]) -> None:
    """An exception that nobody expects is a 500, and the sender comes again for days."""
    try:
        events = read_events(request(raw, told))
    except NotACloudEventError:
        events = ()

    assert all(event.id and event.source and event.type for event in events)


# Through the receiver

BEHIND_PROXY = Source(
    verifier=MutualTls(proxies=networks("127.0.0.1"), header="X-Client", subjects=frozenset({"CN=gateway"})),
    form=Form.CLOUDEVENTS,
)
SIGNED = standard_webhooks(SECRET, form=Form.CLOUDEVENTS)
CLIENT = {"X-Client": "CN=gateway"}


def test_a_verified_event_is_handed_on_with_its_meaning() -> None:
    """Nobody further up reads headers."""
    status, (arrival,) = post(BEHIND_PROXY, EVENT.data or b"", {**headers(), **CLIENT})

    assert status == 204
    assert arrival.events == (EVENT,)
    assert arrival.headers["ce-id"] == "A234"
    assert "x-client" not in arrival.headers


def test_a_batch_is_one_arrival_with_all_its_events() -> None:
    """It is acknowledged as a whole, or not at all."""
    _, (arrival,) = post(BEHIND_PROXY, b"[" + structured() + b"," + structured(id="B") + b"]", {**BATCHED, **CLIENT})

    assert [event.identity for event in arrival.events] == ["/gateway/eu A234", "/gateway/eu B"]


def test_a_signed_structured_event_is_believed() -> None:
    """All of it is in the body, and the body is signed."""
    status, (arrival,) = post(SIGNED, structured(), {**webhook(body=structured()), **STRUCTURED})

    assert (status, arrival.events) == (204, (EVENT,))


def test_attributes_that_no_signature_covers_are_not_believed() -> None:
    """Whoever carries the message could turn a bounce into a delivery."""
    body = EVENT.data or b""
    status, (arrival,) = post(SIGNED, body, {**webhook(body=body), **headers(type="message.delivered")})

    assert (status, arrival.trust, arrival.events) == (401, ArrivalTrust.BAD_SIGNATURE, ())
    assert arrival.refused == "what it says stands in headers that are not signed"


def test_attributes_that_a_signature_covers_are_believed() -> None:
    """Some senders sign their headers."""
    names = tuple(f"ce-{name}" for name in ATTRIBUTES)
    verifier = PlainHmac(secrets=(b"k",), header="X-Sig", signed_headers=names, separator="\n")
    body, told = EVENT.data or b"", headers()
    signed = "\n".join(told[name] for name in names).encode() + b"\n" + body
    good = {**told, "X-Sig": hmac.digest(b"k", signed, hashlib.sha256).hex()}
    source = Source(verifier=verifier, form=Form.CLOUDEVENTS)

    assert post(source, body, good)[0] == 204
    assert post(source, body, {**good, "ce-type": "message.delivered"})[0] == 401
    assert post(source, body, {**good, "ce-more": "x"})[0] == 401


def test_a_forged_event_is_shown_without_a_meaning() -> None:
    """What is not believed must not look as if it were."""
    status, (arrival,) = post(BEHIND_PROXY, structured(), STRUCTURED)

    assert (status, arrival.events) == (401, ())


def test_what_is_proven_and_no_event_is_refused_and_shown() -> None:
    """The sender must learn it, and so must we."""
    status, (arrival,) = post(BEHIND_PROXY, b"{}", {**STRUCTURED, **CLIENT})

    assert (status, arrival.trust, arrival.events) == (400, ArrivalTrust.VERIFIED, ())
    assert arrival.refused == "it is no CloudEvent: specversion is not 1.0"


def test_two_events_are_not_one_because_a_source_has_a_space() -> None:
    """A relay hands on what others send: the second of the two would be taken for a repetition, and lost."""
    first = CloudEvent(id="c", source="a b", type="message.bounced")
    second = CloudEvent(id="b c", source="a", type="message.bounced")

    assert first.identity != second.identity
