"""Categories on nodes and their forms (contract 5)."""

from collections.abc import Mapping, Sequence

import msgspec

from connectors.extended_ecm.forms import STATE_NUMBER, CategoryForm, FormField
from connectors.extended_ecm.models import AttributeSchema, NodeCategory, NodeId, NodeType
from connectors.extended_ecm.wire.reading import form, read_results
from connectors.http import Call, Reply
from connectors.shape import decode


class _Values(msgspec.Struct, frozen=True):
    categories: dict[str, object]


class _Schemas(msgspec.Struct, frozen=True):
    categories: dict[str, AttributeSchema]


class _Entry(msgspec.Struct, frozen=True):
    data: _Values
    metadata: _Schemas


class _Property(msgspec.Struct, frozen=True):
    type: str = "string"
    title: str = ""
    required: bool = False
    readonly: bool = False
    maxLength: int | None = None  # noqa: N815 - the vendor's spelling
    enum: tuple[object, ...] = ()
    items: "_Property | None" = None


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
        FormField(
            key=key,
            title=each.title,
            kind=each.type,
            control=raw.options.fields.get(key, _Control()).type,
            required=each.required,
            read_only=each.readonly,
            max_length=(each.items or each).maxLength,
            choices=tuple(str(choice) for choice in (each.items or each).enum),
        )
        for key, each in raw.schema.properties.items()
        if key != f"{head}_{STATE_NUMBER}"
    )
    return CategoryForm(
        category_id=int(head), fields=fields, values=raw.data, token=token if isinstance(token, str) else ""
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
