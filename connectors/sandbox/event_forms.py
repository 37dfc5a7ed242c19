"""How a pushed event is written and signed: plain or as CloudEvents in its three modes, by HMAC or Ed25519.

Sources: Standard Webhooks 1.0; CloudEvents 1.0.2, HTTP protocol binding §3.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeAlias
from urllib.parse import quote

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

Signer: TypeAlias = Callable[[str, datetime, bytes], str]
"""The signature of an id, a moment and a body, with its version."""

_PRIVATE_PREFIX: Final = "whsk_"
_SEED_BYTES: Final = 32
_VISIBLE: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


class EventForm(StrEnum):
    """How the body is written."""

    PLAIN = "plain"
    """``{"type", "timestamp", "data"}``, as Standard Webhooks recommends."""
    CE_STRUCTURED = "cloudevents_structured"
    CE_BINARY = "cloudevents_binary"
    CE_BATCH = "cloudevents_batch"
    """All events of a push in one post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEvent:
    """One event with everything that it lacked."""

    id: str
    source: str
    type: str
    subject: str | None
    time: datetime
    data: Mapping[str, object]

    def attributes(self) -> dict[str, str]:
        """CloudEvents' context attributes, in their canonical text."""
        told = {"specversion": "1.0", "id": self.id, "source": self.source, "type": self.type}
        return {**told, **({"subject": self.subject} if self.subject else {}), "time": _moment(self.time)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One post, before it is signed."""

    id: str
    headers: Mapping[str, str]
    body: bytes


def write(form: EventForm, events: Sequence[NamedEvent]) -> list[Letter]:
    """The posts that ``events`` make, in their order."""
    match form:
        case EventForm.PLAIN:
            return [_plain(event) for event in events]
        case EventForm.CE_STRUCTURED:
            return [_letter(event.id, "application/cloudevents+json", _structured(event)) for event in events]
        case EventForm.CE_BINARY:
            return [_binary(event) for event in events]
        case EventForm.CE_BATCH:
            batch = [_structured(event) for event in events]
            return [_letter(events[0].id, "application/cloudevents-batch+json", batch)]


def signer(secret: str) -> Signer:
    """Signs with an HMAC secret (base64, with or without ``whsec_``) or a private Ed25519 key (``whsk_…``).

    Raises: ValueError for a secret that is none.
    """
    if secret.startswith(_PRIVATE_PREFIX):
        raw = base64.b64decode(secret.removeprefix(_PRIVATE_PREFIX), validate=True)
        # Some tools write the public half behind the private one.
        private = Ed25519PrivateKey.from_private_bytes(raw[:_SEED_BYTES])
        return lambda id_, at, body: f"v1a,{base64.b64encode(private.sign(_signed(id_, at, body))).decode()}"
    try:
        hook = Webhook(secret)
    except (EmptyWebhookSecretError, binascii.Error) as error:
        raise ValueError("The secret is empty or no base64.") from error
    return lambda id_, at, body: hook.sign(id_, at.astimezone(UTC), body.decode())


def _signed(id_: str, at: datetime, body: bytes) -> bytes:
    return f"{id_}.{int(at.timestamp())}.".encode() + body


def _plain(event: NamedEvent) -> Letter:
    body = {"type": event.type, "timestamp": event.time, "data": event.data}
    return _letter(event.id, "application/json", body)


def _structured(event: NamedEvent) -> Mapping[str, object]:
    return {**event.attributes(), "datacontenttype": "application/json", "data": event.data}


def _binary(event: NamedEvent) -> Letter:
    headers = {f"ce-{name}": quote(value, safe=_VISIBLE) for name, value in event.attributes().items()}
    letter = _letter(event.id, "application/json", event.data)
    return Letter(id=letter.id, headers={**letter.headers, **headers}, body=letter.body)


def _letter(id_: str, media_type: str, body: object) -> Letter:
    return Letter(id=id_, headers={"content-type": media_type}, body=msgspec.json.encode(body))


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
