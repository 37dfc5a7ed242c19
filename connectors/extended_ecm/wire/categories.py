"""Categories on nodes and their forms (contract 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import TypeVar

import msgspec

from connectors.calls import Call, FormBody, Reply
from connectors.extended_ecm.forms import STATE_NUMBER, CategoryForm, FormField
from connectors.extended_ecm.models import (
    AttributeSchema,
    CategorizedNode,
    Node,
    NodeCategory,
    NodeId,
    NodeType,
    Page,
    localised,
)
from connectors.extended_ecm.wire.asking import ask, wish
from connectors.extended_ecm.wire.reading import form, page_of, read_paging, read_results
from connectors.shape import decode

Part = TypeVar("Part")


class _Values(msgspec.Struct, frozen=True):
    categories: dict[str, object]


class _Schemas(msgspec.Struct, frozen=True):
    categories: dict[str, AttributeSchema]


class _Entry(msgspec.Struct, frozen=True):
    data: _Values
    metadata: _Schemas


class _ListedData(msgspec.Struct, frozen=True):
    properties: Node
    categories: list[dict[str, object]] | dict[str, object] = []


class _ListedSchemas(msgspec.Struct, frozen=True):
    categories: list[dict[str, AttributeSchema]] | dict[str, AttributeSchema] = []


class _ListedEntry(msgspec.Struct, frozen=True):
    data: _ListedData
    metadata: _ListedSchemas = _ListedSchemas()


class _Enforcing(msgspec.Struct, frozen=True):
    id: NodeId


class _Property(msgspec.Struct, frozen=True):
    type: str = "string"
    title: str = ""
    required: bool = False
    readonly: bool = False
    maxLength: int | None = None  # noqa: N815 - the vendor's spelling
    enum: tuple[object, ...] = ()
    items: "_Property | None" = None
    maxItems: int | None = None  # noqa: N815 - the vendor's spelling
    properties: "dict[str, _Property]" = {}
    """Of a set: its members, for one row here, for many rows in ``items``."""


class _Schema(msgspec.Struct, frozen=True):
    properties: dict[str, _Property]


class _Control(msgspec.Struct, frozen=True):
    type: str = ""


class _Controls(msgspec.Struct, frozen=True):
    fields: dict[str, _Control] = {}


class _Form(msgspec.Struct, frozen=True):
    data: dict[str, object]
    schema: _Schema
    options: _Controls = _Controls()


class _Forms(msgspec.Struct, frozen=True):
    forms: tuple[_Form, ...]


def categories(node_id: NodeId) -> Call:
    """Every category on a node, with values and schemas."""
    return Call(
        name="categories",
        method="GET",
        path=f"/api/v2/nodes/{node_id}/categories?metadata",
        repeatable=True,
    )


def read_categories(reply: Reply) -> tuple[NodeCategory, ...]:
    """Raises: ShapeError."""
    return tuple(_category(reply, entry) for entry in read_results(reply, tuple[_Entry, ...]))


def category(node_id: NodeId, category_id: int) -> Call:
    """One category on a node, with values and schema."""
    path = f"/api/v2/nodes/{node_id}/categories/{category_id}?metadata"
    return Call(name="category", method="GET", path=path, repeatable=True)


def read_category(reply: Reply) -> NodeCategory:
    """Raises: ShapeError."""
    return _category(reply, read_results(reply, _Entry))


def _category(reply: Reply, entry: _Entry) -> NodeCategory:
    schema = entry.metadata.categories
    heads = [key for key in schema if key.isdecimal()]
    if len(heads) != 1:
        raise reply.odd("a category schema without the category's own entry")
    return NodeCategory(
        id=NodeId(int(heads[0])), name=schema[heads[0]].name, values=entry.data.categories, schema=schema
    )


def with_categories(call: Call) -> Call:
    """The list that ``call`` asks for, with the categories of each item: one call where there would be one per item."""
    return replace(call, path=f"{call.path}?metadata", query=(*call.query, ("fields", "categories")))


def read_with_categories(reply: Reply, zone: tzinfo) -> Page[CategorizedNode]:
    """Values and schemas arrive as lists of objects, and as one object (both CONFIRMED). Raises: ShapeError."""
    items = tuple(
        CategorizedNode(
            node=localised(entry.data.properties, zone),
            categories=_sorted_out(_joined(entry.data.categories), _joined(entry.metadata.categories)),
        )
        for entry in read_results(reply, tuple[_ListedEntry, ...])
    )
    return page_of(items, read_paging(reply))


def _joined(parts: Sequence[Mapping[str, Part]] | Mapping[str, Part]) -> dict[str, Part]:
    listed = [parts] if isinstance(parts, Mapping) else parts
    return {key: value for part in listed for key, value in part.items()}


def _sorted_out(values: Mapping[str, object], schema: Mapping[str, AttributeSchema]) -> tuple[NodeCategory, ...]:
    """One category for each bare id in the schema, with the keys that begin with it."""
    return tuple(
        NodeCategory(
            id=NodeId(int(head)),
            name=schema[head].name,
            values={key: value for key, value in values.items() if key.startswith(f"{head}_")},
            schema={key: entry for key, entry in schema.items() if key == head or key.startswith(f"{head}_")},
        )
        for head in schema
        if head.isdecimal()
    )


def apply_category(node_id: NodeId, category_id: int, values: Mapping[str, object]) -> Call:
    """Give a node a category with its first values. A second time is refused, so it is not repeatable."""
    return Call(
        name="apply category",
        method="POST",
        path=f"/api/v2/nodes/{node_id}/categories",
        body=form({"category_id": category_id, **values}),
    )


def update_category(node_id: NodeId, category_id: int, values: Mapping[str, object], *, token: str = "") -> Call:
    """Change values. With the edit ``token`` of what was read, a change by somebody else in between is a 409."""
    state = {f"{category_id}_{STATE_NUMBER}": {"metadata_token": token}} if token else {}
    return Call(
        name="update category",
        method="PUT",
        path=f"/api/v2/nodes/{node_id}/categories/{category_id}/",
        body=form({**state, **values}),
        repeatable=not token,
    )


def remove_category(node_id: NodeId, category_id: int) -> Call:
    """Take a category and its values off a node."""
    return Call(name="remove category", method="DELETE", path=f"/api/v2/nodes/{node_id}/categories/{category_id}/")


def apply_to_children(node_id: NodeId, category_ids: Sequence[int], *, replace_values: bool = False) -> Call:
    """Hand categories down to everything that lies in a container already."""
    action = "replace" if replace_values else "add_upgrade"
    said = {"categories": [{"id": each, "action": action} for each in category_ids], "add_version": False}
    path = f"/v2/nodes/{node_id}/categories/apply"
    return wish("apply category to children", "POST", path, said, repeatable=True)


def inherit(node_id: NodeId, category_id: int, *, on: bool) -> Call:
    """Whether what comes into a container gets the category."""
    path = f"/v2/nodes/{node_id}/categories/{category_id}/inheritance"
    return wish("category inheritance", "POST" if on else "DELETE", path, repeatable=True)


def enforcing(node_ids: Sequence[NodeId]) -> Call:
    """Which of these nodes insist on their required values."""
    path = "/v1/validation/nodes/categories/enforcement"
    return wish("required values", "POST", path, {"ids": list(node_ids)}, repeatable=True)


def read_enforcing(reply: Reply) -> frozenset[NodeId]:
    """Raises: ShapeError."""
    return frozenset(each.id for each in read_results(reply, tuple[_Enforcing, ...]))


def valid_values(node_id: NodeId, key: str, values: Mapping[str, object]) -> Call:
    """What a pick list offers when other attributes have ``values``."""
    fields = [("id", str(node_id)), ("attribute_key", key)]
    if values:
        fields.append(("attribute_values", msgspec.json.encode(values).decode()))
    return Call(
        name="pick list",
        method="POST",
        path="/api/v1/tklattribute/validvalues",
        body=FormBody(fields=tuple(fields)),
        repeatable=True,
    )


def read_valid_values(reply: Reply) -> tuple[str, ...]:
    """The only list of the answer, whatever its key. Raises: ShapeError."""
    return tuple(word for words in decode(reply, dict[str, tuple[str, ...]]).values() for word in words)


def form_for_new(node_id: NodeId, category_id: int) -> Call:
    """The form of a category that a node does not have yet."""
    query = (("id", str(node_id)), ("category_id", str(category_id)))
    return ask("form of a new category", "/v1/forms/nodes/categories/create", query)


def form_for_new_document(parent: NodeId, category_ids: Sequence[int]) -> Call:
    """The forms that a new document in ``parent`` would be filled by."""
    query = [("parent_id", str(parent)), ("type", str(int(NodeType.DOCUMENT)))]
    query += [("category_id", str(each)) for each in category_ids]
    return Call(
        name="form for a new document",
        method="GET",
        path="/api/v1/forms/nodes/create",
        query=tuple(query),
        repeatable=True,
    )


def form_for_update(node_id: NodeId, category_id: int) -> Call:
    """The form of a category on a node, with its edit token."""
    return Call(
        name="form of a category",
        method="GET",
        path="/api/v1/forms/nodes/categories/update",
        query=(("id", str(node_id)), ("category_id", str(category_id))),
        repeatable=True,
    )


def read_forms(reply: Reply) -> tuple[CategoryForm, ...]:
    """The category forms among the forms of an answer; the general one is left out. Raises: ShapeError."""
    return tuple(found for each in decode(reply, _Forms).forms if (found := _category_form(each)) is not None)


def _category_form(raw: _Form) -> CategoryForm | None:
    heads = {key.partition("_")[0] for key in raw.schema.properties}
    if len(heads) != 1 or not (head := next(iter(heads))).isdecimal():
        return None
    state = raw.data.get(f"{head}_{STATE_NUMBER}")
    token = state.get("metadata_token") if isinstance(state, Mapping) else None
    fields = tuple(
        _field(key, each, raw.options.fields.get(key, _Control()))
        for key, each in raw.schema.properties.items()
        if key != f"{head}_{STATE_NUMBER}"
    )
    return CategoryForm(
        category_id=int(head), fields=fields, values=raw.data, token=token if isinstance(token, str) else ""
    )


def _field(key: str, said: _Property, control: _Control) -> FormField:
    inner = said.items or said
    return FormField(
        key=key,
        title=said.title,
        kind=said.type,
        control=control.type,
        required=said.required,
        read_only=said.readonly,
        max_length=inner.maxLength,
        choices=tuple(str(choice) for choice in inner.enum),
        most_values=said.maxItems,
        members=tuple(_field(member, each, _Control()) for member, each in inner.properties.items()),
    )


def definitions_in(parent: NodeId, *, page: int, limit: int) -> Call:
    """One page of the categories and category folders below ``parent``; the volume has type 133."""
    return Call(
        name="categories of the server",
        method="GET",
        path=f"/api/v2/nodes/{parent}/nodes",
        query=(
            ("where_type", str(int(NodeType.CATEGORY))),
            ("where_type", str(int(NodeType.CATEGORY_FOLDER))),
            ("fields", "properties{id,name,type,parent_id,container}"),
            ("page", str(page)),
            ("limit", str(limit)),
        ),
        repeatable=True,
    )
