"""Arrivals and events for the inbox's tests."""

import json
from datetime import UTC, datetime, timedelta

from app.records import InboxEvent, InboxState, Trust
from connectors.inbound import Arrival, ArrivalTrust

NOW = datetime(2026, 5, 12, 7, 31, tzinfo=UTC)


def message(kind: str = "bounced", *, minute: int = 31, **data: str) -> bytes:
    """A gateway's event about Inès Caron's renewal notice."""
    facts = {"communication": "c1", "customer": "HM-204881", "channel": "email", "title": "Renewal notice", **data}
    at = NOW.replace(minute=minute).isoformat()
    return json.dumps({"type": f"message.{kind}", "timestamp": at, "data": facts}).encode()


def arrival(
    raw: bytes | None = None, *, id_: str = "msg_1", trust: ArrivalTrust = ArrivalTrust.VERIFIED, seconds: int = 0
) -> Arrival:
    """One post to the receiver."""
    return Arrival(
        id=id_,
        source="email-gateway",
        headers={"webhook-id": id_, "content-type": "application/json"},
        raw=message() if raw is None else raw,
        received_at=NOW + timedelta(seconds=seconds),
        trust=trust,
    )


def polled(raw: bytes, *, id_: str = "exstream/e1") -> InboxEvent:
    """One event that was fetched."""
    return InboxEvent(
        id=id_,
        source="exstream",
        type="",
        about="",
        received_at=NOW,
        occurred_at=None,
        trust=Trust.POLLED,
        state=InboxState.RECEIVED,
        raw=raw,
    )


def event_json(schema: str, *, content_type: str = "") -> bytes:
    """Exstream's event JSON, contract 2.8."""
    head = {"schemaType": schema, "schemaSource": "ClaimsMail", "schemaVersion": "1.0", "tenant": "t"}
    facts = {
        "communicationId": "c1",
        "domain": "Claims",
        "campaignId": "May",
        "creationTime": "2026-05-12T07:30:00.000Z",
    }
    if schema.startswith("Exstream-Email-"):
        facts |= {"eventType": schema.rpartition("-")[2], "customerEmailId": "ines@example.org"}
        body = {"exstreamEmailStatistics": facts}
    else:
        body = {"exstreamJob": {**facts, "contentType": content_type, "status": "complete"}}
    return json.dumps({"expctr": head, "user": {"CustomerId": "HM-204881"}, **body}).encode()
