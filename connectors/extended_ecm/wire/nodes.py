"""Nodes: read, list, find, create, change, delete, history (contract 3 and 11)."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import Final

import msgspec

from connectors.calls import Call, FormBody, Reply, segment
from connectors.extended_ecm.access_models import Allowed
from connectors.extended_ecm.models import (
    Ancestor,
    AuditEntry,
    EditTokens,
    Inheritance,
    NodeId,
    NodeType,
    Page,
    TakenName,
    localised,
)
from connectors.extended_ecm.wire.asking import ask, wish
from connectors.extended_ecm.wire.reading import form, page_of, read_entry, read_paging, read_results
from connectors.shape import decode

MOST_IDS: Final = 250
"""CONFIRMED limit of ``nodes/list``."""
LONGEST_NAME: Final = 248

_SHOWN: Final = (
    "properties{id,name,type,parent_id,description,size,container,mime_type,create_date,create_user_id,modify_date,"
    "modify_user_id,reserved,reserved_user_id,nickname,wnf_wksp_type_id}"
)
"""What the desk reads, and nothing else: each field costs the server time (CONFIRMED, contract 1)."""


class _Token(msgspec.Struct, frozen=True):
    metadata_token: str = ""


class _State(msgspec.Struct, frozen=True):
    properties: _Token = _Token()
    categories: list[dict[str, _Token]] | dict[str, _Token] = []


class _Stated(msgspec.Struct, frozen=True):
    state: _State


class _Ancestors(msgspec.Struct, frozen=True):
    ancestors: tuple[Ancestor, ...]


class _EventType(msgspec.Struct, frozen=True):
    id: int
    name: str


class _Audit(msgspec.Struct, frozen=True):
    audit: tuple[AuditEntry, ...]
    audit_event_types: tuple[_EventType, ...] = ()


def usable_name(name: str) -> str:
    """``name`` as a node may be called: no colon, at most 248 characters, trimmed (CONFIRMED)."""
    return name.replace(":", "-")[:LONGEST_NAME].strip()


def node(node_id: NodeId) -> Call:
    """One node."""
    return Call(
        name="node", method="GET", path=f"/api/v2/nodes/{node_id}", query=(("fields", _SHOWN),), repeatable=True
    )


def nodes(node_ids: Sequence[NodeId]) -> Call:
    """Up to 250 nodes; those that are not there, or not visible, are silently left out."""
    fields = (*(("ids", str(each)) for each in node_ids), ("fields", _SHOWN))
    return Call(name="nodes", method="POST", path="/api/v2/nodes/list", body=FormBody(fields=fields), repeatable=True)


def children(
    parent: NodeId,
    *,
    page: int,
    limit: int,
    kinds: Sequence[int] = (),
    name_part: str = "",
    sort: str = "asc_name",
) -> Call:
    """One page of a folder. ``kinds``: subtypes, -1 for containers, -3 for the rest. ``name_part``: inside names."""
    query = [("page", str(page)), ("limit", str(limit)), ("sort", sort), ("fields", _SHOWN)]
    query += [("where_type", str(kind)) for kind in kinds]
    if name_part:
        query.append(("where_name", name_part))
    return Call(name="folder", method="GET", path=f"/api/v2/nodes/{parent}/nodes", query=tuple(query), repeatable=True)


def volume(kind: int) -> Call:
    """The volume of a type; numbers of volumes differ, types do not."""
    return Call(
        name="volume", method="GET", path=f"/api/v2/volumes/{kind}", query=(("fields", _SHOWN),), repeatable=True
    )


def by_nickname(nickname: str) -> Call:
    """One node by its nickname."""
    path = f"/api/v2/nicknames/{segment(nickname)}/nodes"
    return Call(name="node by nickname", method="GET", path=path, query=(("fields", _SHOWN),), repeatable=True)


def ancestors(node_id: NodeId) -> Call:
    """The way down to a node."""
    return Call(name="ancestors", method="GET", path=f"/api/v1/nodes/{node_id}/ancestors", repeatable=True)


def read_ancestors(reply: Reply) -> tuple[Ancestor, ...]:
    """Root first. Raises: ShapeError."""
    return decode(reply, _Ancestors).ancestors


def taken_names(parent: NodeId, names: Sequence[str]) -> Call:
    """Which of ``names`` are taken in ``parent``."""
    return Call(
        name="check names",
        method="POST",
        path="/api/v1/validation/nodes",
        body=form({"parent_id": parent, "names": list(names)}),
        repeatable=True,
    )


def read_taken_names(reply: Reply) -> tuple[TakenName, ...]:
    """The collisions only. Raises: ShapeError."""
    return read_results(reply, tuple[TakenName, ...])


def create(
    parent: NodeId,
    name: str,
    *,
    kind: int = NodeType.FOLDER,
    description: str = "",
    category_values: Mapping[str, object] | None = None,
) -> Call:
    """A folder or another item without a file. Not repeatable: the server has no idempotency key."""
    said: dict[str, object] = {"type": int(kind), "parent_id": parent, "name": usable_name(name)}
    if description:
        said["description"] = description
    if category_values:
        said["roles"] = {"categories": dict(category_values)}
    return wish("create item", "POST", "/v2/nodes", said)


def change(node_id: NodeId, said: Mapping[str, object]) -> Call:
    """Rename, describe, move or reserve; the same values twice end in the same state."""
    return wish("change item", "PUT", f"/v2/nodes/{node_id}", said, repeatable=True)


def move(node_id: NodeId, parent: NodeId, *, name: str = "", inherit: Inheritance | None = None) -> Call:
    """Hang a node elsewhere; ``inherit`` says whose categories it has there."""
    said: dict[str, object] = {"parent_id": parent}
    if name:
        said["name"] = usable_name(name)
    if inherit is not None:
        said["roles"] = {"categories": {"inheritance": int(inherit)}}
    return change(node_id, said)


def copy(node_id: NodeId, parent: NodeId, name: str) -> Call:
    """A copy with everything below it. Not repeatable."""
    return wish(
        "copy item", "POST", "/v2/nodes", {"original_id": node_id, "parent_id": parent, "name": usable_name(name)}
    )


def set_nickname(node_id: NodeId, nickname: str) -> Call:
    """A name that is unique on the server: letters, digits and underscores, and no mere number (CONFIRMED)."""
    return Call(
        name="set nickname",
        method="PUT",
        path=f"/api/v2/nodes/{node_id}/nicknames",
        body=FormBody(fields=(("nickname", nickname),)),
        repeatable=True,
    )


def allowed(node_ids: Sequence[NodeId], actions: Sequence[str]) -> Call:
    """Which of ``actions`` may be done with each node."""
    fields = (*(("ids", str(each)) for each in node_ids), *(("actions", each) for each in actions))
    return Call(
        name="allowed actions",
        method="POST",
        path="/api/v2/nodes/actions",
        body=FormBody(fields=fields),
        repeatable=True,
    )


def read_allowed(reply: Reply) -> dict[NodeId, frozenset[str]]:
    """By node; an absent action is not allowed (CONFIRMED). Raises: ShapeError."""
    found = read_results(reply, dict[int, Allowed])
    return {NodeId(node_id): frozenset(each.data) for node_id, each in found.items()}


def edit_tokens(node_id: NodeId) -> Call:
    """The present edit tokens of a node and of its categories; ``state`` is a flag without a value (CONFIRMED)."""
    return ask("edit tokens", f"/v2/nodes/{node_id}?state", (("fields", "properties{id,name,type}"),))


def read_edit_tokens(reply: Reply) -> EditTokens:
    """Categories come as a list of objects, or as one object (CONFIRMED both). Raises: ShapeError."""
    state = read_results(reply, _Stated).state
    parts = [state.categories] if isinstance(state.categories, dict) else state.categories
    by_category = {
        int(head): token.metadata_token
        for part in parts
        for key, token in part.items()
        if (head := key.partition("_")[0]).isdecimal()
    }
    return EditTokens(properties=state.properties.metadata_token, categories=by_category)


def delete(node_id: NodeId) -> Call:
    """Into the recycle bin. Ask for holds first: what a held node answers is not documented."""
    return Call(name="delete item", method="DELETE", path=f"/api/v2/nodes/{node_id}")


def audit(node_id: NodeId, *, page: int, limit: int, since: date | None = None) -> Call:
    """The node's history, newest first; ``since`` has the grain of a day."""
    query = [("page", str(page)), ("limit", str(limit)), ("sort", "desc_audit_date")]
    if since is not None:
        query.append(("where_audit_date_start", since.isoformat()))
    return Call(
        name="history", method="GET", path=f"/api/v2/nodes/{node_id}/audit", query=tuple(query), repeatable=True
    )


def read_audit(reply: Reply, zone: tzinfo) -> Page[AuditEntry]:
    """One page; names come from the reply's own table of event types where a line has none. Raises: ShapeError."""
    found = read_entry(reply, _Audit)
    names = {kind.id: kind.name for kind in found.audit_event_types}
    items = tuple(
        localised(
            entry if entry.audit_name else msgspec.structs.replace(entry, audit_name=names.get(entry.event_type, "")),
            zone,
        )
        for entry in found.audit
    )
    return page_of(items, read_paging(reply))
