"""Record details, retention, code lists, classifications (contract 9).

Answers to writes may be empty, so nothing reads them.
"""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import msgspec

from connectors.calls import Call, FormBody, Reply, segment
from connectors.extended_ecm.models import NodeId, Page, localised
from connectors.extended_ecm.record_models import Classification, Code, RecordDetails, RetentionStage, Schedule
from connectors.extended_ecm.wire.asking import ask, drop, page_of_list, wish
from connectors.extended_ecm.wire.reading import page_of, read_data, read_entry, read_paging
from connectors.shape import decode


class _Token(msgspec.Struct, frozen=True):
    rm_metadataToken: str = ""  # noqa: N815 - the vendor's spelling


class _Schedules(msgspec.Struct, frozen=True):
    rsis: tuple[Schedule, ...] = ()


class _CodeList(msgspec.Struct, frozen=True):
    values: tuple[Code, ...] = ()


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


def read_record_token(reply: Reply) -> str:
    """The edit token of record details. Raises: ShapeError."""
    return decode(reply, _Token).rm_metadataToken


def classify(node_id: NodeId, class_id: NodeId, *, schedule: str = "", official: bool = False) -> Call:
    """Make a document a record; twice is refused. Untouched options are left out: ``false`` is refused (CONFIRMED)."""
    fields = [("class_id", str(class_id))]
    if schedule:
        fields.append(("rsi", schedule))
    if official:
        fields.append(("official", "true"))
    return _record("classify record", "POST", node_id, fields)


def change_record(node_id: NodeId, token: str, changes: Mapping[str, str]) -> Call:
    """Change record details; a stale ``token`` is refused."""
    return _record("change record", "PUT", node_id, [("rm_metadataToken", token), *changes.items()])


def _record(name: str, method: str, node_id: NodeId, fields: Sequence[tuple[str, str]]) -> Call:
    path = f"/api/v1/nodes/{node_id}/rmclassifications"
    return Call(name=name, method=method, path=path, body=FormBody(fields=tuple(fields)))


def unclassify(node_id: NodeId, class_id: NodeId, token: str) -> Call:
    """No record any more."""
    path = f"/v1/nodes/{node_id}/rmclassifications/{class_id}"
    return drop("unclassify record", path, (("rm_metadataToken", token),))


def set_schedule(node_id: NodeId, class_id: NodeId, schedule: str) -> Call:
    """Say how long a record is kept."""
    return Call(
        name="set schedule",
        method="POST",
        path=f"/api/v1/nodes/{node_id}/rmclassifications/{class_id}/rsis",
        query=(("rsi", schedule),),
        repeatable=True,
    )


def drop_schedule(node_id: NodeId, class_id: NodeId) -> Call:
    """No longer say it."""
    return drop("drop schedule", f"/v1/nodes/{node_id}/rmclassifications/{class_id}/rsis")


def finalize(node_ids: Sequence[NodeId]) -> Call:
    """For ever: the desk asks twice before (contract 9)."""
    fields = tuple(("ids", str(each)) for each in node_ids)
    return Call(
        name="finalize records",
        method="PUT",
        path="/api/v1/rmclassifications/finalizerecords",
        body=FormBody(fields=fields),
    )


def schedules(*, page: int, limit: int) -> Call:
    """One page of the server's record series, a row for each stage."""
    return page_of_list("schedules", "/v2/rsis", page=page, limit=limit)


def read_schedules(reply: Reply) -> Page[Schedule]:
    """Raises: ShapeError."""
    return page_of(read_entry(reply, _Schedules).rsis, read_paging(reply))


def codes() -> Call:
    """The words that records management allows, by list."""
    return ask("records codes", "/v2/recordsmanagement/rmcodes")


def read_codes(reply: Reply) -> dict[str, tuple[Code, ...]]:
    """``hold_type``, ``status``, ``essential`` …; lists of numbers are left out. Raises: ShapeError."""
    found = read_entry(reply, dict[str, object])
    lists: dict[str, tuple[Code, ...]] = {}
    for name, said in found.items():
        try:
            lists[name] = msgspec.convert(said, type=_CodeList).values
        except msgspec.ValidationError:
            continue
    return lists


def classifications(node_id: NodeId) -> Call:
    """The plain classifications on a node."""
    return ask("classifications", f"/v1/nodes/{node_id}/classifications")


def read_classifications(reply: Reply) -> tuple[Classification, ...]:
    """Raises: ShapeError."""
    return read_data(reply, tuple[Classification, ...])


def set_classifications(node_id: NodeId, class_ids: Sequence[NodeId]) -> Call:
    """The whole new set (CONFIRMED)."""
    said = {"class_id": list(class_ids), "apply_to_sub_items": False, "inherit_flag": False}
    return wish("set classifications", "POST", f"/v1/nodes/{node_id}/classifications", said, repeatable=True)
