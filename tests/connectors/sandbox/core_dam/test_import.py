"""Files coming in, as other clients bring them: one-shot, in three steps, as a new version, as a new thumbnail."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import httpx
import pytest
from PIL import Image

from connectors.core_dam import Asset, AssetId, CoreDamClient, RenditionType, SearchQuery, StateAction
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.world import Habits, World
from tests.connectors.sandbox.core_dam.driver import BothHosts, ask, session_headers

Parts = list[tuple[str, tuple[str | None, bytes | str, str]]]
API = "/otmmapi/v6"


def png(colour: str = "orange", size: tuple[int, int] = (300, 200)) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return written.getvalue()


def representation(**fields: str) -> str:
    elements = [
        {
            "id": field_id.replace("_", "."),
            "type": "com.artesia.metadata.MetadataField",
            "value": {"value": {"type": "string", "value": text}},
        }
        for field_id, text in fields.items()
    ]
    return json.dumps({"asset_resource": {"asset": {"metadata": {"metadata_element_list": elements}}}})


def send(sandbox: CoreDamSandbox, method: str, path: str, parts: Parts) -> httpx.Response:
    async def run() -> httpx.Response:
        async with httpx.AsyncClient(transport=BothHosts(sandbox), base_url="http://dam.test") as http:
            return await http.request(method, API + path, files=parts, headers=session_headers(sandbox))

    return asyncio.run(run())


def text(name: str, value: str) -> tuple[str, tuple[None, str, str]]:
    return name, (None, value, "text/plain")


def job(sandbox: CoreDamSandbox, job_id: str) -> dict[str, object]:
    answer = send(sandbox, "GET", f"/jobs/{job_id}", [])
    found: dict[str, object] = answer.json()["job_resource"]["job"]
    return found


def made(sandbox: CoreDamSandbox, answer: httpx.Response) -> AssetId:
    ids = job(sandbox, answer.json()["job_handle"]["job_id"])["asset_ids"]
    assert isinstance(ids, list)
    return AssetId(ids[0])


def opened(sandbox: CoreDamSandbox, asset_id: AssetId) -> Asset:
    return ask(sandbox, lambda dam: dam.asset(asset_id))


@pytest.mark.contract("core_dam 8.b3", "core_dam 8.b1", "core_dam 2.b2", "core_dam 2.b4")
@pytest.mark.parametrize("as_blob", [False, True])
def test_a_file_and_its_description_come_in_one_request(sandbox: CoreDamSandbox, as_blob: bool) -> None:
    """JSON parts were seen as plain text and as named blobs; both must be understood."""
    described = representation(PD_FIELD_TITLE="New cover")
    part = ("blob", described, "application/json") if as_blob else (None, described, "text/plain")

    answer = send(
        sandbox, "POST", "/assets", [("files", ("cover.png", png(), "image/png")), ("asset_representation", part)]
    )

    asset = opened(sandbox, made(sandbox, answer))
    assert answer.status_code == 202
    assert asset.name == "cover.png"
    assert asset.metadata is not None
    assert asset.metadata.text("PD.FIELD.TITLE") == "New cover"


def test_an_imported_file_is_found_and_comes_back_whole(sandbox: CoreDamSandbox) -> None:
    """An upload that changes the bytes breaks every hash after it."""
    content = png()
    asset_id = made(sandbox, send(sandbox, "POST", "/assets", [("files", ("zebra.png", content, "image/png"))]))

    async def work(dam: CoreDamClient) -> tuple[int, bytes]:
        page = await dam.search_page(SearchQuery(keywords="zebra"))
        return page.total_hit_count, (await dam.contents(asset_id)).body

    assert ask(sandbox, work) == (1, content)


def test_an_import_in_three_steps_ends_as_the_short_one(sandbox: CoreDamSandbox) -> None:
    """Large files come this way."""
    job_id = send(sandbox, "POST", "/jobs/imports", [text("file_name", "big.png")]).json()["job_handle"]["job_id"]
    send(sandbox, "POST", "/renditions", [text("import_job_id", job_id), ("file", ("big.png", png(), "image/png"))])

    answer = send(sandbox, "PUT", f"/jobs/imports/{job_id}", [text("import_job_id", job_id)])

    assert opened(sandbox, made(sandbox, answer)).name == "big.png"


def test_a_refused_description_leaves_nothing_behind(sandbox: CoreDamSandbox) -> None:
    """Half an import is an asset without a status, which nobody looks for."""
    answer = send(
        sandbox,
        "POST",
        "/assets",
        [("files", ("x.png", png(), "image/png")), text("asset_representation", representation(PD_FIELD_STATUS="?"))],
    )

    assert answer.status_code == 400
    assert ask(sandbox, lambda dam: dam.search_page(SearchQuery())).total_hit_count == 7


@pytest.mark.contract("core_dam 7.b3")
@pytest.mark.parametrize("opening", ["/jobs/checkins", "/jobs/imports"])
def test_a_check_in_is_the_next_version(sandbox: CoreDamSandbox, opening: str) -> None:
    """The delivery address stays and serves the new picture."""

    async def check_out(dam: CoreDamClient) -> Asset:
        banner = (await dam.search_page(SearchQuery(keywords="hero"))).assets[0]
        await dam.change_state(banner.asset_id, StateAction.CHECK_OUT)
        return banner

    old = ask(sandbox, check_out)
    job_id = send(sandbox, "POST", opening, [text("file_name", "n.png")]).json()["job_handle"]["job_id"]
    send(sandbox, "POST", "/renditions", [text("import_job_id", job_id), ("file", ("n.png", png(), "image/png"))])
    manifest = {"upload_manifest": {"master_files": [{"file": {"file_name": "n.png"}, "uoi_id": old.asset_id}]}}
    answer = send(sandbox, "PUT", f"/jobs/checkins/{job_id}", [text("manifest", json.dumps(manifest))])

    new = opened(sandbox, made(sandbox, answer))
    delivered = ask(sandbox, lambda dam: dam.delivered(old.delivery_service_url))
    assert (new.version, new.is_latest_version, new.is_checked_out) == (2, True, False)
    assert new.original_asset_id == old.original_asset_id
    assert delivered.body == png()
    assert not opened(sandbox, old.asset_id).is_latest_version


def test_a_check_in_without_a_check_out_is_a_conflict(sandbox: CoreDamSandbox) -> None:
    """Somebody else may be at work on it."""
    old = ask(sandbox, lambda dam: dam.search_page(SearchQuery(keywords="hero"))).assets[0]
    job_id = send(sandbox, "POST", "/jobs/checkins", [text("file_name", "n.png")]).json()["job_handle"]["job_id"]
    send(sandbox, "POST", "/renditions", [text("import_job_id", job_id), ("file", ("n.png", png(), "image/png"))])
    manifest = {"upload_manifest": {"master_files": [{"uoi_id": old.asset_id}]}}

    answer = send(sandbox, "PUT", f"/jobs/checkins/{job_id}", [text("manifest", json.dumps(manifest))])

    assert answer.status_code == 409


def test_a_replaced_thumbnail_is_the_one_that_is_served(sandbox: CoreDamSandbox) -> None:
    """People choose a better frame for a film."""
    logo = next(
        each for each in ask(sandbox, lambda dam: dam.search_page(SearchQuery())).assets if each.name == "logo.svg"
    )

    send(
        sandbox,
        "POST",
        f"/assets/{logo.asset_id}/contents",
        [("file", ("t.png", png("blue", (80, 80)), "image/png")), text("rendition_type", "thumbnail")],
    )

    reply = ask(sandbox, lambda dam: dam.picture(logo.asset_id, RenditionType.THUMBNAIL))
    with Image.open(BytesIO(reply.body)) as picture:
        assert picture.size == (80, 80)


def test_a_damaged_picture_is_kept_and_has_no_thumbnail(sandbox: CoreDamSandbox) -> None:
    """A library stores what it is given; a crash on it would hide it from everybody."""
    answer = send(sandbox, "POST", "/assets", [("files", ("torn.png", b"\x89PNG\r\n\x1a\nrest", "image/png"))])

    assert opened(sandbox, made(sandbox, answer)).thumbnail is None


@pytest.mark.contract("core_dam 8.b4")
def test_a_job_runs_as_long_as_it_was_told_to(world: World) -> None:
    """Clients must wait, and must see it when the waiting is over."""
    slow = build(replace(world, habits=Habits(job_s=60)))
    answer = send(slow, "POST", "/assets", [("files", ("slow.png", png(), "image/png"))])
    job_id = answer.json()["job_handle"]["job_id"]
    before = job(slow, job_id)["job_status"]

    world.clock.advance(timedelta(minutes=2))

    assert (before, job(slow, job_id)["job_status"]) == ("RUNNING", "COMPLETED")


def test_an_unknown_job_shows_the_vendors_error_shape(sandbox: CoreDamSandbox) -> None:
    """The connect-time probe asks for job 0 to see it."""
    answer = send(sandbox, "GET", "/jobs/0", [])

    assert answer.status_code == 404
    assert "exception_body" in answer.json()
