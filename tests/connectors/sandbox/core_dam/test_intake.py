"""Our client bringing files in, and waiting for what the server does in its own time."""

import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from connectors.core_dam import (
    Asset,
    AssetId,
    CoreDamClient,
    FieldEdit,
    FoundAssets,
    Job,
    JobStatus,
    NamedAssets,
    NewAsset,
    NewFile,
    RenditionType,
    SearchQuery,
    StateAction,
)
from connectors.errors import ConflictError, ForbiddenError, InvalidError
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.world import Habits, World
from tests.connectors.sandbox.core_dam.driver import ask

DRAWING = b"<svg><text>Quay</text></svg>"
TITLE = "PD.FIELD.TITLE"


def drawing(name: str = "quay.svg", content: bytes | Path = DRAWING) -> NewFile:
    return NewFile(name=name, content=content, media_type="image/svg+xml")


def png(side_px: int) -> bytes:
    written = BytesIO()
    Image.new("RGB", (side_px, side_px), "navy").save(written, "PNG")
    return written.getvalue()


async def hero(dam: CoreDamClient) -> Asset:
    return (await dam.search_page(SearchQuery(keywords="hero"))).assets[0]


async def only_asset(dam: CoreDamClient, job: Job) -> Asset:
    (asset_id,) = job.asset_ids
    return await dam.asset(asset_id)


@pytest.mark.contract("core_dam 9.5")
@pytest.mark.parametrize("in_steps", [False, True])
def test_a_file_comes_in_with_what_is_said_of_it(sandbox: CoreDamSandbox, tmp_path: Path, in_steps: bool) -> None:
    """Both ways end in the same asset; a file on disk is read while it is sent."""
    path = tmp_path / "quay.svg"
    path.write_bytes(DRAWING)

    async def work(dam: CoreDamClient) -> tuple[Asset, bytes]:
        described = NewAsset(
            folder_id=(await dam.root_folders())[0].folder_id,
            metadata_model_id="PD.MARKETING.MODEL",
            fields=[FieldEdit(field_id=TITLE, text="The quay")],
            security_policy_ids=["2"],
        )
        bring = dam.intake.import_in_steps if in_steps else dam.intake.import_file
        asset = await only_asset(dam, await dam.intake.finished(await bring(drawing(content=path), described)))
        return asset, (await dam.contents(asset.asset_id)).body

    asset, content = ask(sandbox, work)

    assert (asset.name, content) == ("quay.svg", DRAWING)
    assert asset.metadata is not None
    assert asset.metadata.text(TITLE) == "The quay"
    assert asset.folder_paths == ("Public Folders",)


@pytest.mark.contract("core_dam 8.b2")
@pytest.mark.parametrize(("policy", "kind"), [("1", ForbiddenError), ("77", InvalidError)])
def test_a_policy_needs_the_right_to_apply_it(sandbox: CoreDamSandbox, policy: str, kind: type[Exception]) -> None:
    """Otherwise anybody could hide a file from its owners."""
    described = NewAsset(security_policy_ids=[policy])

    with pytest.raises(kind):
        ask(sandbox, lambda dam: dam.intake.import_file(drawing(), described))


def test_a_new_version_follows_the_old_one(sandbox: CoreDamSandbox) -> None:
    """The asset keeps its lasting id, its metadata and its place; nobody holds it any more."""

    async def work(dam: CoreDamClient) -> tuple[Asset, Asset]:
        old = await dam.asset((await hero(dam)).asset_id)
        job = await dam.intake.finished(await dam.intake.check_in(old.asset_id, drawing()))
        return old, await only_asset(dam, job)

    old, new = ask(sandbox, work)

    assert (new.original_asset_id, new.version, new.folder_paths) == (old.original_asset_id, 2, old.folder_paths)
    assert (new.is_locked, new.is_checked_out) == (False, False)
    assert new.metadata == old.metadata


def test_a_check_in_of_what_somebody_holds_takes_nothing(sandbox: CoreDamSandbox) -> None:
    """Half a check-in would leave the asset locked by somebody who has gone."""
    taken = next(part.record for part in sandbox.library.assets.parts() if part.record.checked_out_by)

    with pytest.raises(ConflictError):
        ask(sandbox, lambda dam: dam.intake.check_in(AssetId(taken.asset_id), drawing()))

    assert (taken.checked_out_by, taken.locked_by) == ("mira.k", "")


def test_a_check_in_of_a_locked_asset_gives_its_check_out_back(sandbox: CoreDamSandbox) -> None:
    """The lock is somebody else's; the check-out was ours."""
    asset_id = ask(sandbox, hero).asset_id
    sandbox.library.to_change(asset_id).locked_by = "mira.k"

    with pytest.raises(ConflictError):
        ask(sandbox, lambda dam: dam.intake.check_in(asset_id, drawing()))

    assert sandbox.library.asset(asset_id).checked_out_by == ""


def test_a_replaced_picture_is_served(sandbox: CoreDamSandbox) -> None:
    """People choose a better frame for a film."""

    async def work(dam: CoreDamClient) -> bytes:
        asset_id = (await hero(dam)).asset_id
        await dam.intake.replace_picture(
            asset_id, RenditionType.THUMBNAIL, NewFile(name="t.png", content=png(50), media_type="image/png")
        )
        return (await dam.picture(asset_id, RenditionType.THUMBNAIL)).body

    with Image.open(BytesIO(ask(sandbox, work))) as picture:
        assert picture.size == (50, 50)


def test_an_export_is_an_archive_of_what_can_be_exported(sandbox: CoreDamSandbox) -> None:
    """What was left out is counted, not hidden."""

    async def work(dam: CoreDamClient) -> tuple[int, int, bytes]:
        page = await dam.search_page(SearchQuery(sort="asc_NAME"))
        deleted = next(asset.asset_id for asset in page.assets if asset.is_deleted)
        named = NamedAssets(asset_ids=[page.assets[0].asset_id, deleted, "0" * 40])
        handle = await dam.intake.export(named, with_previews=True)
        job = await dam.intake.finished(handle.job_id)
        assert job.content_id is not None
        return handle.exportable_count, handle.unexportable_count, (await dam.rendition(job.content_id)).body

    exportable, unexportable, content = ask(sandbox, work)

    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["logo.svg"]
    assert (exportable, unexportable) == (1, 2)


def test_an_archive_and_an_original_are_written_to_disk_as_they_come(sandbox: CoreDamSandbox, tmp_path: Path) -> None:
    """A film or a campaign's export does not fit into the memory of a desk."""

    async def work(dam: CoreDamClient) -> tuple[int, int | None]:
        asset = await hero(dam)
        job = await dam.intake.job((await dam.intake.export(NamedAssets(asset_ids=[asset.asset_id]))).job_id)
        assert job.content_id is not None
        with (tmp_path / "export.zip").open("wb") as file:
            await dam.save_rendition(job.content_id, file)
        with (tmp_path / "original").open("wb") as file:
            reply = await dam.save_contents(asset.asset_id, file)
        return len(reply.body), asset.size_bytes

    held, size_bytes = ask(sandbox, work)

    assert (held, (tmp_path / "original").stat().st_size) == (0, size_bytes)
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert archive.read("spring-banner.png") == (tmp_path / "original").read_bytes()


def test_an_export_can_carry_previews(sandbox: CoreDamSandbox) -> None:
    """A film's preview is what most people want to see."""

    async def work(dam: CoreDamClient) -> bytes:
        handle = await dam.intake.export(FoundAssets(keywords="hero"), with_previews=True)
        job = await dam.intake.job(handle.job_id)
        assert job.content_id is not None
        return (await dam.rendition(job.content_id)).body

    with zipfile.ZipFile(BytesIO(ask(sandbox, work))) as archive:
        assert archive.namelist() == ["spring-banner.png", "previews/spring-banner.png.jpg"]


def test_a_job_of_the_sites_own_does_what_it_can(sandbox: CoreDamSandbox) -> None:
    """Assets in somebody's hands are named with the reason."""
    taken = next(part.record.asset_id for part in sandbox.library.assets.parts() if part.record.checked_out_by)

    async def work(dam: CoreDamClient) -> tuple[Job, Asset]:
        free = (await hero(dam)).asset_id
        job_id = await dam.intake.start("PD.JOB.EDIT METADATA", [free, AssetId(taken)], {TITLE: "Renamed"})
        return await dam.intake.finished(job_id), await dam.asset(free)

    job, asset = ask(sandbox, work)

    assert job.asset_ids == (asset.asset_id,)
    assert "mira.k" in job.failures[AssetId(taken)]
    assert asset.metadata is not None
    assert asset.metadata.text(TITLE) == "Renamed"


def test_a_job_that_could_do_nothing_has_failed(sandbox: CoreDamSandbox) -> None:
    """Completed would be believed."""

    async def work(dam: CoreDamClient) -> Job:
        job_id = await dam.intake.start("PD.JOB.EDIT METADATA", [AssetId("0" * 40)], {TITLE: "x"})
        return await dam.intake.job(job_id)

    assert ask(sandbox, work).status is JobStatus.FAILED


@pytest.mark.parametrize(("kind", "field_id"), [("NO.SUCH.JOB", TITLE), ("PD.JOB.EDIT METADATA", "NO.SUCH.FIELD")])
def test_a_job_that_cannot_be_is_refused_at_once(sandbox: CoreDamSandbox, kind: str, field_id: str) -> None:
    """A job that fails an hour later is noticed by nobody."""
    with pytest.raises(InvalidError):
        ask(sandbox, lambda dam: dam.intake.start(kind, [], {field_id: "x"}))


def test_a_quick_review_is_a_page_that_names_what_is_reviewed(sandbox: CoreDamSandbox) -> None:
    """The address alone lets people in."""

    async def work(dam: CoreDamClient) -> str:
        review = await dam.intake.quick_review([(await hero(dam)).asset_id])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.api)) as browser:
            return (await browser.get(review.url)).text

    page = ask(sandbox, work)

    assert "spring-banner.png" in page
    assert "Desk Account" in page


def test_nothing_is_there_before_a_job_is_over(world: World) -> None:
    """An asset shown before its import has ended would be opened in vain."""
    slow = build(replace(world, habits=Habits(job_s=60)))
    running = ask(slow, lambda dam: dam.intake.import_file(drawing("zebra.svg")))

    async def work(dam: CoreDamClient) -> tuple[JobStatus, int]:
        found = await dam.search_page(SearchQuery(keywords="zebra"))
        return (await dam.intake.job(running)).status, found.total_hit_count

    before = ask(slow, work)
    world.clock.advance(timedelta(minutes=2))

    assert (before, ask(slow, work)) == ((JobStatus.RUNNING, 0), (JobStatus.COMPLETED, 1))


def test_a_slow_check_in_keeps_the_old_version_until_it_is_over(world: World) -> None:
    """What is delivered to the public must not have a gap."""
    slow = build(replace(world, habits=Habits(job_s=60)))

    async def check_in(dam: CoreDamClient) -> Asset:
        old = await hero(dam)
        await dam.intake.check_in(old.asset_id, drawing())
        return await dam.asset(old.asset_id)

    old = ask(slow, check_in)
    before = ask(slow, lambda dam: dam.delivered(old.delivery_service_url)).body
    world.clock.advance(timedelta(minutes=2))
    after = ask(slow, lambda dam: dam.delivered(old.delivery_service_url)).body

    assert (old.is_latest_version, old.is_checked_out) == (True, True)
    assert (before.startswith(b"\x89PNG"), after) == (True, DRAWING)


@pytest.mark.contract("core_dam 5.7")
def test_a_lock_may_be_given_back_twice_and_says_so(sandbox: CoreDamSandbox) -> None:
    """The second time there is nothing to give back."""

    async def work(dam: CoreDamClient) -> None:
        asset_id = (await hero(dam)).asset_id
        await dam.change_state(asset_id, StateAction.CHECK_OUT)
        await dam.change_state(asset_id, StateAction.UNDO_CHECK_OUT)
        await dam.change_state(asset_id, StateAction.UNDO_CHECK_OUT)

    with pytest.raises(ConflictError):
        ask(sandbox, work)
