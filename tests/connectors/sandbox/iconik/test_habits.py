"""How a tenant can differ in time and tongue: older releases, an index that lags, jobs that take a while."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.iconik import IconikClient
from connectors.iconik.models import ApprovalStatus, AssetId, CollectionId, JobAction
from connectors.iconik.wire import assets, collections, metadata, oauth, review, work
from connectors.iconik.wire.review import Reviewed
from connectors.iconik.wire.work import ActionContext
from connectors.sandbox.iconik import build
from connectors.sandbox.world import Dialect, Habits, World
from tests.connectors.sandbox.iconik.desk import Desk

ASSET = "spring-banner-fr"
Opened = Callable[[Habits], Desk]


@pytest.fixture
def opened(world: World) -> Opened:
    """A tenant with habits."""

    def open_desk(habits: Habits) -> Desk:
        own = replace(world, habits=habits)
        return Desk(build(own), own)

    return open_desk


@pytest.mark.parametrize("dialect", list(Dialect))
def test_the_desk_works_with_both_generations(opened: Opened, dialect: Dialect) -> None:
    """Success codes drift between releases (§16.13); a client that insists on one would fail on half of the tenants."""
    desk = opened(Habits(dialect=dialect))
    asset_id = AssetId(desk.hit(ASSET).id)

    async def work_day(iconik: IconikClient) -> tuple[int, str, str]:
        asset = await iconik.asset(asset_id)
        first = min(asset.versions, key=lambda version: version.version_number)
        await iconik.promote_version(asset_id, first.id)
        job = await iconik.add_custom_job(title="x", custom_type="x", object_id=asset_id, message="", metadata={})
        await iconik.do(work.control_jobs(JobAction.ABORT, [job.id]))
        action = await iconik.do(work.add_action(ActionContext.ASSET, title="Print", url="https://print.example/"))
        token = await iconik.do(oauth.mint_token(desk.secrets["app_id"]))
        assert token.token
        newest = (await iconik.asset(asset_id)).latest_version
        assert newest is not None
        read = await iconik.do(work.get_action(ActionContext.ASSET, action.id))
        return newest.id == first.id, (await iconik.job(job.id)).status.value, read.title

    assert desk.run(work_day) == (True, "ABORTED", "Print")


@pytest.mark.contract("iconik 7.11", "iconik 13.8", "iconik 2.15", "iconik 2.14")
@pytest.mark.parametrize(
    ("dialect", "codes"), [(Dialect.CURRENT, (200, 200, 201, 204)), (Dialect.OLDER, (204, 201, 200, 200))]
)
def test_success_codes_are_those_of_the_release(opened: Opened, dialect: Dialect, codes: tuple[int, ...]) -> None:
    """Clients of either generation must find what they know."""
    desk = opened(Habits(dialect=dialect))
    hit = desk.hit(ASSET)
    version = hit.versions[0].id

    promoted = desk.ask("PUT", f"/API/assets/v1/assets/{hit.id}/versions/{version}/promote/")
    controlled = desk.ask("PUT", "/API/jobs/v1/jobs/state/", json={"action": "ABORT", "job_ids": []})
    minted = desk.ask("POST", f"/API/auth/v1/apps/{desk.secrets['app_id']}/token/")
    revoked = desk.ask("DELETE", "/API/auth/v1/auth/token/", headers={"Auth-Token": minted.json()["token"]})

    assert tuple(one.status_code for one in (promoted, controlled, minted, revoked)) == codes
    assert bool(promoted.content) is (dialect is Dialect.CURRENT)


@pytest.mark.contract("iconik 6.b5")
def test_a_write_is_searchable_only_after_the_lag(opened: Opened) -> None:
    """A desk that searches for what it just wrote must not conclude that the write failed."""
    desk = opened(Habits(index_lag_s=5))
    before = desk.hit(ASSET)
    asset_id = AssetId(before.id)

    async def rename(iconik: IconikClient) -> str:
        await iconik.edit_asset(asset_id, {"title": "Renamed"})
        return (await iconik.asset(asset_id)).title

    by_id = desk.run(rename)
    during = desk.hit(ASSET).title
    desk.world.clock.advance(timedelta(seconds=5))

    assert by_id == "Renamed"
    assert during == before.title
    assert desk.hit(ASSET).title == "Renamed"


def test_what_is_new_is_found_only_after_the_lag(opened: Opened) -> None:
    """The outbox looks an unanswered create up: too early, it is not there yet."""
    desk = opened(Habits(index_lag_s=5))
    desk.run(lambda iconik: iconik.do(assets.add_asset("Kingfisher")))

    during = len(desk.find_words("kingfisher"))
    desk.world.clock.advance(timedelta(seconds=5))

    assert (during, len(desk.find_words("kingfisher"))) == (0, 1)


def test_facets_and_filters_lag_too(opened: Opened) -> None:
    """A count that knows more than its list would confuse."""
    desk = opened(Habits(index_lag_s=5))
    waiting = "claim-in-3-steps-fr"
    asset_id = desk.hit(waiting).id

    async def approve(iconik: IconikClient) -> None:
        await iconik.decide(asset_id, ApprovalStatus.APPROVED)

    before = desk.hit(waiting).approval_status
    desk.run(approve)
    during = desk.hit(waiting).approval_status
    desk.world.clock.advance(timedelta(seconds=5))

    assert during is before
    assert desk.hit(waiting).approval_status is ApprovalStatus.APPROVED


def test_a_deletion_lags_too(opened: Opened) -> None:
    """A hit that leads nowhere is what lag looks like."""
    desk = opened(Habits(index_lag_s=5))
    hit = desk.hit(ASSET)
    desk.run(lambda iconik: iconik.do(assets.delete_asset(AssetId(hit.id))))

    during = desk.hit(ASSET).status
    desk.world.clock.advance(timedelta(seconds=5))

    assert during is hit.status
    assert desk.hit(ASSET).status is not hit.status


def test_what_a_slow_job_changed_lags_behind_its_end(opened: Opened) -> None:
    """The two delays add up."""
    desk = opened(Habits(index_lag_s=5, job_s=10))
    asset_id = AssetId(desk.hit(ASSET).id)
    view = desk.view("Marketing")

    async def write(iconik: IconikClient) -> None:
        await iconik.do(metadata.put_values_of_many([asset_id], view, {"Keywords": ["late"]}))

    async def read(iconik: IconikClient) -> tuple[object, ...]:
        return (await iconik.metadata_values(asset_id, view)).values("Keywords")

    desk.run(write)
    at_once = desk.run(read)
    desk.world.clock.advance(timedelta(seconds=10))
    done, found = desk.run(read), desk.hit(ASSET).values("Keywords")
    desk.world.clock.advance(timedelta(seconds=5))

    assert at_once != ("late",)
    assert done == ("late",)
    assert found != ("late",)
    assert desk.hit(ASSET).values("Keywords") == ("late",)


def test_many_are_decided_on_when_the_job_ends(opened: Opened) -> None:
    """202 promises, and does not yet keep."""
    desk = opened(Habits(job_s=10))
    waiting = desk.hit("claim-in-3-steps-fr").id

    async def decide(iconik: IconikClient) -> str:
        return (await iconik.do(review.decide_many(Reviewed.ASSETS, [waiting], ApprovalStatus.APPROVED))).job_id

    async def states(iconik: IconikClient) -> tuple[str, bool]:
        approval = await iconik.approval(waiting)
        assert approval is not None
        return (await iconik.job(job_id)).status.value, approval.status is ApprovalStatus.APPROVED

    job_id = desk.run(decide)
    during = desk.run(states)
    desk.world.clock.advance(timedelta(seconds=10))

    assert during == ("STARTED", False)
    assert desk.run(states) == ("FINISHED", True)


def test_a_version_from_an_asset_that_is_transcoded_is_a_conflict(opened: Opened) -> None:
    """The vendor wants to be asked again later, not parked for ever."""
    desk = opened(Habits(job_s=10))
    film, other = desk.hit("claim-in-3-steps-fr"), desk.hit(ASSET)
    (file,) = desk.ask("GET", f"/API/files/v1/assets/{film.id}/files/").json()["objects"]
    desk.ask("POST", f"/API/files/v1/assets/{film.id}/files/{file['id']}/keyframes/", json={})
    path = f"/API/assets/v1/assets/{other.id}/versions/from/assets/{film.id}/"

    busy = desk.ask("POST", path, json={})
    desk.world.clock.advance(timedelta(seconds=10))

    assert busy.status_code == 409
    assert desk.ask("POST", path, json={}).status_code == 202


def test_a_collection_is_gone_at_once(opened: Opened) -> None:
    """204 says that it is done, however slow jobs are."""
    desk = opened(Habits(job_s=10))

    async def end(iconik: IconikClient) -> list[str]:
        made = await iconik.do(collections.add_collection("Short-lived"))
        await iconik.do(collections.delete_collection(CollectionId(made.id)))
        return [one.title async for one in iconik.collections() if one.title == "Short-lived"]

    assert desk.run(end) == []
