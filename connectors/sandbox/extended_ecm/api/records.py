"""Records management (contract 9). v2 answers carry ``results.ok``; writes answer ``{}``, never an empty body."""

from datetime import datetime
from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, bare, collection, cut, results
from connectors.sandbox.extended_ecm.nodes import Node, NodeType
from connectors.sandbox.extended_ecm.records import HOLD_TYPES, STATUSES, RecordFacts
from connectors.sandbox.extended_ecm.refusal import Refusal, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event

_FEBRUARY, _LEAP_DAY = 2, 29
_CHANGEABLE: Final = ("status", "essential", "storage")


class RecordsApi:
    """Record details, retention, plain classifications."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        on_node = "/v1/nodes/{id}"
        return (
            Endpoint(method="GET", path=f"{on_node}/rmclassifications", handler=self.details),
            Endpoint(
                method="POST", path=f"{on_node}/rmclassifications", handler=self.classify_record, may_say_nothing=True
            ),
            Endpoint(
                method="PUT", path=f"{on_node}/rmclassifications", handler=self.change_record, may_say_nothing=True
            ),
            Endpoint(
                method="DELETE",
                path=f"{on_node}/rmclassifications/{{class}}",
                handler=self.unclassify,
                may_say_nothing=True,
            ),
            Endpoint(
                method="POST",
                path=f"{on_node}/rmclassifications/{{class}}/rsis",
                handler=self.schedule,
                may_say_nothing=True,
            ),
            Endpoint(
                method="DELETE",
                path=f"{on_node}/rmclassifications/{{class}}/rsis",
                handler=self.unschedule,
                may_say_nothing=True,
            ),
            Endpoint(
                method="PUT", path="/v1/rmclassifications/finalizerecords", handler=self.finalize, may_say_nothing=True
            ),
            Endpoint(method="GET", path=f"{on_node}/rsi/{{rsi}}/GetRSIDetails", handler=self.retention),
            Endpoint(method="GET", path="/v2/rsis", handler=self.schedules),
            Endpoint(method="GET", path="/v2/recordsmanagement/rmcodes", handler=self.codes),
            Endpoint(method="GET", path=f"{on_node}/classifications", handler=self.classifications),
            Endpoint(method="POST", path=f"{on_node}/classifications", handler=self.classify),
        )

    def _node(self, ask: Ask) -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise unreachable()
        return node

    # Records

    async def details(self, ask: Ask) -> Json:
        """v1: flat; empty ``data`` for what is no record."""
        node = self._node(ask)
        facts = self._server.records.facts.get(node.id)
        shown: Json = {
            "canRMClassify": facts is None and node.type == NodeType.DOCUMENT,
            "isRecord": facts is not None,
            "rm_metadataToken": facts.token if facts else "",
            "data": [],
        }
        if facts is None:
            return shown
        classification = self._server.tree.find(facts.classification_id)
        shown["data"] = [
            {
                "rmclassification_id": facts.classification_id,
                "name": classification.name if classification else "",
                "file_number": facts.file_number,
                "rsi": facts.schedule_name,
                "record_date": bare(facts.record_date),
                "status" if self._server.is_older else "file_status": facts.status,
                "status_date": bare(facts.status_date),
                "essential": facts.essential,
                "official": facts.official,
                "storage": facts.storage,
            }
        ]
        return shown

    async def classify_record(self, ask: Ask) -> Json:
        """Make a document a record."""
        node, class_id = self._node(ask), ask.needed_integer("class_id")
        classification = self._server.tree.find(class_id)
        if classification is None or classification.type != NodeType.RM_CLASSIFICATION:
            raise Refusal(400, "The record classification does not exist.")
        if node.id in self._server.records.facts:
            raise Refusal(400, "The item is classified already.")
        schedule = ask.text("rsi") or next(iter(self._server.records.schedules), "")
        if schedule not in self._server.records.schedules:
            raise Refusal(400, f"The RSI '{schedule}' does not exist.")
        self._server.records.facts[node.id] = RecordFacts(
            classification_id=class_id,
            file_number=f"{classification.name}-{node.id}",
            record_date=self._server.now(),
            schedule_name=schedule,
            official=ask.flag("official"),
        )
        self._server.trail.add(node.id, Event.CLASSIFIED, at=self._server.now(), user_id=ask.who.id)
        return {}

    async def change_record(self, ask: Ask) -> Json:
        """Raises: Refusal for a stale token, or for ``false`` sent with an option that nobody touched (CONFIRMED)."""
        facts = self._server.records.facts.get(self._node(ask).id)
        if facts is None:
            raise Refusal(400, "The item is not a record.")
        if facts.final:
            raise Refusal(400, "The record is final.")
        if ask.text("rm_metadataToken") != facts.token:
            raise Refusal(400, "The record was changed by somebody else.")
        if ask.has("official") and not ask.flag("official"):
            raise Refusal(400, "Invalid datatype specified for argument 'official'")
        if ask.has("status") and ask.text("status") not in STATUSES:
            raise Refusal(400, f"'{ask.text('status')}' is not a valid status.")
        for name in _CHANGEABLE:
            if ask.text(name):
                setattr(facts, name, ask.text(name))
        if ask.has("status"):
            facts.status_date = self._server.now()
        facts.revision += 1
        return {}

    def _facts(self, ask: Ask) -> tuple[Node, RecordFacts]:
        """The record that the path names by node and classification. Raises: Refusal."""
        node = self._node(ask)
        facts = self._server.records.facts.get(node.id)
        if facts is None or facts.classification_id != ask.path_id("class"):
            raise Refusal(400, "Cannot retrieve node")
        if facts.final:
            raise Refusal(400, "The record is final.")
        return node, facts

    async def unclassify(self, ask: Ask) -> Json:
        """No record any more. Raises: Refusal for a stale token, or while a hold is on it (CHOSEN)."""
        node, facts = self._facts(ask)
        if ask.text("rm_metadataToken") not in ("", facts.token):
            raise Refusal(400, "The record was changed by somebody else.")
        if any(True for _ in self._server.records.holds_on(node)):
            raise Refusal(400, "Could not delete records in table RM_PartRecords")
        del self._server.records.facts[node.id]
        self._server.trail.add(node.id, Event.CLASSIFIED, at=self._server.now(), user_id=ask.who.id)
        return {}

    async def schedule(self, ask: Ask) -> Json:
        """Say how long it is kept."""
        _, facts = self._facts(ask)
        if ask.text("rsi") not in self._server.records.schedules:
            raise Refusal(400, "Incorrect RSI specified.")
        facts.schedule_name = ask.text("rsi")
        facts.revision += 1
        return {}

    async def unschedule(self, ask: Ask) -> Json:
        """No longer say how long."""
        _, facts = self._facts(ask)
        facts.schedule_name = ""
        facts.revision += 1
        return {}

    async def finalize(self, ask: Ask) -> Json:
        """For ever (contract 9); all or none."""
        given = ask.many("ids")
        known = [self._server.records.facts.get(int(each)) if each.isdecimal() else None for each in given]
        if not known or None in known:
            raise Refusal(404, "ID is not an integer or is missing")
        for facts in known:
            if facts is not None:
                facts.final = True
        return {}

    async def retention(self, ask: Ask) -> Json:
        """When the document's time is over."""
        node = self._node(ask)
        facts = self._server.records.facts.get(node.id)
        schedule = self._server.records.schedules.get(ask.path_text("rsi"))
        if facts is None or schedule is None or facts.schedule_name != schedule.name:
            raise Refusal(400, "The RSI is not assigned to the item.")
        ends = _years_later(facts.record_date, schedule.years)
        return {
            "data": [
                {
                    "Stage": "Final",
                    "RetentionRule": f"Record Date + {schedule.years} years",
                    "CalculatedDate": bare(ends),
                    "MetEventRule": None,
                    "EventBased": False,
                    "Permanent": False,
                    "DateToUse": "Record Date",
                    "RetentionYears": schedule.years,
                    "RetentionMonths": 0,
                    "RetentionDays": 0,
                    "Disposition": schedule.disposition,
                }
            ]
        }

    async def schedules(self, ask: Ask) -> Json:
        """One row per stage; each schedule here has one."""
        page = cut(ask, list(self._server.records.schedules.values()), default=25)
        rows = [
            {
                "RSIID": schedule.id,
                "RSIName": schedule.name,
                "Title": schedule.title,
                "RSIStatus": "ACTIVE",
                "RSIScheduleID": schedule.id,
                "RetStage": "Final",
                "RetentionYears": schedule.years,
                "DateToUse": "Record Date",
                "Disposition": schedule.disposition,
            }
            for schedule in page.items
        ]
        return {"collection": collection(ask, page), **results(ask, {"ok": True, "data": {"rsis": rows}})}

    async def codes(self, ask: Ask) -> Json:
        """The words that status, essential and hold type may be."""
        lists = {"status": STATUSES, "essential": ("VITAL", "NONVITAL"), "hold_type": HOLD_TYPES}
        data = {
            name: {
                "default_value": words[0],
                "values": [{"code": word, "description": word.title()} for word in words],
            }
            for name, words in lists.items()
        }
        return results(ask, {"ok": True, "data": data})

    # Plain classifications

    async def classifications(self, ask: Ask) -> Json:
        """v1: flat."""
        found = (self._server.tree.find(each) for each in self._node(ask).classification_ids)
        return {"data": [{"id": each.id, "name": each.name, "type": int(each.type)} for each in found if each]}

    async def classify(self, ask: Ask) -> Json:
        """``class_id`` is the whole new set (CONFIRMED, contract 9)."""
        node = self._node(ask)
        wanted = ask.ids("class_id")
        if any(self._server.tree.find(each) is None for each in wanted):
            raise unreachable()
        node.classification_ids = wanted
        self._server.trail.add(node.id, Event.CLASSIFIED, at=self._server.now(), user_id=ask.who.id)
        return {"data": wanted}


def _years_later(moment: datetime, years: int) -> datetime:
    day = 28 if (moment.month, moment.day) == (_FEBRUARY, _LEAP_DAY) else moment.day
    return moment.replace(year=moment.year + years, day=day)
