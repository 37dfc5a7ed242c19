"""Triggers: who is told of what happens in the cloud.

Source: wire contract "Cloudinary" §3.3, CONFIRMED; ``additive``, ``auth_scheme`` and filters 3P. New ones ask for the
older signature, the only one whose covered bytes are published (§6.6, CHOSEN).
"""

from collections.abc import Mapping

import msgspec

from connectors.calls import Call, segment
from connectors.cloudinary.link import Link, admin
from connectors.shape import JSONValue, decode

LEGACY: str = "legacy_hmac"
"""The auth scheme whose signature can be verified."""


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to hear of what."""

    id: str
    uri: str
    uri_type: str
    event_type: str


class TriggerList(msgspec.Struct, frozen=True, kw_only=True):
    """All triggers, or those of one event type."""

    triggers: tuple[Trigger, ...] = ()
    total: int = 0


class FilterVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a trigger's filter says of a sample."""

    trigger_id: str
    filter_present: bool = False
    filter_result: bool = False


def list_triggers(cloud: str, *, event_type: str = "") -> Call:
    """Every trigger of the cloud, or those of one event type."""
    return admin(cloud, "GET", "triggers", name="triggers", query=(("event_type", event_type),))


def create_trigger(
    cloud: str,
    *,
    uri: str,
    event_type: str,
    uri_type: str,
    is_additive: bool = False,
    auth_scheme: str = "",
    rule: Mapping[str, JSONValue] | None = None,
) -> Call:
    """Ask for notifications at ``uri``; ``rule`` is JsonLogic. Sent twice it makes two triggers."""
    body: dict[str, JSONValue] = {"uri": uri, "uri_type": uri_type, "event_type": event_type}
    if is_additive:
        body["additive"] = True
    if auth_scheme:
        body["auth_scheme"] = auth_scheme
    if rule is not None:
        body |= {"filter": rule, "filter_language": "jsonlogic"}
    return admin(cloud, "POST", "triggers", name="new trigger", body=body)


def change_trigger(cloud: str, trigger_id: str, *, uri: str) -> Call:
    """Another target."""
    return admin(cloud, "PUT", f"triggers/{segment(trigger_id)}", name="change trigger", body={"new_uri": uri})


def try_trigger(cloud: str, trigger_id: str, sample: Mapping[str, JSONValue]) -> Call:
    """What the filter says of ``sample``; nothing is sent."""
    where = f"triggers/{segment(trigger_id)}/test"
    return admin(cloud, "POST", where, name="try trigger", body={"sample_data": sample}, repeatable=True)


def delete_trigger(cloud: str, trigger_id: str) -> Call:
    """Have nobody told any more. A second time it is a 404."""
    return admin(cloud, "DELETE", f"triggers/{segment(trigger_id)}", name="delete trigger", repeatable=False)


class Triggers:
    """The triggers of one cloud. Every method raises any ConnectorError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def all(self, *, event_type: str = "") -> tuple[Trigger, ...]:
        """Every trigger, or those of one event type."""
        return decode(
            await self._link.send(list_triggers(self._link.cloud, event_type=event_type)), TriggerList
        ).triggers

    async def create_hook(
        self,
        url: str,
        *,
        event_type: str = "all",
        is_additive: bool = False,
        rule: Mapping[str, JSONValue] | None = None,
    ) -> Trigger:
        """Have notifications posted to ``url``, signed so that they can be verified."""
        call = create_trigger(
            self._link.cloud,
            uri=url,
            event_type=event_type,
            uri_type="webhook",
            is_additive=is_additive,
            auth_scheme=LEGACY,
            rule=rule,
        )
        return decode(await self._link.send(call), Trigger)

    async def change(self, trigger_id: str, *, uri: str) -> None:
        """Give a trigger another target."""
        await self._link.send(change_trigger(self._link.cloud, trigger_id, uri=uri))

    async def try_out(self, trigger_id: str, sample: Mapping[str, JSONValue]) -> FilterVerdict:
        """What a trigger's filter says of ``sample``; without a filter everything passes."""
        return decode(await self._link.send(try_trigger(self._link.cloud, trigger_id, sample)), FilterVerdict)

    async def delete(self, trigger_id: str) -> None:
        """Have nobody told any more."""
        await self._link.send(delete_trigger(self._link.cloud, trigger_id))
