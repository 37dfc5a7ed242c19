"""Workflows: maps, drafts, starting, deciding, following (contract 10)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

import msgspec

from connectors.calls import Call, Reply
from connectors.extended_ecm.models import MemberId, NodeId, localised
from connectors.extended_ecm.wire.asking import ask, drop, wish
from connectors.extended_ecm.wire.reading import read_data, read_entry, read_moment, read_results
from connectors.extended_ecm.workflow_models import (
    Activity,
    Assignee,
    Assignment,
    Draft,
    DraftId,
    MapDefinition,
    MapStep,
    PlainTask,
    ProcessId,
    Progress,
    Started,
    Steps,
    Task,
    TaskForm,
    WorkflowMap,
    WorkflowRow,
)

FORM: Final = "WorkflowForm"
TASK_TYPE: Final = 206
PROOF_NEEDED: Final = "662306821"
"""The ``errorDetail`` of a task that asks for the password again (CONFIRMED)."""


class _Attribute(msgspec.Struct, frozen=True):
    name: str = ""
    type_name: str = ""


class _Attributes(msgspec.Struct, frozen=True):
    definitions: Mapping[str, _Attribute] = {}


class _Package(msgspec.Struct, frozen=True):
    data: _Attributes | None = None


class _Definition(msgspec.Struct, frozen=True):
    tasks: Sequence[MapStep] = ()
    data_packages: Sequence[_Package] = ()


class _Defined(msgspec.Struct, frozen=True):
    definition: _Definition


class _AssignmentSaid(msgspec.Struct, frozen=True):
    name: str = ""
    workflow_id: ProcessId | None = None
    workflow_subworkflow_id: ProcessId | None = None
    workflow_subworkflow_task_id: int | None = None
    date_due: str | None = None
    instructions: str | None = None
    priority: int | None = None
    location_id: NodeId | None = None


class _Assigned(msgspec.Struct, frozen=True):
    assignments: _AssignmentSaid


class _AssignedEntry(msgspec.Struct, frozen=True):
    data: _Assigned


class _RowSaid(msgspec.Struct, frozen=True):
    process_id: ProcessId
    wf_name: str = ""
    status_key: str = ""
    step_name: str = ""
    current_assignee: str = ""
    due_date: str | None = None


class _Status(msgspec.Struct, frozen=True):
    wfstatus: _RowSaid


class _Details(msgspec.Struct, frozen=True):
    status: str
    wf_name: str = ""
    date_initiated: str | None = None
    due_date: str | None = None
    initiator: Assignee = Assignee()


class _ProgressSaid(msgspec.Struct, frozen=True):
    wf_details: _Details
    step_list: Steps = Steps()


class _StatusEntry(msgspec.Struct, frozen=True):
    data: _Status


def usable_for(documents: Sequence[NodeId], parent: NodeId) -> Call:
    """The maps that documents can be sent on."""
    query = (*(("doc_id", str(each)) for each in documents), ("parent_id", str(parent)))
    return ask("workflows of a document", "/v2/docworkflows", query)


def read_usable(reply: Reply) -> tuple[WorkflowMap, ...]:
    """Raises: ShapeError."""
    return read_entry(reply, tuple[WorkflowMap, ...])


def definition(map_id: NodeId) -> Call:
    """The tasks and attributes of a map."""
    return ask("workflow definition", f"/v2/processes/{map_id}/definition")


def read_definition(reply: Reply) -> MapDefinition:
    """Raises: ShapeError."""
    found = read_results(reply, _Defined).definition
    attributes = {
        each.name: f"{FORM}_{key.partition('_')[2]}"
        for package in found.data_packages
        if package.data is not None
        for key, each in package.data.definitions.items()
        if each.type_name != "Assoc" and "_" in key
    }
    return MapDefinition(steps=tuple(found.tasks), attributes=attributes)


def draft(map_id: NodeId, documents: Sequence[NodeId]) -> Call:
    """Prepare a workflow."""
    said: dict[str, object] = {"workflow_id": map_id}
    if documents:
        said |= {"doc_ids": ",".join(map(str, documents)), "AttachDocuments": "true"}
    return wish("draft workflow", "POST", "/v2/draftprocesses", said)


def read_draft(reply: Reply) -> Draft:
    """Raises: ShapeError."""
    return read_results(reply, Draft)


def draft_form(draft_id: DraftId) -> Call:
    """What a draft asks for."""
    query = (("draftprocess_id", str(draft_id)),)
    return ask("form of a draft", "/v1/forms/draftprocesses/update", query)


def fill(
    draft_id: DraftId, values: Mapping[str, object], *, title: str = "", due: datetime | None = None, zone: tzinfo = UTC
) -> Call:
    """Lay values over a draft. Whole numbers must be numbers: words are refused (CONFIRMED)."""
    said = dict(values)
    if title:
        said[f"{FORM}_Title"] = title
    if due is not None:
        said[f"{FORM}_WorkflowDueDate"] = due.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S.000")
    body = {"action": "formUpdate", "values": said}
    return wish("fill draft", "PUT", f"/v2/draftprocesses/{draft_id}", body, repeatable=True)


def start(draft_id: DraftId, comment: str = "") -> Call:
    """Send a draft on its way. Not repeatable."""
    said = {"action": "Initiate"} | ({"comment": comment} if comment else {})
    return wish("start workflow", "PUT", f"/v2/draftprocesses/{draft_id}", said)


def read_started(reply: Reply) -> Started:
    """Raises: ShapeError."""
    return read_results(reply, Started)


def start_at_once(map_id: NodeId, documents: Sequence[NodeId]) -> Call:
    """For maps without a start step; others refuse it (CONFIRMED)."""
    said: dict[str, object] = {"workflow_id": map_id}
    if documents:
        said["doc_ids"] = ",".join(map(str, documents))
    return wish("start workflow", "POST", "/v2/draftprocesses/startwf", said)


def progress(process_id: ProcessId) -> Call:
    """How far it has come."""
    return ask("workflow progress", f"/v2/workflows/status/processes/{process_id}")


def read_progress(reply: Reply, zone: tzinfo) -> Progress:
    """Raises: ShapeError."""
    said = read_results(reply, _ProgressSaid)
    details = said.wf_details
    return Progress(
        name=details.wf_name,
        status=details.status,
        began=read_moment(reply, details.date_initiated, zone),
        due=read_moment(reply, details.due_date, zone),
        initiator=details.initiator,
        steps=said.step_list,
    )


def mine(*, kind: str, status: str) -> Call:
    """The workflows of whoever is signed in. ``kind``: ``Managed``, ``Initiated`` or ``Both``."""
    query = [("Kind", kind)] + ([("wstatus", status)] if status else [])
    return ask("own workflows", "/v2/workflows/status", tuple(query))


def read_mine(reply: Reply, zone: tzinfo) -> tuple[WorkflowRow, ...]:
    """Raises: ShapeError."""
    rows = (entry.data.wfstatus for entry in read_results(reply, tuple[_StatusEntry, ...]))
    return tuple(
        WorkflowRow(
            process=row.process_id,
            name=row.wf_name,
            status=row.status_key,
            step=row.step_name,
            assignee=row.current_assignee.strip(),
            due=read_moment(reply, row.due_date, zone),
        )
        for row in rows
    )


def assignments() -> Call:
    """The tasks that wait for whoever is signed in."""
    return ask("assignments", "/v2/members/assignments")


def read_assignments(reply: Reply, zone: tzinfo) -> tuple[Assignment, ...]:
    """Raises: ShapeError."""
    rows = (entry.data.assignments for entry in read_results(reply, tuple[_AssignedEntry, ...]))
    return tuple(
        Assignment(
            name=row.name,
            task=_task(row),
            due=read_moment(reply, row.date_due, zone),
            instructions=row.instructions or "",
            priority=row.priority,
            location=row.location_id,
        )
        for row in rows
    )


def _task(row: _AssignmentSaid) -> Task | None:
    if row.workflow_id is None or row.workflow_subworkflow_task_id is None:
        return None
    return Task(process=row.workflow_id, subprocess=row.workflow_subworkflow_id, task=row.workflow_subworkflow_task_id)


def task_form(task: Task) -> Call:
    """What can be done with a task."""
    query = (
        ("process_id", str(task.process)),
        ("subprocess_id", str(task.subprocess or task.process)),
        ("task_id", str(task.task)),
    )
    return ask("form of a task", "/v1/forms/processes/tasks/update", query)


def read_task_form(reply: Reply) -> TaskForm:
    """Raises: ShapeError."""
    return read_data(reply, TaskForm)


def decide(task: Task, disposition: str, *, comment: str = "", password: str = "") -> Call:
    """Take a decision by one of the task's ``custom_actions``; never together with an action (CONFIRMED)."""
    said: dict[str, object] = {"custom_action": disposition}
    if comment:
        said["comment"] = comment
    if password:
        # The key inside is INFERRED: the vendor names the parameter and not what is in it.
        said["authentication_info"] = {"password": password}
    return _send_on("decide", task, said)


def act(task: Task, action: str, *, comment: str = "", assignee: MemberId | None = None) -> Call:
    """Do one of the task's standard ``actions``, such as Delegate."""
    said: dict[str, object] = {"action": action}
    if comment:
        said["comment"] = comment
    if assignee is not None:
        said["assignee"] = assignee
    return _send_on("send task on", task, said)


def _send_on(name: str, task: Task, said: Mapping[str, object]) -> Call:
    path = f"/v2/processes/{task.process}/subprocesses/{task.subprocess or task.process}/tasks/{task.task}"
    return wish(name, "PUT", path, said)


def activities(process_id: ProcessId, *, limit: int) -> Call:
    """What was done and said."""
    path = f"/v2/processes/{process_id}/subprocesses/{process_id}/activities"
    return ask("workflow history", path, (("limit", str(limit)),))


def read_activities(reply: Reply, zone: tzinfo) -> tuple[Activity, ...]:
    """Raises: ShapeError."""
    return tuple(localised(each, zone) for each in read_entry(reply, tuple[Activity, ...]))


def turn(process_id: ProcessId, word: str) -> Call:
    """``suspend``, ``resume``, ``stop`` or ``archive``."""
    return wish("change workflow", "PUT", f"/v2/processes/{process_id}/status", {"status": word})


def drop_process(process_id: ProcessId) -> Call:
    """Delete a workflow; its documents stay."""
    return drop("delete workflow", f"/v2/processes/{process_id}")


def create_task(task_list: NodeId, task: PlainTask, *, zone: tzinfo = UTC) -> Call:
    """A task without a workflow. Not repeatable."""
    said: dict[str, object] = {
        "type": TASK_TYPE,
        "parent_id": task_list,
        "name": task.name,
        "assigned_member_id": task.assignee,
        "priority": task.priority,
    }
    if task.due is not None:
        said["due_date"] = task.due.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
    if task.instructions:
        said["instructions"] = task.instructions
    if task.attachment is not None:
        said["attachment_id"] = task.attachment
    return wish("create task", "POST", "/v2/nodes", said)
