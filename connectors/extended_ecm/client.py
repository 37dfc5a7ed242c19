"""Content Server's calls as methods: each sends what a ``wire`` module built and reads the reply with it.

Errors: any :class:`~connectors.errors.ConnectorError`; :class:`NameTakenError` where a name is taken. Iterators fetch
page by page while they are consumed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, tzinfo
from pathlib import Path
from typing import Final, TypeVar

from connectors.calls import Call, Reply
from connectors.extended_ecm.forms import CategoryForm
from connectors.extended_ecm.models import (
    Ancestor,
    AuditEntry,
    BusinessObject,
    CategorizedNode,
    Content,
    Hold,
    Member,
    MemberId,
    Node,
    NodeCategory,
    NodeHold,
    NodeId,
    NodeType,
    Page,
    RecordDetails,
    RetentionStage,
    Role,
    ServerInfo,
    TakenName,
    Version,
    Workspace,
    WorkspaceType,
)
from connectors.extended_ecm.wire import categories, documents, nodes, records, search, sign_in, workspaces
from connectors.extended_ecm.wire.reading import (
    LARGEST_PAGE,
    properties_only,
    read_failure,
    read_node,
    read_page,
)
from connectors.http import Exchange, Pace, SignIn, Transport, Wire

SYSTEM: Final = "Extended ECM"
PACE: Final = Pace(calls=40, per_s=1.0, at_once=4)
"""CHOSEN (contract 11): the server's capacity is its thread pool, and no limit is published."""

T = TypeVar("T")


class ExtendedEcmClient:
    """One connection to Content Server. Build it, use it and close it on one event loop."""

    def __init__(self, transport: Transport, *, page_size: int = LARGEST_PAGE, zone: tzinfo = UTC) -> None:
        """``zone``: the server's own, for times that it sends without one."""
        self._transport = transport
        self._page_size = page_size
        self._zone = zone
        self._records_write = asyncio.Lock()

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.close()

    # The server and who we are

    async def ping(self) -> None:
        """Return when the server answers."""
        sign_in.read_ping(await self._send(sign_in.ping()))

    async def server_info(self) -> ServerInfo:
        """Version and settings; needs a sign-in, so that it also tests the credentials."""
        return sign_in.read_server_info(await self._send(sign_in.server_info()), self._zone)

    async def who_am_i(self) -> Member:
        """The signed-in user."""
        return sign_in.read_user(await self._send(sign_in.who_am_i()))

    async def sign_out(self) -> None:
        """End the session; the next call begins another."""
        await self._send(sign_in.sign_out())

    # Nodes

    async def node(self, node_id: NodeId) -> Node:
        """One node."""
        return read_node(await self._send(nodes.node(node_id)), self._zone)

    async def nodes(self, node_ids: Sequence[NodeId]) -> tuple[Node, ...]:
        """Those of ``node_ids`` that are there and visible, in any number."""
        found: list[Node] = []
        for start in range(0, len(node_ids), nodes.MOST_IDS):
            reply = await self._send(nodes.nodes(node_ids[start : start + nodes.MOST_IDS]))
            found += properties_only(reply, Node, self._zone)
        return tuple(found)

    async def children_page(self, parent: NodeId, *, page: int = 1, kinds: Sequence[int] = ()) -> Page[Node]:
        """One page of a folder, in order of name."""
        call = nodes.children(parent, page=page, limit=self._page_size, kinds=kinds)
        return read_page(await self._send(call), Node, self._zone)

    def children(
        self, parent: NodeId, *, kinds: Sequence[int] = (), name_part: str = "", sort: str = "asc_name"
    ) -> AsyncIterator[Node]:
        """All of a folder."""

        async def fetch(page: int) -> Page[Node]:
            call = nodes.children(parent, page=page, limit=self._page_size, kinds=kinds, name_part=name_part, sort=sort)
            return read_page(await self._send(call), Node, self._zone)

        return _each(fetch)

    def children_with_categories(self, parent: NodeId, *, kinds: Sequence[int] = ()) -> AsyncIterator[CategorizedNode]:
        """All of a folder with the categories of each item, at one call a page."""

        async def fetch(page: int) -> Page[CategorizedNode]:
            call = nodes.children(parent, page=page, limit=self._page_size, kinds=kinds)
            reply = await self._send(categories.with_categories(call))
            return categories.read_with_categories(reply, self._zone)

        return _each(fetch)

    async def find_child(self, parent: NodeId, name: str) -> Node | None:
        """The item called exactly ``name`` in ``parent``; the server matches parts of names."""
        async for node in self.children(parent, name_part=name):
            if node.name == name:
                return node
        return None

    async def volume(self, kind: int = NodeType.ENTERPRISE_VOLUME) -> Node:
        """The volume of a type."""
        return read_node(await self._send(nodes.volume(kind)), self._zone)

    async def by_nickname(self, nickname: str) -> Node:
        """The node with a nickname."""
        return read_node(await self._send(nodes.by_nickname(nickname)), self._zone)

    async def ancestors(self, node_id: NodeId) -> tuple[Ancestor, ...]:
        """From the volume down to the node itself."""
        return nodes.read_ancestors(await self._send(nodes.ancestors(node_id)))

    async def taken_names(self, parent: NodeId, names: Sequence[str]) -> tuple[TakenName, ...]:
        """Which of ``names`` are taken in ``parent``. A free name may be taken by the time one creates."""
        return nodes.read_taken_names(await self._send(nodes.taken_names(parent, names)))

    async def create_folder(self, parent: NodeId, name: str, *, description: str = "") -> Node:
        """Raises: NameTakenError."""
        return read_node(await self._send(nodes.create(parent, name, description=description)), self._zone)

    async def rename(self, node_id: NodeId, name: str) -> None:
        """Raises: NameTakenError."""
        await self._send(nodes.change(node_id, {"name": nodes.usable_name(name)}))

    async def describe(self, node_id: NodeId, description: str) -> None:
        """Change the description."""
        await self._send(nodes.change(node_id, {"description": description}))

    async def move(self, node_id: NodeId, parent: NodeId) -> None:
        """Hang a node elsewhere. Raises: NameTakenError."""
        await self._send(nodes.change(node_id, {"parent_id": parent}))

    async def reserve(self, node_id: NodeId, member_id: MemberId | None) -> None:
        """Check out for ``member_id``; None frees it."""
        await self._send(nodes.change(node_id, {"reserved_user_id": member_id}))

    async def delete(self, node_id: NodeId) -> None:
        """Into the recycle bin. Look at :meth:`holds_on` first."""
        await self._send(nodes.delete(node_id))

    def history(self, node_id: NodeId, *, since: date | None = None) -> AsyncIterator[AuditEntry]:
        """What happened to a node, newest first."""

        async def fetch(page: int) -> Page[AuditEntry]:
            call = nodes.audit(node_id, page=page, limit=self._page_size, since=since)
            return nodes.read_audit(await self._send(call), self._zone)

        return _each(fetch)

    # Documents

    async def upload(
        self,
        parent: NodeId,
        name: str,
        *,
        content: bytes | Path,
        media_type: str,
        category_values: Mapping[str, object] | None = None,
        description: str = "",
    ) -> Node:
        """File a document with its categories in one call. ``category_values``: the vendor's keys.

        Raises: NameTakenError.
        """
        call = documents.upload(
            parent,
            name,
            content=content,
            media_type=media_type,
            category_values=category_values,
            description=description,
        )
        return read_node(await self._send(call), self._zone)

    async def add_version(
        self, node_id: NodeId, file_name: str, *, content: bytes | Path, media_type: str, description: str = ""
    ) -> Version:
        """Add a version and read it back."""
        call = documents.add_version(
            node_id, file_name, content=content, media_type=media_type, description=description
        )
        await self._send(call)
        return await self.latest_version(node_id)

    def versions(self, node_id: NodeId) -> AsyncIterator[Version]:
        """A document's versions, oldest first."""

        async def fetch(page: int) -> Page[Version]:
            call = documents.versions(node_id, page=page, limit=self._page_size)
            return documents.read_versions(await self._send(call), self._zone)

        return _each(fetch)

    async def latest_version(self, node_id: NodeId) -> Version:
        """The newest version."""
        return documents.read_version(await self._send(documents.latest_version(node_id)), self._zone)

    async def content(self, node_id: NodeId, *, version: int | None = None) -> Content:
        """The bytes of the newest version, or of one."""
        return documents.read_content(await self._send(documents.content(node_id, version=version)))

    # Categories

    async def categories(self, node_id: NodeId) -> tuple[NodeCategory, ...]:
        """Every category on a node."""
        return categories.read_categories(await self._send(categories.categories(node_id)))

    async def category(self, node_id: NodeId, category_id: int) -> NodeCategory:
        """One category on a node."""
        return categories.read_category(await self._send(categories.category(node_id, category_id)))

    async def apply_category(self, node_id: NodeId, category_id: int, values: Mapping[str, object]) -> None:
        """Give a node a category."""
        await self._send(categories.apply_category(node_id, category_id, values))

    async def update_category(
        self, node_id: NodeId, category_id: int, values: Mapping[str, object], *, token: str = ""
    ) -> None:
        """Change values. Raises: ConflictError when ``token`` is older than the node's state."""
        await self._send(categories.update_category(node_id, category_id, values, token=token))

    async def remove_category(self, node_id: NodeId, category_id: int) -> None:
        """Take a category off a node."""
        await self._send(categories.remove_category(node_id, category_id))

    async def form_for_new_document(self, parent: NodeId, category_ids: Sequence[int]) -> tuple[CategoryForm, ...]:
        """One form per category, also for those that ``parent`` hands down."""
        return categories.read_forms(await self._send(categories.form_for_new_document(parent, category_ids)))

    async def form_for_update(self, node_id: NodeId, category_id: int) -> CategoryForm:
        """The form of a category on a node, with the edit token."""
        reply = await self._send(categories.form_for_update(node_id, category_id))
        found = categories.read_forms(reply)
        if not found:
            raise reply.odd("no category form in the answer")
        return found[0]

    async def all_categories(self) -> tuple[Node, ...]:
        """Every category of the server, at any depth of its folders."""
        found: list[Node] = []
        folders = [(await self.volume(NodeType.CATEGORIES_VOLUME)).id]
        while folders:
            parent = folders.pop(0)

            async def fetch(page: int, parent: NodeId = parent) -> Page[Node]:
                call = categories.definitions_in(parent, page=page, limit=self._page_size)
                return read_page(await self._send(call), Node, self._zone)

            async for node in _each(fetch):
                if node.kind is NodeType.CATEGORY:
                    found.append(node)
                else:
                    folders.append(node.id)
        return tuple(found)

    # Workspaces

    async def workspace_types(self) -> tuple[WorkspaceType, ...]:
        """Every workspace type with its templates."""
        return workspaces.read_types(await self._send(workspaces.types()))

    def workspaces(self, *, type_id: int | None = None, name: str = "") -> AsyncIterator[Node]:
        """Workspaces in order of name. ``name``: exact, ``contains_x`` or ``startswith_x``."""

        async def fetch(page: int) -> Page[Node]:
            call = workspaces.workspaces(page=page, limit=self._page_size, type_id=type_id, name=name)
            return read_page(await self._send(call), Node, self._zone)

        return _each(fetch)

    def workspaces_with_categories(
        self, *, type_id: int | None = None, name: str = ""
    ) -> AsyncIterator[CategorizedNode]:
        """The same with the categories of each workspace, at one call a page."""

        async def fetch(page: int) -> Page[CategorizedNode]:
            call = workspaces.workspaces(page=page, limit=self._page_size, type_id=type_id, name=name)
            reply = await self._send(categories.with_categories(call))
            return categories.read_with_categories(reply, self._zone)

        return _each(fetch)

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
    ) -> NodeId:
        """A new workspace. ``category_values``: category id → the vendor's keys. Raises: NameTakenError."""
        call = workspaces.create(
            template_id=template_id,
            type_id=type_id,
            name=name,
            parent=parent,
            description=description,
            reference=reference,
            category_values=category_values,
        )
        return workspaces.read_created(await self._send(call))

    async def roles(self, workspace_id: NodeId) -> tuple[Role, ...]:
        """The roles of a workspace."""
        return properties_only(await self._send(workspaces.roles(workspace_id)), Role, self._zone)

    async def role_members(self, workspace_id: NodeId, role_id: int) -> tuple[Member, ...]:
        """Who has a role."""
        reply = await self._send(workspaces.role_members(workspace_id, role_id))
        return properties_only(reply, Member, self._zone)

    async def add_role_member(self, workspace_id: NodeId, role_id: int, member_id: MemberId) -> None:
        """Give somebody a role."""
        await self._send(workspaces.add_role_member(workspace_id, role_id, member_id))

    # Search and people

    def search(self, where: str) -> AsyncIterator[Node]:
        """Hits of an LQL query, newest first; build it with :func:`documents_like`."""

        async def fetch(page: int) -> Page[Node]:
            return read_page(await self._send(search.search(where, page=page, limit=self._page_size)), Node, self._zone)

        return _each(fetch)

    def members(self, name: str = "", *, kind: int = 0) -> AsyncIterator[Member]:
        """Users (0) or groups (1) whose name begins with ``name``."""

        async def fetch(page: int) -> Page[Member]:
            call = search.members(name=name, kind=kind, page=page, limit=self._page_size)
            return read_page(await self._send(call), Member, self._zone)

        return _each(fetch)

    # Records

    async def holds_on(self, node_id: NodeId) -> tuple[NodeHold, ...]:
        """Every hold on a node, direct and inherited."""
        return records.read_holds_on(await self._send(records.holds_on(node_id)), self._zone)

    async def apply_hold(self, node_id: NodeId, hold_id: int) -> None:
        """Put a hold on a node."""
        await self._write_record(records.apply_hold(node_id, hold_id))

    async def lift_hold(self, node_id: NodeId, hold_id: int) -> None:
        """Take a direct hold off a node."""
        await self._write_record(records.lift_hold(node_id, hold_id))

    def holds(self) -> AsyncIterator[Hold]:
        """Every hold of the server."""

        async def fetch(page: int) -> Page[Hold]:
            call = records.holds(page=page, limit=self._page_size)
            return records.read_holds(await self._send(call), self._zone)

        return _each(fetch)

    async def record_details(self, node_id: NodeId) -> RecordDetails | None:
        """What makes a document a record; None when it is none."""
        found = records.read_record_details(await self._send(records.record_details(node_id)), self._zone)
        return found[0] if found else None

    async def retention(self, node_id: NodeId, schedule: str) -> tuple[RetentionStage, ...]:
        """When a document's time is over, by the schedule named in its record details."""
        return records.read_retention(await self._send(records.retention(node_id, schedule)), self._zone)

    async def _write_record(self, call: Call) -> None:
        # Concurrent hold writes were seen refused behind a gateway (CONFIRMED, contract 9).
        async with self._records_write:
            await self._send(call)

    async def _send(self, call: Call) -> Reply:
        return await self._transport.send(call)


async def _each(fetch: Callable[[int], Awaitable[Page[T]]]) -> AsyncIterator[T]:
    """Every item of a paged list, page after page. An empty page ends it, whatever the server counted."""
    number = 1
    while True:
        page = await fetch(number)
        for item in page.items:
            yield item
        if not page.items or number >= page.last:
            return
        number += 1


def open_extended_ecm(
    *,
    base_url: str,
    cs_path: str,
    sign_in: SignIn,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    pace: Pace = PACE,
    page_size: int = LARGEST_PAGE,
    zone: tzinfo = UTC,
    wire: Wire | None = None,
) -> ExtendedEcmClient:
    """A client for Content Server at ``base_url`` + ``cs_path`` (``/otcs/cs.exe``, ``/cs/cs`` …; never guessed).

    ``sign_in``: one of :mod:`connectors.extended_ecm.sign_in`. ``zone``: the server's, for times without one.
    """
    transport = Transport(
        system=SYSTEM,
        base_url=base_url.rstrip("/") + "/" + cs_path.strip("/"),
        sign_in=sign_in,
        read_failure=read_failure,
        pace=pace,
        on_exchange=on_exchange,
        wire=wire,
    )
    return ExtendedEcmClient(transport, page_size=page_size, zone=zone)
