"""Files on the wire: whole, in pieces, never twice in memory, and each failure told as what it is."""

import asyncio
import io
from pathlib import Path

import httpx
import pytest

from connectors.calls import Call, FileBody, FilePart, MultipartBody, Reply
from connectors.errors import InvalidError, NotFoundError, UnansweredError
from connectors.http import Exchange, Transport
from tests.connectors.hostile import Answer, ask, reply, says

FETCH = Call(name="fetch", method="GET", path="/file", repeatable=True)


def download(
    answers: list[httpx.Response], into: io.BytesIO, *, attempts: int = 1, log: list[Exchange] | None = None
) -> Reply:
    waiting = iter(answers)

    async def run() -> Reply:
        transport = Transport(
            system="vendor",
            base_url="http://vendor.example",
            wire=httpx.MockTransport(lambda _request: next(waiting)),
            attempts=attempts,
            on_exchange=(log if log is not None else []).append,
        )
        try:
            return await transport.download(FETCH, into)
        finally:
            await transport.close()

    return asyncio.run(run())


def upload(body: FileBody | MultipartBody) -> bytes:
    """The body as it arrived."""
    arrived: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        arrived.append(await reader.readexactly(length))
        writer.write(reply(b"{}"))
        await writer.drain()

    ask(take, Call(name="store", method="PUT", path="/file", body=body))
    return arrived[0]


def test_a_download_goes_to_its_file_behind_what_was_there() -> None:
    """A part of a larger file would overwrite its beginning."""
    into, log = io.BytesIO(b"head"), list[Exchange]()
    into.seek(4)

    got = download([httpx.Response(200, content=b"body")], into, log=log)

    assert (into.getvalue(), got.body, log[0].bytes_received) == (b"headbody", b"", 4)


def test_a_refusal_is_not_written_into_the_file() -> None:
    """An error page would be opened as a picture."""
    into = io.BytesIO()

    with pytest.raises(NotFoundError):
        download([httpx.Response(404, content=b"<html>nothing here</html>")], into)

    assert into.getvalue() == b""


def test_a_repeated_download_begins_anew() -> None:
    """What a first attempt left would stand before the whole."""
    into = io.BytesIO()
    broken = httpx.Response(200, stream=Breaking(b"half of it, and mo"))

    download([broken, httpx.Response(200, content=b"whole")], into, attempts=2)

    assert into.getvalue() == b"whole"


class Breaking(httpx.AsyncByteStream):
    """A body whose line breaks."""

    def __init__(self, first: bytes) -> None:
        self._first = first

    async def __aiter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204 - an asynchronous iterator of bytes
        yield self._first * 100_000
        raise httpx.ReadError("cut")


def test_a_disk_that_is_full_is_the_callers_own_error() -> None:
    """The vendor would be blamed, and asked again."""

    class Full(io.BytesIO):
        def writelines(self, _lines: object) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        download([httpx.Response(200, content=b"body")], Full())


@pytest.mark.parametrize(
    ("first_byte", "size_bytes", "expected"),
    [(0, None, slice(None)), (5, None, slice(5, None)), (3, 4, slice(3, 7)), (0, 0, slice(0, 0))],
)
def test_a_stretch_of_a_file_arrives(tmp_path: Path, first_byte: int, size_bytes: int | None, expected: slice) -> None:
    """Chunked uploads send one stretch after the other."""
    content = bytes(range(256)) * 20_000
    (tmp_path / "film.mov").write_bytes(content)

    arrived = upload(FileBody(path=tmp_path / "film.mov", first_byte=first_byte, size_bytes=size_bytes))

    assert arrived == content[expected]


def test_a_multipart_body_is_as_browsers_write_it(tmp_path: Path) -> None:
    """A quotation mark in a file's name would end the name."""
    (tmp_path / "a").write_bytes(b"FILE")
    part = FilePart(name="file", filename='a "b"\r\n.pdf', content=tmp_path / "a", media_type="application/pdf")

    arrived = upload(MultipartBody(fields=(("title", "é"), ("title", "b")), files=(part,)))

    boundary = arrived.partition(b"\r\n")[0]
    assert arrived.split(boundary) == [
        b"",
        '\r\nContent-Disposition: form-data; name="title"\r\n\r\né\r\n'.encode(),
        b'\r\nContent-Disposition: form-data; name="title"\r\n\r\nb\r\n',
        b'\r\nContent-Disposition: form-data; name="file"; filename="a %22b%22%0D%0A.pdf"'
        b"\r\nContent-Type: application/pdf\r\n\r\nFILE\r\n",
        b"--\r\n",
    ]


@pytest.mark.parametrize("size_bytes", [None, 500])
def test_a_file_that_cannot_be_read_here_is_said_so(tmp_path: Path, size_bytes: int | None) -> None:
    """The vendor would be blamed, and the system paused."""
    path = tmp_path / "gone.pdf"
    if size_bytes is not None:
        path.write_bytes(b"short")
    call = Call(name="store", method="PUT", path="/file", body=FileBody(path=path, size_bytes=size_bytes))

    with pytest.raises(InvalidError, match="the file to send cannot be read on this computer") as caught:
        ask(says(reply(b"{}")), call)

    assert "gone.pdf" not in repr(caught.value)


def test_an_upload_takes_as_long_as_it_moves(tmp_path: Path) -> None:
    """A large file over a slow line would end at a deadline meant for answers."""
    (tmp_path / "film.mov").write_bytes(b"x" * 12 * 1024 * 1024)

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        left = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while left:
            left -= len(await reader.read(512 * 1024))
            await asyncio.sleep(0.01)
        writer.write(reply(b"{}"))
        await writer.drain()

    call = Call(name="store", method="PUT", path="/f", body=FileBody(path=tmp_path / "film.mov"), deadline_s=1.0)

    assert ask(slowly, call).status == 200


def test_an_upload_that_nobody_takes_ends(tmp_path: Path) -> None:
    """It would wait for ever, and hold its turn."""
    (tmp_path / "film.mov").write_bytes(b"x" * 32 * 1024 * 1024)

    async def stuck(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.Event().wait()

    answer: Answer = stuck
    call = Call(name="store", method="PUT", path="/f", body=FileBody(path=tmp_path / "film.mov"), deadline_s=0.5)

    with pytest.raises(UnansweredError, match="no answer in time"):
        ask(answer, call)
