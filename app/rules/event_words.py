"""What is shown of an event as it came, in words: whom it is from, what it is about, why it is believed. Pure.

The filter looks for what is typed in these very words, so that what is seen is what is found.
"""

import re
from typing import Final

from app.records import InboxEvent, InboxState, System, Trust
from app.rules.masking import masked_mail

UNTOLD: Final = "–"

TRUST_WORDS: Final = {
    Trust.VERIFIED: "verified",
    Trust.POLLED: "by poll",
    Trust.BAD_SIGNATURE: "bad signature",
    Trust.STALE: "too old",
}
STATE_WORDS: Final = {
    InboxState.RECEIVED: "received",
    InboxState.DONE: "done",
    InboxState.REFUSED: "refused",
    InboxState.FAILED: "not understood",
}
_REFUSED: Final = frozenset({Trust.BAD_SIGNATURE, Trust.STALE})
_MAIL: Final = re.compile(r"(?<![^\s<>@])[^\s<>@]++@[^\s<>@]++")
_MOST_ABOUT: Final = 120
_TRADE_WORDS: Final = {"sms": "SMS", "crm": "CRM"}
_SYSTEMS: Final = {system.value: system.label for system in System}


def sender_of(event: InboxEvent) -> str:
    """Who sent it. Nobody is named whose signature did not hold."""
    if event.trust in _REFUSED:
        return "unknown sender"
    return _SYSTEMS.get(event.source) or _as_written(event.source)


def _as_written(source: str) -> str:
    """``sms-carrier`` as people write it: SMS carrier."""
    said = [_TRADE_WORDS.get(word, word) for word in source.replace("_", "-").split("-")]
    return " ".join([said[0][:1].upper() + said[0][1:], *said[1:]])


def about_of(event: InboxEvent) -> str:
    """What it is about; an address in it is masked."""
    return _MAIL.sub(lambda found: masked_mail(found.group()), event.about[:_MOST_ABOUT]) or UNTOLD


def type_of(event: InboxEvent) -> str:
    """Its type; one that was not read has none."""
    return event.type or UNTOLD
