"""Business workspaces: types, finding, reading, making, binding, relating (contract 6)."""

from collections.abc import Sequence
from datetime import tzinfo

import msgspec

from connectors.calls import Call, FormBody, Reply, segment
from connectors.extended_ecm.models import (
    BusinessObject,
    MadeWorkspace,
    Node,
    NodeId,
    Workspace,
    WorkspaceType,
    WorkspaceWish,
    localised,
)
from connectors.extended_ecm.wire.asking import ask, drop, page_of_list, wish
from connectors.extended_ecm.wire.reading import read_results
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


class _TypeV1(msgspec.Struct, frozen=True):
    workspace_type: str


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


def create(wanted: WorkspaceWish) -> Call:
    """A workspace from a template. Not repeatable: look it up by its business object before trying again."""
    return wish("create workspace", "POST", "/v2/businessworkspaces", wish_of(wanted))


def wish_of(wanted: WorkspaceWish) -> dict[str, object]:
    """The wish as it travels; values are nested under their category here (CONFIRMED)."""
    said: dict[str, object] = {"template_id": wanted.template_id, "wksp_type_id": wanted.type_id, "name": wanted.name}
    if wanted.parent is not None:
        said["parent_id"] = wanted.parent
    if wanted.description:
        said["description"] = wanted.description
    if wanted.reference is not None:
        said |= dict(_reference_fields(wanted.reference))
    roles: dict[str, object] = {}
    if wanted.category_values:
        roles["categories"] = {str(each): dict(values) for each, values in wanted.category_values.items()}
    if wanted.team_from is not None:
        roles["importteam"] = {"node_id": wanted.team_from}
    if roles:
        said["roles"] = roles
    return said


def read_created(reply: Reply) -> NodeId:
    """``results`` has no ``data`` here (CONFIRMED). Raises: ShapeError."""
    return read_results(reply, _Created).id


def of_type_v1(type_id: int) -> Call:
    """What a workspace type is called; 404 for an unknown one."""
    return ask("workspace type", f"/v1/businessworkspacetypes/{type_id}")


def read_type_name(reply: Reply) -> str:
    """Raises: ShapeError."""
    return decode(reply, _TypeV1).workspace_type


def create_form(template_id: NodeId) -> Call:
    """The forms that a new workspace would be filled by."""
    query = (("template_id", str(template_id)),)
    return ask("form for a new workspace", "/v2/forms/businessworkspaces/create", query)


def update_form(node_id: NodeId) -> Call:
    """The forms of a workspace's categories, with its values."""
    return ask("form of a workspace", f"/v2/forms/businessworkspaces/{node_id}/metadata/update")


def create_many(wishes: Sequence[WorkspaceWish]) -> Call:
    """Make workspaces, or update those that stand for a business object already; each has its own outcome.

    With business objects it may be repeated: the second time finds what the first one made.
    """
    infos = [wish_of(each) for each in wishes]
    repeatable = all(each.reference is not None for each in wishes)
    return wish("create workspaces", "PUT", "/v2/businessworkspaces", {"bws_infos": infos}, repeatable=repeatable)


def read_made(reply: Reply) -> tuple[MadeWorkspace, ...]:
    """An array, bare (B) or under ``results`` (INFERRED: every other list is). Raises: ShapeError."""
    if reply.body.lstrip().startswith(b"["):
        return decode(reply, tuple[MadeWorkspace, ...])
    return read_results(reply, tuple[MadeWorkspace, ...])


def bind(node_id: NodeId, reference: BusinessObject) -> Call:
    """Make a workspace stand for a business object."""
    return _referring("bind workspace", "PUT", node_id, reference)


def unbind(node_id: NodeId, reference: BusinessObject) -> Call:
    """It no longer does."""
    path = f"/v2/businessworkspaces/{node_id}/workspacereferences"
    return drop("unbind workspace", path, _reference_fields(reference))


def _referring(name: str, method: str, node_id: NodeId, reference: BusinessObject) -> Call:
    return Call(
        name=name,
        method=method,
        path=f"/api/v2/businessworkspaces/{node_id}/workspacereferences",
        body=FormBody(fields=_reference_fields(reference)),
        repeatable=True,
    )


def _reference_fields(reference: BusinessObject) -> tuple[tuple[str, str], ...]:
    return (
        ("ext_system_id", reference.ext_system_id),
        ("bo_type", reference.bo_type),
        ("bo_id", reference.bo_id),
    )


def related(node_id: NodeId, *, kind: str, page: int, limit: int) -> Call:
    """Workspaces that are its children or parents."""
    path, query = f"/v2/businessworkspaces/{node_id}/relateditems", (("where_rel_types", f"{{'{kind}'}}"),)
    return page_of_list("related workspaces", path, page=page, limit=limit, query=query)


def relate(node_id: NodeId, other: NodeId, *, kind: str) -> Call:
    """Make another workspace its child or parent."""
    return Call(
        name="relate workspaces",
        method="POST",
        path=f"/api/v2/businessworkspaces/{node_id}/relateditems",
        body=FormBody(fields=(("rel_bw_id", str(other)), ("rel_type", kind))),
        repeatable=True,
    )


def part(node_id: NodeId, other: NodeId) -> Call:
    """Undo :func:`relate`."""
    return drop("part workspaces", f"/v2/businessworkspaces/{node_id}/relateditems/{other}")
