"""Keyframes, proxies, formats and files; an upload step by step; archiving and having it back."""

from functools import partial
from hashlib import sha1
from typing import Any

import httpx
from pythonik.assets.models.asset_create_schema import AssetCreateSchema
from pythonik.files.models.bulk_archive_asset_request_schema import BulkArchiveAssetRequestSchema
from pythonik.files.models.bulk_fileset_archive_schema import BulkFilesetArchiveSchema
from pythonik.files.models.bulk_restore_asset_request_schema import BulkRestoreAssetRequestSchema
from pythonik.files.models.file_create_schema import FileCreateSchema
from pythonik.files.models.file_schema import FileSchema
from pythonik.files.models.file_set_schema import FileSetSchema
from pythonik.files.models.format_archive_schema import FormatArchiveSchema
from pythonik.files.models.format_restore_schema import FormatRestoreSchema
from pythonik.files.models.format_schema import FormatSchema
from pythonik.files.models.proxy_create_schema import ProxyCreateSchema
from pythonik.files.models.proxy_update_schema import ProxyUpdateSchema
from pythonik.files.models.transcode_request_schema import TranscodeRequestSchema

from tests.judges.pythonik.desk import Desk, behind
from tests.judges.pythonik.people import NOBODY

CONTENT = b"a judge's own words"
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


def look(desk: Desk, asset_id: str, version_id: str) -> None:
    """Every list of parts, of the newest version and of one, and bytes behind the addresses."""
    ik = desk.ik
    for what in ("keyframes", "proxies", "formats", "file_sets", "files"):
        desk.ask(
            f"list {what}",
            partial(getattr(ik, f"get_asset_{what}"), asset_id),
            check=lambda page: len(page.objects) >= 1,
        )
        desk.ask(
            f"list {what} of a version",
            partial(getattr(ik, f"get_asset_version_{what}"), asset_id, version_id),
        )
    with desk.ledger.call("keyframes behind the last id"):
        frames = behind(
            lambda last: ik.get_asset_keyframes(asset_id, per_page=1, **({"last_id": last} if last else {}))
        )
        assert len(frames) == 2
    frame = ik.get_asset_keyframes(asset_id).parsed.objects[0]
    desk.ask("keyframe", lambda: ik.get_asset_keyframe(asset_id, str(frame.id)))
    proxy = ik.get_asset_proxies(asset_id).parsed.objects[0]
    desk.ask("proxy", lambda: ik.get_asset_proxy(asset_id, str(proxy.id)))
    with desk.ledger.call("bytes of a proxy"):
        answer = httpx.get(proxy.url, headers={"Range": "bytes=0-9"})
        assert (answer.status_code, len(answer.content)) == (206, 10)
    saved = desk.ask("proxy download address", lambda: ik.get_asset_proxy_download_url(asset_id, str(proxy.id)))
    with desk.ledger.call("proxy saved under its name"):
        assert "attachment" in httpx.get(saved.url).headers["content-disposition"]
    file = ik.get_asset_files(asset_id).parsed.objects[0]
    desk.ask("file", lambda: ik.get_asset_file(asset_id, str(file.id)))
    desk.ask("original download address", lambda: ik.get_asset_file_download_url(asset_id, str(file.id)))
    format_id = str(ik.get_asset_formats(asset_id).parsed.objects[0].id)
    desk.ask("format", lambda: ik.get_asset_format(asset_id, format_id))
    desk.ask("components of a format", lambda: ik.get_asset_format_components(asset_id, format_id))
    desk.ask("file sets of a format", lambda: ik.get_asset_format_file_sets(asset_id, format_id))
    set_id = str(ik.get_asset_file_sets(asset_id).parsed.objects[0].id)
    desk.ask("files of a file set", lambda: ik.get_asset_file_set_files(asset_id, set_id))
    desk.ask("subtitles", lambda: ik.get_asset_subtitles(asset_id))
    desk.ask(
        "subtitles that are not there", lambda: ik.get_asset_subtitles_webvtt_by_language(asset_id, "xx"), status=404
    )
    desk.ask(
        "stream manifest",
        lambda: ik.get_asset_version_proxy_by_manifest_type(asset_id, version_id, str(proxy.id), "hls"),
    )
    desk.ask("a file that is not there", lambda: ik.get_asset_file_download_url(asset_id, NOBODY), status=404)


def upload(desk: Desk) -> None:
    """The documented chain, for each kind of storage that a client can reach."""
    ik = desk.ik
    storages = desk.ask("list storages", ik.get_storages, check=lambda page: page.total >= 4)
    desk.ask("default storage", lambda: ik.get_storages_default_by_purpose("FILES"))
    desk.ask("matching storage", lambda: ik.get_storages_matching_by_purpose("FILES"))
    desk.ask("storage", lambda: ik.get_storage(str(storages.objects[0].id)))
    for method in ("GCS", "S3", "AZURE", "B2"):
        storage = next(one for one in storages.objects if one.method == method and one.purpose == "FILES")
        _upload_to(desk, str(storage.id), method)
    _own_proxy(desk)


def _upload_to(desk: Desk, storage_id: str, method: str) -> None:
    ik = desk.ik
    asset = desk.ask(
        f"{method}: asset", lambda: ik.post_assets(body=AssetCreateSchema(title=f"Judged by {method}")), status=201
    )
    asset_id = str(asset.id)
    body = {"name": "ORIGINAL", "metadata": [{"internet_media_type": "image/png"}], "storage_methods": [method]}
    made = desk.ask(
        f"{method}: format", lambda: ik.post_asset_formats(asset_id, body=FormatSchema.from_dict(body)), status=201
    )
    group = {
        "format_id": str(made.id),
        "name": "judge.png",
        "base_dir": "",
        "component_ids": [],
        "storage_id": storage_id,
    }
    file_set = desk.ask(
        f"{method}: file set",
        lambda: ik.post_asset_file_sets(asset_id, body=FileSetSchema.from_dict(group)),
        status=201,
    )
    described = {
        "original_name": "judge.png",
        "directory_path": "",
        "type": "FILE",
        "size": len(PIXEL),
        "storage_id": storage_id,
        "file_set_id": str(file_set.id),
        "format_id": str(made.id),
    }
    file = desk.ask(
        f"{method}: file", lambda: ik.post_asset_files(asset_id, body=FileCreateSchema.from_dict(described)), status=201
    )
    with desk.ledger.call(f"{method}: transfer"):
        _send(desk, asset_id, file, method)
    key = str(file.id)
    closing = FileSchema.from_dict({**described, "status": "CLOSED"})
    desk.ask(
        f"{method}: close",
        lambda: ik.patch_asset_file(asset_id, key, body=closing),
        check=lambda one: one.status == "CLOSED",
    )
    desk.ask(
        f"{method}: keyframes",
        lambda: ik.post_asset_file_keyframes(asset_id, key, body=TranscodeRequestSchema()),
        check=lambda answer: answer.job_id is not None,
    )
    desk.ask(f"{method}: thumbnails", lambda: ik.get_asset_keyframes(asset_id), check=lambda page: page.total == 2)
    with desk.ledger.call(f"{method}: the same bytes come back"):
        address = ik.get_asset_file_download_url(asset_id, key).parsed.url
        assert httpx.get(address).content == PIXEL
    desk.ledger.hand(f"uploaded {method}", {"asset_id": asset_id, "size_bytes": len(PIXEL)})


def _send(desk: Desk, asset_id: str, file: Any, method: str) -> None:
    """The client itself sends no bytes: users do, as each provider wants them."""
    match method:
        case "GCS":
            session = httpx.post(file.upload_url, headers={"x-goog-resumable": "start", "Content-Length": "0"})
            answer = httpx.put(session.headers["location"], content=PIXEL)
        case "AZURE":
            answer = httpx.put(file.upload_url, content=PIXEL, headers={"x-ms-blob-type": "BlockBlob"})
        case "B2":
            fresh = desk.ik.get_asset_file(asset_id, str(file.id), generate_signed_post_url=True).parsed
            headers = {
                "Authorization": fresh.upload_credentials["authorizationToken"],
                "X-Bz-File-Name": fresh.upload_filename,
                "X-Bz-Content-Sha1": sha1(PIXEL).hexdigest(),
            }
            answer = httpx.post(fresh.upload_url, content=PIXEL, headers=headers)
        case _:
            upload_id = httpx.post(file.multipart_upload_url).text.partition("<UploadId>")[2].partition("<")[0]
            parts = desk.ik.get_asset_file_multipart_url_part(asset_id, str(file.id), upload_id=upload_id, parts_num=1)
            etag = httpx.put(parts.parsed.objects[0].url, content=PIXEL).headers["etag"]
            ends = desk.ik.get_asset_file_multipart_url(
                asset_id, str(file.id), upload_id=upload_id, type_="complete_url"
            ).parsed
            part = f"<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>"
            body = f"<CompleteMultipartUpload>{part}</CompleteMultipartUpload>"
            answer = httpx.post(ends.complete_url, content=body)
    assert answer.is_success, answer.text[:200]


def _own_proxy(desk: Desk) -> None:
    ik = desk.ik
    asset_id = str(ik.post_assets(body=AssetCreateSchema(title="With a proxy of its own")).parsed.id)
    body = ProxyCreateSchema.from_dict({"filename": "judge.mp4", "content_type": "video/mp4"})
    proxy = desk.ask("own proxy", lambda: ik.post_asset_proxies(asset_id, body=body), status=201)
    with desk.ledger.call("own proxy: transfer"):
        session = httpx.post(proxy.upload_url, headers={"x-goog-resumable": "start"})
        assert httpx.put(session.headers["location"], content=CONTENT).status_code == 200
    closed = ProxyUpdateSchema.from_dict({"status": "CLOSED"})
    desk.ask("own proxy: close", lambda: ik.patch_asset_proxy(asset_id, str(proxy.id), body=closed))
    with desk.ledger.call("own proxy: bytes"):
        assert httpx.get(ik.get_asset_proxy_download_url(asset_id, str(proxy.id)).parsed.url).content == CONTENT


def archive(desk: Desk, asset_id: str) -> None:
    """One format away and back, then by name, then in the second form."""
    ik = desk.ik
    format_id = str(ik.get_asset_formats(asset_id).parsed.objects[0].id)
    one = FormatArchiveSchema.from_dict({"delete_original": True})
    desk.ask("archive format", lambda: ik.post_asset_format_archive(asset_id, format_id, body=one), status=202)
    desk.ask(
        "asset is archived", lambda: ik.get_asset(asset_id), check=lambda asset: asset.archive_status == "ARCHIVED"
    )
    desk.ask("archive it again", lambda: ik.post_asset_format_archive(asset_id, format_id, body=one), status=400)
    desk.ask(
        "restore format",
        lambda: ik.post_asset_format_restore(asset_id, format_id, body=FormatRestoreSchema()),
        status=202,
    )
    many = BulkFilesetArchiveSchema.from_dict({"object_ids": [asset_id], "object_type": "assets"})
    desk.ask("archive by name", lambda: ik.post_formats_archive_bulk_by_format_name("ORIGINAL", body=many), status=202)
    again = BulkRestoreAssetRequestSchema.from_dict({"objects": [{"id": asset_id}]})
    desk.ask("restore many, v2", lambda: ik.post_assets_bulk_restore_v2(body=again), status=202)
    desk.ask("restore what is not archived, v2", lambda: ik.post_assets_bulk_restore_v2(body=again), status=409)
    away = BulkArchiveAssetRequestSchema.from_dict({"objects": [{"id": asset_id}]})
    desk.ask("archive many, v2", lambda: ik.post_assets_bulk_archive_v2(body=away), status=202)
    desk.ask("delete format", lambda: ik.delete_asset_format(asset_id, format_id), status=204)
    desk.ask("undelete format", lambda: ik.put_asset_format_restore(asset_id, format_id))
    desk.ask("jobs of archiving", lambda: ik.get_jobs(type_="ARCHIVE"), check=lambda page: page.total == 3)
