"""Files that calls bring: through every storage's own door, closed, shown, and had back."""

import asyncio
from pathlib import Path

import pytest

from connectors.calls import FilePart
from connectors.errors import ConnectorError, ForbiddenError, InvalidError, NotFoundError, VendorFaultError
from connectors.iconik import IconikClient, Original
from connectors.iconik.models import (
    AssetId,
    File,
    FileStatus,
    ObjectStatus,
    Storage,
    StorageMethod,
    VersionId,
    poster_of,
)
from connectors.iconik.upload import PIECE_BYTES
from connectors.iconik.wire import archive, assets, files, media, segments, transfer, work
from connectors.iconik.wire.files import Held
from tests.connectors.sandbox.iconik.desk import Desk

ROOT = Path(__file__).parents[4]
PICTURE = min((ROOT / "resources/sandbox/assets").glob("*.png"), key=lambda path: path.stat().st_size)
DOORS = [StorageMethod.GCS, StorageMethod.S3, StorageMethod.AZURE, StorageMethod.B2]


async def storage_of(iconik: IconikClient, method: StorageMethod) -> Storage:
    """The tenant's storage that is spoken to in one way."""
    found = await iconik.every(files.list_storages())
    return next(one for one in found if one.method is method and one.purpose == "FILES")


async def bring(iconik: IconikClient, source: Path, *, method: StorageMethod, media_type: str = "image/png") -> File:
    """A new asset with ``source`` as its original."""
    asset = await iconik.do(assets.add_asset("Brought"))
    original = Original(source=source, media_type=media_type)
    return await iconik.uploads.bring(asset.id, original, storage=await storage_of(iconik, method))


async def content_of(iconik: IconikClient, asset_id: AssetId) -> bytes:
    """What can be had of an asset."""
    (file,) = await iconik.files(asset_id)
    return (await iconik.fetch_signed(await iconik.file_download_url(asset_id, file.id))).body


@pytest.mark.contract("iconik 10.15", "iconik 10.16", "iconik 9.b1")
@pytest.mark.parametrize("method", DOORS)
def test_a_file_that_was_brought_comes_back_byte_for_byte(desk: Desk, method: StorageMethod) -> None:
    """Each provider wants its bytes in another manner; what arrives must be the same file."""

    async def work(iconik: IconikClient) -> tuple[FileStatus, bytes]:
        asset = await iconik.do(assets.add_asset("Brought"))
        original = Original(source=PICTURE, media_type="image/png", folder="new")
        file = await iconik.uploads.bring(asset.id, original, storage=await storage_of(iconik, method))
        return file.status, await content_of(iconik, asset.id)

    assert desk.run(work) == (FileStatus.CLOSED, PICTURE.read_bytes())


@pytest.mark.parametrize("method", [StorageMethod.GCS, StorageMethod.S3])
def test_a_large_file_goes_in_pieces(desk: Desk, method: StorageMethod, tmp_path: Path) -> None:
    """A film in one piece would have to fit into memory, and a broken line would begin it anew."""
    source = tmp_path / "large.bin"
    source.write_bytes(bytes(PIECE_BYTES) + b"the end")

    async def work(iconik: IconikClient) -> bytes:
        asset = await iconik.do(assets.add_asset("Large"))
        original = Original(source=source, media_type="application/octet-stream")
        await iconik.uploads.bring(asset.id, original, storage=await storage_of(iconik, method))
        return await content_of(iconik, asset.id)

    assert desk.run(work) == source.read_bytes()


@pytest.mark.contract("iconik 10.17")
def test_a_storage_behind_a_gateway_is_refused_before_anything_is_made(desk: Desk) -> None:
    """Half an asset in a library is worse than a sentence."""
    with pytest.raises(InvalidError, match="FILE"):
        desk.run(lambda iconik: bring(iconik, PICTURE, method=StorageMethod.FILE))

    async def formats(iconik: IconikClient) -> int:
        (asset_id,) = [asset.id async for asset in iconik.assets() if asset.title == "Brought"]
        return len(await iconik.formats(asset_id))

    assert desk.run(formats) == 0


def test_a_brought_picture_is_searched_and_shown(desk: Desk) -> None:
    """It is an asset like any other."""

    async def work(iconik: IconikClient) -> tuple[str, bool]:
        asset = await iconik.do(assets.add_asset("Brand new kingfisher"))
        await iconik.uploads.bring(asset.id, Original(source=PICTURE, media_type="image/png"))
        poster = poster_of(await iconik.keyframes(asset.id))
        return asset.id, poster is not None and (await iconik.fetch_signed(poster.url)).media_type == "image/jpeg"

    asset_id, is_shown = desk.run(work)

    assert is_shown
    (hit,) = [hit for hit in desk.find_words("kingfisher") if hit.id == asset_id]
    assert hit.media_type == "image"
    assert hit.files[0].size == PICTURE.stat().st_size


@pytest.mark.contract("iconik 10.12", "iconik 1.7", "iconik 12.b8")
def test_a_new_version_is_brought_beside_the_old_one(desk: Desk) -> None:
    """The old picture stays what it was, and the new one starts without anybody's approval."""
    asset_id = AssetId(desk.hit("spring-banner-fr").id)

    async def work(iconik: IconikClient) -> tuple[tuple[str, ...], bytes, int, object]:
        before = {version.id for version in (await iconik.asset(asset_id)).versions}
        (new,) = [version.id for version in await iconik.add_version(asset_id) if version.id not in before]
        await iconik.uploads.bring(asset_id, Original(source=PICTURE, media_type="image/png"), version_id=new)
        old = await iconik.every(files.list_files(asset_id, version_id=VersionId(min(before))))
        versions = tuple({file.version_id for file in await iconik.files(asset_id)})
        approval = await iconik.approval(asset_id)
        return (versions == (new,) and versions) or (), await content_of(iconik, asset_id), len(old), approval

    versions, content, old, approval = desk.run(work)

    assert versions
    assert content == PICTURE.read_bytes()
    assert (old, approval) == (1, None)


@pytest.mark.contract("iconik 9.b5")
def test_an_asset_without_bytes_has_nothing_to_show(desk: Desk) -> None:
    """The page says so instead of waiting for a film."""

    async def work(iconik: IconikClient) -> tuple[int, int]:
        asset = await iconik.do(assets.add_asset("Empty"))
        return len(await iconik.proxies(asset.id)), len(await iconik.keyframes(asset.id))

    assert desk.run(work) == (0, 0)


def test_a_transfer_that_fails_is_marked_failed(desk: Desk, tmp_path: Path) -> None:
    """An open file for ever would look as if somebody were still sending it."""
    source = tmp_path / "lost.png"
    source.write_bytes(PICTURE.read_bytes())

    async def work(iconik: IconikClient) -> list[FileStatus]:
        asset = await iconik.do(assets.add_asset("Lost"))
        storage = await storage_of(iconik, StorageMethod.AZURE)
        refused = iconik.send_to_storage

        async def no(operation: object) -> object:
            del operation
            raise VendorFaultError(system="iconik", call="send file", status=503)

        iconik.send_to_storage = no  # type: ignore[assignment, method-assign]  # the storage is down
        with pytest.raises(VendorFaultError):
            await iconik.uploads.bring(asset.id, Original(source=source, media_type="image/png"), storage=storage)
        iconik.send_to_storage = refused  # type: ignore[method-assign]  # and up again
        return [file.status for file in await iconik.files(asset.id)]

    assert desk.run(work) == [FileStatus.FAILED]


def test_a_busy_b2_node_is_answered_with_a_new_address(desk: Desk) -> None:
    """B2 expects it, and the first address may be empty (§16.14)."""

    async def work(iconik: IconikClient) -> tuple[str, str]:
        asset = await iconik.do(assets.add_asset("B2"))
        storage = await storage_of(iconik, StorageMethod.B2)
        made = await iconik.do(files.add_format(asset.id, name="ORIGINAL", media_type="image/png", storage_method="B2"))
        group = await iconik.do(files.add_file_set(asset.id, format_id=made.id, storage_id=storage.id, name="b2.png"))
        first = await iconik.do(files.add_file(asset.id, file_set=group, name="b2.png", size_bytes=1))
        again = await iconik.do(files.get_file(asset.id, first.id, to_send=True))
        return first.upload_url, again.upload_url

    first, again = desk.run(work)

    assert first == ""
    assert again.startswith("http")


@pytest.mark.parametrize("method", [StorageMethod.S3, StorageMethod.AZURE, StorageMethod.GCS])
def test_a_forged_upload_address_is_refused(desk: Desk, method: StorageMethod) -> None:
    """Otherwise anybody could put a file into the library."""

    async def work(iconik: IconikClient) -> None:
        asset = await iconik.do(assets.add_asset("Forged"))
        storage = await storage_of(iconik, method)
        made = await iconik.do(files.add_format(asset.id, name="ORIGINAL", media_type="", storage_method=method))
        group = await iconik.do(files.add_file_set(asset.id, format_id=made.id, storage_id=storage.id, name="x"))
        file = await iconik.do(files.add_file(asset.id, file_set=group, name="x.png", size_bytes=1))
        forged = type(file)(id=file.id, upload_url=file.upload_url.partition("Signature")[0] + "Signature=0")
        await iconik.send_to_storage(transfer.put_block_blob(forged, b"x"))

    with pytest.raises(ForbiddenError):
        desk.run(work)


def test_an_aborted_multipart_upload_is_gone(desk: Desk) -> None:
    """Parts that nobody puts together are paid for every month."""

    async def work(iconik: IconikClient) -> None:
        asset = await iconik.do(assets.add_asset("Parts"))
        storage = await storage_of(iconik, StorageMethod.S3)
        made = await iconik.do(files.add_format(asset.id, name="ORIGINAL", media_type="", storage_method="S3"))
        group = await iconik.do(files.add_file_set(asset.id, format_id=made.id, storage_id=storage.id, name="x"))
        file = await iconik.do(files.add_file(asset.id, file_set=group, name="x.png", size_bytes=1))
        upload_id = await iconik.send_to_storage(transfer.start_multipart(file))
        ends = await iconik.do(files.multipart_addresses(asset.id, file.id, upload_id=upload_id))
        await iconik.send_to_storage(transfer.abort_multipart(ends.abort_url))
        await iconik.send_to_storage(transfer.complete_multipart(ends.complete_url, ['"x"']))

    with pytest.raises(NotFoundError):
        desk.run(work)


def test_a_small_file_goes_in_one_call(desk: Desk) -> None:
    """A logo needs no ceremony."""

    async def work(iconik: IconikClient) -> list[tuple[str, int]]:
        storage = await iconik.do(files.matching_storage())
        part = FilePart(name="file", filename="logo.png", content=PICTURE, media_type="image/png")
        fields = {"asset_title": "Small logo", "create_keyframes": "true"}
        await iconik.do(files.upload_small(part, storage_id=storage.id, fields=fields))
        (hit,) = [hit async for hit in iconik.assets() if hit.title == "Small logo"]
        return [(file.name, file.size) for file in await iconik.files(hit.id)]

    assert desk.run(work) == [("logo.png", PICTURE.stat().st_size)]


@pytest.mark.contract("iconik 3.8")
def test_a_proxy_of_ones_own_is_played_once_it_is_closed(desk: Desk, tmp_path: Path) -> None:
    """A player that starts too early plays nothing, and must be able to tell."""
    source = tmp_path / "own.mp4"
    source.write_bytes(b"moving pictures")

    async def work(iconik: IconikClient) -> tuple[str | None, str | None, bytes, bool]:
        asset = await iconik.do(assets.add_asset("With a proxy"))
        storage = await iconik.do(files.default_storage("PROXIES"))
        proxy = await iconik.do(
            files.add_proxy(asset.id, filename="own.mp4", storage_id=storage.id, media_type="video/mp4")
        )
        early = await iconik.do(media.stream_manifest(asset.id, proxy.version_id, proxy.id))
        await iconik.uploads.send(proxy, source)
        await iconik.do(files.set_status(asset.id, Held.PROXY, proxy.id, "CLOSED"))
        ready = await iconik.do(media.stream_manifest(asset.id, proxy.version_id, proxy.id))
        content = await iconik.fetch_signed(await iconik.proxy_download_url(asset.id, proxy.id))
        job = await iconik.do(files.make_keyframes(asset.id, Held.PROXY, proxy.id))
        return early, ready, content.body, job is None

    early, ready, content, is_left_alone = desk.run(work)

    assert early is None
    assert ready is not None
    assert ready.startswith("#EXTM3U")
    assert content == source.read_bytes()
    assert is_left_alone


def test_a_file_attached_to_a_comment_is_found_there(desk: Desk, tmp_path: Path) -> None:
    """The example that shows what is meant lies with the comment."""
    asset_id = AssetId(desk.hit("spring-banner-fr").id)
    source = tmp_path / "example.txt"
    source.write_text("like this")

    async def work(iconik: IconikClient) -> tuple[list[tuple[str, FileStatus]], bool, bytes]:
        comment = await iconik.add_comment(asset_id, "Like this", external_id="k")
        attached = await iconik.do(
            segments.add_attachment(asset_id, comment.id, filename="example.txt", size_bytes=9, media_type="text/plain")
        )
        await iconik.uploads.send(attached, source)
        await iconik.do(segments.close_attachment(asset_id, comment.id, attached.id))
        found = await iconik.every(segments.list_attachments(asset_id, comment.id))
        (read,) = [one async for one in iconik.comments(asset_id) if one.id == comment.id]
        content = await iconik.fetch_signed(found[0].url)
        return [(one.filename, one.status) for one in found], read.has_attachments, content.body

    assert desk.run(work) == ([("example.txt", FileStatus.CLOSED)], True, b"like this")


def test_a_transfer_job_is_seen_by_others(desk: Desk) -> None:
    """A colleague who waits for the file sees that it is coming."""
    asset_id = desk.hit("spring-banner-fr").id

    async def announce(iconik: IconikClient) -> None:
        job = await iconik.do(work.add_transfer_job(title="Upload banner", object_id=asset_id))
        await iconik.do(work.edit_job(job, {"progress": 40}))

    async def look(iconik: IconikClient) -> list[tuple[str, int]]:
        return [(job.title, job.progress) async for job in iconik.jobs(object_id=asset_id, kind="TRANSFER")]

    desk.run(announce)

    assert desk.run_as("Lea Moreau", look) == [("Upload banner", 40)]


def test_a_deleted_format_comes_back(desk: Desk) -> None:
    """PUT on the path of restoring undeletes; POST would thaw (§16.7)."""
    asset_id = AssetId(desk.hit("spring-banner-fr").id)

    async def look(iconik: IconikClient) -> list[ObjectStatus]:
        return [one.status for one in await iconik.formats(asset_id)]

    async def undelete(iconik: IconikClient) -> None:
        await iconik.do(archive.undelete_format(asset_id, format_id))

    async def format_of(iconik: IconikClient) -> str:
        return (await iconik.formats(asset_id))[0].id

    format_id = desk.run(format_of)
    assert desk.ask("DELETE", f"/API/files/v1/assets/{asset_id}/formats/{format_id}/").status_code == 204
    assert desk.run(look) == []

    desk.run(undelete)

    assert desk.run(look) == [ObjectStatus.ACTIVE]


def test_an_upload_that_is_cancelled_is_marked_failed(desk: Desk) -> None:
    """The person who presses stop expects nothing half-made to stay open."""

    async def work(iconik: IconikClient) -> list[FileStatus]:
        asset = await iconik.do(assets.add_asset("Stopped"))
        storage = await storage_of(iconik, StorageMethod.AZURE)
        began = asyncio.Event()
        send = iconik.send_to_storage

        async def forever(operation: object) -> None:
            del operation
            began.set()
            await asyncio.Event().wait()

        iconik.send_to_storage = forever  # type: ignore[assignment, method-assign]  # a line that does not move
        bringing = asyncio.create_task(
            iconik.uploads.bring(asset.id, Original(source=PICTURE, media_type="image/png"), storage=storage)
        )
        await began.wait()
        bringing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await bringing
        iconik.send_to_storage = send  # type: ignore[method-assign]
        return [file.status for file in await iconik.files(asset.id)]

    assert desk.run(work) == [FileStatus.FAILED]


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("formats", {}),
        ("file_sets", {"format_id": "00000000-0000-0000-0000-000000000000", "name": "x", "component_ids": []}),
        ("files", {"original_name": "x", "type": "SOMETHING"}),
        ("files", {"original_name": "x", "type": "FILE", "storage_id": "00000000-0000-0000-0000-000000000000"}),
    ],
)
def test_steps_that_do_not_fit_are_refused(desk: Desk, what: str, body: dict[str, object]) -> None:
    """A client that skips a step must learn it at that step."""
    asset_id = desk.hit("spring-banner-fr").id

    refused = desk.ask("POST", f"/API/files/v1/assets/{asset_id}/{what}/", json=body)

    assert refused.status_code == 400
    assert set(refused.json()) == {"errors"}


def test_the_errors_of_a_storage_are_in_the_tree(desk: Desk) -> None:
    """A provider's XML page is no answer of iconik's, and still an error that the desk knows."""

    async def work(iconik: IconikClient) -> None:
        await iconik.send_to_storage(transfer.put_part("http://iconik.test/storage/parts/none/1", b"x"))

    with pytest.raises(ConnectorError):
        desk.run(work)
