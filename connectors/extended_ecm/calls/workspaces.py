"""Business workspaces: types, finding, making, binding, relating (contract 6)."""

from collections.abc import AsyncIterator, Mapping, Sequence

from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.forms import CategoryForm
from connectors.extended_ecm.models import (
    BusinessObject,
    CategorizedNode,
    MadeWorkspace,
    Node,
    NodeId,
    Page,
    Workspace,
    WorkspaceType,
    WorkspaceWish,
)
from connectors.extended_ecm.wire import categories, workspaces
from connectors.extended_ecm.wire.reading import read_page


class WorkspaceCalls(Connection):
    """Workspaces as wholes."""

    async def workspace_types(self) -> tuple[WorkspaceType, ...]:
        """Every workspace type with its templates."""
        return workspaces.read_types(await self._send(workspaces.types()))

    def workspaces(self, *, type_id: int | None = None, name: str = "") -> AsyncIterator[Node]:
        """Workspaces in order of name. ``name``: exact, ``contains_x`` or ``startswith_x``."""

        async def fetch(page: int) -> Page[Node]:
            call = workspaces.workspaces(page=page, limit=self._page_size, type_id=type_id, name=name)
            return read_page(await self._send(call), Node, self._zone)

        return self._each(fetch)

    def workspaces_with_categories(
        self, *, type_id: int | None = None, name: str = ""
    ) -> AsyncIterator[CategorizedNode]:
        """The same with the categories of each workspace, at one call a page."""

        async def fetch(page: int) -> Page[CategorizedNode]:
            call = workspaces.workspaces(page=page, limit=self._page_size, type_id=type_id, name=name)
            reply = await self._send(categories.with_categories(call))
            return categories.read_with_categories(reply, self._zone)

        return self._each(fetch)

    async def find_workspace(self, reference: BusinessObject) -> Node | None:
        """The workspace that stands for ``reference``, or None."""
        reply = await self._send(workspaces.of_business_object(reference))
        found = read_page(reply, Node, self._zone).items
        return found[0] if found else None

    async def workspace(self, node_id: NodeId) -> Workspace:
        """One workspace and what it stands for."""
        return workspaces.read_workspace(await self._send(workspaces.workspace(node_id)), self._zone)

    async def workspace_around(self, node_id: NodeId) -> NodeId:
        """The workspace that a document lies in. Raises: NotFoundError when it lies in none."""
        return workspaces.read_around(await self._send(workspaces.around(node_id)))

    async def create_workspace(
        self,
        *,
        template_id: NodeId,
        type_id: int,
        name: str,
        parent: NodeId | None = None,
        description: str = "",
        reference: BusinessObject | None = None,
        category_values: Mapping[int, Mapping[str, object]] | None = None,
        team_from: NodeId | None = None,
    ) -> NodeId:
        """A new workspace. ``category_values``: category id → the vendor's keys. Raises: NameTakenError."""
        wanted = WorkspaceWish(
            template_id=template_id,
            type_id=type_id,
            name=name,
            parent=parent,
            description=description,
            reference=reference,
            category_values=category_values or {},
            team_from=team_from,
        )
        return workspaces.read_created(await self._send(workspaces.create(wanted)))

    async def workspace_type_name(self, type_id: int) -> str:
        """What a workspace type is called. Raises: NotFoundError."""
        return workspaces.read_type_name(await self._send(workspaces.of_type_v1(type_id)))

    async def workspace_for(self, reference: BusinessObject) -> Node:
        """The workspace that stands for ``reference``, by the shorter way. Raises: NotFoundError."""
        reply = await self._send(workspaces.of_business_object_direct(reference))
        found = read_page(reply, Node, self._zone).items
        if not found:
            raise reply.odd("an empty list where one workspace was expected")
        return found[0]

    async def form_for_new_workspace(self, template_id: NodeId) -> tuple[CategoryForm, ...]:
        """One form for each category that a template has."""
        return categories.read_forms(await self._send(workspaces.create_form(template_id)))

    async def form_of_workspace(self, node_id: NodeId) -> tuple[CategoryForm, ...]:
        """The forms of a workspace's categories, with its values."""
        return categories.read_forms(await self._send(workspaces.update_form(node_id)))

    async def create_workspaces(self, wishes: Sequence[WorkspaceWish]) -> tuple[MadeWorkspace, ...]:
        """Make many, or update those that stand for a business object already; each has its own outcome."""
        return workspaces.read_made(await self._send(workspaces.create_many(wishes)))

    async def bind_workspace(self, node_id: NodeId, reference: BusinessObject) -> None:
        """Make a workspace stand for a business object."""
        await self._send(workspaces.bind(node_id, reference))

    async def unbind_workspace(self, node_id: NodeId, reference: BusinessObject) -> None:
        """It no longer stands for it."""
        await self._send(workspaces.unbind(node_id, reference))

    def related_workspaces(self, node_id: NodeId, *, kind: str = "child") -> AsyncIterator[Node]:
        """Its children, or its ``parent``s."""

        async def fetch(page: int) -> Page[Node]:
            call = workspaces.related(node_id, kind=kind, page=page, limit=self._page_size)
            return read_page(await self._send(call), Node, self._zone)

        return self._each(fetch)

    async def relate_workspaces(self, node_id: NodeId, other: NodeId, *, kind: str = "child") -> None:
        """Make ``other`` its child, or its ``parent``."""
        await self._send(workspaces.relate(node_id, other, kind=kind))

    async def part_workspaces(self, node_id: NodeId, other: NodeId) -> None:
        """They no longer belong to each other."""
        await self._send(workspaces.part(node_id, other))
