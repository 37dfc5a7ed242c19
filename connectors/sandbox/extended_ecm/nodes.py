"""The tree that everything in Content Server hangs in: volumes, folders, documents, workspaces, categories."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Final

from connectors.sandbox.extended_ecm.content import Content
from connectors.sandbox.extended_ecm.refusal import NameTaken, Refusal

LONGEST_NAME: Final = 248
FIRST_FREE_ID: Final = 10_001


class NodeType(IntEnum):
    """The subtypes that this server knows (CONFIRMED, contract 1)."""

    FOLDER = 0
    SHORTCUT = 1
    GENERATION = 2
    WORKFLOW_MAP = 128
    CATEGORY = 131
    CATEGORY_FOLDER = 132
    CATEGORIES_VOLUME = 133
    COMPOUND_DOCUMENT = 136
    URL = 140
    ENTERPRISE_VOLUME = 141
    PERSONAL_VOLUME = 142
    DOCUMENT = 144
    WORKFLOW_STATUS = 190
    CLASSIFICATION_TREE = 196
    CLASSIFICATION_VOLUME = 198
    CLASSIFICATION = 199
    TASK_LIST = 204
    TASK = 206
    COLLECTION = 298
    WEB_REPORT = 30303
    RECYCLE_BIN = 405
    RECORDS_VOLUME = 550
    RM_CLASSIFICATION = 551
    HOLD = 833
    WORKSPACE = 848
    WORKSPACES_VOLUME = 862
    TEMPLATES_VOLUME = 20541


TYPE_NAMES: Final = {
    NodeType.FOLDER: "Folder",
    NodeType.SHORTCUT: "Shortcut",
    NodeType.GENERATION: "Generation",
    NodeType.WORKFLOW_MAP: "Workflow Map",
    NodeType.CATEGORY: "Category",
    NodeType.CATEGORY_FOLDER: "Category Folder",
    NodeType.CATEGORIES_VOLUME: "Categories Volume",
    NodeType.COMPOUND_DOCUMENT: "Compound Document",
    NodeType.URL: "URL",
    NodeType.ENTERPRISE_VOLUME: "Enterprise Workspace",
    NodeType.PERSONAL_VOLUME: "Personal Workspace",
    NodeType.DOCUMENT: "Document",
    NodeType.WORKFLOW_STATUS: "Workflow Status",
    NodeType.CLASSIFICATION_TREE: "Classification Tree",
    NodeType.CLASSIFICATION_VOLUME: "Classification Volume",
    NodeType.CLASSIFICATION: "Classification",
    NodeType.TASK_LIST: "Task List",
    NodeType.TASK: "Task",
    NodeType.COLLECTION: "Collection",
    NodeType.WEB_REPORT: "WebReport",
    NodeType.RECYCLE_BIN: "Recycle Bin",
    NodeType.RECORDS_VOLUME: "Records Management",
    NodeType.RM_CLASSIFICATION: "RM Classification",
    NodeType.HOLD: "Hold",
    NodeType.WORKSPACE: "Business Workspace",
    NodeType.WORKSPACES_VOLUME: "Business Workspaces",
    NodeType.TEMPLATES_VOLUME: "Document Templates",
}

VOLUMES: Final = frozenset(
    {
        NodeType.CATEGORIES_VOLUME,
        NodeType.ENTERPRISE_VOLUME,
        NodeType.PERSONAL_VOLUME,
        NodeType.CLASSIFICATION_VOLUME,
        NodeType.RECYCLE_BIN,
        NodeType.RECORDS_VOLUME,
        NodeType.WORKSPACES_VOLUME,
        NodeType.TEMPLATES_VOLUME,
    }
)
CONTAINERS: Final = VOLUMES | {
    NodeType.FOLDER,
    NodeType.CATEGORY_FOLDER,
    NodeType.COMPOUND_DOCUMENT,
    NodeType.CLASSIFICATION_TREE,
    NodeType.CLASSIFICATION,
    NodeType.TASK_LIST,
    NodeType.COLLECTION,
    NodeType.RM_CLASSIFICATION,
    NodeType.WORKSPACE,
}
CREATABLE: Final = frozenset(
    {
        NodeType.FOLDER,
        NodeType.SHORTCUT,
        NodeType.CATEGORY,
        NodeType.CATEGORY_FOLDER,
        NodeType.COMPOUND_DOCUMENT,
        NodeType.URL,
        NodeType.DOCUMENT,
        NodeType.CLASSIFICATION_TREE,
        NodeType.CLASSIFICATION,
        NodeType.TASK_LIST,
        NodeType.TASK,
        NodeType.COLLECTION,
    }
)
"""What ``POST /v2/nodes`` makes; workspaces have a call of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """Another form of a version's content, such as a PDF; a version has one of each type."""

    id: int
    type: str
    content: Content = field(repr=False)
    file_name: str
    media_type: str
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class Version:
    """One version of a document; numbers start at 1 and are never given twice."""

    id: int
    number: int
    content: Content = field(repr=False)
    file_name: str
    media_type: str
    created_at: datetime
    owner_id: int
    description: str = ""
    locked_by: int | None = None
    major: int = 0
    """Under advanced versioning alone; else 0."""
    renditions: dict[str, Rendition] = field(default_factory=dict)
    """By type."""


@dataclass(slots=True, kw_only=True)
class Node:
    """One item of the tree."""

    id: int
    parent_id: int
    type: NodeType
    name: str
    created_at: datetime
    created_by: int
    modified_at: datetime
    modified_by: int
    description: str = ""
    names: dict[str, str] = field(default_factory=dict)
    """Further languages of the name."""
    versions: list[Version] = field(default_factory=list)
    versions_given: int = 0
    categories: dict[int, dict[str, object]] = field(default_factory=dict)
    """Category id → values under the vendor's keys."""
    classification_ids: list[int] = field(default_factory=list)
    nickname: str = ""
    reserved_by: int | None = None
    reserved_at: datetime | None = None
    original_id: int = 0
    url: str = ""
    hidden: bool = False
    advanced_versioning: bool = False
    """Whether versions are major and minor; a setting of the item (CONFIRMED, contract 3)."""
    collected: list[int] = field(default_factory=list)
    """What a collection shows, by id; its items lie elsewhere."""
    task: dict[str, object] = field(default_factory=dict)
    """What a plain task asks of whom, under the vendor's keys."""
    external: dict[str, object] = field(default_factory=dict)
    """``external_create_date``, ``external_identity`` …, as they were sent."""

    @property
    def is_container(self) -> bool:
        """Whether other items can hang below it."""
        return self.type in CONTAINERS

    @property
    def latest(self) -> Version | None:
        """The newest version, for documents."""
        return self.versions[-1] if self.versions else None

    def version(self, number: int) -> Version | None:
        """The version with that number, unless it was purged."""
        return next((version for version in self.versions if version.number == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """A node in the recycle bin, and how it came there."""

    node: Node
    deleted_at: datetime
    deleted_by: int


class NodeTree:
    """Finds, hangs and moves nodes. Deleting is soft: a deleted node waits in the recycle bin."""

    def __init__(self) -> None:
        self._nodes: dict[int, Node] = {}
        self._children: dict[int, dict[int, None]] = {}
        self._names: dict[tuple[int, str], int] = {}
        self._binned: dict[int, Binned] = {}
        self._next_id = FIRST_FREE_ID

    def new_id(self) -> int:
        """An id that nothing has had before; versions draw from the same source."""
        self._next_id += 1
        return self._next_id - 1

    # Finding

    def find(self, node_id: int) -> Node | None:
        """The node, also by the negative twin that volumes have; None when it is not there or in the bin."""
        return self._nodes.get(abs(node_id))

    def child_named(self, parent_id: int, name: str) -> Node | None:
        """Names are compared as a case-blind database would (CHOSEN; by collation, contract 3)."""
        found = self._names.get((parent_id, name.strip().casefold()))
        return self._nodes[found] if found is not None else None

    def children(self, parent_id: int) -> list[Node]:
        """In the order in which they came."""
        return [self._nodes[child] for child in self._children.get(parent_id, ())]

    def collected(self, node: Node) -> list[Node]:
        """What a collection shows of what is still there."""
        return [self._nodes[each] for each in node.collected if each in self._nodes]

    def child_count(self, parent_id: int) -> int:
        """How many; folders report it as their size."""
        return len(self._children.get(parent_id, ()))

    def ancestors(self, node: Node) -> list[Node]:
        """From the volume down to the node itself."""
        line = [node]
        while (above := self._nodes.get(line[-1].parent_id)) is not None:
            line.append(above)
        return line[::-1]

    def below(self, node_id: int) -> Iterator[Node]:
        """Every node under ``node_id``, at any depth."""
        for child in self.children(node_id):
            yield child
            yield from self.below(child.id)

    def everything(self) -> Iterable[Node]:
        """Every node that is not in the bin."""
        return self._nodes.values()

    def volume(self, kind: int) -> Node | None:
        """The volume of that type."""
        return next((node for node in self._nodes.values() if node.type == kind and node.type in VOLUMES), None)

    def volume_of(self, node: Node) -> Node:
        """The volume at the root of the node's branch."""
        return self.ancestors(node)[0]

    def by_nickname(self, nickname: str) -> Node | None:
        """Nicknames are unique on the whole server."""
        return next((node for node in self._nodes.values() if nickname and node.nickname == nickname), None)

    # Changing

    def hang(self, node: Node) -> Node:
        """Put ``node`` under its parent. Raises: Refusal for a taken or impossible name."""
        node.name = self._usable_name(node.parent_id, node.name)
        self._nodes[node.id] = node
        self._index(node)
        return node

    def rename(self, node: Node, name: str) -> None:
        """Raises: Refusal for a taken or impossible name."""
        usable = self._usable_name(node.parent_id, name, unless=node.id)
        self._unindex(node)
        node.name = usable
        self._index(node)

    def move(self, node: Node, parent_id: int, *, name: str | None = None) -> None:
        """Hang ``node`` elsewhere. Raises: Refusal for a taken name or a loop."""
        usable = self._usable_name(parent_id, name or node.name, unless=node.id)
        if any(above.id == node.id for above in self.ancestors(self._nodes[parent_id])):
            raise Refusal(400, "Could not process object, invalid request")
        self._unindex(node)
        node.parent_id, node.name = parent_id, usable
        self._index(node)

    def copy(self, node: Node, parent_id: int, *, name: str, at: datetime, by: int) -> Node:
        """A copy of ``node`` and of everything below it; documents copy their newest version only."""
        children = self.children(node.id)  # before the copy hangs: it may hang below its own original
        versions = (
            [replace(node.versions[-1], id=self.new_id(), number=1, locked_by=None, renditions={})]
            if node.versions
            else []
        )
        made = self.hang(
            replace(
                node,
                id=self.new_id(),
                parent_id=parent_id,
                name=name,
                created_at=at,
                created_by=by,
                modified_at=at,
                modified_by=by,
                versions=versions,
                versions_given=len(versions),
                categories={category: dict(values) for category, values in node.categories.items()},
                classification_ids=list(node.classification_ids),
                external=dict(node.external),
                task=dict(node.task),
                collected=list(node.collected),
                nickname="",
                reserved_by=None,
                reserved_at=None,
            )
        )
        for child in children:
            self.copy(child, made.id, name=child.name, at=at, by=by)
        return made

    def delete(self, node: Node, *, at: datetime, by: int) -> None:
        """Into the recycle bin, with everything below it; the name is free again."""
        for child in self.children(node.id):
            self.delete(child, at=at, by=by)
        self._unindex(node)
        del self._nodes[node.id]
        self._binned[node.id] = Binned(node=node, deleted_at=at, deleted_by=by)

    def discard(self, node: Node) -> None:
        """Take back a node that was never finished, as if it had not been made."""
        self._unindex(node)
        del self._nodes[node.id]

    def binned(self, node_id: int) -> Binned | None:
        """A deleted node that can still be restored."""
        return self._binned.get(node_id)

    def bin(self) -> list[Binned]:
        """What was deleted itself; what went with a container is not listed beside it."""
        return [each for each in self._binned.values() if each.node.parent_id not in self._binned]

    def purge(self, node: Node) -> None:
        """Out of the recycle bin, for ever."""
        for lost in [other.node for other in self._binned.values() if other.node.parent_id == node.id]:
            self.purge(lost)
        del self._binned[node.id]

    def restore(self, node: Node) -> None:
        """Back to where it was. Raises: Refusal when the name was taken in between or the parent is gone."""
        if node.parent_id not in self._nodes:
            raise Refusal(400, "Could not process object, invalid request")
        self._usable_name(node.parent_id, node.name)
        del self._binned[node.id]
        self.hang(node)
        for child in [other.node for other in self._binned.values() if other.node.parent_id == node.id]:
            self.restore(child)

    def _usable_name(self, parent_id: int, name: str, *, unless: int | None = None) -> str:
        name = name.strip()
        if not name:
            raise Refusal(400, "Missing required parameter 'name'")
        if len(name) > LONGEST_NAME or ":" in name:
            raise Refusal(400, "The name is not valid: it must not contain ':' or be longer than 248 characters.")
        taken = self.child_named(parent_id, name)
        if taken is not None and taken.id != unless:
            raise NameTaken(name)
        return name

    def _index(self, node: Node) -> None:
        self._children.setdefault(node.parent_id, {})[node.id] = None
        self._names[node.parent_id, node.name.casefold()] = node.id

    def _unindex(self, node: Node) -> None:
        self._children.get(node.parent_id, {}).pop(node.id, None)
        self._names.pop((node.parent_id, node.name.casefold()), None)
