"""Mail digests that one asks for, and reminders (contract 11).

The keys of reminders are those of P's quoted replies and requests, beyond what the contract spells out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results, zulu
from connectors.sandbox.extended_ecm.nodes import Node
from connectors.sandbox.extended_ecm.refusal import Refusal, unreachable, wrong_type
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.world import Dialect

INTERESTS: Final = ((1, "Added"), (3, "Changed"), (4, "Deleted"), (13, "New version"))
"""Numbers 3, 4 and 13 occur in source A; the names are CHOSEN."""
CLIENT: Final = (1, "Reminder")
TYPES: Final = ((1, "Review"), (2, "Approval"))
_OPEN, _ACTIVE, _STARTED, _DONE = 1, -1, -2, 2
_LEADS_TO: Final = {
    _OPEN: {_ACTIVE, _STARTED, _DONE},
    _ACTIVE: {_STARTED, _DONE},
    _STARTED: {_DONE},
    _DONE: set[int](),
}


@dataclass(slots=True, kw_only=True)
class Reminder:
    """One reminder on one node."""

    id: int
    node_id: int
    type_id: int
    description: str
    due: str
    recipient_ids: list[int]
    priority: int
    made_at: datetime
    made_by: int
    status: int = _OPEN


class NoticesApi:
    """``/v2/notifications``, ``/v2/nodes/{id}/followups``, ``/v2/resubmission``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._reports: dict[tuple[int, int], dict[int, int]] = {}
        """Member and node → interest → report."""
        self._reminders: dict[int, Reminder] = {}

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        interests, reminders = "/v2/notifications/interests/nodes/{id}", "/v2/nodes/{id}/followups"
        return (
            Endpoint(method="GET", path=interests, handler=self.interests),
            Endpoint(method="PUT", path=interests, handler=self.set_interests),
            Endpoint(method="GET", path=reminders, handler=self.reminders),
            Endpoint(method="GET", path=f"{reminders}/{{reminder}}", handler=self.reminder),
            Endpoint(method="PUT", path=f"{reminders}/{{reminder}}", handler=self.set_status),
            Endpoint(method="POST", path="/v2/resubmission/{id}/addreminder", handler=self.remind),
            Endpoint(method="GET", path="/v1/forms/nodes/followup/getClientTypes", handler=self.kinds),
        )

    def _node(self, ask: Ask, *, status: int = 400) -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise unreachable(status)
        return node

    # Interests

    async def interests(self, ask: Ask) -> Json:
        """What whoever asks is told about a node, and in which report (0: none)."""
        set_here = self._reports.get((ask.who.id, self._node(ask).id), {})
        shown = [{"id": number, "interest": name, "report": set_here.get(number, 0)} for number, name in INTERESTS]
        return results(ask, {"data": {"interests": shown}})

    async def set_interests(self, ask: Ask) -> Json:
        """Whatever is not named is reset to 0 (CONFIRMED, contract 11)."""
        node, wanted = self._node(ask), {}
        for each in ask.objects("interests"):
            number, report = each.get("id"), each.get("report")
            if not isinstance(number, int) or not isinstance(report, int) or number not in dict(INTERESTS):
                raise wrong_type("interests")
            wanted[number] = report
        self._reports[ask.who.id, node.id] = wanted
        return await self.interests(ask)

    # Reminders

    def _shown(self, each: Reminder) -> Json:
        people = [self._server.members.find(member_id) for member_id in each.recipient_ids]
        return {
            "activation_by_day": 0,
            "activation_date": None,
            "assignees": [{"id": person.id, "name": person.name} for person in people if person],
            "create_date": zulu(each.made_at),
            "create_user_id": each.made_by,
            "data_id": each.node_id,
            "description": each.description,
            "due_date": each.due or None,
            "end_sequence_date": None,
            "followup_client": CLIENT[0],
            "followup_client_name": CLIENT[1],
            "followup_handler": 1,
            "followup_id": each.id,
            "followup_type": each.type_id,
            "followup_type_name": dict(TYPES).get(each.type_id, ""),
            "parent_id": each.id,
            "priority": each.priority,
            "rule": 0,
            "start_sequence_date": None,
            "status": each.status,
            "status_by": None,
        }

    def _reminder(self, ask: Ask) -> Reminder:
        node, found = self._node(ask, status=500), self._reminders.get(ask.path_id("reminder"))
        if found is None or found.node_id != node.id:
            raise unreachable(500)
        return found

    async def reminders(self, ask: Ask) -> Json:
        """All of a node."""
        node = self._node(ask, status=500)
        found = [each for each in self._reminders.values() if each.node_id == node.id]
        return results(ask, {"followups": [{"data": {"followup": self._shown(each)}} for each in found]})

    async def reminder(self, ask: Ask) -> Json:
        """One of them."""
        return results(ask, {"data": {"followup": self._shown(self._reminder(ask))}})

    async def remind(self, ask: Ask) -> Json:
        """The wish lies in a field ``data``; releases before 26.2 do not say the new number (CONFIRMED by P)."""
        node = self._node(ask, status=500)
        said = ask.mapping("data")
        recipients = said.get("recipients")
        people = recipients if isinstance(recipients, list) else []
        known = [int(str(each)) for each in people if str(each).isdecimal()]
        if not known or any(self._server.members.find(each) is None for each in known):
            raise Refusal(500, "Errors getting assignee information.")
        made = Reminder(
            id=len(self._reminders) + 1,
            node_id=node.id,
            type_id=_number(said.get("RSTYPE"), TYPES[0][0]),
            description=str(said.get("RSDESCRIPTION") or ""),
            due=str(said.get("RSDATE") or ""),
            recipient_ids=known,
            priority=_number(said.get("PRIORITY"), 50),
            made_at=self._server.now(),
            made_by=ask.who.id,
        )
        self._reminders[made.id] = made
        older = self._server.world.habits.dialect is Dialect.OLDER
        return results(ask, {} if older else {"data": {"id": made.id}})

    async def set_status(self, ask: Ask) -> Json:
        """Forward only."""
        each, status = self._reminder(ask), ask.integer("status")
        if status is None:
            raise Refusal(400, "Could not set feature Status, value must be a integer")
        if status not in _LEADS_TO[each.status] | {each.status}:
            raise Refusal(400, f"Could not set feature Status, invalid value '{status}'")
        each.status = status
        return results(ask, {})

    async def kinds(self, ask: Ask) -> Json:
        """Alpaca: the one client, and its types when it is named."""
        client = ask.integer("client_id")
        names = TYPES if client == CLIENT[0] else ()
        return {
            "forms": [
                {
                    "data": {"followup_client_name": CLIENT[0], "followup_type_name": ""},
                    "options": {
                        "fields": {
                            "followup_client_name": {"optionLabels": [CLIENT[1]], "type": "select"},
                            "followup_type_name": {"optionLabels": [name for _, name in names], "type": "select"},
                        }
                    },
                    "schema": {
                        "properties": {
                            "followup_client_name": {"enum": [CLIENT[0]]},
                            "followup_type_name": {"enum": [number for number, _ in names]},
                        },
                        "type": "object",
                    },
                }
            ]
        }


def _number(said: object, default: int) -> int:
    try:
        return msgspec.convert(said, type=int, strict=False)
    except msgspec.ValidationError:
        return default
