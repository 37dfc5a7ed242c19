"""Holds: what freezes documents, put on and lifted one by one or many at once (contract 9).

v2 answers carry ``results.ok``; writes answer ``{}``, never an empty body (contract 13).
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, bare, collection, cut, results
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.nodes import Node
from connectors.sandbox.extended_ecm.records import HOLD_TYPES, INHERITED, Hold, Placing
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event


class HoldsApi:
    """``…/holds``, ``/v2/hold``, ``/v2/holditems``, and the bulk calls."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        on_node = "/v1/nodes/{id}"
        return (
            Endpoint(method="GET", path=f"{on_node}/holds", handler=self.holds_on_node),
            Endpoint(method="POST", path=f"{on_node}/holds", handler=self.apply, may_say_nothing=True),
            Endpoint(method="DELETE", path=f"{on_node}/holds/{{hold}}", handler=self.lift, may_say_nothing=True),
            Endpoint(method="GET", path="/v2/holds", handler=self.holds),
            Endpoint(method="GET", path="/v2/hold", handler=self.hold),
            Endpoint(method="DELETE", path="/v2/hold", handler=self.delete_hold, may_say_nothing=True),
            Endpoint(method="GET", path="/v1/holds", handler=self.holds_v1),
            Endpoint(method="POST", path="/v1/holds", handler=self.create_hold),
            Endpoint(method="DELETE", path="/v1/holds/{id}", handler=self.delete_hold, may_say_nothing=True),
            Endpoint(method="GET", path="/v2/holditems/{id}", handler=self.hold_items),
            Endpoint(method="GET", path="/v2/holditems/{id}/page", handler=self.hold_items),
            Endpoint(
                method="POST", path="/v1/rmclassifications/applyhold", handler=self.apply_many, may_say_nothing=True
            ),
            Endpoint(
                method="POST", path="/v1/rmclassifications/removehold", handler=self.lift_many, may_say_nothing=True
            ),
        )

    def _node(self, ask: Ask) -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise unreachable()
        return node

    def _hold(self, hold_id: int | None) -> Hold:
        hold = self._server.records.holds.get(hold_id or 0)
        if hold is None:
            raise Refusal(400, "The hold does not exist.")
        return hold

    async def holds_on_node(self, ask: Ask) -> Json:
        """Direct ones can be lifted here, inherited ones where they were applied."""
        node = self._node(ask)
        shown: list[Json] = []
        for hold, origin in self._server.records.holds_on(node):
            placing = hold.node_ids[origin]
            member = self._server.members.find(placing.by)
            here = origin == node.id
            shown.append(
                {
                    "hold_id": hold.id,
                    "hold_name": hold.name,
                    "hold_type": hold.kind,
                    "hold_appliedmethod": placing.method if here else INHERITED,
                    "active": 1 if hold.active else 0,
                    "applied_by": member.name if member else "",
                    "date_applied": bare(placing.at),
                    "removable": here,
                    "queryid": placing.query_id,
                    "userid": placing.user_id,
                    "docxreftyp": placing.cross_reference,
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
            hold.node_ids[node.id] = Placing(by=ask.who.id, at=self._server.now())
            self._server.trail.add(node.id, Event.HOLD_APPLIED, at=self._server.now(), user_id=ask.who.id)

    async def lift(self, ask: Ask) -> Json:
        """A direct hold by its number; one that a query, a user or a cross-reference brought only with what brought it
        (CONFIRMED, contract 9)."""
        node, hold = self._node(ask), self._hold(ask.path_id("hold"))
        placing = hold.node_ids.get(node.id)
        told = (ask.integer("queryID", 0), ask.integer("userID", 0), ask.text("docxreftyp"))
        if placing is None or told != (placing.query_id, placing.user_id, placing.cross_reference):
            raise Refusal(400, "Object does not have this Hold")
        self._release(ask, hold, node)
        return {}

    def _release(self, ask: Ask, hold: Hold, node: Node) -> None:
        del hold.node_ids[node.id]
        self._server.trail.add(node.id, Event.HOLD_REMOVED, at=self._server.now(), user_id=ask.who.id)

    def _many(self, ask: Ask) -> tuple[Hold, list[Node]]:
        hold = self._server.records.holds.get(ask.integer("holdID") or 0)
        if hold is None:
            raise Refusal(404, "The hold does not exist.")
        found = [self._server.visible(node_id, ask.who) for node_id in ask.ids()]
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
            if node.id in hold.node_ids:
                self._release(ask, hold, node)
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
        told: Json = {"hold": self._hold_row(found)}
        return told if self._server.is_older else results(ask, {"ok": True, "data": told})

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
        """``results.contents``; R draws the rows flat in ``results`` (contract 13)."""
        hold = self._hold(ask.path_id())
        nodes = [node for node_id in hold.node_ids if (node := self._server.visible(node_id, ask.who)) is not None]
        page = cut(ask, nodes, default=25)
        contents = [await self._views.properties(node) for node in page.items]
        shown: object = contents if self._server.is_older else {"ok": True, "contents": contents}
        return {"collection": collection(ask, page), **results(ask, shown)}
