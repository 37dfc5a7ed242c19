"""Originals go away and come back, at once or in their own time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.errors import ConflictError, InvalidError
from connectors.iconik import IconikClient
from connectors.iconik.models import ArchiveStatus, AssetId, JobAction, JobStatus
from connectors.iconik.wire import archive, work
from connectors.sandbox.iconik import build
from connectors.sandbox.world import Habits, World
from tests.connectors.sandbox.iconik.desk import Desk

ASSET = "spring-banner-fr"


async def archived(iconik: IconikClient, asset_id: AssetId) -> ArchiveStatus:
    """Where the original is."""
    return (await iconik.asset(asset_id)).archive_status


async def send_away(iconik: IconikClient, asset_id: AssetId) -> None:
    """Archive the one format."""
    (original,) = await iconik.formats(asset_id)
    await iconik.do(archive.archive_format(asset_id, original.id))


@pytest.fixture
def slow_desk(world: World) -> Desk:
    """A tenant whose jobs take ten seconds."""
    slow = replace(world, habits=Habits(job_s=10))
    return Desk(build(slow), slow)


@pytest.mark.parametrize("form", ["one", "by name", "v2"])
def test_an_original_goes_away_and_comes_back(desk: Desk, form: str) -> None:
    """Three calls say the same thing; the page shows one state."""
    asset_id = AssetId(desk.hit(ASSET).id)

    async def there_and_back(iconik: IconikClient) -> tuple[ArchiveStatus, bool, ArchiveStatus]:
        (original,) = await iconik.formats(asset_id)
        match form:
            case "one":
                away, back = (
                    archive.archive_format(asset_id, original.id),
                    archive.restore_format(asset_id, original.id),
                )
            case "by name":
                away = archive.archive_by_format_name("ORIGINAL", [asset_id])
                back = archive.restore_by_format_name("ORIGINAL", [asset_id])
            case _:
                away, back = archive.archive_assets([asset_id]), archive.restore_assets([asset_id])
        await iconik.do(away)
        gone, has_poster = await archived(iconik, asset_id), bool(await iconik.keyframes(asset_id))
        await iconik.do(back)
        return gone, has_poster, await archived(iconik, asset_id)

    assert desk.run(there_and_back) == (ArchiveStatus.ARCHIVED, True, ArchiveStatus.NOT_ARCHIVED)


@pytest.mark.contract("iconik 3.6")
def test_restoring_what_is_not_archived_is_a_conflict(desk: Desk) -> None:
    """Somebody else was faster; that is no mistake of this person's."""
    asset_id = AssetId(desk.hit(ASSET).id)

    async def restore(iconik: IconikClient) -> None:
        await iconik.do(archive.restore_assets([asset_id]))

    with pytest.raises(ConflictError):
        desk.run(restore)


def test_archiving_twice_is_refused(desk: Desk) -> None:
    """The second job would have nothing to move."""
    asset_id = AssetId(desk.hit(ASSET).id)

    async def twice(iconik: IconikClient) -> None:
        await send_away(iconik, asset_id)
        await send_away(iconik, asset_id)

    with pytest.raises(InvalidError):
        desk.run(twice)


def test_a_slow_archive_is_followed_by_its_state_and_its_job(slow_desk: Desk) -> None:
    """The answer names no job: the page finds it by the asset."""
    asset_id = AssetId(slow_desk.hit(ASSET).id)

    async def follow(iconik: IconikClient) -> tuple[ArchiveStatus, list[JobStatus]]:
        jobs = [job.status async for job in iconik.jobs(object_id=asset_id, kind="ARCHIVE")]
        return await archived(iconik, asset_id), jobs

    slow_desk.run(lambda iconik: send_away(iconik, asset_id))
    during = slow_desk.run(follow)
    slow_desk.world.clock.advance(timedelta(seconds=10))

    assert during == (ArchiveStatus.ARCHIVING, [JobStatus.STARTED])
    assert slow_desk.run(follow) == (ArchiveStatus.ARCHIVED, [JobStatus.FINISHED])


def test_an_aborted_job_never_ends(slow_desk: Desk) -> None:
    """Its asset stays where it was caught, as people complain (§17)."""
    asset_id = AssetId(slow_desk.hit(ASSET).id)

    async def abort(iconik: IconikClient) -> None:
        await send_away(iconik, asset_id)
        (job,) = [job async for job in iconik.jobs(object_id=asset_id)]
        await iconik.do(work.control_jobs(JobAction.ABORT, [job.id]))

    slow_desk.run(abort)
    slow_desk.world.clock.advance(timedelta(minutes=1))

    assert slow_desk.run(lambda iconik: archived(iconik, asset_id)) is ArchiveStatus.ARCHIVING


def test_a_paused_job_waits(slow_desk: Desk) -> None:
    """A pause that ends by itself is none."""
    asset_id = AssetId(slow_desk.hit(ASSET).id)

    async def control(iconik: IconikClient, action: JobAction) -> None:
        (job,) = [job async for job in iconik.jobs(object_id=asset_id)]
        await iconik.do(work.control_jobs(action, [job.id]))

    slow_desk.run(lambda iconik: send_away(iconik, asset_id))
    slow_desk.run(lambda iconik: control(iconik, JobAction.PAUSE))
    slow_desk.world.clock.advance(timedelta(minutes=1))
    paused = slow_desk.run(lambda iconik: archived(iconik, asset_id))
    slow_desk.run(lambda iconik: control(iconik, JobAction.RESUME))

    assert paused is ArchiveStatus.ARCHIVING
    assert slow_desk.run(lambda iconik: archived(iconik, asset_id)) is ArchiveStatus.ARCHIVED
