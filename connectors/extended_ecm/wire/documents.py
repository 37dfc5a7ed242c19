"""Uploads, versions and content (contract 4)."""

import re
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import msgspec

from connectors.calls import Call, FilePart, MultipartBody, Reply
from connectors.extended_ecm.models import Content, Downloaded, NodeId, NodeType, Page, Version, localised
from connectors.extended_ecm.wire.asking import ask, drop, wish
from connectors.extended_ecm.wire.nodes import usable_name
from connectors.extended_ecm.wire.reading import body, page_of, read_data, read_entry, read_paging, read_results

UPLOAD_DEADLINE_S: Final = 600.0
"""CHOSEN: large files over a slow line; the server publishes no limit."""
LONGEST_DESCRIPTION: Final = 255

_STARRED: Final = re.compile(r"filename\*=UTF-8''([^;]+)", re.IGNORECASE)
_PLAIN: Final = re.compile(r'filename="([^"]*)"', re.IGNORECASE)


class _Versioned(msgspec.Struct, frozen=True):
    versions: Version


class _Unversioned(msgspec.Struct, frozen=True):
    versions: tuple[Version, ...] = ()


class _VersionEntry(msgspec.Struct, frozen=True):
    data: _Versioned


class _NoVersions(msgspec.Struct, frozen=True):
    data: _Unversioned | None = None


def _new_document(
    parent: NodeId, name: str, category_values: Mapping[str, object] | None, description: str
) -> dict[str, object]:
    said: dict[str, object] = {"type": int(NodeType.DOCUMENT), "parent_id": parent, "name": usable_name(name)}
    if description:
        said["description"] = description
    if category_values:
        said["roles"] = {"categories": dict(category_values)}
    return said


def upload(
    parent: NodeId,
    name: str,
    *,
    content: bytes | Path,
    media_type: str,
    category_values: Mapping[str, object] | None = None,
    description: str = "",
) -> Call:
    """A new document with its categories in one call: filing first and filling later leaves half-filed documents.

    ``category_values``: the vendor's keys, flat (CONFIRMED). Not repeatable.
    """
    said = _new_document(parent, name, category_values, description)
    part = FilePart(name="file", filename=usable_name(name), content=content, media_type=media_type)
    return Call(
        name="upload",
        method="POST",
        path="/api/v2/nodes",
        body=MultipartBody(fields=body(said), files=(part,)),
        deadline_s=UPLOAD_DEADLINE_S,
    )


def upload_of_parts(
    parent: NodeId,
    name: str,
    *,
    upload_key: str,
    category_values: Mapping[str, object] | None = None,
    description: str = "",
) -> Call:
    """A new document out of parts that have all arrived (CONFIRMED). Not repeatable."""
    said = _new_document(parent, name, category_values, description)
    return wish("upload", "POST", "/v2/nodes", {**said, "upload_key": upload_key})


def add_version_of_parts(node_id: NodeId, *, upload_key: str, description: str = "") -> Call:
    """A new newest version out of parts that have all arrived (CONFIRMED). Not repeatable."""
    said: dict[str, object] = {"upload_key": upload_key}
    if description:
        said["description"] = description[:LONGEST_DESCRIPTION]
    return wish("add version", "POST", f"/v2/nodes/{node_id}/versions", said)


def add_version(
    node_id: NodeId, file_name: str, *, content: bytes | Path, media_type: str, description: str = ""
) -> Call:
    """A new newest version. Not repeatable."""
    fields = (("description", description[:LONGEST_DESCRIPTION]),) if description else ()
    part = FilePart(name="file", filename=file_name, content=content, media_type=media_type)
    return Call(
        name="add version",
        method="POST",
        path=f"/api/v2/nodes/{node_id}/versions",
        body=MultipartBody(fields=fields, files=(part,)),
        deadline_s=UPLOAD_DEADLINE_S,
    )


def versions(node_id: NodeId, *, page: int, limit: int) -> Call:
    """One page of a document's versions, oldest first."""
    return Call(
        name="versions",
        method="GET",
        path=f"/api/v2/nodes/{node_id}/versions",
        query=(("page", str(page)), ("limit", str(limit)), ("order", "asc")),
        repeatable=True,
    )


def read_versions(reply: Reply, zone: tzinfo) -> Page[Version]:
    """An array of entries, or an object with an empty list when there are none (contract 13). Raises: ShapeError."""
    found = read_results(reply, tuple[_VersionEntry, ...] | _NoVersions)  # type: ignore[arg-type]
    if isinstance(found, _NoVersions):
        items = found.data.versions if found.data else ()
    else:
        items = tuple(entry.data.versions for entry in found)
    return page_of(tuple(localised(each, zone) for each in items), read_paging(reply))


def latest_version(node_id: NodeId) -> Call:
    """The newest version; v1 only (CONFIRMED)."""
    return Call(name="latest version", method="GET", path=f"/api/v1/nodes/{node_id}/versions/latest", repeatable=True)


def read_version(reply: Reply, zone: tzinfo) -> Version:
    """A v1 version. Raises: ShapeError."""
    return localised(read_data(reply, Version), zone)


def version(node_id: NodeId, number: int) -> Call:
    """One version."""
    return ask("version", f"/v2/nodes/{node_id}/versions/{number}")


def read_one_version(reply: Reply, zone: tzinfo) -> Version:
    """A v2 version. Raises: ShapeError."""
    return localised(read_entry(reply, _Versioned).versions, zone)


def describe_version(node_id: NodeId, number: int, description: str) -> Call:
    """Change a version's description."""
    said = {"description": description[:LONGEST_DESCRIPTION]}
    return wish("describe version", "PUT", f"/v2/nodes/{node_id}/versions/{number}", said, repeatable=True)


def promote_version(node_id: NodeId, number: int, description: str = "") -> Call:
    """Make it the next major version. Not repeatable: twice makes two."""
    said = {"description": description} if description else {}
    return wish("promote version", "POST", f"/v2/nodes/{node_id}/versions/{number}/promote", said)


def lock_version(node_id: NodeId, number: int, *, locked: bool) -> Call:
    """Fix a version, or free it; the document stays editable (CONFIRMED)."""
    verb = "lock" if locked else "unlock"
    return wish(f"{verb} version", "POST", f"/v2/nodes/{node_id}/versions/{number}/{verb}", repeatable=True)


def purge_versions(node_id: NodeId, *, keep: int) -> Call:
    """Drop all but the newest ``keep``."""
    return drop("purge versions", f"/v2/nodes/{node_id}/versions", (("number_to_keep", str(keep)),))


def content(node_id: NodeId, *, version: int | None = None) -> Call:
    """The bytes of the newest version, or of one."""
    path = f"/api/v2/nodes/{node_id}" + ("/content" if version is None else f"/versions/{version}/content")
    return Call(name="content", method="GET", path=path, repeatable=True, deadline_s=UPLOAD_DEADLINE_S)


def read_content(reply: Reply) -> Content:
    """The bytes as they came."""
    return Content(data=reply.body, media_type=reply.media_type, file_name=_file_name(reply))


def read_downloaded(reply: Reply) -> Downloaded:
    """What the bytes came with; they themselves are on disk."""
    return Downloaded(media_type=reply.media_type, file_name=_file_name(reply))


def _file_name(reply: Reply) -> str:
    said = reply.headers.get("content-disposition", "")
    starred, plain = _STARRED.search(said), _PLAIN.search(said)
    return unquote(starred[1]) if starred else plain[1] if plain else ""
