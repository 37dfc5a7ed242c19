"""Notifications for a desk behind a firewall: a poll trigger fills a channel, and the channel is drained.

Source: wire contract "Cloudinary" §3.3 and §6.6, CONFIRMED; whether a plan has poll triggers is open (§12), so the
caller falls back to Search when :meth:`PollChannel.open` is refused. Delivery is at least once.
"""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from connectors.calls import Call, JSONBody, segment
from connectors.cloudinary.link import Link
from connectors.cloudinary.signature import NotificationVerdict, verify_notification
from connectors.cloudinary.triggers import Trigger, TriggerList, create_trigger, list_triggers
from connectors.shape import decode

MOST_AT_ONCE: Final = 100
_SLACK_S: Final = 15.0
"""What an answer may take beyond the wait that was asked for."""


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


def drain(cloud: str, *, channel: str = "", batch_id: str = "", most: int, wait: timedelta, hidden: timedelta) -> Call:
    """Claim what waits in a channel, or for a batch, or wait for it; what is claimed stays hidden for a while."""
    wait_s = int(wait.total_seconds())
    return Call(
        name="drain",
        method="GET",
        path=f"/v2/notifications/{segment(cloud)}/messages",
        query=(
            ("channel", channel) if channel else ("batch_id", batch_id),
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
    """One channel of one cloud, or the messages of one batch. Every method raises any ConnectorError."""

    def __init__(self, link: Link, *, name: str = "", batch_id: str = "") -> None:
        """Exactly one of ``name`` and ``batch_id``; a batch belongs to the anonymous channel. Raises: ValueError."""
        if bool(name) == bool(batch_id):
            raise ValueError("a channel has a name, or is one batch")
        self._link = link
        self._name = name
        self._batch_id = batch_id

    @property
    def uri(self) -> str:
        """What a trigger or a call's ``notification_url`` names to fill it."""
        return f"poll://{self._name or '*'}"

    async def open(self, *, event_type: str = "all") -> Trigger:
        """The trigger that fills this channel, made unless it is there already."""
        cloud = self._link.cloud
        for trigger in decode(await self._link.send(list_triggers(cloud)), TriggerList).triggers:
            if (trigger.uri, trigger.event_type) == (self.uri, event_type):
                return trigger
        call = create_trigger(cloud, uri=self.uri, event_type=event_type, uri_type="poll")
        return decode(await self._link.send(call), Trigger)

    async def drain(
        self,
        *,
        most: int = 50,
        wait: timedelta = timedelta(seconds=20),
        hidden: timedelta = timedelta(seconds=30),
    ) -> tuple[Message, ...]:
        """What waits, after at most ``wait`` (up to 60 s); store it before ``hidden`` is over, then acknowledge."""
        call = drain(
            self._link.cloud,
            channel=self._name,
            batch_id=self._batch_id,
            most=min(most, MOST_AT_ONCE),
            wait=wait,
            hidden=hidden,
        )
        return decode(await self._link.send(call), _Messages).messages

    async def acknowledge(self, messages: Sequence[Message]) -> None:
        """Have ``messages`` never come again."""
        await self.acknowledge_handles([message.receipt_handle for message in messages])

    async def acknowledge_handles(self, handles: Sequence[str]) -> None:
        """The same by the messages' receipts."""
        for start in range(0, len(handles), MOST_AT_ONCE):
            await self._link.send(acknowledge(self._link.cloud, handles[start : start + MOST_AT_ONCE]))
