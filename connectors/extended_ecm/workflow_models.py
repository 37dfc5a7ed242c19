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


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Where a decision goes."""

    process: ProcessId
    task: int
    subprocess: ProcessId | None = None
    """The process itself unless the step lies in a workflow within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One entry in the task list of whoever is signed in."""

    name: str
    task: Task | None
    """None for a plain task, which belongs to no workflow."""
    due: datetime | None
    instructions: str = field(repr=False)
    priority: int | None
    location: NodeId | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a workflow has come."""

    name: str
    status: str
    """``ontime``, ``workflowlate``, ``completed``, ``stopped`` … (CONFIRMED words)."""
    began: datetime | None
    due: datetime | None
    initiator: Assignee
    steps: Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRow:
    """One of the workflows that whoever is signed in manages or began."""

    process: ProcessId
    name: str
    status: str
    step: str
    """Empty when none waits."""
    assignee: str
    due: datetime | None


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
class PlainTask:
    """A task without a workflow, in a task list."""

    name: str
    assignee: MemberId
    due: datetime | None = None
    priority: int = 50
    instructions: str = field(default="", repr=False)
    attachment: NodeId | None = None
