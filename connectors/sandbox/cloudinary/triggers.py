"""The calls on triggers, and those by which poll channels are drained and acknowledged.

Source: contract §3.3. Delivery is at least once: an unacknowledged message comes back after its visibility timeout.
"""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary.answers import Answer, moment
from connectors.sandbox.cloudinary.jobs import Jobs
from connectors.sandbox.cloudinary.logic import holds
from connectors.sandbox.cloudinary.notices import POLL, Message, Notices, Trigger
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, missing
from connectors.sandbox.cloudinary.signing import notification_signature
from connectors.sandbox.cloudinary.state import Cloud

_MOST_TRIGGERS: Final = 30
_LOOK_AGAIN_S: Final = 0.1
_URI_TYPES: Final = frozenset({"webhook", "poll", "flow"})
_AUTH_SCHEMES: Final = frozenset({"default", "legacy_hmac", "eddsa_v2"})


class TriggerCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud, notices: Notices) -> None:
        self._cloud = cloud
        self._notices = notices

    def list_triggers(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET triggers."""
        del path
        event_type = parameters.text("event_type")
        shown = [self._shown(one) for one in self._notices.triggers.values() if event_type in {None, one.event_type}]
        return {"triggers": shown, "total": len(shown)}

    def create(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST triggers; a cloud has room for 30 (3P)."""
        del path
        if len(self._notices.triggers) >= _MOST_TRIGGERS:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"At most {_MOST_TRIGGERS} triggers are allowed")
        uri = parameters.required("uri")
        now = self._cloud.now()
        trigger = Trigger(
            id=self._cloud.mint("trigger"),
            uri=uri,
            uri_type=_uri_type(parameters, uri),
            event_type=parameters.required("event_type"),
            created_at=now,
            updated_at=now,
            is_additive=parameters.flag("additive"),
            auth_scheme=_auth_scheme(parameters),
            filter=_filter(parameters),
        )
        self._notices.triggers[trigger.id] = trigger
        return self._shown(trigger)

    def change(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT triggers/{id}: another target, or the whole set of a newer client (3P)."""
        trigger = self._known(path)
        uri = parameters.text("new_uri") or parameters.text("uri")
        if not uri:
            raise missing("new_uri")
        uri_type = _uri_type(parameters, uri)
        scheme, rule = _auth_scheme(parameters), _filter(parameters)
        trigger.uri, trigger.uri_type = uri, uri_type
        trigger.event_type = parameters.text("event_type") or trigger.event_type
        trigger.is_additive = parameters.flag("additive", default=trigger.is_additive)
        if "auth_scheme" in parameters.values:
            trigger.auth_scheme = scheme
        if "filter" in parameters.values:
            trigger.filter = rule
        trigger.updated_at = self._cloud.now()
        return {"message": "trigger updated"}

    def test(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST triggers/{id}/test: what the filter says of ``sample_data``; without a filter everything passes."""
        trigger = self._known(path)
        sample = parameters.mapping("sample_data") or {}
        return {
            "trigger_id": trigger.id,
            "filter_present": trigger.filter is not None,
            "filter_result": trigger.filter is None or holds(trigger.filter, sample),
        }

    def delete(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE triggers/{id}."""
        del parameters
        del self._notices.triggers[self._known(path).id]
        return {"message": "trigger deleted"}

    def _known(self, path: Mapping[str, str]) -> Trigger:
        trigger = self._notices.triggers.get(path["trigger_id"])
        if trigger is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Trigger not found - {path['trigger_id']}")
        return trigger

    def _shown(self, trigger: Trigger) -> Answer:
        answer: Answer = {
            "id": trigger.id,
            "uri": trigger.uri,
            "uri_type": trigger.uri_type,
            "event_type": trigger.event_type,
            "product_environment_id": self._cloud.hex_id("environment"),
            "created_at": moment(trigger.created_at),
            "updated_at": moment(trigger.updated_at),
            "additive": trigger.is_additive,
            "auth_scheme": trigger.auth_scheme,
        }
        if trigger.filter is not None:
            answer |= {"filter": dict(trigger.filter), "filter_language": "jsonlogic"}
        return answer


class ChannelCalls:
    """Draining and acknowledging, which belong to a newer module of the API."""

    def __init__(self, cloud: Cloud, notices: Notices, jobs: Jobs) -> None:
        self._cloud = cloud
        self._notices = notices
        self._jobs = jobs

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
            await self._jobs.do_due()
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
        known = [self._notices.messages.pop(handle, None) is not None for handle in handles]
        return {"results": [{"status": "acked" if one else "not_found"} for one in known]}

    def _claim(self, channel: str | None, batch_id: str | None, most: int, hidden: timedelta) -> list[Message]:
        now = self._cloud.now()
        visible = [
            one
            for one in self._notices.messages.values()
            if (one.channel == channel if channel else (one.channel, one.batch_id) == ("*", batch_id))
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


def _uri_type(parameters: Parameters, uri: str) -> str:
    said = parameters.text("uri_type") or ("poll" if uri.startswith(POLL) else "webhook")
    if said not in _URI_TYPES or (said == "poll") != uri.startswith(POLL):
        raise bad_value("uri_type", said)
    return said


def _auth_scheme(parameters: Parameters) -> str:
    said = parameters.text("auth_scheme") or "default"
    if said not in _AUTH_SCHEMES:
        raise bad_value("auth_scheme", said)
    return said


def _filter(parameters: Parameters) -> Mapping[str, object] | None:
    """The filter, tried on nothing so that an operator that does not exist is refused at once."""
    rule = parameters.mapping("filter")
    if rule is None:
        return None
    if parameters.text("filter_language") not in {None, "jsonlogic"}:
        raise bad_value("filter_language", parameters.text("filter_language"))
    holds(rule, {})
    return rule
