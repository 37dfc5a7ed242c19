"""Notifications: triggers, poll channels that are drained and acknowledged, and web hooks.

Source: contract §3.3, §6.6 and §7. Delivery is at least once: an unacknowledged message comes back after its
visibility timeout. A web hook that fails is tried again after 3, 6 and 9 minutes (3P).
"""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import httpx

from connectors.sandbox.cloudinary.answers import Answer, moment
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value
from connectors.sandbox.cloudinary.signing import notification_signature
from connectors.sandbox.cloudinary.state import Cloud

_POLL: Final = "poll://"
_RETRIES_S: Final = (180, 360, 540)
_MOST_KEPT: Final = 10_000
_LOOK_AGAIN_S: Final = 0.1


@dataclass(slots=True, kw_only=True)
class Trigger:
    """Who wants to hear of which notifications."""

    id: str
    uri: str
    uri_type: str
    event_type: str
    created_at: datetime
    updated_at: datetime


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

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self.triggers: dict[str, Trigger] = {}
        self._messages: dict[str, Message] = {}
        self._posts: set[asyncio.Task[None]] = set()

    def emit(self, notification_type: str, body: Mapping[str, object], *, notification_url: str | None = None) -> None:
        """Tell every trigger that wants it; a call's own ``notification_url`` stands in for all of them (3P)."""
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
        if notification_url:
            self._deliver(notification_url, raw)
            return
        for trigger in self.triggers.values():
            if trigger.event_type in {"all", notification_type}:
                self._deliver(trigger.uri, raw)

    async def close(self) -> None:
        """Give up the posts that still wait."""
        for post in self._posts:
            post.cancel()
        await asyncio.gather(*self._posts, return_exceptions=True)

    def _deliver(self, uri: str, raw: bytes) -> None:
        timestamp = int(self._cloud.now().timestamp())
        if uri.startswith(_POLL):
            handle = self._cloud.mint("receipt")
            self._messages[handle] = Message(
                handle=handle,
                channel=uri.removeprefix(_POLL),
                batch_id=self._cloud.mint("batch"),
                body=raw,
                timestamp=timestamp,
            )
            while len(self._messages) > _MOST_KEPT:
                del self._messages[next(iter(self._messages))]
            return
        try:
            post = asyncio.get_running_loop().create_task(self._post(uri, raw, timestamp))
        except RuntimeError:  # without a loop nobody is listening either
            return
        self._posts.add(post)
        post.add_done_callback(self._posts.discard)

    async def _post(self, uri: str, raw: bytes, timestamp: int) -> None:
        headers = {
            "Content-Type": "application/json",
            "X-Cld-Timestamp": str(timestamp),
            "X-Cld-Signature": notification_signature(raw, timestamp, self._cloud.api_secret),
        }
        async with httpx.AsyncClient(timeout=10.0, trust_env=False) as http:
            for wait_s in (*_RETRIES_S, None):
                try:
                    if (await http.post(uri, content=raw, headers=headers)).status_code == HTTPStatus.OK:
                        return
                except httpx.HTTPError:
                    pass  # an answer that never came is one that was not 200
                if wait_s is not None:
                    await asyncio.sleep(wait_s)

    # Triggers

    def list_triggers(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET triggers."""
        del path
        event_type = parameters.text("event_type")
        shown = [self._trigger(one) for one in self.triggers.values() if event_type in {None, one.event_type}]
        return {"triggers": shown, "total": len(shown)}

    def create_trigger(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST triggers."""
        del path
        uri = parameters.required("uri")
        uri_type = parameters.text("uri_type") or ("poll" if uri.startswith(_POLL) else "webhook")
        if uri_type not in {"webhook", "poll"} or (uri_type == "poll") != uri.startswith(_POLL):
            raise bad_value("uri_type", uri_type)
        now = self._cloud.now()
        trigger = Trigger(
            id=self._cloud.mint("trigger"),
            uri=uri,
            uri_type=uri_type,
            event_type=parameters.required("event_type"),
            created_at=now,
            updated_at=now,
        )
        self.triggers[trigger.id] = trigger
        return self._trigger(trigger)

    def change_trigger(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT triggers/{id}."""
        trigger = self._known(path)
        trigger.uri = parameters.required("new_uri")
        trigger.updated_at = self._cloud.now()
        return {"message": "trigger updated"}

    def delete_trigger(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE triggers/{id}."""
        del parameters
        del self.triggers[self._known(path).id]
        return {"message": "trigger deleted"}

    def _known(self, path: Mapping[str, str]) -> Trigger:
        trigger = self.triggers.get(path["trigger_id"])
        if trigger is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Trigger not found - {path['trigger_id']}")
        return trigger

    def _trigger(self, trigger: Trigger) -> Answer:
        return {
            "id": trigger.id,
            "uri": trigger.uri,
            "uri_type": trigger.uri_type,
            "event_type": trigger.event_type,
            "product_environment_id": self._cloud.hex_id("environment"),
            "created_at": moment(trigger.created_at),
            "updated_at": moment(trigger.updated_at),
        }

    # Channels

    async def drain(self, parameters: Parameters) -> Answer:
        """GET messages: claims what waits, or waits for something; without any the key itself is missing."""
        channel, batch_id = parameters.text("channel"), parameters.text("batch_id")
        if bool(channel) == bool(batch_id):
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Supply exactly one of channel or batch_id")
        most = parameters.number("max_messages", default=10, low=1, high=100)
        wait_s = parameters.number("wait_seconds", default=20, low=0, high=60)
        hidden_s = parameters.number("visibility_timeout", default=30, low=1, high=600)
        deadline = asyncio.get_running_loop().time() + wait_s
        while True:
            claimed = self._claim(channel, batch_id, most, timedelta(seconds=hidden_s))
            if claimed:
                return {"messages": [self._message(one) for one in claimed]}
            if asyncio.get_running_loop().time() >= deadline:
                return {}
            await asyncio.sleep(_LOOK_AGAIN_S)

    def acknowledge(self, parameters: Parameters) -> Answer:
        """POST messages/ack: the acknowledged never come back."""
        handles = parameters.texts("receipt_handles")
        if not 1 <= len(handles) <= 100:  # noqa: PLR2004 - §3.3
            raise bad_value("receipt_handles", len(handles))
        known = [self._messages.pop(handle, None) is not None for handle in handles]
        return {"results": [{"status": "acked" if one else "not_found"} for one in known]}

    def _claim(self, channel: str | None, batch_id: str | None, most: int, hidden: timedelta) -> list[Message]:
        now = self._cloud.now()
        visible = [
            one
            for one in self._messages.values()
            if (one.channel == channel if channel else one.batch_id == batch_id)
            and (one.hidden_until is None or one.hidden_until <= now)
        ][:most]
        for one in visible:
            one.hidden_until = now + hidden
        return visible

    def _message(self, message: Message) -> Answer:
        return {
            "receipt_handle": message.handle,
            "batch_id": message.batch_id,
            "payload": json.loads(message.body),
            "signed_payload": urlsafe_b64encode(message.body).decode().rstrip("="),
            "signature": notification_signature(message.body, message.timestamp, self._cloud.api_secret),
            "timestamp": message.timestamp,
        }
