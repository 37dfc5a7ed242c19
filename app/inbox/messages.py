"""Events about messages in the common envelope: a gateway's ``message.bounced`` and its like.

The shape is ours to offer (CHOSEN): ``{"id"?, "type", "source"?, "time" | "timestamp", "data": {"communication",
"customer", "channel", "title", "code", "verdict", "detail", "run"}}``, the payload that Standard Webhooks recommends
with the attributes of CloudEvents where they are there. ``verdict`` is the provider's own class, such as ``Permanent``.
"""

from typing import Final

from app.inbox.meaning import (
    JSONObject,
    Meaning,
    NotUnderstoodError,
    Told,
    happened,
    moment,
    part,
    short_word,
    text,
    without_addresses,
)
from app.records import Channel, DeliveryEvent, DeliveryState
from app.rules.bounces import bounce_of, status_code

_ABOUT_MESSAGES: Final = "message."

_CHANNELS: Final = {each.value: each for each in Channel}
_STATES: Final = {
    "composed": DeliveryState.COMPOSED,
    "accepted": DeliveryState.ACCEPTED,
    "handed_over": DeliveryState.HANDED_OVER,
    "deferred": DeliveryState.DEFERRED,
    "delivered": DeliveryState.DELIVERED,
    "opened": DeliveryState.OPENED,
    "bounced": DeliveryState.BOUNCED,
    "failed": DeliveryState.FAILED,
    "suppressed": DeliveryState.SUPPRESSED,
    "complained": DeliveryState.COMPLAINED,
}


def read_message(body: JSONObject, told: Told) -> Meaning | None:
    """One event in the common envelope; events about anything but messages claim nothing here."""
    kind = text(body.get("type"))
    if not kind:
        return None
    occurred_at = moment(body.get("time")) or moment(body.get("timestamp"))
    if not kind.startswith(_ABOUT_MESSAGES):
        return Meaning(type=kind, about=text(body.get("subject")), occurred_at=occurred_at, claims=())
    data = part(body, "data")
    communication = text(data.get("communication"))
    if not communication:
        raise NotUnderstoodError("It names no communication.")
    channel = _CHANNELS.get(text(data.get("channel")).casefold())
    if channel is None:
        raise NotUnderstoodError("It names no channel that is known here.")
    state = _STATES.get(kind.removeprefix(_ABOUT_MESSAGES), DeliveryState.UNKNOWN)
    detail = without_addresses(text(data.get("detail")))
    code = text(data.get("code")) or (status_code(detail) if detail else "")
    verdict = short_word(data.get("verdict"))
    claim = DeliveryEvent(
        id=told.event,
        communication=communication,
        customer=text(data.get("customer")),
        channel=channel,
        state=state,
        title=text(data.get("title")),
        at=happened(occurred_at, told),
        received_at=told.received_at,
        source=text(body.get("source")) or told.source.replace("-", " ").replace("_", " ").capitalize(),
        code=code,
        provider_verdict=verdict,
        bounce=bounce_of(state, code, detail, verdict),
        detail=detail,
        run=text(data.get("run")),
    )
    return Meaning(type=kind, about=claim.customer or communication, occurred_at=occurred_at, claims=(claim,))
