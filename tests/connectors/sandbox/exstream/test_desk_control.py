"""What the desk's own client does with runs: hold, release, schedule, count, print again, wait for a person."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import ConflictError, InvalidError, NotFoundError, SignInError
from connectors.exstream import (
    CronJob,
    CronType,
    ExstreamClient,
    Job,
    PostSort,
    RunPart,
    RunState,
    SortingAsset,
    SortingState,
)
from connectors.sandbox.exstream.designs import DATA_SOURCE
from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.conftest import Desk
from tests.connectors.sandbox.exstream.test_designs import renewal_id

JSON = dict[str, object]
NIGHTLY = CronJob(
    name="Nightly bills",
    cron_expression="0 0 2 * * ?",
    channel_name="NightlyLetters",
    input_path="in/monthly-bill.json",
)


async def until(client: ExstreamClient, domain: str, job_id: str, state: RunState) -> Job:
    """The job once it stands in ``state``; the test's own limit ends the wait."""
    while (job := await client.job(domain, job_id)).state is not state:
        continue
    return job


async def a_batch(client: ExstreamClient, world: World, domain: str, **more: object) -> str:
    """The job of a small batch of bills."""
    body: JSON = {
        "template": "monthly-bill",
        "customers": [customer.number for customer in world.customers[:3]],
        "channels": ["print"],
        **more,
    }
    (instance,) = await client.submit_batch(domain, "NightlyLetters", data=body)
    return instance.job_id


@pytest.mark.contract("exstream 3.b")
@pytest.mark.parametrize("part", [RunPart.INSTANCE, RunPart.STEP])
def test_what_is_held_goes_on_after_a_release(desk: Desk, world: World, domain: str, part: RunPart) -> None:
    """A person looks at the proofs before the post takes them."""

    async def run(client: ExstreamClient) -> Job:
        job_id = await a_batch(client, world, domain, hold=True)
        await until(client, domain, job_id, RunState.HOLDING)
        instance = await anext(client.flow_instances(domain, job_id))
        held = [step async for step in client.flow_steps(domain, instance.id, kinds=["hold"])]
        assert (await client.flow_instance(domain, instance.id)).state is RunState.HOLDING
        assert (await client.flow_step(domain, held[0].id)).state is RunState.HOLDING
        await client.release(domain, part, instance.id if part is RunPart.INSTANCE else held[0].id)
        return await until(client, domain, job_id, RunState.COMPLETE)

    assert desk(run).ended_at is not None


def test_a_held_job_can_be_stopped_instead(desk: Desk, world: World, domain: str) -> None:
    """Nothing of it leaves."""

    async def run(client: ExstreamClient) -> Job:
        job_id = await a_batch(client, world, domain, hold=True)
        await until(client, domain, job_id, RunState.HOLDING)
        instance = await anext(client.flow_instances(domain, job_id))
        assert await client.stop(domain, RunPart.INSTANCE, instance.id) == "canceled"
        return await until(client, domain, job_id, RunState.CANCELED)

    assert desk(run).msg == "Stopped by request"


def test_what_is_not_held_cannot_be_released(desk: Desk, world: World, domain: str) -> None:
    """It reads as a conflict: somebody was faster."""

    async def run(client: ExstreamClient) -> None:
        job_id = await a_batch(client, world, domain)
        await desk.settle()
        instance = await anext(client.flow_instances(domain, job_id))
        await client.release(domain, RunPart.INSTANCE, instance.id)

    with pytest.raises(ConflictError):
        desk(run)


def test_a_schedule_is_kept_changed_triggered_and_ended(desk: Desk, domain: str) -> None:
    """The whole life of it."""

    async def run(client: ExstreamClient) -> tuple[CronJob, CronJob, list[str], int]:
        made = await client.add_cron_job(domain, NIGHTLY)
        changed = await client.change_cron_job(
            domain, CronJob(id=made.id, name="Nightly bills", cron_expression="0 0 3 * * ?", enabled=False)
        )
        again = await client.change_cron_job(
            domain,
            CronJob(
                id=made.id,
                **{key: getattr(NIGHTLY, key) for key in ("name", "cron_expression")},
                channel_name="NightlyLetters",
                input_path=NIGHTLY.input_path,
            ),
        )
        assert again.cron_expression == NIGHTLY.cron_expression
        assert await client.trigger_cron_job(domain, made.id) == "triggered"
        await desk.settle()
        jobs = [job.status async for job in client.jobs(domain, channel="NightlyLetters")][:1]
        await client.delete_cron_job(domain, made.id)
        return made, changed, jobs, len(await client.cron_jobs(domain))

    made, changed, jobs, left = desk(run)

    assert (made.cron_type, made.mode, made.enabled) == (CronType.START_JOB, "BATCH", True)
    assert (changed.cron_expression, changed.enabled) == ("0 0 3 * * ?", False)
    assert (jobs, left) == (["complete"], 0)


@pytest.mark.parametrize(
    "wish",
    [
        CronJob(name="n", cron_expression="daily", channel_name="NightlyLetters"),
        CronJob(name="", cron_expression="0 2 * * *"),
        CronJob(name="n", cron_expression="0 2 * * *", mode="SOMEDAY"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(desk: Desk, domain: str, wish: CronJob) -> None:
    """It would never run, and nobody would notice."""
    with pytest.raises(InvalidError):
        desk(lambda client: client.add_cron_job(domain, wish))


def test_a_schedule_of_an_unknown_input_is_told_when_it_is_triggered(desk: Desk, domain: str) -> None:
    """Not hours later."""

    async def run(client: ExstreamClient) -> None:
        wish = CronJob(name="n", cron_expression="0 2 * * *", channel_name="NightlyLetters", input_path="in/none.json")
        await client.trigger_cron_job(domain, (await client.add_cron_job(domain, wish)).id)

    with pytest.raises(NotFoundError):
        desk(run)


def test_runs_are_counted_by_day(desk: Desk, domain: str) -> None:
    """A dashboard without reading every job; days without any are counted too when they are asked for."""
    since = datetime(2000, 1, 1, tzinfo=UTC)

    plain = desk(lambda client: client.counts(domain, since=since))
    filled = desk(lambda client: client.counts(domain, since=since, fill=True))

    assert {each.status for each in plain} == {"complete"}
    assert len({each.date for each in filled}) >= len({each.date for each in plain})
    days = [datetime.fromisoformat(each.date) for each in filled]
    assert days[-1] - days[0] == timedelta(days=len(set(days)) - 1)


async def printed_again(
    client: ExstreamClient, desk: Desk, world: World, domain: str
) -> tuple[SortingAsset, list[str]]:
    """A reprint of two customers: the sorting asset afterwards, and the names of the files."""
    job_id = await a_batch(client, world, domain)
    await desk.settle()
    waiting = [asset async for asset in client.sorting_assets(domain, states=[SortingState.WAITING])]
    asset = next(each for each in waiting if each.job_id == job_id)
    wish = PostSort(
        flow_model_id=asset.flow_model_id, customer_list="1,3", external_id="again-1", filter={"jobIds": [job_id]}
    )
    await client.post_sort(domain, wish)
    job = await anext(client.jobs(domain, external_id="again-1"))
    instance = await anext(client.flow_instances(domain, job.id))
    step = await anext(client.flow_steps(domain, instance.id))
    names = [str(each["name"]) for each in await client.delivery_outputs(domain, step.id)]
    return await client.sorting_asset(domain, asset.id), names


def test_a_batch_is_followed_to_its_files(desk: Desk, world: World, domain: str) -> None:
    """By one call each, as a page of runs does it."""

    async def run(client: ExstreamClient) -> tuple[RunState, set[str]]:
        job_id = await a_batch(client, world, domain)
        job = await client.ended_job(domain, job_id, limit=timedelta(minutes=1), pause=lambda _: desk.settle())
        return job.state, {output.judged_type async for _, output in client.outputs_of(domain, job_id)}

    assert desk(run) == (RunState.COMPLETE, {"application/pdf"})


@pytest.mark.contract("exstream 3.c")
def test_two_customers_are_printed_again_from_the_store(desk: Desk, world: World, domain: str) -> None:
    """The rest of the run is not sent twice."""

    async def run(client: ExstreamClient) -> tuple[SortingAsset, list[str], SortingAsset]:
        asset, names = await printed_again(client, desk, world, domain)
        return asset, names, await client.set_sorting_state(domain, asset.id, SortingState.WAITING)

    asset, names, back = desk(run)

    assert (asset.state, asset.customers_count, len(names)) == (SortingState.PROCESSED, 3, 2)
    assert back.state is SortingState.WAITING


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (PostSort(flow_model_id="none"), NotFoundError),
        (PostSort(flow_model_id="none", customer_list="9-2"), InvalidError),
    ],
)
def test_a_reprint_that_makes_no_sense_is_refused(
    desk: Desk, domain: str, wish: PostSort, error: type[Exception]
) -> None:
    """Before anything is printed."""
    with pytest.raises(error):
        desk(lambda client: client.post_sort(domain, wish))


def test_a_document_is_opened_and_fulfilled(desk: Desk, world: World, domain: str) -> None:
    """The clerk's way, by our own client."""

    async def run(client: ExstreamClient) -> tuple[str, list[str], list[str]]:
        communication = await renewal_id(client, domain)
        record = world.record(world.customers[0], "renewal-notice")
        document = await client.open_interactive(
            domain, communication_id=communication, data_source=DATA_SOURCE, data=record, empower_user="mira.kovac"
        )
        address = client.editor_address(document, subscription="harbour")
        named = {"communication_id": communication, "data_source": DATA_SOURCE}
        kept = await client.fulfil(domain, [document], **named, preserve=True)
        used = await client.fulfil(domain, [document], **named, preserve=False)
        return address, [each.mime_type for each in kept], [each.mime_type for each in used]

    address, kept, used = desk(run)

    assert address.startswith("http://exstream.test/empower/api/v1/docedit/")
    assert address.endswith("/open?subscription=harbour&hosted=true")
    assert kept == used == ["application/pdf", "text/html", "text/html", "text/plain"]


def test_a_user_who_may_not_import_is_a_refused_sign_in(desk: Desk, world: World, domain: str) -> None:
    """It is told in the body, and must not look like a document."""
    record = world.record(world.customers[0], "renewal-notice")

    async def run(client: ExstreamClient) -> str:
        return await client.open_interactive(
            domain,
            communication_id=await renewal_id(client, domain),
            data_source=DATA_SOURCE,
            data=record,
            empower_user="nobody",
        )

    with pytest.raises(SignInError):
        desk(run)
