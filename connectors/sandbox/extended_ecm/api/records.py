"""Records management (contract 9). v2 answers carry ``results.ok``; writes answer ``{}``, never an empty body."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, bare, collection, cut, results
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.nodes import Node, NodeType
from connectors.sandbox.extended_ecm.records import DIRECT, HOLD_TYPES, INHERITED, STATUSES, Hold, RecordFacts
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event

_FEBRUARY, _LEAP_DAY = 2, 29
_CHANGEABLE: Final = ("status", "essential", "storage")


class RecordsApi:
    """Holds, record details, retention, plain classifications."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        on_node = "/v1/nodes/{id}"
        return (
            Endpoint(method="GET", path=f"{on_node}/holds", handler=self.holds_on_node),
            Endpoint(method="POST", path=f"{on_node}/holds", handler=self.apply),
            Endpoint(method="DELETE", path=f"{on_node}/holds/{{hold}}", handler=self.lift),
            Endpoint(method="GET", path="/v2/holds", handler=self.holds),
            Endpoint(method="GET", path="/v2/hold", handler=self.hold),
            Endpoint(method="DELETE", path="/v2/hold", handler=self.delete_hold),
            Endpoint(method="GET", path="/v1/holds", handler=self.holds_v1),
            Endpoint(method="POST", path="/v1/holds", handler=self.create_hold),
            Endpoint(method="DELETE", path="/v1/holds/{id}", handler=self.delete_hold),
            Endpoint(method="GET", path="/v2/holditems/{id}", handler=self.hold_items),
            Endpoint(method="GET", path="/v2/holditems/{id}/page", handler=self.hold_items),
            Endpoint(method="POST", path="/v1/rmclassifications/applyhold", handler=self.apply_many),
            Endpoint(method="POST", path="/v1/rmclassifications/removehold", handler=self.lift_many),
            Endpoint(method="GET", path=f"{on_node}/rmclassifications", handler=self.details),
            Endpoint(method="POST", path=f"{on_node}/rmclassifications", handler=self.classify_record),
            Endpoint(method="PUT", path=f"{on_node}/rmclassifications", handler=self.change_record),
            Endpoint(method="GET", path=f"{on_node}/rsi/{{rsi}}/GetRSIDetails", handler=self.retention),
            Endpoint(method="GET", path="/v2/rsis", handler=self.schedules),
            Endpoint(method="GET", path="/v2/recordsmanagement/rmcodes", handler=self.codes),
            Endpoint(method="GET", path=f"{on_node}/classifications", handler=self.classifications),
            Endpoint(method="POST", path=f"{on_node}/classifications", handler=self.classify),
        )

    def _node(self, ask: Ask) -> Node:
        node = self._server.tree.find(ask.path_id())
        if node is None:
            raise unreachable()
        return node

    def _hold(self, hold_id: int | None) -> Hold:
        hold = self._server.records.holds.get(hold_id or 0)
        if hold is None:
            raise Refusal(400, "The hold does not exist.")
        return hold

    # Holds

    async def holds_on_node(self, ask: Ask) -> Json:
        """Direct ones can be lifted here, inherited ones where they were applied."""
        node = self._node(ask)
        shown: list[Json] = []
        for hold, origin in self._server.records.holds_on(node):
            by, at = hold.node_ids[origin]
            member = self._server.members.find(by)
            direct = origin == node.id
            shown.append(
                {
                    "hold_id": hold.id,
                    "hold_name": hold.name,
                    "hold_type": hold.kind,
                    "hold_appliedmethod": DIRECT if direct else INHERITED,
                    "active": 1 if hold.active else 0,
                    "applied_by": member.name if member else "",
                    "date_applied": bare(at),
                    "removable": direct,
                    "queryid": 0,
                    "userid": 0,
                    "docxreftyp": "",
                    "parent_id": hold.parent_id,
                }
            )
        return {"data": shown}

    async def apply(self, ask: Ask) -> Json:
        """``hold_id`` in the query, a field or ``body`` (contract 13)."""
        self._freeze(ask, self._hold(ask.integer("hold_id")), [self._node(ask)])
        return {}

    def _freeze(self, ask: Ask, hold: Hold, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if node.id in hold.node_ids:
                raise Refusal(400, f"The item already has the hold '{hold.name}'.")
            hold.node_ids[node.id] = (ask.who.id, self._server.now())
            self._server.trail.add(node.id, Event.HOLD_APPLIED, at=self._server.now(), user_id=ask.who.id)

    async def lift(self, ask: Ask) -> Json:
        """Only a direct hold."""
        node, hold = self._node(ask), self._hold(ask.path_id("hold"))
        if node.id not in hold.node_ids:
            raise Refusal(400, "The item does not have this hold.")
        del hold.node_ids[node.id]
        self._server.trail.add(node.id, Event.HOLD_REMOVED, at=self._server.now(), user_id=ask.who.id)
        return {}

    def _many(self, ask: Ask) -> tuple[Hold, list[Node]]:
        hold = self._server.records.holds.get(ask.integer("holdID") or 0)
        if hold is None:
            raise Refusal(404, "The hold does not exist.")
        found = [self._server.tree.find(node_id) for node_id in ask.ids()]
        if not found or None in found:
            raise unreachable()
        return hold, [node for node in found if node is not None]

    async def apply_many(self, ask: Ask) -> Json:
        """The same for several."""
        hold, nodes = self._many(ask)
        self._freeze(ask, hold, [node for node in nodes if node.id not in hold.node_ids])
        return {}

    async def lift_many(self, ask: Ask) -> Json:
        """The same for several."""
        hold, nodes = self._many(ask)
        for node in nodes:
            hold.node_ids.pop(node.id, None)
        return {}

    def _hold_row(self, hold: Hold) -> Json:
        member = self._server.members.find(hold.applied_by)
        return {
            "HoldID": hold.id,
            "HoldName": hold.name,
            "ActiveHold": 1 if hold.active else 0,
            "OBJECT": None,
            "ApplyPatron": member.name if member else None,
            "DateApplied": bare(hold.applied_at),
            "HoldComment": hold.comment,
            "HoldType": hold.kind,
            "DateToRemove": hold.remove_at or None,
            "DateRemoved": None,
            "RemovalPatron": None,
            "RemovalComment": None,
            "EditDate": None,
            "EditPatron": None,
            "AlternateHoldID": hold.alternate_id,
            "ParentID": hold.parent_id,
        }

    async def holds(self, ask: Ask) -> Json:
        """All holds."""
        page = cut(ask, list(self._server.records.holds.values()), default=25)
        rows = [self._hold_row(hold) for hold in page.items]
        return {"collection": collection(ask, page), **results(ask, {"ok": True, "data": {"holds": rows}})}

    async def holds_v1(self, ask: Ask) -> Json:
        """v1: flat ``data``."""
        del ask
        return {"data": [self._hold_row(hold) for hold in self._server.records.holds.values()]}

    async def hold(self, ask: Ask) -> Json:
        """By name or id; a failure hides in a 200 (CONFIRMED, contract 9)."""
        records = self._server.records
        found = (
            records.hold_named(ask.text("holdname"))
            if ask.has("holdname")
            else records.holds.get(ask.integer("id") or 0)
        )
        if found is None:
            return results(ask, {"ok": False, "errMsg": "The hold does not exist.", "statusCode": 400})
        return results(ask, {"ok": True, "data": {"hold": self._hold_row(found)}})

    async def create_hold(self, ask: Ask) -> Json:
        """Raises: Refusal for an unknown type or a taken name."""
        for name in ("type", "name", "date_applied"):
            if not ask.text(name):
                raise missing(name)
        if ask.text("type") not in HOLD_TYPES:
            raise Refusal(400, f"'{ask.text('type')}' is not a valid hold type.")
        if self._server.records.hold_named(ask.text("name")) is not None:
            raise Refusal(400, f"A hold with the name '{ask.text('name')}' already exists.")
        try:
            applied = datetime.fromisoformat(ask.text("date_applied"))
        except ValueError:
            raise Refusal(400, "Invalid datatype specified for argument 'date_applied'") from None
        hold = Hold(
            id=self._server.tree.new_id(),
            name=ask.text("name"),
            kind=ask.text("type"),
            comment=ask.text("comment"),
            applied_at=applied if applied.tzinfo else applied.replace(tzinfo=UTC),
            applied_by=ask.who.id,
            alternate_id=ask.text("alternate_id"),
            parent_id=ask.integer("parent_id"),
            remove_at=ask.text("date_to_remove"),
        )
        self._server.records.holds[hold.id] = hold
        return {"holdID": hold.id}

    async def delete_hold(self, ask: Ask) -> Json:
        """Not while something is on it."""
        hold = self._hold(ask.path_id() if "id" in ask.request.path_params else ask.integer("id"))
        if hold.node_ids:
            raise Refusal(400, "The hold is in use.")
        del self._server.records.holds[hold.id]
        return {}

    async def hold_items(self, ask: Ask) -> Json:
        """``results.contents`` (contract 13)."""
        hold = self._hold(ask.path_id())
        nodes = [node for node_id in hold.node_ids if (node := self._server.tree.find(node_id)) is not None]
        page = cut(ask, nodes, default=25)
        contents = [await self._views.properties(node) for node in page.items]
        return {"collection": collection(ask, page), **results(ask, {"ok": True, "contents": contents})}

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
                "file_status": facts.status,
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
        data = {name: [{"Code": word, "Description": word.title()} for word in words] for name, words in lists.items()}
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
