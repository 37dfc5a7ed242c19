"""Workflows (contract 10): the maps, a draft, its start, the tasks, the decisions, what was said."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import MemberId, Node, NodeId
from connectors.extended_ecm.wire import workflows
from connectors.extended_ecm.wire.reading import read_node
from connectors.extended_ecm.workflow_models import (
    Activity,
    Assignment,
    Draft,
    DraftId,
    MapDefinition,
    PlainTask,
    ProcessId,
    Progress,
    Started,
    Task,
    TaskForm,
    WorkflowMap,
    WorkflowRow,
)


class WorkflowCalls(Connection):
    """The pattern is draft, fill, start; then the tasks wait for people."""

    async def workflows_for(self, documents: Sequence[NodeId], parent: NodeId) -> tuple[WorkflowMap, ...]:
        """The maps that documents can be sent on."""
        return workflows.read_usable(await self._send(workflows.usable_for(documents, parent)))

    async def workflow_definition(self, map_id: NodeId) -> MapDefinition:
        """A map's tasks, and the attributes that its form asks for."""
        return workflows.read_definition(await self._send(workflows.definition(map_id)))

    async def draft_workflow(self, map_id: NodeId, documents: Sequence[NodeId] = ()) -> Draft:
        """Prepare a workflow."""
        return workflows.read_draft(await self._send(workflows.draft(map_id, documents)))

    async def draft_form(self, draft_id: DraftId) -> TaskForm:
        """What a draft asks for, and how it can be started."""
        return workflows.read_task_form(await self._send(workflows.draft_form(draft_id)))

    async def fill_draft(
        self, draft_id: DraftId, values: Mapping[str, object], *, title: str = "", due: datetime | None = None
    ) -> None:
        """Lay values over a draft, by the keys of :attr:`MapDefinition.attributes`. ``due`` is aware."""
        await self._send(workflows.fill(draft_id, values, title=title, due=due, zone=self._zone))

    async def start_workflow(self, draft_id: DraftId, *, comment: str = "") -> Started:
        """Send a draft on its way."""
        return workflows.read_started(await self._send(workflows.start(draft_id, comment)))

    async def start_workflow_at_once(self, map_id: NodeId, documents: Sequence[NodeId] = ()) -> Started:
        """For maps without a start step. Raises: InvalidError for the others."""
        return workflows.read_started(await self._send(workflows.start_at_once(map_id, documents)))

    async def workflow_progress(self, process_id: ProcessId) -> Progress:
        """How far a workflow has come."""
        return workflows.read_progress(await self._send(workflows.progress(process_id)), self._zone)

    async def own_workflows(self, *, kind: str = "Both", status: str = "") -> tuple[WorkflowRow, ...]:
        """What whoever is signed in manages or began; ``status``: ``ontime``, ``workflowlate``, ``completed`` …"""
        return workflows.read_mine(await self._send(workflows.mine(kind=kind, status=status)), self._zone)

    async def assignments(self) -> tuple[Assignment, ...]:
        """The tasks that wait for whoever is signed in."""
        return workflows.read_assignments(await self._send(workflows.assignments()), self._zone)

    async def task_form(self, task: Task) -> TaskForm:
        """What can be done with a task; the keys are the site's own."""
        return workflows.read_task_form(await self._send(workflows.task_form(task)))

    async def decide(self, task: Task, disposition: str, *, comment: str = "", password: str = "") -> None:
        """Take a decision out of :attr:`TaskForm.custom_actions`.

        Raises: InvalidError whose detail holds :data:`~connectors.extended_ecm.wire.workflows.PROOF_NEEDED` when the
        task asks for the password.
        """
        await self._send(workflows.decide(task, disposition, comment=comment, password=password))

    async def act_on_task(
        self, task: Task, action: str, *, comment: str = "", assignee: MemberId | None = None
    ) -> None:
        """Do one of :attr:`TaskForm.actions`, such as ``Delegate`` to an ``assignee``."""
        await self._send(workflows.act(task, action, comment=comment, assignee=assignee))

    async def workflow_history(self, process_id: ProcessId, *, limit: int = 100) -> tuple[Activity, ...]:
        """What was done and said in a workflow, newest first."""
        return workflows.read_activities(await self._send(workflows.activities(process_id, limit=limit)), self._zone)

    async def turn_workflow(self, process_id: ProcessId, word: str) -> None:
        """``suspend``, ``resume``, ``stop`` or ``archive`` it."""
        await self._send(workflows.turn(process_id, word))

    async def delete_workflow(self, process_id: ProcessId) -> None:
        """Delete a workflow; its documents stay."""
        await self._send(workflows.drop_process(process_id))

    async def create_task(self, task_list: NodeId, task: PlainTask) -> Node:
        """A task without a workflow, in a task list."""
        return read_node(await self._send(workflows.create_task(task_list, task, zone=self._zone)), self._zone)
