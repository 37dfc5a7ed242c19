"""Business workspaces: types, the business object behind each, roles and their members, related workspaces."""

from dataclasses import dataclass, field
from typing import Final

CUSTOMER_TYPE_ID: Final = 16
CUSTOMER_TYPE_NAME: Final = "Customer"
EXT_SYSTEM_ID: Final = "CRM"
BO_TYPE: Final = "account"
"""The names of the leading system and its object type differ by site; these are the sandbox's (CHOSEN)."""

CHILD: Final = "child"
PARENT: Final = "parent"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceType:
    """What all workspaces of one kind share."""

    id: int
    name: str
    names: dict[str, str]
    """By language."""
    template_id: int
    template_name: str
    location_id: int
    """The folder in which new ones are made."""
    config_node_id: int
    ext_system_id: str
    bo_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessObject:
    """The thing in the leading system that a workspace stands for."""

    ext_system_id: str
    bo_type: str
    bo_id: str


@dataclass(slots=True, kw_only=True)
class Role:
    """A part that people play in one workspace."""

    id: int
    name: str
    description: str
    leader: bool
    permissions: list[str]
    inherited_from_id: int | None = None
    member_ids: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Workspace:
    """What a node of type 848 has beyond a node."""

    node_id: int
    type_id: int | None
    """None for a template."""
    template_id: int | None
    references: list[BusinessObject] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    related: list[tuple[str, int]] = field(default_factory=list)
    """``child`` or ``parent``, and the other workspace's node id."""

    def role(self, role_id: int) -> Role | None:
        """The role with that id."""
        return next((role for role in self.roles if role.id == role_id), None)


class Workspaces:
    """Finds workspaces by what they stand for."""

    def __init__(self) -> None:
        self.types: dict[int, WorkspaceType] = {}
        self._by_node: dict[int, Workspace] = {}
        self._by_object: dict[BusinessObject, int] = {}

    def add(self, workspace: Workspace) -> Workspace:
        """Make it known under its node and its business objects."""
        self._by_node[workspace.node_id] = workspace
        for reference in workspace.references:
            self._by_object[reference] = workspace.node_id
        return workspace

    def find(self, node_id: int) -> Workspace | None:
        """The workspace of that node."""
        return self._by_node.get(node_id)

    def of_object(self, reference: BusinessObject) -> Workspace | None:
        """The workspace that stands for ``reference``."""
        node_id = self._by_object.get(reference)
        return None if node_id is None else self._by_node.get(node_id)

    def bind(self, workspace: Workspace, reference: BusinessObject) -> None:
        """Make ``workspace`` stand for ``reference``; in one leading system it stands for one thing at a time."""
        self.unbind(workspace, ext_system_id=reference.ext_system_id)
        workspace.references.append(reference)
        self._by_object[reference] = workspace.node_id

    def unbind(self, workspace: Workspace, *, ext_system_id: str | None = None) -> None:
        """Forget what it stands for, in one leading system or in all."""
        for reference in list(workspace.references):
            if ext_system_id in (None, reference.ext_system_id):
                workspace.references.remove(reference)
                self._by_object.pop(reference, None)

    def relate(self, workspace: Workspace, other: Workspace, kind: str) -> None:
        """Make ``other`` the child or parent of ``workspace``, seen from both sides."""
        back = PARENT if kind == CHILD else CHILD
        if (kind, other.node_id) not in workspace.related:
            workspace.related.append((kind, other.node_id))
            other.related.append((back, workspace.node_id))

    def part(self, workspace: Workspace, other: Workspace) -> bool:
        """Undo :meth:`relate`; False when they were not related."""
        before = len(workspace.related)
        workspace.related[:] = [entry for entry in workspace.related if entry[1] != other.node_id]
        other.related[:] = [entry for entry in other.related if entry[1] != workspace.node_id]
        return len(workspace.related) < before
