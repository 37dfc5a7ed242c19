"""Business workspaces: find, read, create, people (contract 6)."""

from collections.abc import Mapping
from datetime import tzinfo

import msgspec

from connectors.calls import Call, FormBody, Reply, segment
from connectors.extended_ecm.models import BusinessObject, Node, NodeId, Workspace, WorkspaceType, localised
from connectors.extended_ecm.wire.reading import form, read_results
from connectors.shape import decode

_PROPERTIES_ONLY = (("fields", "properties"), ("action", "properties-"))
"""``fields`` narrows here only together with this ``action`` (CONFIRMED)."""


class _TypeData(msgspec.Struct, frozen=True):
    properties: WorkspaceType


class _TypeEntry(msgspec.Struct, frozen=True):
    data: _TypeData


class _WorkspaceData(msgspec.Struct, frozen=True):
    properties: Node
    workspace_references: tuple[BusinessObject, ...] = ()


class _WorkspaceEntry(msgspec.Struct, frozen=True):
    data: _WorkspaceData


class _Created(msgspec.Struct, frozen=True):
    id: NodeId


class _Around(msgspec.Struct, frozen=True):
    id: NodeId


def types() -> Call:
    """Every workspace type with its templates. A server without any answers 500 (CONFIRMED)."""
    return Call(
        name="workspace types",
        method="GET",
        path="/api/v2/businessworkspacetypes",
        query=(("expand_templates", "true"), ("expand_wksp_info", "false")),
        repeatable=True,
    )


def read_types(reply: Reply) -> tuple[WorkspaceType, ...]:
    """Raises: ShapeError."""
    return tuple(entry.data.properties for entry in read_results(reply, tuple[_TypeEntry, ...]))


def workspaces(*, page: int, limit: int, type_id: int | None = None, name: str = "", sort: str = "asc_name") -> Call:
    """One page of all workspaces. ``name``: exact, ``contains_x`` or ``startswith_x``.

    ``expanded_view`` is always true: false quietly searches the recently used ones only (CONFIRMED, contract 14.6).
    """
    query = [("expanded_view", "true"), ("page", str(page)), ("limit", str(limit)), ("sort", sort)]
    if type_id is not None:
        query.append(("where_workspace_type_id", str(type_id)))
    if name:
        query.append(("where_name", name))
    return Call(
        name="workspaces",
        method="GET",
        path="/api/v2/businessworkspaces",
        query=(*query, *_PROPERTIES_ONLY),
        repeatable=True,
    )


def of_business_object(reference: BusinessObject) -> Call:
    """The workspace that stands for ``reference``; an empty list when there is none."""
    return Call(
        name="workspace of a business object",
        method="GET",
        path="/api/v2/businessworkspaces",
        query=(
            ("expanded_view", "true"),
            ("where_ext_system_id", reference.ext_system_id),
            ("where_bo_type", reference.bo_type),
            ("where_bo_id", reference.bo_id),
            ("limit", "2"),
            *_PROPERTIES_ONLY,
        ),
        repeatable=True,
    )


def of_business_object_direct(reference: BusinessObject) -> Call:
    """The same by path; an error when there is none (CONFIRMED)."""
    path = (
        f"/api/v2/externalsystems/{segment(reference.ext_system_id)}/botypes/{segment(reference.bo_type)}"
        f"/boids/{segment(reference.bo_id)}"
    )
    return Call(name="workspace of a business object", method="GET", path=path, repeatable=True)


def workspace(node_id: NodeId) -> Call:
    """One workspace and what it stands for."""
    return Call(
        name="workspace",
        method="GET",
        path=f"/api/v2/businessworkspaces/{node_id}",
        query=(("fields", "properties"), ("fields", "workspace_references")),
        repeatable=True,
    )


def read_workspace(reply: Reply, zone: tzinfo) -> Workspace:
    """``results`` is an object, and an array in one source (contract 13). Raises: ShapeError."""
    found = decode(reply, _WorkspaceReply).results
    if isinstance(found, tuple):
        if not found:
            raise reply.odd("an empty list where one workspace was expected")
        found = found[0]
    return Workspace(node=localised(found.data.properties, zone), references=found.data.workspace_references)


class _WorkspaceReply(msgspec.Struct, frozen=True):
    results: _WorkspaceEntry | tuple[_WorkspaceEntry, ...]


def around(node_id: NodeId) -> Call:
    """The workspace that a document lies in; 404 when it lies in none."""
    path = f"/api/v1/nodes/{node_id}/businessworkspace"
    return Call(name="workspace of a document", method="GET", path=path, repeatable=True)


def read_around(reply: Reply) -> NodeId:
    """Raises: ShapeError."""
    return decode(reply, _Around).id


def create(
    *,
    template_id: NodeId,
    type_id: int,
    name: str,
    parent: NodeId | None = None,
    description: str = "",
    reference: BusinessObject | None = None,
    category_values: Mapping[int, Mapping[str, object]] | None = None,
) -> Call:
    """A workspace from a template. ``category_values``: category id → its keys; nested here (CONFIRMED).

    Not repeatable: look it up by its business object before trying again.
    """
    wish: dict[str, object] = {"template_id": template_id, "wksp_type_id": type_id, "name": name}
    if parent is not None:
        wish["parent_id"] = parent
    if description:
        wish["description"] = description
    if reference is not None:
        wish |= {
            "ext_system_id": reference.ext_system_id,
            "bo_type": reference.bo_type,
            "bo_id": reference.bo_id,
        }
    if category_values:
        wish["roles"] = {"categories": {str(each): dict(values) for each, values in category_values.items()}}
    return Call(name="create workspace", method="POST", path="/api/v2/businessworkspaces", body=form(wish))


def read_created(reply: Reply) -> NodeId:
    """``results`` has no ``data`` here (CONFIRMED). Raises: ShapeError."""
    return read_results(reply, _Created).id


def roles(node_id: NodeId) -> Call:
    """The roles of a workspace."""
    return Call(
        name="workspace roles", method="GET", path=f"/api/v2/businessworkspaces/{node_id}/roles", repeatable=True
    )


def role_members(node_id: NodeId, role_id: int) -> Call:
    """Who has a role."""
    path = f"/api/v2/businessworkspaces/{node_id}/roles/{role_id}/members"
    return Call(name="role members", method="GET", path=path, repeatable=True)


def add_role_member(node_id: NodeId, role_id: int, member_id: int) -> Call:
    """Give somebody a role; a second time is refused (INFERRED)."""
    return Call(
        name="add role member",
        method="POST",
        path=f"/api/v2/businessworkspaces/{node_id}/roles/{role_id}/members",
        body=FormBody(fields=(("id", str(member_id)),)),
    )
