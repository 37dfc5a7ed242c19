"""What waits for somebody: assignments, the form of a task, the decision, and what was said (contract 10)."""

from collections.abc import Mapping

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, bare, collection, cut, results
from connectors.sandbox.extended_ecm.api.workflow_views import WorkflowViews
from connectors.sandbox.extended_ecm.nodes import NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.workflows import BOTH_ACTIONS, FORM_PREFIX, NO_TASK, PROOF_NEEDED, Process, Step

_HANDED_OVER = ("Delegate", "Review")


class TasksApi:
    """``/v2/members/assignments``, ``/v1/forms/processes/tasks``, ``/v2/processes/…/tasks``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._flows = server.workflows
        self._views = WorkflowViews(server)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        on_process = "/v2/processes/{process}/subprocesses/{subprocess}"
        return (
            Endpoint(method="GET", path="/v2/members/assignments", handler=self.assignments),
            Endpoint(
                method="GET",
                path="/v2/members/moduleassignments/ExpandAssignments/workflow",
                handler=self.paged_assignments,
            ),
            Endpoint(method="GET", path="/v1/forms/processes/tasks/update", handler=self.form),
            Endpoint(method="PUT", path=f"{on_process}/tasks/{{task}}", handler=self.decide),
            Endpoint(method="GET", path=f"{on_process}/activities", handler=self.activities),
            # The same under the vendor's newer words (source A lists both).
            Endpoint(
                method="PUT",
                path="/v2/workflows/workflowid/{process}/subworkflows/{subprocess}/tasks/{task}",
                handler=self.decide,
            ),
            Endpoint(
                method="GET",
                path="/v2/workflows/{process}/subworkflows/{subprocess}/activities",
                handler=self.activities,
            ),
        )

    async def assignments(self, ask: Ask) -> Json:
        """Tasks of workflows, and plain ones."""
        return results(ask, self._rows(ask))

    async def paged_assignments(self, ask: Ask) -> Json:
        """The same page by page, under an unpublished path that OpenText's own client asks."""
        page = cut(ask, self._rows(ask), default=20)
        return {"collection": collection(ask, page), **results(ask, list(page.items))}

    def _rows(self, ask: Ask) -> list[Json]:
        rows = [self._assignment(each) for each in self._flows.tasks_of(ask.who.id)]
        rows += [
            {
                "date_due": node.task.get("due_date"),
                "id": node.id,
                "instructions": node.task.get("instructions") or "",
                "location_id": node.parent_id,
                "name": node.name,
                "priority": node.task.get("priority"),
                "status": node.task.get("status"),
                "type": int(NodeType.TASK),
                "type_name": "Task",
            }
            for node in self._server.tree.everything()
            if node.type == NodeType.TASK and str(node.task.get("assigned_member_id")) == str(ask.who.id)
        ]
        return [{"data": {"assignments": row}} for row in rows]

    def _assignment(self, process: Process) -> Json:
        step = process.step
        return {
            "container": False,
            "container_size": 0,
            "date_due": bare(process.due_at),
            "favorite": False,
            "from_user_id": process.initiator_id,
            "id": process.id,
            "instructions": step.instructions if step else "",
            "location_id": process.attachment_folder_id,
            "name": step.name if step else "",
            "priority": 50,
            "priority_name": "Medium",
            "status": 2,
            "status_name": "Ready",
            "type": 153,
            "type_name": "Step",
            "workflow_id": process.id,
            "workflow_subworkflow_id": process.id,
            "workflow_subworkflow_task_id": step.number if step else 0,
        }

    def _mine(self, ask: Ask, process_id: int, task_id: int) -> tuple[Process, Step]:
        """The task, if it waits for whoever asks. Raises: Refusal."""
        process = self._flows.process(process_id)
        step = process.step
        if step is None or step.number != task_id or process not in self._flows.tasks_of(ask.who.id):
            raise Refusal(400, NO_TASK)
        return process, step

    async def form(self, ask: Ask) -> Json:
        """v1: flat ``data`` beside ``forms``."""
        mine = self._mine(ask, ask.needed_integer("process_id"), ask.needed_integer("task_id"))
        return self._views.task_form(*mine)

    async def decide(self, ask: Ask) -> Json:
        """``custom_action`` or ``action``, never both; some tasks ask for the password again (CONFIRMED)."""
        process, step = self._mine(ask, ask.path_id("process"), ask.path_id("task"))
        action, custom, comment = ask.text("action"), ask.text("custom_action"), ask.text("comment")
        if action and custom:
            raise Refusal(400, BOTH_ACTIONS)
        if action.lower() == "formupdate":
            self._fill(ask, process)
            return results(ask, {})
        if action in _HANDED_OVER:
            to = ask.needed_integer("assignee")
            if self._server.members.find(to) is None:
                raise Refusal(400, f"Could not get a member for {to}")
            self._flows.hand_over(process, to=to, action=action, comment=comment, at=self._server.now(), by=ask.who.id)
            return results(ask, {})
        if step.password and not self._proven(ask):
            raise Refusal(400, "Invalid username/password specified", detail=PROOF_NEEDED)
        self._flows.decide(process, custom or action, comment=comment, at=self._server.now(), by=ask.who.id)
        return results(ask, {})

    def _proven(self, ask: Ask) -> bool:
        """``authentication_info`` with the password (its keys are INFERRED: no source shows them)."""
        password = ask.mapping("authentication_info").get("password")
        return self._server.authority.check_password(ask.who.name, str(password or "")) is not None

    def _fill(self, ask: Ask, process: Process) -> None:
        known = {f"{FORM_PREFIX}_{attribute.number}": attribute for attribute in process.map.attributes}
        values: Mapping[str, object] = ask.mapping("values")
        for key, value in values.items():
            if key in known:
                process.values[known[key].number] = known[key].accepted(value)

    async def activities(self, ask: Ask) -> Json:
        """Newest first, at most ``limit``."""
        process = self._flows.process(ask.path_id("process"))
        shown = [self._views.activity(each) for each in reversed(process.activities)]
        return results(ask, {"data": shown[: ask.integer("limit") or None]})
