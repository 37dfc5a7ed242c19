"""Facts of the contract that are no call of their own: chains, dialects, hooks, extensions, budgets."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import CloudinarySandbox, build
from connectors.sandbox.cloudinary.notices import Notices, Trigger
from connectors.sandbox.world import Dialect, Habits, World
from tests.connectors.sandbox.cloudinary.desk import BEGAN, Desk, picture
from tests.connectors.sandbox.cloudinary.test_notices import heard, listen

UPLOAD = "/v1_1/demo/image/upload"


def hook(uri: str, scheme: str) -> Trigger:
    return Trigger(
        id="t", uri=uri, uri_type="webhook", event_type="all", created_at=BEGAN, updated_at=BEGAN, auth_scheme=scheme
    )


def upload(desk: Desk, public_id: str, colour: str, **said: str) -> dict[str, Any]:
    answer = desk.ask("POST", UPLOAD, data={"public_id": public_id, **said}, files={"file": ("a.png", picture(colour))})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def steps(desk: Desk, public_id: str) -> list[tuple[str, str]]:
    told = desk.ask("GET", f"/v1_1/demo/resources/image/upload/{public_id}").json()
    return [(step["kind"], step["status"]) for step in told["moderation"]]


@pytest.mark.contract("cloudinary 5.b1")
def test_a_chain_goes_on_when_a_step_approves(desk: Desk) -> None:
    """People would be asked before the machine has looked."""
    made = upload(desk, "fresh", "plum", moderation="duplicate:0|manual")

    assert [(one["kind"], one["status"]) for one in made["moderation"]] == [
        ("duplicate", "pending"),
        ("manual", "queued"),
    ]
    assert steps(desk, "fresh") == [("duplicate", "approved"), ("manual", "pending")]


@pytest.mark.contract("cloudinary 5.b1", "cloudinary 7.4")
def test_one_rejection_aborts_the_rest_and_ends_the_chain(desk: Desk) -> None:
    """A picture that is there twice would be reviewed twice."""
    listen(desk, "moderation_summary")
    upload(desk, "first", "plum")

    upload(desk, "second", "plum", moderation="duplicate|manual")

    assert steps(desk, "second") == [("duplicate", "rejected"), ("manual", "aborted")]
    assert [(one["public_id"], one["moderation_status"]) for one in heard(desk)] == [("second", "rejected")]


def test_a_person_stands_last_in_a_chain(desk: Desk) -> None:
    """The vendor refuses it, and the desk would only learn it there."""
    answer = desk.ask(
        "POST", UPLOAD, data={"moderation": "manual|duplicate"}, files={"file": ("a.png", picture("red"))}
    )

    assert answer.status_code == 400


@pytest.mark.contract("cloudinary 2.b4")
def test_a_raw_file_carries_its_extension_in_its_id(desk: Desk) -> None:
    """A price list would be found under another name than it is delivered."""
    answer = desk.ask(
        "POST", "/v1_1/demo/raw/upload", data={"public_id": "list.csv"}, files={"file": ("p.csv", b"a,b")}
    ).json()

    assert answer["public_id"] == "list.csv"
    assert "format" not in answer
    assert answer["secure_url"].endswith("/raw/upload/v" + str(answer["version"]) + "/list.csv")


@pytest.mark.contract("cloudinary 2.b5", "cloudinary 11.7")
def test_an_older_cloud_has_folders_in_its_ids(world: World) -> None:
    """Customers from before 2024 would see an empty tree."""
    world.habits = Habits(dialect=Dialect.OLDER)
    desk = Desk(build(world), world.secrets["cloudinary"])

    mode = desk.ask("GET", "/v1_1/demo/config?settings=true").json()["settings"]["folder_mode"]
    made = upload(desk, "a/b/c", "plum", asset_folder="elsewhere")
    moved = desk.ask("POST", "/v1_1/demo/image/rename", data={"from_public_id": "a/b/c", "to_public_id": "x/c"}).json()
    refused = desk.ask("GET", "/v1_1/demo/resources/by_asset_folder?asset_folder=x")
    below = desk.ask("GET", "/v1_1/demo/folders").json()["folders"]

    assert mode == "fixed"
    assert (made["folder"], moved["folder"]) == ("a/b", "x")
    assert not {"asset_folder", "display_name"} & set(made)
    assert refused.status_code == 400
    assert [one["path"] for one in below] == ["brand", "x"]


@pytest.mark.contract("cloudinary 6.b1", "cloudinary 7.b2")
@pytest.mark.parametrize(
    ("scheme", "signed"),
    [
        ("default", {"x-cld-signature", "x-cld-signature_v2"}),
        ("legacy_hmac", {"x-cld-signature"}),
        ("eddsa_v2", {"x-cld-signature_v2"}),
    ],
)
def test_a_hook_is_signed_by_its_scheme_and_tried_again_after_minutes(
    sandbox: CloudinarySandbox, scheme: str, signed: set[str]
) -> None:
    """A relay that was away for a while would never hear what it missed."""
    waited: list[float] = []
    arrived: list[set[str]] = []

    async def away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        except asyncio.IncompleteReadError:
            # The end of the story comes between a fourth try's connection and its request.
            writer.close()
            return
        arrived.append({line.partition(":")[0] for line in head if line.startswith("x-cld-signature")})
        writer.write(b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            done.set()

    async def story() -> None:
        async with await asyncio.start_server(away, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            notices = Notices(sandbox.cloud, pause=pause)
            notices.triggers["t"] = hook(f"http://127.0.0.1:{port}/", scheme)
            notices.emit("report", {"status": "done"})
            await asyncio.wait_for(done.wait(), 300)
            await notices.close()

    done = asyncio.Event()
    asyncio.run(story())

    assert waited == [180, 360, 540]
    assert arrived[0] == signed


def test_a_job_is_done_when_its_time_has_come_and_not_before(world: World, clock: SandboxClock) -> None:
    """A desk that never waits would never learn to."""
    world.habits = Habits(job_s=90)
    desk = Desk(build(world), world.secrets["cloudinary"])
    upload(desk, "fresh", "plum", moderation="duplicate")

    before = steps(desk, "fresh")
    clock.advance(timedelta(seconds=91))

    assert before == [("duplicate", "pending")]
    assert steps(desk, "fresh") == [("duplicate", "approved")]


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ("usage/31-10-2026", 200),
        ("usage?date=2026-10-31", 200),
        ("usage/2026-10-31", 400),
        ("usage/31-12-2099", 400),
        ("usage?date=soon", 400),
    ],
)
def test_usage_is_told_of_days_that_were(desk: Desk, where: str, status: int) -> None:
    """A report of the wrong day would look like one of the right day."""
    assert desk.ask("GET", f"/v1_1/demo/{where}").status_code == status


@pytest.mark.contract("cloudinary 11.5")
def test_metadata_that_is_no_field_is_refused_by_its_name(desk: Desk) -> None:
    """People would look for the mistake in the value."""
    answer = desk.ask("POST", UPLOAD, data={"metadata": "Campaign=x"}, files={"file": picture("red")})

    assert answer.status_code == 400
    assert "Campaign" in answer.json()["error"]["message"]


@pytest.mark.contract("cloudinary 11.1")
def test_a_hundred_assets_are_the_most_that_one_call_reads(desk: Desk) -> None:
    """A desk that asks for more would pass here and fail at the vendor."""
    ids = {"asset_ids[]": [f"{number:032x}" for number in range(101)]}

    assert desk.ask("GET", "/v1_1/demo/resources/by_asset_ids", params=ids).status_code == 400
