"""Delivery events (contract 1.5). The vendor labels the metrics internal: they stay off until somebody allows them."""

from datetime import datetime

from connectors.exstream import replies
from connectors.exstream import wire as calls
from connectors.exstream.calling import Caller
from connectors.exstream.runtime import ChannelEvent, EmailEvent


class EventCalls(Caller):
    """The event metrics of a tenant's domain; empty while :attr:`Site.uses_events` is off."""

    async def email_events(
        self, tenant: str, domain: str, *, since: datetime, until: datetime
    ) -> tuple[EmailEvent, ...]:
        """Mail events by the time of their last change."""
        if not self._site.uses_events:
            return ()
        return await self._list(calls.email_events(self._site, tenant, domain, since=since, until=until), EmailEvent)

    async def channel_events(
        self, tenant: str, domain: str, *, since: datetime, until: datetime
    ) -> tuple[ChannelEvent, ...]:
        """Events of every channel."""
        if not self._site.uses_events:
            return ()
        return replies.read_events(
            await self._transport.send(calls.channel_events(self._site, tenant, domain, since=since, until=until))
        )

    async def step_events(self, tenant: str, domain: str, step_id: str) -> tuple[ChannelEvent, ...]:
        """Whom a composing step made something for."""
        if not self._site.uses_events:
            return ()
        return replies.read_events(await self._transport.send(calls.step_events(self._site, tenant, domain, step_id)))
