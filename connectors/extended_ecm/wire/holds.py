"""Holds: on a node, of the server, put on and lifted one by one or many at once (contract 9).

Answers to writes may be empty, so nothing reads them.
"""

from collections.abc import Sequence
from datetime import date, tzinfo

import msgspec

from connectors.calls import Call, FormBody, Reply
from connectors.extended_ecm.models import Node, NodeId, Page, localised
from connectors.extended_ecm.record_models import Hold, NodeHold
from connectors.extended_ecm.wire.asking import ask, drop, page_of_list
from connectors.extended_ecm.wire.reading import page_of, read_data, read_entry, read_paging, read_results
from connectors.shape import decode


class _Holds(msgspec.Struct, frozen=True):
    holds: tuple[Hold, ...]


class _HoldData(msgspec.Struct, frozen=True):
    hold: Hold


class _HoldResults(msgspec.Struct, frozen=True):
    data: _HoldData


class _OneHold(msgspec.Struct, frozen=True):
    results: _HoldResults | None = None
    hold: Hold | None = None


class _Created(msgspec.Struct, frozen=True):
    hold_id: int = msgspec.field(name="holdID")


class _Contents(msgspec.Struct, frozen=True):
    contents: tuple[Node, ...]


def holds_on(node_id: NodeId) -> Call:
    """Every hold on a node, direct and inherited."""
    return Call(name="holds on a node", method="GET", path=f"/api/v1/nodes/{node_id}/holds", repeatable=True)


def read_holds_on(reply: Reply, zone: tzinfo) -> tuple[NodeHold, ...]:
    """Raises: ShapeError."""
    return tuple(localised(each, zone) for each in read_data(reply, tuple[NodeHold, ...]))


def apply_hold(node_id: NodeId, hold_id: int) -> Call:
    """Put a hold on a node."""
    return Call(
        name="apply hold",
        method="POST",
        path=f"/api/v1/nodes/{node_id}/holds",
        body=FormBody(fields=(("hold_id", str(hold_id)),)),
    )


def lift_hold(node_id: NodeId, hold_id: int) -> Call:
    """Take a direct hold off a node."""
    return Call(name="lift hold", method="DELETE", path=f"/api/v1/nodes/{node_id}/holds/{hold_id}")


def holds(*, page: int, limit: int) -> Call:
    """One page of the server's holds."""
    return page_of_list("holds", "/v2/holds", page=page, limit=limit)


def read_holds(reply: Reply, zone: tzinfo) -> Page[Hold]:
    """Raises: ShapeError."""
    return page_of(tuple(localised(each, zone) for each in read_entry(reply, _Holds).holds), read_paging(reply))


def lift_placed(node_id: NodeId, hold: NodeHold) -> Call:
    """Take a hold off that a query, a user or a cross-reference brought: with what brought it (CONFIRMED)."""
    query = [(name, str(value)) for name, value in (("queryID", hold.queryid), ("userID", hold.userid)) if value]
    if hold.docxreftyp:
        query.append(("docxreftyp", hold.docxreftyp))
    return drop("lift hold", f"/v1/nodes/{node_id}/holds/{hold.hold_id}", tuple(query))


def many(verb: str, node_ids: Sequence[NodeId], hold_id: int, *, comment: str = "") -> Call:
    """``applyhold`` or ``removehold`` for several nodes."""
    fields = [*(("ids", str(each)) for each in node_ids), ("holdID", str(hold_id))]
    if comment:
        fields.append(("removeComments", comment))
    return Call(
        name="apply hold" if verb == "applyhold" else "lift hold",
        method="POST",
        path=f"/api/v1/rmclassifications/{verb}",
        body=FormBody(fields=tuple(fields)),
    )


def hold_named(name: str) -> Call:
    """A hold by its name; a failure hides in a 200 (CONFIRMED)."""
    return ask("hold", "/v2/hold", (("holdname", name),))


def read_hold(reply: Reply, zone: tzinfo) -> Hold:
    """Under ``results.data``, or at the top as R draws it. Raises: ShapeError."""
    found = decode(reply, _OneHold)
    hold = found.hold or (found.results.data.hold if found.results else None)
    if hold is None:
        raise reply.odd("no hold in the answer")
    return localised(hold, zone)


def create_hold(name: str, kind: str, *, on: date, comment: str = "", alternate_id: str = "") -> Call:
    """A new hold. ``kind``: a code of the server, such as ``LEGAL``. A second of that name is refused."""
    fields = [("name", name), ("type", kind), ("date_applied", on.isoformat())]
    fields += [(key, value) for key, value in (("comment", comment), ("alternate_id", alternate_id)) if value]
    return Call(name="create hold", method="POST", path="/api/v1/holds", body=FormBody(fields=tuple(fields)))


def read_created(reply: Reply) -> int:
    """Raises: ShapeError."""
    return decode(reply, _Created).hold_id


def delete_hold(hold_id: int) -> Call:
    """Only one that lies on nothing (CONFIRMED)."""
    return drop("delete hold", f"/v1/holds/{hold_id}")


def items(hold_id: int, *, page: int, limit: int) -> Call:
    """What a hold lies on; the first page has a path of its own (CONFIRMED)."""
    path = f"/v2/holditems/{hold_id}" + ("" if page == 1 else "/page")
    return page_of_list("items of a hold", path, page=page, limit=limit)


def read_items(reply: Reply, zone: tzinfo) -> Page[Node]:
    """Flat in ``results`` (R) or in ``results.contents`` (a live server). Raises: ShapeError."""
    found = read_results(reply, tuple[Node, ...] | _Contents)  # type: ignore[arg-type]  # a union is a type to msgspec
    rows = found.contents if isinstance(found, _Contents) else found
    return page_of(tuple(localised(each, zone) for each in rows), read_paging(reply))
