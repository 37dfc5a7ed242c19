"""CloudEvents' own SDK, by both of its interfaces: writes for our receiver, reads the sandbox and us."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from cloudevents.core.bindings.http import (  # type: ignore[import-not-found]  # of the judge's environment
    HTTPMessage,
    from_http_event,
    from_structured_event,
    to_binary_event,
    to_structured_event,
)
from cloudevents.core.v03.event import CloudEvent as OldEvent  # type: ignore[import-not-found]  # of the judge's environment
from cloudevents.core.v1.event import CloudEvent  # type: ignore[import-not-found]  # of the judge's environment
from cloudevents.v1.conversion import to_binary, to_structured  # type: ignore[import-not-found]  # of the judge's environment
from cloudevents.v1.http import CloudEvent as FirstEvent  # type: ignore[import-not-found]  # of the judge's environment
from cloudevents.v1.http import from_http

from tests.judges.ledger import Ledger
from tests.judges.standardwebhooks.posting import catching, post, push

AT = datetime(2026, 3, 4, 9, 0, 0, 250_000, tzinfo=UTC)
BASE: dict[str, Any] = {"type": "message.bounced", "source": "/gateway/eu", "specversion": "1.0"}
EVENTS: dict[str, tuple[dict[str, Any], Any]] = {
    "the least": ({}, None),
    "an object": ({"datacontenttype": "application/json"}, {"communication": "c1", "n": 1.5, "deep": {"a": [None]}}),
    "an object without a type": ({}, {"a": 1}),
    "another JSON type": ({"datacontenttype": "application/vnd.harbour+json"}, {"a": "ü"}),
    "a text": ({"datacontenttype": "text/plain"}, "Grüße €"),
    "XML": ({"datacontenttype": "application/xml"}, "<a b='1'/>"),
    "bytes": ({"datacontenttype": "application/octet-stream"}, b"\x00\xff\x10"),
    "a subject beyond ASCII": ({"subject": "Inès € 😀"}, {"a": 1}),
    "a subject with percent and quotes": ({"subject": '50% "off"'}, {"a": 1}),
    "a time": ({"time": AT}, {"a": 1}),
    "a time elsewhere": ({"time": AT.astimezone(timezone(timedelta(hours=-9)))}, {"a": 1}),
    "a schema": ({"dataschema": "https://harbour.example/schema?v=1"}, {"a": 1}),
    "extensions": ({"traceparent": "00-1-2-01", "partitionkey": "ü y"}, {"a": 1}),
    "a long id": ({"id": "x" * 300}, {"a": 1}),
}


def attributes(number: int, more: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that one event says about itself."""
    return {"id": f"e{number}", **BASE, "time": AT, **more}


def told(attributes_: Mapping[str, Any], data: Any, *, json_data: bool) -> dict[str, Any]:
    """What our receiver must have read, JSON-ready."""
    plain = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in attributes_.items()
    }
    if data is None:
        return {"attributes": plain, "data": None}
    if json_data:
        return {"attributes": plain, "json": data}
    raw = data if isinstance(data, bytes) else str(data).encode()
    return {"attributes": plain, "data": base64.b64encode(raw).decode()}


def send(ledger: Ledger, headers: Mapping[str, str], body: bytes, *, status: int = 204) -> None:
    """One post to our receiver, through what stands for a proxy."""
    answer = post(ledger.given["address"] + "sender", body, {**headers, **ledger.given["headers"]})
    assert answer == status, answer


def write_for_our_receiver(ledger: Ledger) -> None:
    """Both interfaces of the SDK, both modes."""
    sent: list[dict[str, Any]] = []
    number = 0
    for name, (more, data) in EVENTS.items():
        for mode, write in (("structured", to_structured_event), ("binary", to_binary_event)):
            number += 1
            said = attributes(number, more)
            with ledger.call(f"write {mode}, {name}"):
                message = write(CloudEvent(said, data))
                send(ledger, message.headers, message.body)
                sent.append(told(said, data, json_data=isinstance(data, dict)))
    for name, (more, data) in EVENTS.items():
        if isinstance(data, str) or data is None:
            continue  # the older interface writes texts with quotes, and no data as null; both are its own
        for mode, write_first in (("structured", to_structured), ("binary", to_binary)):
            number += 1
            said = attributes(number, more)
            text = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in said.items()}
            with ledger.call(f"write {mode} by the older interface, {name}"):
                headers, body = write_first(FirstEvent(text, data))
                send(ledger, headers, body)
                sent.append(told(said, data, json_data=isinstance(data, dict)))
    batch = [
        json.loads(to_structured_event(CloudEvent(attributes(900 + place, {}), {"a": place})).body) for place in (0, 1)
    ]
    with ledger.call("write a batch"):
        send(ledger, {"content-type": "application/cloudevents-batch+json"}, json.dumps(batch).encode())
        sent += [told(attributes(900 + place, {}), {"a": place}, json_data=True) for place in (0, 1)]
    ledger.hand("sent", sent)


def be_refused(ledger: Ledger) -> None:
    """What our receiver does not take."""
    old = OldEvent({"id": "o1", "type": "t", "source": "/s", "specversion": "0.3"}, {"a": 1})
    for mode, write in (("structured", to_structured_event), ("binary", to_binary_event)):
        with ledger.call(f"version 0.3, {mode}: refused"):
            message = write(old)
            send(ledger, message.headers, message.body, status=400)
    good = to_binary_event(CloudEvent(attributes(1, {}), {"a": 1}))
    with ledger.call("not through the proxy: refused"):
        assert post(ledger.given["address"] + "sender", good.body, good.headers) == 401


def read_the_sandbox(ledger: Ledger) -> None:
    """What the sandbox sends, the SDK reads."""
    event = {
        "id": "s1",
        "type": "message.bounced",
        "source": "/gateway/eu",
        "subject": 'Inès € 50% "x"',
        "timestamp": "2026-03-04T09:00:00.250Z",
        "data": {"code": "5.1.1", "name": "ü"},
    }
    for form in ("cloudevents_structured", "cloudevents_binary"):
        with ledger.call(f"read what the sandbox sends, {form}"), catching() as caught:
            push(ledger.ready, url=caught.url, secret="c2VjcmV0", form=form, events=[event])
            ((headers, body),) = caught.posts
            check(event, from_http_event(HTTPMessage(headers=proper(headers, form), body=body)))
        with ledger.call(f"read what the sandbox sends by the older interface, {form}"), catching() as caught:
            push(ledger.ready, url=caught.url, secret="c2VjcmV0", form=form, events=[event])
            ((headers, body),) = caught.posts
            first = from_http(headers, body)
            assert (first["id"], first["source"], first["type"]) == ("s1", "/gateway/eu", "message.bounced")
            assert first.data == event["data"]
    with ledger.call("read what the sandbox sends, a batch"), catching() as caught:
        push(ledger.ready, url=caught.url, secret="c2VjcmV0", form="cloudevents_batch", events=[event, event])
        ((headers, body),) = caught.posts
        assert headers["content-type"] == "application/cloudevents-batch+json"
        for each in json.loads(body):
            check(event, structured(json.dumps(each).encode()))


def read_ours(ledger: Ledger) -> None:
    """What our inbox keeps, the SDK reads."""
    for name, coded in ledger.given["ours"].items():
        with ledger.call(f"read what we write, {name}"):
            event = structured(base64.b64decode(coded["raw"]))
            assert event.get_id() == coded["id"]
            assert event.get_subject() == coded["subject"]
            data = event.get_data()
            assert (base64.b64encode(data).decode() if isinstance(data, bytes) else data) == coded["data"]


def structured(body: bytes) -> Any:
    """One event in structured mode."""
    return from_structured_event(HTTPMessage(headers={"content-type": "application/cloudevents+json"}, body=body))


def proper(headers: Mapping[str, str], form: str) -> dict[str, str]:
    """The headers as they came, for the SDK tells the modes apart by their prefix."""
    is_binary = any(name.startswith("ce-") for name in headers)
    assert is_binary is (form == "cloudevents_binary")
    return dict(headers)


def check(event: Mapping[str, Any], read: Any) -> None:
    """The same event."""
    assert read.get_id() == event["id"]
    assert read.get_source() == event["source"]
    assert read.get_type() == event["type"]
    assert read.get_subject() == event["subject"]
    assert read.get_time() == AT
    assert read.get_data() == event["data"]


def main() -> None:
    """All of it."""
    ledger = Ledger.from_stdin()
    write_for_our_receiver(ledger)
    be_refused(ledger)
    read_the_sandbox(ledger)
    read_ours(ledger)
    ledger.end()


if __name__ == "__main__":
    main()
