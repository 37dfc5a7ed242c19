"""What an event's bytes mean: each shape that is known here is tried; of any other it is said that it is unknown."""

from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

from app.inbox.cloudinary import read_notification
from app.inbox.exstream import read_event_json
from app.inbox.meaning import JSONObject, Meaning, NotUnderstoodError, Told
from app.inbox.messages import read_message
from app.inbox.replies import read_reply

Reader: TypeAlias = Callable[[JSONObject, Told], Meaning | None]
"""Reads one shape; None when the object has another one. Raises: NotUnderstoodError."""

_READERS: Final[tuple[tuple[str, Reader], ...]] = (
    ("expctr", read_event_json),
    ("notification_type", read_notification),
    ("type", read_reply),
    ("type", read_message),
)
"""Each with the key without which it has nothing to read."""


def understand(raw: bytes, told: Told) -> Meaning:
    """What ``raw`` says. Raises: NotUnderstoodError."""
    try:
        body = msgspec.json.decode(raw, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotUnderstoodError("It is not a JSON object.") from error
    for key, read in _READERS:
        if key in body and (meaning := read(body, told)):
            return meaning
    raise NotUnderstoodError("It has no form that is known here.")
