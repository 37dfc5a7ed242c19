"""Notifications: what the cloud tells about itself, to poll channels and to web hooks.

Source: contract §3.3, §6.6 and §7. A web hook that fails is tried again after 3, 6 and 9 minutes (3P). What the newer
signature of ``X-Cld-Signature_v2`` covers is not published: here it is Ed25519 over the bytes that the older hash
covers, without the secret (CHOSEN).
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from connectors.sandbox.cloudinary.answers import Answer, moment
from connectors.sandbox.cloudinary.logic import holds
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError
from connectors.sandbox.cloudinary.signing import notification_signature
from connectors.sandbox.cloudinary.state import Cloud

POLL: Final = "poll://"
_RETRIES_S: Final = (180, 360, 540)
_MOST_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Where one call wants its own notifications to go; without a ``url`` they go to the triggers."""

    url: str | None = None
    batch_id: str | None = None
    """What the messages of an anonymous channel are drained by."""


NOBODY: Final = Asker()


def asker_of(parameters: Parameters) -> Asker:
    """The asker that a call names."""
    return Asker(url=parameters.text("notification_url"), batch_id=parameters.text("batch_id"))


@dataclass(slots=True, kw_only=True)
class Trigger:
    """Who wants to hear of which notifications."""

    id: str
    uri: str
    uri_type: str
    event_type: str
    created_at: datetime
    updated_at: datetime
    is_additive: bool = False
    """Whether it is told even of calls that name somebody else."""
    auth_scheme: str = "default"
    filter: Mapping[str, object] | None = None


@dataclass(slots=True, kw_only=True)
class Message:
    """One notification that waits to be drained."""

    handle: str
    channel: str
    batch_id: str
    body: bytes
    timestamp: int
    hidden_until: datetime | None = None


class Notices:
    """Everything that the cloud tells about itself."""

    def __init__(self, cloud: Cloud, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """``pause`` waits between two tries at a web hook."""
        self._cloud = cloud
        self._pause = pause
        self.triggers: dict[str, Trigger] = {}
        self.messages: dict[str, Message] = {}
        """By receipt handle, oldest first."""
        self._posts: set[asyncio.Task[None]] = set()
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(cloud.hex_id("hook key") * 2)[:32])

    def emit(self, notification_type: str, body: Mapping[str, object], *, asker: Asker = NOBODY) -> None:
        """Tell every trigger that wants it; a call's own ``notification_url`` stands in for all but additive ones."""
        whole: Answer = {
            "notification_type": notification_type,
            "timestamp": moment(self._cloud.now()),
            "request_id": self._cloud.mint("request"),
            **body,
            "notification_context": {
                "triggered_at": moment(self._cloud.now()),
                "triggered_by": {"source": "api", "id": self._cloud.api_key},
            },
            "signature_key": self._cloud.api_key,
        }
        if notification_type == "delete":  # these two stay away there (§7)
            del whole["timestamp"], whole["request_id"]
        raw = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
        batch_id = asker.batch_id or str(body.get("batch_id") or self._cloud.mint("batch"))
        if asker.url:
            self._deliver(asker.url, raw, batch_id=batch_id)
        for trigger in list(self.triggers.values()):
            if trigger.event_type not in {"all", notification_type} or (asker.url and not trigger.is_additive):
                continue
            if trigger.filter is None or _passes(trigger.filter, whole):
                self._deliver(trigger.uri, raw, batch_id=batch_id, auth_scheme=trigger.auth_scheme)

    async def close(self) -> None:
        """Give up the posts that still wait."""
        for post in self._posts:
            post.cancel()
        await asyncio.gather(*self._posts, return_exceptions=True)

    def _deliver(self, uri: str, raw: bytes, *, batch_id: str, auth_scheme: str = "default") -> None:
        timestamp = int(self._cloud.now().timestamp())
        if uri.startswith(POLL):
            handle = self._cloud.mint("receipt")
            self.messages[handle] = Message(
                handle=handle, channel=uri.removeprefix(POLL), batch_id=batch_id, body=raw, timestamp=timestamp
            )
            while len(self.messages) > _MOST_KEPT:
                del self.messages[next(iter(self.messages))]
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # without a loop nobody is listening either
            return
        post = loop.create_task(self._post(uri, raw, self._headers(raw, timestamp, auth_scheme)))
        self._posts.add(post)
        post.add_done_callback(self._posts.discard)

    def _headers(self, raw: bytes, timestamp: int, auth_scheme: str) -> Mapping[str, str]:
        headers = {"Content-Type": "application/json", "X-Cld-Timestamp": str(timestamp)}
        if auth_scheme != "eddsa_v2":
            headers["X-Cld-Signature"] = notification_signature(raw, timestamp, self._cloud.api_secret)
        if auth_scheme != "legacy_hmac":
            headers["X-Cld-Signature_v2"] = b64encode(self._key.sign(raw + str(timestamp).encode())).decode()
        return headers

    async def _post(self, uri: str, raw: bytes, headers: Mapping[str, str]) -> None:
        async with httpx.AsyncClient(timeout=10.0, trust_env=False) as http:
            for wait_s in (*_RETRIES_S, None):
                try:
                    if (await http.post(uri, content=raw, headers=headers)).status_code == HTTPStatus.OK:
                        return
                except (httpx.HTTPError, httpx.InvalidURL):
                    pass  # an answer that never came is one that was not 200
                if wait_s is not None:
                    await self._pause(wait_s)


def _passes(rule: Mapping[str, object], facts: Mapping[str, object]) -> bool:
    """A filter that cannot be read lets nothing through; it was checked when its trigger was made."""
    try:
        return holds(rule, facts)
    except RefusalError:
        return False
