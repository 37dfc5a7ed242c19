"""The SDK of CloudEvents on our receiver, on the sandbox's sender, and on what our inbox keeps."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from app.inbox.exporting import cloud_event
from app.records import InboxEvent, InboxState, Trust
from connectors.inbound import CloudEvent, Form, MutualTls, Source, networks
from tests.judges.bench import Judge, Ready
from tests.judges.standardwebhooks.receiving import receiving

KNOWN = {
    "write binary by the older interface, a subject beyond ASCII": "it does not percent-encode: no header carries it",
    "write binary by the older interface, extensions": "it sends ü as one byte of Latin-1, which the binding forbids",
}
"""Calls that fail, with the reason."""
BEHIND_PROXY = Source(
    verifier=MutualTls(proxies=networks("127.0.0.1"), header="X-Client", subjects=frozenset({"CN=judge"})),
    form=Form.CLOUDEVENTS,
)
AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
OURS = {
    "JSON": CloudEvent(id="o1", source="/s", type="t", subject="Inès €", time=AT, data=b'{"a":[1,null]}'),
    "bytes": CloudEvent(id="o2", source="/s", type="t", datacontenttype="image/png", data=b"\x00\xff"),
    "no data": CloudEvent(id="o3", source="/s", type="t", extensions={"traceparent": "00"}),
    "what says that it is JSON and is none": CloudEvent(
        id="o4", source="/s", type="t", datacontenttype="application/json", data=b"{"
    ),
}
"""What our inbox keeps of events."""


def test_their_sdk_and_our_receiver_agree(judged_sandbox: Ready) -> None:
    """An event that we both misread would be right in every test of ours."""
    with receiving({"sender": BEHIND_PROXY}) as ours:
        given = {
            "address": ours.address,
            "headers": {"X-Client": "CN=judge"},
            "ours": {name: handed(event) for name, event in OURS.items()} | exported(),
        }
        verdict = Judge("cloudevents").run(judged_sandbox, given=given)

    assert verdict.failed.keys() == KNOWN.keys(), verdict.failed
    assert verdict.share_passed >= 0.95
    assert len(verdict.calls) >= 40
    read = [event for arrival in ours.arrivals for event in arrival.events]
    assert len(read) == len(verdict.handed["sent"])
    for event, sent in zip(read, verdict.handed["sent"], strict=True):
        assert attributes(event) == sent["attributes"]
        assert data(event, sent) == sent.get("json", sent.get("data"))


def handed(event: CloudEvent) -> dict[str, Any]:
    """One event of ours, and what it must be read as."""
    value: object = None
    if event.id == "o1":
        value = json.loads(event.data or b"")
    elif event.data is not None:
        value = base64.b64encode(event.data).decode()
    raw = base64.b64encode(event.structured()).decode()
    return {"raw": raw, "id": event.id, "subject": event.subject, "data": value}


def exported() -> dict[str, dict[str, Any]]:
    """What an export holds, masked and not, and what it must be read as."""
    kept = InboxEvent(
        id="gateway/msg_1",
        source="gateway",
        type="message.bounced",
        about="HM-204881",
        received_at=AT,
        occurred_at=AT,
        trust=Trust.VERIFIED,
        state=InboxState.DONE,
        times_seen=2,
        raw=b'{"type": "message.bounced", "data": {"communication": "c1", "channel": "email", "to": "i@x.example"}}',
    )
    events = {f"an export, masked: {is_masked}": cloud_event(kept, is_masked=is_masked) for is_masked in (True, False)}
    return {
        name: {
            "raw": base64.b64encode(event.structured()).decode(),
            "id": "msg_1",
            "subject": "HM-204881",
            "data": json.loads(event.data or b""),
        }
        for name, event in events.items()
    }


def attributes(event: CloudEvent) -> dict[str, object]:
    """What an event says about itself, as the judge tells it."""
    said = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time.isoformat() if event.time else None,
        "datacontenttype": event.datacontenttype,
        "dataschema": event.dataschema,
        **event.extensions,
    }
    return {name: value for name, value in said.items() if value is not None}


def data(event: CloudEvent, sent: dict[str, Any]) -> object:
    """The data as the judge tells it: JSON by its value, everything else by its bytes."""
    if event.data is None:
        return None
    return json.loads(event.data) if "json" in sent else base64.b64encode(event.data).decode()
