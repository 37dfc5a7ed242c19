"""Holds, record details and retention (contract 9). Answers to writes may be empty, so nothing reads them."""

from datetime import tzinfo

import msgspec

from connectors.calls import Call, FormBody, Reply, segment
from connectors.extended_ecm.models import Hold, NodeHold, NodeId, Page, RecordDetails, RetentionStage, localised
from connectors.extended_ecm.wire.reading import page_of, read_data, read_entry, read_paging


class _Holds(msgspec.Struct, frozen=True):
    holds: tuple[Hold, ...]


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
    query = (("page", str(page)), ("limit", str(limit)))
    return Call(name="holds", method="GET", path="/api/v2/holds", query=query, repeatable=True)


def read_holds(reply: Reply, zone: tzinfo) -> Page[Hold]:
    """Raises: ShapeError."""
    return page_of(tuple(localised(each, zone) for each in read_entry(reply, _Holds).holds), read_paging(reply))


def record_details(node_id: NodeId) -> Call:
    """What makes a document a record."""
    path = f"/api/v1/nodes/{node_id}/rmclassifications"
    return Call(name="record details", method="GET", path=path, repeatable=True)


def read_record_details(reply: Reply, zone: tzinfo) -> tuple[RecordDetails, ...]:
    """Empty for what is no record. Raises: ShapeError."""
    return tuple(localised(each, zone) for each in read_data(reply, tuple[RecordDetails, ...]))


def retention(node_id: NodeId, schedule: str) -> Call:
    """The stages of a retention schedule as they apply to a document."""
    path = f"/api/v1/nodes/{node_id}/rsi/{segment(schedule)}/GetRSIDetails"
    return Call(name="retention", method="GET", path=path, repeatable=True)


def read_retention(reply: Reply, zone: tzinfo) -> tuple[RetentionStage, ...]:
    """Raises: ShapeError."""
    return tuple(localised(each, zone) for each in read_data(reply, tuple[RetentionStage, ...]))
