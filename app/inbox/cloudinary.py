"""Cloudinary's notifications, pushed or drained out of a channel. Source: wire contract "Cloudinary" §7.

They claim nothing about communications. What changed is read again from the library itself, for a notification may be
late, come twice or come in another order; it is kept so that a person sees who was told what and when.
"""

from collections.abc import Mapping
from typing import Final

from app.inbox.meaning import JSONObject, Meaning, Told, moment, part, text

_KIND: Final = "notification_type"


def read_notification(body: JSONObject, told: Told) -> Meaning | None:
    """One notification."""
    del told
    kind = text(body.get(_KIND))
    if not kind:
        return None
    triggered_at = part(body, "notification_context").get("triggered_at")
    return Meaning(
        type=f"asset.{kind}",
        about=text(body.get("public_id")) or text(body.get("to_public_id")) or _first_of(body.get("resources")),
        occurred_at=moment(body.get("timestamp")) or moment(triggered_at),
        claims=(),
    )


def _first_of(resources: object) -> str:
    """The first asset that is named: ``resources`` is a list, or an object by public id (§7: accept both)."""
    match resources:
        case [Mapping() as first, *_]:
            return text(first.get("public_id"))
        case Mapping() if resources:
            return text(next(iter(resources)))
        case _:
            return ""
