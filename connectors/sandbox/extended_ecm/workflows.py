"""Workflows: maps, drafts, running processes, and the tasks that people find in their list (contract 10).

A process goes through its steps in order. The dispositions of a step are the map's own words; one of ``ENDS`` stops
the way at once, any other leads on (CHOSEN). An approval is seen from the last disposition alone: no node carries a
flag (CONFIRMED, contract 10).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from connectors.sandbox.extended_ecm.categories import Attribute
from connectors.sandbox.extended_ecm.refusal import Refusal

ENDS: Final = frozenset({"Reject"})
FORM_PREFIX: Final = "WorkflowForm"
NO_TASK: Final = "Could not access task status"
NO_PROCESS: Final = "Error getting node from ID"
START_NEEDED: Final = (
    "This REST API only initiates workflows with a disabled start step. The workflow's start step is enabled. Hence "
    "this operation will not be successful."
)
"""CONFIRMED words (source A of the contract)."""
BOTH_ACTIONS: Final = "It is not allowed to execute an action and a custom action"
PROOF_NEEDED: Final = "662306821"
"""The ``errorDetail`` of a task that asks for a password (CONFIRMED, contract 10)."""


class Standing(StrEnum):
    """Where a process stands; what is late is worked out from its date."""

    RUNNING = "ontime"
    LATE = "workflowlate"
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    COMPLETED = "completed"
    ARCHIVED = "archived"


_MOVES: Final[Mapping[str, tuple[frozenset[Standing], Standing]]] = {
    "suspend": (frozenset({Standing.RUNNING}), Standing.SUSPENDED),
    "resume": (frozenset({Standing.SUSPENDED}), Standing.RUNNING),
    "stop": (frozenset({Standing.RUNNING, Standing.SUSPENDED}), Standing.STOPPED),
    "archive": (frozenset({Standing.STOPPED, Standing.COMPLETED}), Standing.ARCHIVED),
}
"""Word → where it is possible from, and where it leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One task of a map."""

    number: int
    name: str
    instructions: str
    dispositions: tuple[str, ...] = ()
    """The custom actions; empty for a step that is simply sent on."""
    password: bool = False
    """Whether whoever decides must prove again who they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowMap:
    """A way that documents can take. ``id`` is that of its node."""

    id: int
    name: str
    steps: tuple[Step, ...]
    manager_id: int
    start_step: bool = True
    """Whether somebody fills a form before it starts; without one it starts in one call."""
    attributes: tuple[Attribute, ...] = ()
    assignee_number: int | None = None
    """The attribute that names who decides; else whoever began it does (CHOSEN)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What somebody did in a process."""

    action: str
    label: str
    comment: str
    at: datetime
    user_id: int
    other_id: int | None = None


@dataclass(slots=True, kw_only=True)
class Draft:
    """A process that is being prepared."""

    id: int
    map: WorkflowMap
    owner_id: int
    document_ids: list[int]
    attachment_folder_id: int
    title: str
    due_at: datetime | None = None
    values: dict[int, object] = field(default_factory=dict)
    """By the attribute's number."""


@dataclass(slots=True, kw_only=True)
class Process:
    """A workflow on its way."""

    id: int
    map: WorkflowMap
    title: str
    initiator_id: int
    begun_at: datetime
    due_at: datetime | None
    document_ids: list[int]
    attachment_folder_id: int
    values: dict[int, object]
    assignee_id: int
    standing: Standing = Standing.RUNNING
    at_step: int = 0
    step_began_at: datetime
    activities: list[Activity] = field(default_factory=list)
    """Oldest first."""

    @property
    def step(self) -> Step | None:
        """The step that waits; None when the process is over."""
        over = self.standing not in (Standing.RUNNING, Standing.SUSPENDED) or self.at_step >= len(self.map.steps)
        return None if over else self.map.steps[self.at_step]

    def seen_at(self, now: datetime) -> Standing:
        """The standing, late or on time."""
        late = self.standing is Standing.RUNNING and self.due_at is not None and self.due_at < now
        return Standing.LATE if late else self.standing


class Workflows:
    """Every map, draft and process of the server."""

    def __init__(self) -> None:
        self.maps: dict[int, WorkflowMap] = {}
        self.drafts: dict[int, Draft] = {}
        self._processes: dict[int, Process] = {}

    def map(self, map_id: int) -> WorkflowMap:
        """Raises: Refusal for a number that is no map."""
        if map_id not in self.maps:
            raise Refusal(400, NO_PROCESS)
        return self.maps[map_id]

    def draft(self, draft_id: int, *, owner_id: int) -> Draft:
        """Raises: Refusal for a draft that is unknown, somebody else's, or started."""
        draft = self.drafts.get(draft_id)
        if draft is None or draft.owner_id != owner_id:
            raise Refusal(400, NO_PROCESS)
        return draft

    def process(self, process_id: int) -> Process:
        """Raises: Refusal for an unknown one."""
        if process_id not in self._processes:
            raise Refusal(400, NO_TASK)
        return self._processes[process_id]

    def processes(self) -> Iterable[Process]:
        """In the order of their start."""
        return self._processes.values()

    def tasks_of(self, member_id: int) -> list[Process]:
        """The processes that wait for this member."""
        return [
            each
            for each in self._processes.values()
            if each.standing is Standing.RUNNING and each.step is not None and each.assignee_id == member_id
        ]

    def fill(self, draft: Draft, values: Mapping[str, object], *, due_at: datetime | None) -> None:
        """Lay form values over a draft. Raises: Refusal for a field that the map has not, or a word for a number."""
        known = {attribute.number: attribute for attribute in draft.map.attributes}
        filled: dict[int, object] = {}
        for key, value in values.items():
            name = key.removeprefix(f"{FORM_PREFIX}_")
            if name in ("Title", "WorkflowDueDate", FORM_PREFIX):
                continue
            if not name.isdecimal() or int(name) not in known:
                raise Refusal(400, f"Could not set the value of '{key}'")
            filled[int(name)] = known[int(name)].accepted(value)
        draft.values |= filled
        draft.title = str(values.get(f"{FORM_PREFIX}_Title") or draft.title)
        draft.due_at = due_at or draft.due_at

    def start(self, draft: Draft, *, process_id: int, at: datetime, comment: str = "") -> Process:
        """Make a process of a draft. Raises: Refusal when a required value is missing."""
        for attribute in draft.map.attributes:
            if attribute.required and draft.values.get(attribute.number) in (None, "", []):
                raise Refusal(400, f"The attribute '{attribute.name}' is required.")
        named = draft.values.get(draft.map.assignee_number or 0)
        process = Process(
            id=process_id,
            map=draft.map,
            title=draft.title,
            initiator_id=draft.owner_id,
            begun_at=at,
            due_at=draft.due_at,
            document_ids=list(draft.document_ids),
            attachment_folder_id=draft.attachment_folder_id,
            values=dict(draft.values),
            assignee_id=named if isinstance(named, int) and named else draft.owner_id,
            step_began_at=at,
        )
        process.activities.append(Activity(action="Initiate", label="", comment=comment, at=at, user_id=draft.owner_id))
        self._processes[process.id] = process
        self.drafts.pop(draft.id, None)
        return process

    def decide(self, process: Process, disposition: str, *, comment: str, at: datetime, by: int) -> None:
        """Send the waiting step on. Raises: Refusal for a word that the step does not offer."""
        step = process.step
        assert step is not None  # noqa: S101 - the caller has found the waiting task
        if disposition not in (step.dispositions or ("SendOn",)):
            raise Refusal(400, f"The requested action '{disposition}' is unknown.")
        process.activities.append(Activity(action=disposition, label=disposition, comment=comment, at=at, user_id=by))
        process.at_step = len(process.map.steps) if disposition in ENDS else process.at_step + 1
        process.step_began_at = at
        if process.at_step >= len(process.map.steps):
            process.standing = Standing.COMPLETED

    def hand_over(self, process: Process, *, to: int, action: str, comment: str, at: datetime, by: int) -> None:
        """Give the waiting task to somebody else."""
        process.assignee_id = to
        process.activities.append(Activity(action=action, label="", comment=comment, at=at, user_id=by, other_id=to))

    def turn(self, process: Process, word: str, *, at: datetime, by: int) -> None:
        """Suspend, resume, stop or archive. Raises: Refusal where the state does not allow it."""
        origins, standing = _MOVES.get(word, (frozenset(), Standing.STOPPED))
        if process.standing not in origins:
            raise Refusal(400, "No permission to change the status of the process")
        process.standing = standing
        process.activities.append(Activity(action=word.title(), label="", comment="", at=at, user_id=by))

    def drop(self, process: Process) -> None:
        """Forget it."""
        del self._processes[process.id]
