"""Thumbnails, proxies, formats and files: the ``files`` service (wire contract "iconik", §9)."""

from connectors.calls import Call, Reply
from connectors.iconik.models import AssetId, DownloadURL, File, FileSet, Format, Keyframe, Proxy, VersionId
from connectors.iconik.wire.addressing import Query, behind, path, query
from connectors.iconik.wire.reading import read, read_objects


def list_keyframes(asset_id: AssetId, *, last_id: str, per_page: int, version_id: VersionId | None = None) -> Call:
    """Thumbnails with signed addresses, of the newest version or of one (P2)."""
    return _list("keyframes", asset_id, last_id=last_id, per_page=per_page, version_id=version_id)


def list_proxies(
    asset_id: AssetId,
    *,
    last_id: str,
    per_page: int,
    version_id: VersionId | None = None,
    bypass_url_cache: bool = False,
) -> Call:
    """Proxies with signed addresses (P2). ``bypass_url_cache`` after a storage provider refused one."""
    more = query({"bypass_url_cache": True if bypass_url_cache else None})
    return _list("proxies", asset_id, last_id=last_id, per_page=per_page, version_id=version_id, more=more)


def list_formats(asset_id: AssetId, *, last_id: str, per_page: int) -> Call:
    """Formats of the newest version (P2)."""
    return _list("formats", asset_id, last_id=last_id, per_page=per_page)


def list_file_sets(asset_id: AssetId, *, last_id: str, per_page: int) -> Call:
    """File sets of the newest version (P2)."""
    return _list("file_sets", asset_id, last_id=last_id, per_page=per_page)


def list_files(asset_id: AssetId, *, last_id: str, per_page: int) -> Call:
    """Files of the newest version, without addresses (P2)."""
    return _list("files", asset_id, last_id=last_id, per_page=per_page)


def proxy_download_url(asset_id: AssetId, proxy_id: str) -> Call:
    """A signed address that saves a proxy under its name."""
    return Call(
        name="proxy download address",
        method="GET",
        path=path("files", "assets", asset_id, "proxies", proxy_id, "download_url"),
        repeatable=True,
    )


def file_download_url(asset_id: AssetId, file_id: str) -> Call:
    """A signed address that saves an original under its name; iconik logs a download."""
    return Call(
        name="original download address",
        method="GET",
        path=path("files", "assets", asset_id, "files", file_id, "download_url"),
        repeatable=True,
    )


def fetch_signed(url: str) -> Call:
    """The bytes behind a signed address: no iconik header goes to the storage provider (INFERRED, §9)."""
    return Call(name="fetch from storage", method="GET", path=url, signed_in=False, repeatable=True, deadline_s=120.0)


def read_keyframes(reply: Reply) -> tuple[Keyframe, ...]:
    """A page of thumbnails. Raises: ShapeError."""
    return read_objects(reply, Keyframe)


def read_proxies(reply: Reply) -> tuple[Proxy, ...]:
    """A page of proxies. Raises: ShapeError."""
    return read_objects(reply, Proxy)


def read_formats(reply: Reply) -> tuple[Format, ...]:
    """A page of formats. Raises: ShapeError."""
    return read_objects(reply, Format)


def read_file_sets(reply: Reply) -> tuple[FileSet, ...]:
    """A page of file sets. Raises: ShapeError."""
    return read_objects(reply, FileSet)


def read_files(reply: Reply) -> tuple[File, ...]:
    """A page of files. Raises: ShapeError."""
    return read_objects(reply, File)


def read_download_url(reply: Reply) -> str:
    """The signed address. Raises: ShapeError."""
    return read(reply, DownloadURL).url


def _list(
    what: str,
    asset_id: AssetId,
    *,
    last_id: str,
    per_page: int,
    version_id: VersionId | None = None,
    more: Query = (),
) -> Call:
    steps = (asset_id, "versions", version_id, what) if version_id else (asset_id, what)
    return Call(
        name=f"list {what.replace('_', ' ')}",
        method="GET",
        path=path("files", "assets", *steps),
        query=(*behind(last_id, per_page), *more),
        repeatable=True,
    )
