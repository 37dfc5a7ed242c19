"""Workflows as the desk reads them. Names are the vendor's; times are aware UTC.

Source: wire contract "extended-ecm", section 10 (CONFIRMED). An approval is no flag on a node: it is a workflow's last
disposition, or a category value that both sides agreed on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

import msgspec

from connectors.extended_ecm.models import MemberId, NodeId

ProcessId = NewType("ProcessId", int)
DraftId = NewType("DraftId", int)


class WorkflowMap(msgspec.Struct, frozen=True, kw_only=True):
    """A way that documents can be sent on."""

    id: NodeId = msgspec.field(name="DataID")
    name: str = msgspec.field(name="Name")
    kind: int | None = msgspec.field(name="WorkflowType", default=None)


class MapStep(msgspec.Struct, frozen=True, kw_only=True):
    """One task of a map."""

    task_id: int | None = None
    title: str | None = None
    instructions: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapDefinition:
    """A map's tasks, and the attributes that its form asks for."""

    steps: tuple[MapStep, ...]
    attributes: Mapping[str, str]
    """Name → the key under which a draft takes it, such as ``WorkflowForm_10``."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow that is being prepared."""

    draftprocess_id: DraftId
    workflow_type: str | None = None
    """Told only when documents are attached (CONFIRMED)."""


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow that has begun."""

    process_id: ProcessId
    custom_message: str | None = None


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be done with a task; keys are the site's own (CONFIRMED)."""

    key: str
    label: str = ""


class TaskForm(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever has the task may do with it."""

    title: str = ""
    instructions: str | None = None
    actions: Sequence[Action] = ()
    custom_actions: Sequence[Action] = ()
    """The dispositions; Approve and Reject are examples only."""
    authentication: bool = False
    """Whether the decision needs the password again."""
    comments_on: bool = False


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One task in the list of whoever is signed in: a step of a workflow, or a plain one without process."""

    name: str
    workflow_id: ProcessId | None = None
    workflow_subworkflow_id: ProcessId | None = None
    workflow_subworkflow_task_id: int | None = None
    date_due: datetime | str | None = None
    instructions: str | None = None
    priority: int | None = None
    location_id: NodeId | None = None


class Assignee(msgspec.Struct, frozen=True, kw_only=True):
    """Who a step waits for."""

    id: MemberId | None = msgspec.field(name="userId", default=None)
    login: str = msgspec.field(name="loginName", default="")
    first_name: str = msgspec.field(name="firstName", default="")
    last_name: str = msgspec.field(name="lastName", default="")


class _Assignees(msgspec.Struct, frozen=True, kw_only=True):
    assignee: Sequence[Assignee] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a running workflow."""

    task_id: int
    task_name: str = ""
    task_status: str = ""
    task_assignees: _Assignees = _Assignees()

    @property
    def assignees(self) -> Sequence[Assignee]:
        """Who it waits for, or was done by."""
        return self.task_assignees.assignee


class Steps(msgspec.Struct, frozen=True, kw_only=True):
    """The way behind, the place, the way ahead."""

    completed: Sequence[Step] = ()
    current: Sequence[Step] = ()
    next: Sequence[Step] = ()


class ProgressDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow's own facts. Dates may be empty strings (CONFIRMED)."""

    status: str
    wf_name: str = ""
    date_initiated: datetime | str | None = None
    due_date: datetime | str | None = None
    initiator: Assignee = Assignee()


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a workflow has come."""

    wf_details: ProgressDetails
    step_list: Steps = Steps()


class WorkflowRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of the workflows that whoever is signed in manages or began."""

    process_id: ProcessId
    wf_name: str = ""
    status_key: str = ""
    step_name: str = ""
    current_assignee: str = ""
    due_date: datetime | str | None = None


class _Label(msgspec.Struct, frozen=True, kw_only=True):
    label: str | None = None


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did in a workflow."""

    action: str | None = None
    action_properties: _Label | None = None
    comment: str | None = None
    date: datetime | None = None
    user_id: MemberId | None = None

    @property
    def disposition(self) -> str:
        """The decision that was taken; empty where none was."""
        return (self.action_properties and self.action_properties.label) or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Where a decision goes."""

    process: ProcessId
    task: int
    subprocess: ProcessId | None = None
    """The process itself unless the step lies in a workflow within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTask:
    """A task without a workflow, in a task list."""

    name: str
    assignee: MemberId
    due: datetime | None = None
    priority: int = 50
    instructions: str = field(default="", repr=False)
    attachment: NodeId | None = None
