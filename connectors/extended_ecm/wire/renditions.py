"""Renditions, thumbnails, and conversions by the viewing module (contract 4)."""

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Final

import msgspec

from connectors.calls import Call, FilePart, MultipartBody, Reply, segment
from connectors.extended_ecm.models import NodeId, Rendition, localised
from connectors.extended_ecm.wire.asking import ask, drop, wish
from connectors.extended_ecm.wire.documents import UPLOAD_DEADLINE_S
from connectors.extended_ecm.wire.reading import read_entry, read_results

LATEST: Final = "latest"


class _State(msgspec.Struct, frozen=True):
    changed: bool = False
    new_state: str = ""


def renditions(node_id: NodeId, *, version: int | str = LATEST) -> Call:
    """The renditions of a version."""
    return ask("renditions", f"/v2/nodes/{node_id}/versions/{version}/renditions")


def read_renditions(reply: Reply, zone: tzinfo) -> tuple[Rendition, ...]:
    """Raises: ShapeError."""
    return tuple(localised(each, zone) for each in read_entry(reply, tuple[Rendition, ...]))


def add_rendition(node_id: NodeId, kind: str, file_name: str, *, content: bytes | Path, media_type: str) -> Call:
    """Another form of the newest version. A second of the same kind is refused, so it is not repeatable."""
    part = FilePart(name="file", filename=file_name, content=content, media_type=media_type)
    fields = (("rendition_type", kind), ("file_type", file_name.rpartition(".")[2]))
    return Call(
        name="add rendition",
        method="POST",
        path=f"/api/v2/nodes/{node_id}/versions/renditions",
        body=MultipartBody(fields=fields, files=(part,)),
        deadline_s=UPLOAD_DEADLINE_S,
    )


def read_rendition(reply: Reply, zone: tzinfo) -> Rendition:
    """Raises: ShapeError."""
    return localised(read_entry(reply, Rendition), zone)


def content(node_id: NodeId, kind: str, *, version: int) -> Call:
    """The bytes of a rendition."""
    return ask(
        "rendition",
        f"/v2/nodes/{node_id}/versions/{version}/renditions/content",
        (("rendition_type", kind),),
    )


def drop_rendition(node_id: NodeId, kind: str, *, version: int) -> Call:
    """Take a rendition off a version."""
    path = f"/v2/nodes/{node_id}/versions/{version}/renditions"
    return drop("drop rendition", path, (("rendition_type", kind),))


def thumbnail(node_id: NodeId, size: str) -> Call:
    """``small``, ``medium`` or ``large``; 404 where there is none (CONFIRMED)."""
    return ask("thumbnail", f"/v1/nodes/{node_id}/thumbnails/{segment(size)}/content")


def convert(node_id: NodeId, rules: Mapping[str, object]) -> Call:
    """Begin a conversion on the server, by the site's own rules; it needs the viewing module and ends later."""
    return wish("convert", "POST", f"/v1/viewx/nodes/{node_id}/rendition", rules)


def conversions(state: str = "") -> Call:
    """Whether any conversion has ended since ``state`` was told."""
    return ask("conversions", "/v2/viewx/transform/state", (("current_state", state),) if state else ())


def read_conversions(reply: Reply) -> tuple[bool, str]:
    """Whether there is news, and the state to ask with next time. Raises: ShapeError."""
    said = read_results(reply, _State)
    return said.changed, said.new_state
