"""Notifications for a desk behind a firewall: a poll trigger fills a channel, and the channel is drained.

Source: wire contract "Cloudinary" §3.3 and §6.6, CONFIRMED; whether a plan has poll triggers is open (§12), so the
caller falls back to Search when :meth:`PollChannel.open` is refused. Delivery is at least once.
"""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from connectors.calls import Call, JSONBody, Reply, segment
from connectors.cloudinary.signature import NotificationVerdict, verify_notification
from connectors.shape import decode

MOST_AT_ONCE: Final = 100
_SLACK_S: Final = 15.0
"""What an answer may take beyond the wait that was asked for."""


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to hear of what."""

    id: str
    uri: str
    uri_type: str
    event_type: str


class _Triggers(msgspec.Struct, frozen=True, kw_only=True):
    triggers: tuple[Trigger, ...] = ()


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One notification as the channel hands it out; it comes again unless it is acknowledged."""

    receipt_handle: str
    signed_payload: str
    """The notification's raw bytes, base64url without padding."""
    signature: str
    timestamp: int | str
    batch_id: str | None = None

    @property
    def body(self) -> bytes:
        """The raw bytes that the signature covers; empty when they cannot be decoded."""
        try:
            return urlsafe_b64decode(self.signed_payload + "=" * (-len(self.signed_payload) % 4))
        except (Base64Error, ValueError):
            return b""

    def verdict(self, *, api_secret: str, now: datetime, lifetime: timedelta) -> NotificationVerdict:
        """Whether the cloud really said this. ``lifetime`` spans the time it may have waited in the channel."""
        return verify_notification(
            body=self.body,
            timestamp=str(self.timestamp),
            signature=self.signature,
            api_secret=api_secret,
            now=now,
            lifetime=lifetime,
        )


class _Messages(msgspec.Struct, frozen=True, kw_only=True):
    messages: tuple[Message, ...] = ()
    """The key is missing from an answer without any."""


def list_triggers(cloud: str) -> Call:
    """Every trigger of the cloud."""
    return Call(name="triggers", method="GET", path=f"/v1_1/{segment(cloud)}/triggers", repeatable=True)


def create_trigger(cloud: str, *, uri: str, event_type: str) -> Call:
    """Ask for ``event_type`` notifications on a poll channel. Sent twice it makes two triggers."""
    body = {"uri": uri, "uri_type": "poll", "event_type": event_type}
    return Call(name="new trigger", method="POST", path=f"/v1_1/{segment(cloud)}/triggers", body=JSONBody(value=body))


def drain(cloud: str, channel: str, *, most: int, wait: timedelta, hidden: timedelta) -> Call:
    """Claim what waits in ``channel``, or wait for it; what is claimed stays hidden for a while."""
    wait_s = int(wait.total_seconds())
    return Call(
        name="drain",
        method="GET",
        path=f"/v2/notifications/{segment(cloud)}/messages",
        query=(
            ("channel", channel),
            ("max_messages", str(most)),
            ("wait_seconds", str(wait_s)),
            ("visibility_timeout", str(int(hidden.total_seconds()))),
        ),
        repeatable=True,
        deadline_s=wait_s + _SLACK_S,
    )


def acknowledge(cloud: str, handles: Sequence[str]) -> Call:
    """Take up to 100 messages out of their channel for good."""
    return Call(
        name="acknowledge",
        method="POST",
        path=f"/v2/notifications/{segment(cloud)}/messages/ack",
        body=JSONBody(value={"receipt_handles": list(handles)}),
        repeatable=True,
    )


class PollChannel:
    """One channel of one cloud. Every method raises any ConnectorError."""

    def __init__(self, name: str, *, cloud: str, send: Callable[[Call], Awaitable[Reply]]) -> None:
        self._name = name
        self._cloud = cloud
        self._send = send

    async def open(self, *, event_type: str = "all") -> Trigger:
        """The trigger that fills this channel, made unless it is there already."""
        uri = f"poll://{self._name}"
        known = decode(await self._send(list_triggers(self._cloud)), _Triggers).triggers
        for trigger in known:
            if (trigger.uri, trigger.event_type) == (uri, event_type):
                return trigger
        return decode(await self._send(create_trigger(self._cloud, uri=uri, event_type=event_type)), Trigger)

    async def drain(
        self,
        *,
        most: int = 50,
        wait: timedelta = timedelta(seconds=20),
        hidden: timedelta = timedelta(seconds=30),
    ) -> tuple[Message, ...]:
        """What waits, after at most ``wait`` (up to 60 s); store it before ``hidden`` is over, then acknowledge."""
        call = drain(self._cloud, self._name, most=min(most, MOST_AT_ONCE), wait=wait, hidden=hidden)
        return decode(await self._send(call), _Messages).messages

    async def acknowledge(self, messages: Sequence[Message]) -> None:
        """Have ``messages`` never come again."""
        handles = [message.receipt_handle for message in messages]
        for start in range(0, len(handles), MOST_AT_ONCE):
            await self._send(acknowledge(self._cloud, handles[start : start + MOST_AT_ONCE]))
