"""Content Server as a whole: its tree, people, categories, workspaces and records, and the verbs that touch several."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from connectors.sandbox.extended_ecm.categories import Category, Values
from connectors.sandbox.extended_ecm.content import Content
from connectors.sandbox.extended_ecm.index import SearchIndex
from connectors.sandbox.extended_ecm.large_files import LargeFiles
from connectors.sandbox.extended_ecm.members import Member, Members
from connectors.sandbox.extended_ecm.nodes import Node, NodeTree, NodeType, Version
from connectors.sandbox.extended_ecm.records import Records
from connectors.sandbox.extended_ecm.refusal import Refusal, not_allowed
from connectors.sandbox.extended_ecm.rights import RightsBook
from connectors.sandbox.extended_ecm.sessions import Sessions
from connectors.sandbox.extended_ecm.trail import Event, Trail
from connectors.sandbox.extended_ecm.workflows import Workflows
from connectors.sandbox.extended_ecm.workspaces import BusinessObject, Workspace, Workspaces, WorkspaceType
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.world import Dialect, World

_CHANGING: Final = frozenset({"modify", "edit_attributes", "delete_versions"})
"""The rights by which a document becomes another."""


class ContentServer:
    """The state behind the API."""

    def __init__(self, world: World, authority: TicketAuthority) -> None:
        self.world = world
        self.authority = authority
        self.sessions = Sessions(world)
        self.members = Members(world, authority)
        self.tree = NodeTree()
        self.categories: dict[int, Category] = {}
        self.workspaces = Workspaces()
        self.records = Records(self.tree)
        self.workflows = Workflows()
        self.index = SearchIndex(self.tree, world.clock, lag_s=world.habits.index_lag_s)
        self.trail = Trail(self.index.touch)
        self.large_files = LargeFiles(world.clock)
        self.rights = RightsBook(self.members)
        self.inheriting: dict[int, set[int]] = {}
        """Container → categories that new items in it get."""
        self._hashed: dict[int, tuple[int, str]] = {}

    def now(self) -> datetime:
        """The world's time."""
        return self.world.clock.now()

    @property
    def is_older(self) -> bool:
        """Whether the spellings are those of releases that the contract's sources saw before the newest (13)."""
        return self.world.habits.dialect is Dialect.OLDER

    # What one may reach

    def visible(self, node_id: int, who: Member) -> Node | None:
        """The node, unless it is not there or ``who`` may not see it: nobody can tell the two apart."""
        node = self.tree.find(node_id)
        return node if node is not None and self.rights.may(who, node, "see") else None

    def demand(self, who: Member, node: Node, word: str) -> None:
        """Raises: Refusal when ``who`` may see ``node`` but lacks the right called ``word``, or when somebody else has
        reserved what is to be changed (status INFERRED, contract 4)."""
        if not self.rights.may(who, node, word):
            raise not_allowed()
        if word in _CHANGING and node.reserved_by not in (None, who.id):
            raise Refusal(400, "The item is reserved by another user.")

    # Nodes

    def make(
        self,
        *,
        parent: Node,
        kind: NodeType,
        name: str,
        by: int,
        at: datetime | None = None,
        description: str = "",
        node_id: int | None = None,
    ) -> Node:
        """A new node below ``parent``. Raises: Refusal for a taken or impossible name."""
        at = at or self.now()
        node = self.tree.hang(
            Node(
                id=self.tree.new_id() if node_id is None else node_id,
                parent_id=parent.id,
                type=kind,
                name=name,
                description=description,
                created_at=at,
                created_by=by,
                modified_at=at,
                modified_by=by,
            )
        )
        self.rights.inherit(node, parent)
        for category_id in self.inheriting.get(parent.id, ()):
            node.categories[category_id] = dict(
                parent.categories.get(category_id) or self.categories[category_id].blank()
            )
        self.trail.add(node.id, Event.CREATED, at=at, user_id=by)
        return node

    def touch(self, node: Node, event: Event, *, by: int) -> None:
        """Note a change: modified now, and in the trail."""
        node.modified_at, node.modified_by = self.now(), by
        self.trail.add(node.id, event, at=node.modified_at, user_id=by)

    def add_version(
        self,
        node: Node,
        content: Content,
        *,
        file_name: str,
        media_type: str,
        by: int,
        at: datetime | None = None,
        description: str = "",
    ) -> Version:
        """Raises: Refusal when somebody else has reserved the document (status INFERRED)."""
        if node.reserved_by not in (None, by):
            raise Refusal(400, "The item is reserved by another user.")
        node.versions_given += 1
        version = Version(
            id=self.tree.new_id(),
            number=node.versions_given,
            content=content,
            file_name=file_name,
            media_type=media_type,
            created_at=at or self.now(),
            owner_id=by,
            description=description,
        )
        node.versions.append(version)
        return version

    # Categories

    def category(self, category_id: int) -> Category | None:
        """The definition, unless its node was deleted."""
        return self.categories.get(category_id) if self.tree.find(category_id) else None

    def apply_category(self, node: Node, category_id: int, given: Mapping[str, object]) -> None:
        """Give ``node`` a category with its first values. Raises: Refusal."""
        category = self.category(category_id)
        if category is None:
            raise Refusal(400, f"Category ID {category_id} is not a valid category.")
        if category_id in node.categories:
            raise Refusal(400, f"The attribute group '{category.name}' already exists")
        node.categories[category_id] = category.changed(category.blank(), given)

    async def values(self, node: Node, category_id: int) -> Values:
        """The values of one category. The hash that the archive keeps of a document is worked out when first read."""
        values = node.categories[category_id]
        pending = self._hashed.get(node.id)
        if pending is not None and pending[0] == category_id and node.versions:
            values[pending[1]] = await node.versions[0].content.sha256()
            del self._hashed[node.id]
        return values

    def hash_when_read(self, node: Node, category_id: int, key: str) -> None:
        """Fill ``key`` with the hash of the first version as soon as somebody looks."""
        self._hashed[node.id] = (category_id, key)

    # Workspaces

    def build_workspace(
        self,
        kind: WorkspaceType,
        *,
        name: str,
        parent: Node,
        by: int,
        at: datetime | None = None,
        description: str = "",
    ) -> tuple[Node, Workspace]:
        """A workspace with its template's folders and roles, without values. Raises: Refusal for a taken name."""
        at = at or self.now()
        node = self.make(parent=parent, kind=NodeType.WORKSPACE, name=name, by=by, at=at, description=description)
        pattern = self.workspaces.find(kind.template_id)
        roles = [
            replace(role, id=self.tree.new_id(), inherited_from_id=role.id, member_ids=list(role.member_ids))
            for role in (pattern.roles if pattern else ())
        ]
        made = Workspace(node_id=node.id, type_id=kind.id, template_id=kind.template_id, roles=roles)
        self.workspaces.add(made)
        for child in self.tree.children(kind.template_id):
            self.tree.copy(child, node.id, name=child.name, at=at, by=by)
        return node, made

    def workspace_of(self, reference: BusinessObject) -> Node | None:
        """The workspace that stands for ``reference``, unless it was deleted."""
        workspace = self.workspaces.of_object(reference)
        return self.tree.find(workspace.node_id) if workspace else None

    # Looking around

    def workspace_above(self, node: Node) -> Node | None:
        """The workspace that ``node`` is, or lies in."""
        return next((above for above in reversed(self.tree.ancestors(node)) if above.type == NodeType.WORKSPACE), None)
