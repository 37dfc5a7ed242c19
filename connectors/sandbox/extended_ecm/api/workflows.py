"""Workflows before and while they run: maps, drafts, starting, progress (contract 10)."""

from datetime import UTC, datetime
from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, links, results
from connectors.sandbox.extended_ecm.api.workflow_views import WorkflowViews
from connectors.sandbox.extended_ecm.nodes import Node, NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, wrong_type
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.workflows import (
    FORM_PREFIX,
    NO_PROCESS,
    START_NEEDED,
    Draft,
    Process,
    Standing,
    WorkflowMap,
)

_WITH_DOCUMENTS: Final = "1_1"
"""``workflow_type`` of a draft that has documents (P's quoted reply)."""
_DEFINITION_TYPE: Final = 100
"""``WorkflowType`` in P's quoted reply; its meaning is not public."""


class WorkflowsApi:
    """``/v2/docworkflows``, ``/v2/draftprocesses``, ``/v2/processes``, ``/v2/workflows``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._flows = server.workflows
        self._views = WorkflowViews(server)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="GET", path="/v2/docworkflows", handler=self.usable),
            Endpoint(method="GET", path="/v2/workflows/status", handler=self.mine),
            Endpoint(method="GET", path="/v2/workflows/status/processes/{process}", handler=self.progress),
            Endpoint(method="GET", path="/v2/workflows/{map}/definition", handler=self.definition),
            Endpoint(method="GET", path="/v2/processes/{map}/definition", handler=self.definition),
            Endpoint(method="POST", path="/v2/draftprocesses", handler=self.draft),
            Endpoint(method="GET", path="/v1/forms/draftprocesses/update", handler=self.draft_form),
            Endpoint(method="GET", path="/v1/forms/draftprocesses", handler=self.draft_form),
            Endpoint(method="POST", path="/v2/draftprocesses/startwf", handler=self.start_at_once),
            Endpoint(method="PUT", path="/v2/draftprocesses/{draft}", handler=self.change_draft),
            Endpoint(method="POST", path="/v2/processes", handler=self.start_definition),
            Endpoint(method="PUT", path="/v2/processes/{process}/status", handler=self.turn),
            Endpoint(method="DELETE", path="/v2/processes/{process}", handler=self.drop),
            # The same under the vendor's newer words (source A lists both).
            Endpoint(method="GET", path="/v2/workflows/instances/status", handler=self.mine),
            Endpoint(method="GET", path="/v2/workflows/status/instances/{process}", handler=self.progress),
            Endpoint(method="POST", path="/v2/workflows/draftinstances", handler=self.draft),
            Endpoint(method="POST", path="/v2/workflows/draftinstances/startwf", handler=self.start_at_once),
            Endpoint(method="PUT", path="/v2/workflows/draftinstances/{draft}", handler=self.change_draft),
            Endpoint(method="POST", path="/v2/workflows/Initiate", handler=self.start_definition),
            Endpoint(method="PUT", path="/v2/workflows/instances/{process}/status", handler=self.turn),
            Endpoint(method="DELETE", path="/v2/workflows/instances/{process}", handler=self.drop),
        )

    # Before

    async def usable(self, ask: Ask) -> Json:
        """The maps that a document can be sent on."""
        if not ask.ids("doc_id") or ask.integer("parent_id") is None:
            raise missing("doc_id" if not ask.ids("doc_id") else "parent_id")
        found = [
            {"DataID": each.id, "Name": each.name, "WorkflowType": _DEFINITION_TYPE}
            for each in self._flows.maps.values()
            if self._server.visible(each.id, ask.who) is not None
        ]
        return results(ask, {"data": found, "fError": "", "fErrorDetail": "", "statusMsg": None})

    async def definition(self, ask: Ask) -> Json:
        """Tasks, data packages and roles of a map."""
        return results(ask, {"definition": self._views.definition(self._map(ask, ask.path_id("map")))})

    def _map(self, ask: Ask, map_id: int) -> WorkflowMap:
        found = self._flows.map(map_id)
        if self._server.visible(map_id, ask.who) is None:
            raise Refusal(400, NO_PROCESS)
        return found

    async def draft(self, ask: Ask) -> Json:
        """``workflow_type`` comes only with documents (CONFIRMED, contract 10)."""
        draft = self._prepared(ask, self._map(ask, ask.needed_integer("workflow_id")))
        self._flows.drafts[draft.id] = draft
        made: Json = {"draftprocess_id": draft.id}
        if draft.document_ids:
            made["workflow_type"] = _WITH_DOCUMENTS
        return results(ask, made)

    def _prepared(self, ask: Ask, way: WorkflowMap) -> Draft:
        documents = [self._server.visible(each, ask.who) for each in ask.ids("doc_ids")]
        if None in documents:
            raise Refusal(400, NO_PROCESS)
        draft_id = self._server.tree.new_id()
        attached = [node for node in documents if node is not None]
        return Draft(
            id=draft_id,
            map=way,
            owner_id=ask.who.id,
            document_ids=[node.id for node in attached],
            attachment_folder_id=self._attach(ask, way, draft_id, attached).id,
            title=way.name,
        )

    def _attach(self, ask: Ask, way: WorkflowMap, draft_id: int, documents: list[Node]) -> Node:
        """A folder with a shortcut to each document (CHOSEN place: hidden, beside the map)."""
        beside = self._server.tree.find(way.id)
        above = self._server.tree.find(beside.parent_id) if beside else None
        assert above is not None  # noqa: S101 - a map hangs in a folder
        folder = self._server.make(
            parent=above, kind=NodeType.FOLDER, name=f"{way.name} attachments {draft_id}", by=ask.who.id
        )
        folder.hidden = True
        for document in documents:
            shortcut = self._server.make(
                parent=folder, kind=NodeType.SHORTCUT, name=f"{document.name} {document.id}", by=ask.who.id
            )
            shortcut.original_id = document.id
        return folder

    def _draft(self, ask: Ask, draft_id: int) -> Draft:
        return self._flows.draft(draft_id, owner_id=ask.who.id)

    async def draft_form(self, ask: Ask) -> Json:
        """v1: flat ``data`` beside ``forms``."""
        draft = self._draft(ask, ask.needed_integer("draftprocess_id"))
        return self._views.draft_form(draft)

    async def change_draft(self, ask: Ask) -> Json:
        """``formUpdate`` fills, ``Initiate`` starts; the words are case-blind (A writes both ways)."""
        draft, action = self._draft(ask, ask.path_id("draft")), ask.text("action").lower()
        match action:
            case "formupdate":
                values = ask.mapping("values")
                due = values.get(f"{FORM_PREFIX}_WorkflowDueDate")
                self._flows.fill(draft, values, due_at=_moment(str(due)) if due else None)
                return results(ask, {})
            case "initiate":
                process = self._flows.start(
                    draft, process_id=self._server.tree.new_id(), at=self._server.now(), comment=ask.text("comment")
                )
                return results(ask, self._started(process))
            case "":
                raise Refusal(400, "Could not retrieve action")
            case _:
                raise Refusal(400, "The requested action is unknown. Allowed actions 'initiate','formupdate'")

    def _started(self, process: Process) -> Json:
        said = f"{process.map.name} was initiated successfully."
        return {"custom_message": said, "process_id": process.id, "WorkID": None, "WRID": None}

    async def start_at_once(self, ask: Ask) -> Json:
        """Only where no form precedes (CONFIRMED, contract 10)."""
        way = self._map(ask, ask.needed_integer("workflow_id"))
        if way.start_step:
            raise Refusal(400, START_NEEDED)
        process = self._flows.start(
            self._prepared(ask, way), process_id=self._server.tree.new_id(), at=self._server.now()
        )
        return results(ask, {"custom_message": None, "process_id": process.id})

    async def start_definition(self, ask: Ask) -> Json:
        """``{"definition": {"workflow_id", "role_info"}}``; the answer is flat (source A)."""
        definition = ask.mapping("definition")
        map_id = str(definition.get("workflow_id", ""))
        if not map_id.isdecimal():
            raise Refusal(400, NO_PROCESS)
        draft = self._prepared(ask, self._map(ask, int(map_id)))
        roles = definition.get("role_info")
        for member in roles.values() if isinstance(roles, dict) else ():
            if draft.map.assignee_number is not None:
                draft.values[draft.map.assignee_number] = member
        process = self._flows.start(draft, process_id=self._server.tree.new_id(), at=self._server.now())
        return {"links": links(ask), "process_id": process.id, "results": {"process_id": process.id}}

    # While it runs

    def _process(self, ask: Ask) -> Process:
        return self._flows.process(ask.path_id("process"))

    async def progress(self, ask: Ask) -> Json:
        """Details, and the steps done, waiting and to come."""
        return results(ask, self._views.progress(self._process(ask), ask.who))

    async def mine(self, ask: Ask) -> Json:
        """What whoever asks manages or began; A's ``Kind`` and P's ``kind`` are the same."""
        kind = (ask.text("Kind") or ask.text("kind", "Both")).title()
        if kind not in ("Managed", "Initiated", "Both"):
            raise wrong_type("Kind")
        wanted, now, me = set(ask.many("wstatus")), self._server.now(), ask.who.id
        found = [
            each
            for each in self._flows.processes()
            if ((kind != "Initiated" and each.map.manager_id == me) or (kind != "Managed" and each.initiator_id == me))
            and (not wanted or each.seen_at(now) in wanted)
            and each.standing is not Standing.ARCHIVED
        ]
        key, _, direction = ask.text("sort", "date_initiated asc").partition(" ")
        rows = [self._views.status_row(each) for each in found]
        rows.sort(key=lambda row: str(row.get(key, "")), reverse=direction == "desc")
        return results(ask, [{"data": {"wfstatus": row}, "definitions": {}} for row in rows])

    async def turn(self, ask: Ask) -> Json:
        """Only who began or manages it."""
        process = self._managed(ask)
        self._flows.turn(process, ask.needed("status").lower(), at=self._server.now(), by=ask.who.id)
        return results(ask, {})

    async def drop(self, ask: Ask) -> Json:
        """Forget the process; its documents stay where they are."""
        self._flows.drop(self._managed(ask))
        return results(ask, {})

    def _managed(self, ask: Ask) -> Process:
        process = self._process(ask)
        if ask.who.id not in (process.initiator_id, process.map.manager_id):
            raise Refusal(400, "No permission to change the status of the process")
        return process


def _moment(said: str) -> datetime:
    """``2026-02-01 12:00:00.000``, as the form sends dates; the server's own zone is UTC."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise Refusal(400, f"Could not set the due date '{said}'") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
