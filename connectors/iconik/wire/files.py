"""Storages, formats, file sets, files, and the steps of an upload: ``files`` (wire contract "iconik", §9, §10)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from connectors.calls import Call, FilePart, JSONBody, MultipartBody, Reply
from connectors.iconik.models import (
    AssetId,
    File,
    FileSet,
    Format,
    JobStarted,
    MultipartAddresses,
    PartAddress,
    Proxy,
    Storage,
    VersionId,
)
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.media import of_version
from connectors.iconik.wire.operations import (
    FEW_PER_PAGE,
    Listing,
    Operation,
    act,
    change,
    fetch,
    given,
    make,
    pages,
    pages_behind,
)
from connectors.iconik.wire.reading import read


class Held(StrEnum):
    """What can be uploaded for an asset: the form of the path, and of the object that describes the upload."""

    FILE = "files"
    PROXY = "proxies"


def list_storages() -> Listing[Storage]:
    """Where files lie (P1)."""
    return pages("list storages", path("files", "storages"), Storage, most=FEW_PER_PAGE)


def get_storage(storage_id: str) -> Operation[Storage]:
    """One storage."""
    return fetch("get storage", path("files", "storages", storage_id), Storage)


def default_storage(purpose: str = "FILES") -> Operation[Storage]:
    """Where uploads for a purpose go."""
    return fetch("default storage", path("files", "storages", purpose, "default"), Storage)


def matching_storage(purpose: str = "FILES") -> Operation[Storage]:
    """The storage that iconik would choose for a purpose."""
    return fetch("matching storage", path("files", "storages", "matching", purpose), Storage)


def list_formats(asset_id: AssetId, *, version_id: VersionId | None = None) -> Listing[Format]:
    """Formats of the newest version or of one (P2)."""
    return pages_behind("list formats", of_version(asset_id, version_id, "formats"), Format)


def list_file_sets(asset_id: AssetId, *, version_id: VersionId | None = None) -> Listing[FileSet]:
    """File sets of the newest version or of one (P2)."""
    return pages_behind("list file sets", of_version(asset_id, version_id, "file_sets"), FileSet)


def list_files(
    asset_id: AssetId, *, version_id: VersionId | None = None, with_signed_urls: bool = False
) -> Listing[File]:
    """Files of the newest version or of one; without addresses unless asked (P2)."""
    signed = query({"generate_signed_url": True if with_signed_urls else None})
    return pages_behind("list files", of_version(asset_id, version_id, "files"), File, query=signed)


def add_format(
    asset_id: AssetId, *, name: str, media_type: str, storage_method: str, version_id: VersionId | None = None
) -> Operation[Format]:
    """Step 3 of an upload: the form in which the bytes come, ``ORIGINAL`` for the work itself."""
    body = given(
        name=name,
        metadata=[{"internet_media_type": media_type}],
        storage_methods=[storage_method],
        version_id=version_id,
    )
    return make("new format", path("files", "assets", asset_id, "formats"), Format, body)


def add_file_set(
    asset_id: AssetId,
    *,
    format_id: str,
    storage_id: str,
    name: str,
    folder: str = "",
    component_ids: Sequence[str] = (),
    version_id: VersionId | None = None,
) -> Operation[FileSet]:
    """Step 4 of an upload: where the format's files will lie."""
    body = given(
        format_id=format_id,
        storage_id=storage_id,
        name=name,
        base_dir=folder,
        component_ids=list(component_ids),
        version_id=version_id,
    )
    return make("new file set", path("files", "assets", asset_id, "file_sets"), FileSet, body)


def add_file(
    asset_id: AssetId,
    *,
    file_set: FileSet,
    name: str,
    size_bytes: int,
    folder: str = "",
    version_id: VersionId | None = None,
) -> Operation[File]:
    """Step 5 of an upload: the file to come; the answer says how its bytes are sent."""
    body = given(
        original_name=name,
        directory_path=folder,
        type="FILE",
        size=size_bytes,
        storage_id=file_set.storage_id,
        file_set_id=file_set.id,
        format_id=file_set.format_id,
        version_id=version_id,
    )
    return make("new file", path("files", "assets", asset_id, "files"), File, body)


def get_file(asset_id: AssetId, file_id: str, *, to_send: bool = False) -> Operation[File]:
    """One file; ``to_send`` makes its upload address anew, as a B2 storage may want (§16.14)."""
    fresh = query({"generate_signed_post_url": True if to_send else None})
    return fetch("get file", path("files", "assets", asset_id, "files", file_id), File, query=fresh)


def set_status(asset_id: AssetId, held: Held, held_id: str, status: str) -> Operation[None]:
    """Step 7 of an upload: CLOSED once the bytes are there, FAILED when they will not come."""
    return act(
        f"set status of {held.value}",
        "PATCH",
        path("files", "assets", asset_id, held.value, held_id),
        {"status": status},
        repeatable=True,
    )


def make_keyframes(asset_id: AssetId, held: Held, held_id: str) -> Operation[JobStarted | None]:
    """Step 8 of an upload: thumbnails and proxies from the bytes; None when the storage ignores that kind (204)."""
    call = Call(
        name="make keyframes",
        method="POST",
        path=path("files", "assets", asset_id, held.value, held_id, "keyframes"),
        body=JSONBody(value={}),
    )
    return Operation(call=call, read=_job)


def add_proxy(
    asset_id: AssetId, *, filename: str, storage_id: str, media_type: str, version_id: VersionId | None = None
) -> Operation[Proxy]:
    """A proxy of one's own making; the answer says how its bytes are sent."""
    body = given(filename=filename, storage_id=storage_id, content_type=media_type, version_id=version_id)
    return make("new proxy", path("files", "assets", asset_id, "proxies"), Proxy, body)


def upload_small(part: FilePart, *, storage_id: str, fields: Mapping[str, str]) -> Operation[None]:
    """A small file in one call; ``fields`` names ``asset_id`` or ``asset_title``, and ``create_keyframes`` if wanted.

    How small is not published. Not repeatable: each call stores a file.
    """
    call = Call(
        name="upload small file",
        method="POST",
        path=path("files", "files", "upload"),
        body=MultipartBody(
            fields=(("file_name", part.filename), ("storage_id", storage_id), *fields.items()), files=(part,)
        ),
        deadline_s=300.0,
    )
    return Operation(call=call, read=lambda _reply: None)


def part_addresses(asset_id: AssetId, file_id: str, *, upload_id: str, parts: int) -> Listing[PartAddress]:
    """Where each part of a multipart upload goes (P1)."""
    asked = query({"upload_id": upload_id, "parts_num": parts})
    return pages(
        "part addresses",
        path("files", "assets", asset_id, "files", file_id, "multipart_url", "part"),
        PartAddress,
        query=asked,
        most=FEW_PER_PAGE,
    )


def multipart_addresses(asset_id: AssetId, file_id: str, *, upload_id: str) -> Operation[MultipartAddresses]:
    """Where a multipart upload is ended, one way or the other."""
    asked = query({"upload_id": upload_id, "type": "complete_url"})
    where = path("files", "assets", asset_id, "files", file_id, "multipart_url")
    return fetch("multipart addresses", where, MultipartAddresses, query=asked)


def edit_format(asset_id: AssetId, format_id: str, changes: Mapping[str, object]) -> Operation[Format]:
    """Change a format's fields, by the vendor's names."""
    return change("edit format", "PATCH", path("files", "assets", asset_id, "formats", format_id), Format, changes)


def _job(reply: Reply) -> JobStarted | None:
    return read(reply, JobStarted) if reply.body else None
