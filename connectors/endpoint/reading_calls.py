"""Reading one call: what it takes, how it is written, how its reply is paged and mapped."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from connectors.calls import DEFAULT_DEADLINE_S
from connectors.endpoint.description import (
    REQUEST_KEY,
    Answer,
    Counted,
    CursorPlace,
    DescribedCall,
    Input,
    MappedField,
    Pages,
    PagesByCursor,
    PagesByLink,
    PagesByNumber,
)
from connectors.endpoint.expressions import Expression
from connectors.endpoint.headers import complaint_about_header, complaint_about_secret
from connectors.endpoint.tables import NAME, Table
from connectors.endpoint.templates import (
    JSONTemplate,
    PathTemplate,
    TemplateError,
    TextTemplate,
    read_json,
    read_path,
    read_text,
    slots_of,
)
from connectors.endpoint.values import MOST_WHOLE, Kind

Kinds: TypeAlias = Mapping[str, Kind]
Parameters: TypeAlias = tuple[tuple[str, TextTemplate], ...]

_NO_PATH: Final = PathTemplate(steps=())


class Method(StrEnum):
    """What a call does (RFC 9110, section 9; PATCH RFC 5789)."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"


class PagingKind(StrEnum):
    """How a long list comes."""

    PAGE = "page"
    CURSOR = "cursor"
    LINK = "link"


_REPEATABLE: Final = frozenset({Method.GET, Method.PUT, Method.DELETE})
"""Idempotent by RFC 9110, section 9.2.2."""


def read_call(name: str, table: Table) -> DescribedCall:
    """The call that ``table`` describes; its complaints are the table's."""
    method = table.choice("method", Method, default=Method.GET) or Method.GET
    inputs = _inputs(table)
    kinds = {key: given.kind for key, given in inputs.items()}
    idempotency_header = _idempotency(table)
    if idempotency_header:
        kinds[REQUEST_KEY] = Kind.TEXT
    path = _path(table, kinds, inputs)
    query = _parameters(table, "query", kinds)
    headers = _parameters(table, "headers", kinds)
    json, form = _body(table, method, kinds)
    pages, expired = _paging(table)
    call = DescribedCall(
        name=name,
        title=table.text("title") or name.replace("_", " "),
        method=method,
        path=path,
        inputs=inputs,
        query=query,
        headers=headers,
        json=json,
        form=form,
        answer=_answer(table, is_list=pages is not None),
        pages=pages,
        expired=expired,
        idempotency_header=idempotency_header,
        is_repeatable=bool(idempotency_header) or table.flag("repeatable", default=method in _REPEATABLE),
        deadline_s=table.number("deadline_s", default=DEFAULT_DEADLINE_S, above=0, most=600),
    )
    if table.is_spotless:  # what could not be read would only look unused or unfit here
        _check_fit(table, call)
    table.raw("repeatable")
    table.end()
    return call


# What goes in


def _inputs(table: Table) -> Mapping[str, Input]:
    inputs: dict[str, Input] = {}
    for name, value, inner in table.pairs("inputs"):
        if not NAME.fullmatch(name) or name == REQUEST_KEY:
            inner.complain(name, "An input's name has small letters, digits and underscores, and is not request_key.")
        if isinstance(value, dict):
            said = inner.table(name)
            kind = said.choice("as", Kind) if said else None
            is_required = said.flag("required", default=True) if said else True
            if said:
                said.end()
        else:
            kind, is_required = inner.choice(name, Kind), True
        inputs[name] = Input(kind=kind or Kind.TEXT, is_required=is_required)
    return inputs


def _path(table: Table, kinds: Kinds, inputs: Mapping[str, Input]) -> PathTemplate:
    source = table.text("path", why="It says where below base_url the call goes, such as /contacts/{id}.")
    template = None if source is None else table.tried("path", lambda: read_path(source, kinds), TemplateError)
    for name in sorted(slots_of(template)) if template else ():
        if name in inputs and not inputs[name].is_required:
            table.complain("path", f'The input "{name}" is optional, and an address cannot go without it.')
    return template or _NO_PATH


def _parameters(table: Table, key: str, kinds: Kinds) -> Parameters:
    parameters: list[tuple[str, TextTemplate]] = []
    for name, value, inner in table.pairs(key):
        complaint = complaint_about_header(name) if key == "headers" else complaint_about_secret(name)
        if complaint:
            inner.complain(name, complaint)
        template = _parameter(inner, name, value, kinds)
        if template is None:
            continue
        only = template.only_slot
        if key == "headers" and only is not None and only.kind is Kind.TEXTS:
            inner.complain(name, "A header takes one value, not a list.")
        parameters.append((name, template))
    return tuple(parameters)


def _parameter(table: Table, name: str, value: object, kinds: Kinds) -> TextTemplate | None:
    match value:
        case bool():
            return TextTemplate(pieces=("true" if value else "false",))
        case int() if abs(value) < MOST_WHOLE:
            return TextTemplate(pieces=(str(value),))
        case str():
            return table.tried(name, lambda: read_text(value, kinds), TemplateError)
        case _:
            table.complain(name, "It must be a text, a whole number, true or false.")
            return None


def _body(table: Table, method: Method, kinds: Kinds) -> tuple[JSONTemplate | None, Parameters]:
    json = None
    if table.has("json"):
        json = table.tried("json", lambda: read_json(table.raw("json"), kinds), TemplateError)
    form = _parameters(table, "form", kinds)
    if table.has("json") and table.has("form"):
        table.complain("form", "A request has one body: describe json or form, not both.")
    if method is Method.GET and (table.has("json") or table.has("form")):
        table.complain("json" if table.has("json") else "form", "A GET carries no body. Use query, or another method.")
    return json, form


def _idempotency(table: Table) -> str:
    inner = table.table("idempotency")
    if inner is None:
        return ""
    header = inner.text("header", why="It names the header that carries the caller's key, such as Idempotency-Key.")
    complaint = complaint_about_header(header) if header else ""
    if complaint:
        inner.complain("header", complaint)
    inner.end()
    return header or ""


# What comes back


def _answer(table: Table, *, is_list: bool) -> Answer:
    inner = table.table("answer", why="Paging needs to know where the items are.") if is_list else table.table("answer")
    if inner is None:
        return Answer()
    items = inner.expression("items", why="Paging needs to know where the items are." if is_list else "")
    item = inner.expression("item")
    if items and item:
        inner.complain("item", "A reply is read as one item or as many: keep item or items.")
    fields = {name: _field(fields, name, value) for name, value, fields in inner.pairs("fields")}
    key = inner.text("key") or ""
    if key and key not in fields:
        inner.complain("key", "It names no field under fields. Name the one by which two items are the same.")
    if key in fields and not fields[key].is_required:
        inner.complain("key", f"Items without it would all be the same one. Add required = true to the field {key}.")
    answer = Answer(items=items, item=item, fields=fields, key=key, absent=inner.statuses("absent"))
    inner.end()
    return answer


def _field(table: Table, name: str, value: object) -> MappedField:
    nothing = Expression("@")
    if not isinstance(value, dict):
        return MappedField(place=table.expression(name) or nothing, kind=Kind.TEXT, is_required=False)
    inner = table.table(name)
    if inner is None:
        return MappedField(place=nothing, kind=Kind.TEXT, is_required=False)
    field = MappedField(
        place=inner.expression("from", why="It says where in the item the field stands, by JMESPath.") or nothing,
        kind=inner.choice("as", Kind, default=Kind.TEXT) or Kind.TEXT,
        is_required=inner.flag("required", default=False),
    )
    inner.end()
    return field


# Paging


def _paging(table: Table) -> tuple[Pages | None, frozenset[int]]:
    inner = table.table("paging")
    if inner is None:
        return None, frozenset()
    kind = inner.choice("kind", PagingKind)
    size_parameter = inner.text("size_parameter") or ""
    size = inner.whole("size", default=0, least=1, most=10_000)
    if bool(size_parameter) != bool(size):
        inner.complain("size_parameter", "A page's size needs both: size_parameter and size.")
    pages: Pages | None
    match kind:
        case PagingKind.PAGE:
            counts = inner.choice("counts", Counted, default=Counted.PAGES) or Counted.PAGES
            pages = PagesByNumber(
                parameter=inner.text("parameter", why="It is the parameter that carries the page's number.") or "",
                first=inner.whole("first", default=1 if counts is Counted.PAGES else 0, least=0, most=1),
                counts=counts,
                size_parameter=size_parameter,
                size=size,
                pages_total=inner.expression("pages_total"),
            )
        case PagingKind.CURSOR:
            pages = PagesByCursor(
                cursor=inner.expression("cursor", why="It says where in the reply the next cursor stands.")
                or Expression("@"),
                parameter=inner.text("parameter", why="It is the parameter that carries the cursor back.") or "",
                place=inner.choice("in", CursorPlace, default=CursorPlace.QUERY) or CursorPlace.QUERY,
                size_parameter=size_parameter,
                size=size,
            )
        case PagingKind.LINK:
            pages = PagesByLink(size_parameter=size_parameter, size=size)
        case None:
            return None, frozenset()
    expired = inner.statuses("expired") if kind is PagingKind.CURSOR else frozenset()
    inner.end()
    return pages, expired


# Whether it all fits together


def _check_fit(table: Table, call: DescribedCall) -> None:
    _check_uses(table, call)
    _check_paging(table, call)


def _check_uses(table: Table, call: DescribedCall) -> None:
    used = slots_of(call.path)
    for _, template in (*call.query, *call.headers, *call.form):
        used |= slots_of(template)
    if call.json:
        used |= slots_of(call.json)
    for name in sorted(call.inputs.keys() - used):
        table.complain(
            "inputs", f'The input "{name}" is used nowhere. Write "{{{name}}}" where it belongs, or drop it.'
        )
    if call.idempotency_header and table.has("repeatable"):
        table.complain("repeatable", "A call with an idempotency header can always be repeated. Remove this.")


def _check_paging(table: Table, call: DescribedCall) -> None:
    pages = call.pages
    if pages is None:
        return
    if not call.is_repeatable or call.idempotency_header:
        table.complain("paging", "Only a call that can be repeated comes in pages. Is it a GET, or repeatable = true?")
    if (
        isinstance(pages, PagesByCursor)
        and pages.place is CursorPlace.BODY
        and not isinstance(call.json.shape if call.json else None, dict)
    ):
        table.complain("paging", "The cursor goes into the body, so json must be a table, even an empty one.")
    if call.expired and not call.answer.key:
        table.complain("answer", 'When a cursor ends the list is read again: name the "key" that tells items apart.')
