"""What takes time: parts, promises, batches, renditions in the background, at the pace of the world."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.calls import FilePart
from connectors.cloudinary import CloudinaryClient, Parts, ResourceType
from connectors.errors import InvalidError, NotFoundError
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import build
from connectors.sandbox.world import Habits, World
from tests.connectors.sandbox.cloudinary.desk import Desk, picture

WAIT = timedelta(seconds=0)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 100)
    return path


@pytest.mark.contract("cloudinary 3.2.10", "cloudinary 4.4")
@pytest.mark.parametrize("signs_forms", [False, True])
def test_a_film_arrives_in_parts(desk: Desk, film: Path, signs_forms: bool) -> None:
    """A film would have to fit into one request."""
    parts = Parts(path=film, upload_id="u1", part_bytes=10_000)
    heard: list[int] = []

    async def story(client: CloudinaryClient) -> int:
        made = await client.upload_in_parts(
            parts, on_part=heard.append, resource_type=ResourceType.VIDEO, public_id="films/harbour"
        )
        return made.bytes

    assert desk.run(story, signs_forms=signs_forms) == film.stat().st_size
    assert heard == [10_000, 20_000]


def test_an_upload_goes_on_where_it_stopped(desk: Desk, film: Path) -> None:
    """A line that breaks at the end of a film would cost all of it."""
    content = film.read_bytes()

    async def story(client: CloudinaryClient) -> int:
        parts = Parts(path=film, upload_id="u1", part_bytes=20_000, start=10_000)
        return (await client.upload_in_parts(parts, resource_type=ResourceType.VIDEO, public_id="films/harbour")).bytes

    desk.ask(
        "POST",
        "/v1_1/demo/video/upload",
        data={"public_id": "films/harbour"},
        files={"file": ("film.mp4", content[:10_000])},
        headers={"X-Unique-Upload-Id": "u1", "Content-Range": f"bytes 0-9999/{len(content)}"},
    )

    assert desk.run(story) == len(content)


def test_a_part_that_leaves_a_gap_is_refused(desk: Desk, film: Path) -> None:
    """A film with a hole would be stored as whole."""

    async def story(client: CloudinaryClient) -> None:
        await client.upload_in_parts(Parts(path=film, upload_id="u1", start=500), resource_type=ResourceType.VIDEO)

    with pytest.raises(InvalidError, match="expected 0"):
        desk.run(story)


@pytest.mark.contract("cloudinary 4.b1", "cloudinary 7.1", "cloudinary 7.b1")
def test_a_promise_is_kept_and_told_to_its_batch_alone(desk: Desk) -> None:
    """Whoever asked would never hear, and everybody else would."""

    async def story(client: CloudinaryClient) -> tuple[str, list[str], int]:
        everybody = client.channel("desk")
        await everybody.open()
        file = FilePart(name="file", filename="new.png", content=picture("teal"))
        told = await client.upload_later(file, public_id="brand/later", notify="poll://*", batch_id="b7")
        batch = await client.batch("b7").drain(wait=WAIT)
        return told.batch_id, [one.body.decode() for one in batch], len(await everybody.drain(wait=WAIT))

    batch_id, bodies, others = desk.run(story)

    assert (batch_id, others) == ("b7", 0)
    assert '"notification_type":"upload"' in bodies[0]
    assert '"public_id":"brand/later"' in bodies[0]


@pytest.mark.contract("cloudinary 4.3", "cloudinary 7.2")
def test_renditions_for_later_are_promised_and_then_told_with_their_sizes(world: World, clock: SandboxClock) -> None:
    """A mailing would go out before its pictures are there."""
    world.habits = Habits(job_s=60)
    desk = Desk(build(world), world.secrets["cloudinary"])

    async def story(client: CloudinaryClient) -> tuple[str | None, int, list[bytes]]:
        channel = client.channel("desk")
        await channel.open(event_type="eager")
        asset = await client.asset_by_public_id("brand/storm-photo")
        made = await client.make_renditions(asset, ["c_scale,w_30/png"], is_async=True)
        early = await channel.drain(wait=WAIT)
        clock.advance(timedelta(seconds=61))
        return made.eager[0].status, len(early), [one.body for one in await channel.drain(wait=WAIT)]

    status, early, bodies = desk.run(story)

    assert (status, early) == ("processing", 0)
    assert b'"width":30' in bodies[0]


def test_a_file_is_fetched_from_an_address(desk: Desk) -> None:
    """A picture on the web would have to come down and go up again."""

    async def story(client: CloudinaryClient) -> None:
        async with await asyncio.start_server(lambda _reader, writer: _not_there(writer), "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await client.upload_from(f"http://127.0.0.1:{port}/a.png")

    with pytest.raises(NotFoundError, match="404"):
        desk.run(story)


async def _not_there(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


def test_a_spent_batch_needs_a_name_or_a_number(desk: Desk) -> None:
    """A channel without either would drain somebody else's messages."""
    answer = desk.ask("GET", "/v2/notifications/demo/messages", params={"channel": "a", "batch_id": "b"})

    assert answer.status_code == 400
