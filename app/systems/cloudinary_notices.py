"""What Cloudinary's channel hands out, as events for the inbox."""

import hashlib
from datetime import datetime

import msgspec

from app.records import InboxEvent, InboxState, System, Trust
from connectors.cloudinary import Message


def noticed(message: Message, now: datetime) -> InboxEvent:
    """One message as an event; what makes two the same is CHOSEN (§7)."""
    body = message.body
    return InboxEvent(
        id=f"cloudinary/{_request_id(body) or hashlib.sha256(body).hexdigest()[:32]}",
        source=System.CLOUDINARY.value,
        type="",
        about="",
        received_at=now,
        occurred_at=None,
        trust=Trust.POLLED,
        state=InboxState.RECEIVED,
        raw=body,
    )


def _request_id(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Notification).request_id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


class _Notification(msgspec.Struct, frozen=True, kw_only=True):
    request_id: str = ""
