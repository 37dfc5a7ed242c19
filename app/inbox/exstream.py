"""Exstream's event JSON. Source: wire contract "exstream" 2.8 (field names CONFIRMED) and 3, delivery (CONFIRMED).

The mapping to our claims is CHOSEN: ``Submit`` means that the notification service accepted the message, ``POST`` that
the next mail server took it. No event of Exstream's says *delivered*, so none is read as that.
"""

import hashlib
from typing import Final

import msgspec

from app.inbox.meaning import (
    JSONObject,
    Meaning,
    NotUnderstoodError,
    Told,
    channel_named,
    happened,
    moment,
    part,
    text,
    without_addresses,
)
from app.records import Channel, DeliveryEvent, DeliveryState
from app.rules.bounces import bounce_of, status_code

_MAIL_STATES: Final = {
    "SUBMIT": DeliveryState.ACCEPTED,
    "POST": DeliveryState.HANDED_OVER,
    "OPEN": DeliveryState.OPENED,
    "NDLV": DeliveryState.BOUNCED,
}
_PREFIX: Final = "Exstream-"
_MAIL: Final = "Exstream-Email-"


def read_event_json(body: JSONObject, told: Told) -> Meaning | None:
    """One event JSON object."""
    head = part(body, "expctr")
    schema = text(head.get("schemaType"))
    if not schema:
        return None
    facts = part(body, "exstreamEmailStatistics") or part(body, "exstreamJob")
    communication = text(facts.get("communicationId"))
    if not communication:
        raise NotUnderstoodError("It names no communication.")
    channel, state = _claim(schema, text(facts.get("contentType")))
    occurred_at = moment(head.get("eventDate")) or moment(facts.get("creationTime"))
    detail = without_addresses(text(facts.get("status")))
    if state is DeliveryState.UNKNOWN:
        detail = f"{schema} {detail}".strip()
    code = status_code(detail)
    claim = DeliveryEvent(
        id=told.event,
        communication=communication,
        customer=text(part(body, "user").get("CustomerId")),
        channel=channel,
        state=state,
        title=text(facts.get("title")) or text(facts.get("campaignId")),
        at=happened(occurred_at, told),
        received_at=told.received_at,
        source="Exstream",
        code=code,
        bounce=bounce_of(state, code, detail, ""),
        detail=detail,
        run=text(facts.get("jobId")),
    )
    return Meaning(
        type=f"message.{state}", about=claim.customer or communication, occurred_at=occurred_at, claims=(claim,)
    )


def own_id(body: JSONObject) -> str:
    """The event's own id; where it has none, as mail events do, a hash of what makes it this event and no other."""
    if named := text(part(body, "expctr").get("eventId")):
        return named
    facts = part(body, "exstreamEmailStatistics") or part(body, "exstreamJob")
    told = (
        part(body, "expctr").get("schemaType"),
        facts.get("communicationId"),
        facts.get("customerEmailId"),
        facts.get("creationTime"),
    )
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:32]


def _claim(schema: str, content_type: str) -> tuple[Channel, DeliveryState]:
    if schema.startswith(_MAIL):
        return Channel.EMAIL, _MAIL_STATES.get(schema.removeprefix(_MAIL).upper(), DeliveryState.UNKNOWN)
    name = schema.removeprefix(_PREFIX)
    failed = name.endswith("-Failed")
    composed = name == "Generated"
    wanted = content_type if composed else name.removesuffix("-Failed")
    channel = channel_named(wanted) or channel_named(content_type)
    if channel is None:
        raise NotUnderstoodError(f"Its channel “{wanted}” is none that is known here.")
    if composed:
        return channel, DeliveryState.COMPOSED
    return channel, DeliveryState.FAILED if failed else DeliveryState.HANDED_OVER
