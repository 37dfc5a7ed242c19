"""How bytes leave for each kind of storage; no loop, no server."""

import asyncio
import hashlib
import json
from pathlib import Path

import httpx
import pytest

from connectors.calls import Call, JSONBody, RawBody, Reply
from connectors.errors import InvalidError, ShapeError
from connectors.iconik import open_iconik
from connectors.iconik.models import Arrival, AssetId, MetadataField, SegmentType, Storage, StorageMethod, VersionId
from connectors.iconik.wire import files, media, segments, transfer

ARRIVAL = Arrival(
    id="f",
    upload_url="https://s.example/f?Signature=s",
    upload_credentials={"authorizationToken": "b2-token"},
    upload_filename="folder/f.png",
    multipart_upload_url="https://s.example/f?uploads",
)


def reply(body: bytes = b"", *, status: int = 200, **headers: str) -> Reply:
    """A provider's answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(system="iconik", call="x", status=status, headers=named, body=body)


def content(call: Call) -> bytes:
    """The bytes that a call carries."""
    assert isinstance(call.body, RawBody)
    return call.body.content


@pytest.mark.contract("iconik 10.6")
@pytest.mark.parametrize(
    "call",
    [
        transfer.start_resumable(ARRIVAL).call,
        transfer.put_range("https://s.example/session", b"x", first=0, size_bytes=1).call,
        transfer.put_whole(ARRIVAL, b"x").call,
        transfer.put_block_blob(ARRIVAL, b"x").call,
        transfer.post_to_b2(ARRIVAL, b"x").call,
        transfer.start_multipart(ARRIVAL).call,
        transfer.put_part("https://s.example/1", b"x").call,
        transfer.complete_multipart("https://s.example/", ["e"]).call,
        transfer.abort_multipart("https://s.example/").call,
    ],
    ids=lambda call: call.name,
)
def test_no_credential_of_iconiks_goes_to_a_storage(call: Call) -> None:
    """A provider that logs its requests must not log the tenant's token."""
    assert call.signed_in is False
    assert not {"app-id", "auth-token"} & {name.lower() for name in call.headers}


@pytest.mark.contract("iconik 10.13")
def test_gcs_is_sent_pieces_with_their_place() -> None:
    """After a broken line the next piece begins where the last one ended."""
    operation = transfer.put_range("https://s.example/session", b"four", first=4, size_bytes=10)

    assert operation.call.headers["Content-Range"] == "bytes 4-7/10"
    assert operation.call.repeatable
    assert operation.read(reply(status=308, range="bytes=0-7")) == 8
    assert operation.read(reply(status=308)) == 0
    assert operation.read(reply(status=200)) == 10


def test_gcs_is_asked_for_a_session() -> None:
    """Without its header the address is another call."""
    operation = transfer.start_resumable(ARRIVAL)

    assert operation.call.headers["x-goog-resumable"] == "start"
    assert operation.read(reply(location="https://s.example/session")) == "https://s.example/session"
    with pytest.raises(ShapeError):
        operation.read(reply())


@pytest.mark.contract("iconik 10.15")
def test_azure_is_told_what_kind_of_blob_it_gets() -> None:
    """It refuses a blob without a kind."""
    call = transfer.put_block_blob(ARRIVAL, b"x").call

    assert (call.method, call.headers["x-ms-blob-type"]) == ("PUT", "BlockBlob")


@pytest.mark.contract("iconik 10.16")
def test_b2_gets_a_token_a_name_and_a_checksum() -> None:
    """And is not asked twice at one address: it wants a new one after a failure."""
    call = transfer.post_to_b2(ARRIVAL, b"bytes").call

    assert (call.method, call.repeatable) == ("POST", False)
    assert dict(call.headers) == {
        "Authorization": "b2-token",
        "X-Bz-File-Name": "folder/f.png",
        "X-Bz-Content-Sha1": hashlib.sha1(b"bytes", usedforsecurity=False).hexdigest(),
    }


@pytest.mark.contract("iconik 10.14")
def test_s3_puts_its_parts_together_in_order() -> None:
    """An upload whose parts are in another order is another file."""
    started = transfer.start_multipart(ARRIVAL)
    ended = transfer.complete_multipart("https://s.example/", ['"a"', '"b&c"'])

    assert started.read(reply(b'<R xmlns="urn:x"><UploadId>u-1</UploadId></R>')) == "u-1"
    assert content(ended.call) == (
        b"<CompleteMultipartUpload>"
        b'<Part><PartNumber>1</PartNumber><ETag>"a"</ETag></Part>'
        b'<Part><PartNumber>2</PartNumber><ETag>"b&amp;c"</ETag></Part>'
        b"</CompleteMultipartUpload>"
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"<R/>", b'<!DOCTYPE x [<!ENTITY e "x">]><R><UploadId>&e;</UploadId></R>'],
    ids=["nothing", "a page", "no id", "an entity"],
)
def test_xml_that_is_not_an_answer_is_refused(body: bytes) -> None:
    """Entities could read files or fill the memory; a page of a proxy's is no upload."""
    with pytest.raises(ShapeError):
        transfer.start_multipart(ARRIVAL).read(reply(body))


@pytest.mark.contract("iconik 3.8")
def test_a_stream_that_is_not_ready_is_no_error() -> None:
    """425 means later; a redirect leads to the playlist."""
    operation = media.stream_manifest(AssetId("a"), VersionId("v"), "p")

    assert {302, 425} <= operation.call.accepts
    assert operation.read(reply(status=425)) is None
    assert operation.read(reply(status=302, location="https://s.example/m3u8")) == "https://s.example/m3u8"


@pytest.mark.contract("iconik 10.17")
def test_a_storage_that_nobody_knows_is_read_as_such() -> None:
    """A kind that the vendor adds must not break the list of the others."""
    storage = files.default_storage().read(reply(b'{"id": "s", "method": "HOLOGRAPHIC"}'))

    assert storage == Storage(id="s", method=StorageMethod.UNKNOWN)


@pytest.mark.contract("iconik 10.12")
def test_every_step_of_an_upload_names_its_version() -> None:
    """A file that goes to the newest version by chance replaces what was approved."""
    version = VersionId("v")

    steps = [
        files.add_format(AssetId("a"), name="ORIGINAL", media_type="x", storage_method="GCS", version_id=version),
        files.add_file_set(AssetId("a"), format_id="f", storage_id="s", name="x", version_id=version),
    ]

    assert all(b'"version_id": "v"' in _json(step.call) for step in steps)


@pytest.mark.contract("iconik 12.b1", "iconik 12.b2", "iconik 12.b3", "iconik 15.4")
def test_a_segment_is_read_with_its_author_its_parent_its_drawing_and_its_words() -> None:
    """What a release adds is kept as it is given."""
    body = (
        b'{"id": "s", "segment_type": "HOLOGRAM", "user_id": "u", "parent_id": "t", "drawing": {"primitives": [1]},'
        b'"transcription": {"speaker": "x", "words": [{"value": "Good", "start_ms": 1, "end_ms": 2, "score": 0.5},'
        b'{"value": "day"}]}}'
    )

    segment = segments.get_segment(AssetId("a"), "s").read(reply(body))

    assert SegmentType(segment.segment_type) is SegmentType.UNKNOWN
    assert (segment.user_id, segment.parent_id, segment.drawing) == ("u", "t", {"primitives": [1]})
    assert segment.transcription is not None
    assert segment.transcription.text == "Good day"
    assert segment.time_start_milliseconds is None


@pytest.mark.contract("iconik 8.b3")
def test_a_heading_in_a_view_is_no_field() -> None:
    """Writing to it is refused."""
    assert MetadataField(name="__separator__").is_separator
    assert not MetadataField(name="Language").is_separator


def _json(call: Call) -> bytes:
    assert isinstance(call.body, JSONBody)
    return json.dumps(call.body.value).encode()


@pytest.mark.parametrize("method", [StorageMethod.GCS, StorageMethod.B2, StorageMethod.AZURE, StorageMethod.S3])
def test_bytes_without_an_address_go_nowhere(method: StorageMethod, tmp_path: Path) -> None:
    """They would go to iconik's own address, and a provider's token with them."""
    source = tmp_path / "x"
    source.write_bytes(b"x")
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    arrival = Arrival(id="f", storage_method=method, upload_credentials={"authorizationToken": "t"})

    async def send() -> None:
        client = open_iconik(
            app_id="a", auth_token="t", base_url="http://iconik.test", wire=httpx.MockTransport(answer)
        )
        try:
            await client.uploads.send(arrival, source)
        finally:
            await client.close()

    with pytest.raises(InvalidError):
        asyncio.run(send())
    assert asked == []
