"""Thumbnails, proxies, subtitles and download addresses: the ``files`` service (wire contract "iconik", §9)."""

from typing import Final

from connectors.calls import Call, Reply
from connectors.iconik.models import AssetId, DownloadURL, Keyframe, Proxy, Subtitle, VersionId
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import Listing, Operation, fetch_text, pages_behind
from connectors.iconik.wire.reading import read

_TOO_EARLY: Final = 425


def list_keyframes(asset_id: AssetId, *, version_id: VersionId | None = None) -> Listing[Keyframe]:
    """Thumbnails with signed addresses, of the newest version or of one (P2)."""
    return pages_behind("list keyframes", of_version(asset_id, version_id, "keyframes"), Keyframe)


def list_proxies(
    asset_id: AssetId, *, version_id: VersionId | None = None, bypass_url_cache: bool = False
) -> Listing[Proxy]:
    """Proxies with signed addresses (P2). ``bypass_url_cache`` after a storage provider refused one."""
    more = query({"bypass_url_cache": True if bypass_url_cache else None})
    return pages_behind("list proxies", of_version(asset_id, version_id, "proxies"), Proxy, query=more)


def proxy_download_url(asset_id: AssetId, proxy_id: str) -> Operation[str]:
    """A signed address that saves a proxy under its name."""
    return _address("proxy download address", asset_id, "proxies", proxy_id)


def file_download_url(asset_id: AssetId, file_id: str) -> Operation[str]:
    """A signed address that saves an original under its name; iconik logs a download."""
    return _address("original download address", asset_id, "files", file_id)


def stream_manifest(
    asset_id: AssetId, version_id: VersionId, proxy_id: str, *, kind: str = "hls"
) -> Operation[str | None]:
    """What a player streams from: the manifest's text, or the address that a 302 leads to.

    None while it is not ready yet, which is a 425 (CONFIRMED). Which words ``kind`` may be is not published.
    """
    call = Call(
        name="stream manifest",
        method="GET",
        path=path("files", "assets", asset_id, "versions", version_id, "proxies", proxy_id, kind),
        repeatable=True,
        accepts=frozenset({302, _TOO_EARLY}),
    )
    return Operation(call=call, read=_manifest)


def list_subtitles(asset_id: AssetId, *, version_id: VersionId | None = None) -> Listing[Subtitle]:
    """Subtitles, one for each language (P2)."""
    return pages_behind("list subtitles", of_version(asset_id, version_id, "subtitles"), Subtitle)


def subtitle_text(asset_id: AssetId, language: str) -> Operation[str]:
    """One language's subtitles as WebVTT."""
    return fetch_text("subtitles as WebVTT", path("files", "assets", asset_id, "subtitles", language, "webvtt"))


def fetch_signed(url: str) -> Operation[Reply]:
    """The bytes behind a signed address: no iconik header goes to the storage provider (INFERRED, §9)."""
    call = Call(name="fetch from storage", method="GET", path=url, signed_in=False, repeatable=True, deadline_s=120.0)
    return Operation(call=call, read=lambda reply: reply)


def of_version(asset_id: AssetId, version_id: VersionId | None, what: str) -> str:
    """The path of an asset's parts: of the newest version (INFERRED), or of one."""
    versioned = ("versions", version_id) if version_id else ()
    return path("files", "assets", asset_id, *versioned, what)


def _address(name: str, asset_id: AssetId, what: str, part_id: str) -> Operation[str]:
    call = Call(
        name=name, method="GET", path=path("files", "assets", asset_id, what, part_id, "download_url"), repeatable=True
    )
    return Operation(call=call, read=lambda reply: read(reply, DownloadURL).url)


def _manifest(reply: Reply) -> str | None:
    if reply.status == _TOO_EARLY:
        return None
    if reply.status == 302:  # noqa: PLR2004
        return reply.headers.get("location", "")
    return reply.body.decode("utf-8", "replace")
