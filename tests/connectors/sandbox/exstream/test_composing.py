"""On-demand composition and batches, from the submission to the file."""

import io
import json
import zipfile

import pytest
from pypdf import PdfReader

from connectors.errors import ConflictError, InvalidError, NotFoundError
from connectors.exstream import ExstreamClient, FlowInstance, Job, Output, RunState
from connectors.sandbox.exstream.designs import DATA_SOURCE
from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.conftest import Desk
from tests.connectors.sandbox.exstream.test_designs import renewal_id

JSON = dict[str, object]


@pytest.fixture
def record(world: World) -> JSON:
    """Inès Caron's data."""
    return world.record(world.customers[0], "renewal-notice")


async def generated(client: ExstreamClient, domain: str, data: JSON | bytes, number: int | None = None) -> list[Output]:
    """The renewal notice on every queue."""
    communication = await renewal_id(client, domain)
    return list(
        await client.generate(domain, communication_id=communication, data_source=DATA_SOURCE, data=data, number=number)
    )


async def nightly(client: ExstreamClient, desk: Desk, domain: str, body: JSON) -> tuple[FlowInstance, Job]:
    """A batch that has run."""
    (instance,) = await client.submit_batch(domain, "NightlyLetters", data=body)
    await desk.settle()
    return instance, await client.job(domain, instance.job_id)


@pytest.mark.contract("exstream 2.3", "exstream 2.4", "exstream 1.3.6", "exstream 1.3.7")
def test_one_composition_fills_every_queue(desk: Desk, domain: str, record: JSON) -> None:
    """Four panes come from one call, so they cannot disagree."""
    outputs = desk(lambda client: generated(client, domain, record))

    assert [(each.context.queue_name, each.mime_type) for each in outputs] == [
        ("Print", "application/pdf"),
        ("Email", "text/html"),
        ("Web", "text/html"),
        ("SMS", "text/plain"),
    ]
    assert "Mme Inès Caron" in PdfReader(io.BytesIO(outputs[0].content)).pages[0].extract_text()


def test_accept_asks_for_the_document_itself(desk: Desk, domain: str, record: JSON) -> None:
    """A caller that wants the PDF need not unpack an envelope."""

    async def compose(client: ExstreamClient) -> Output:
        return await client.generate_raw(
            domain,
            communication_id=await renewal_id(client, domain),
            data_source=DATA_SOURCE,
            data=record,
            accept="application/pdf",
        )

    document = desk(compose)

    assert document.mime_type == "application/pdf"
    assert document.content.startswith(b"%PDF-")


def test_an_older_version_composes_as_it_did(desk: Desk, domain: str, record: JSON) -> None:
    """A baseline can be made again."""
    before = desk(lambda client: generated(client, domain, record, number=13))
    after = desk(lambda client: generated(client, domain, record))

    assert "14 jours" in before[1].content.decode()
    assert "30 jours" in after[1].content.decode()


def test_xml_drivers_compose_too(desk: Desk, domain: str) -> None:
    """Many houses have nothing else."""
    driver = """<data><customer><number>HM-1</number><title>Ms</title><givenName>Mia</givenName>
        <familyName>Holm</familyName><locale>en-GB</locale><segments><segment>motor</segment></segments></customer>
        <policy><number>P-1</number><product>Motor cover</product><renewalDate>2026-06-01</renewalDate>
        <premium>318.40</premium><currency>GBP</currency></policy><portal><url>https://p.example</url></portal></data>"""

    outputs = desk(lambda client: generated(client, domain, driver.encode()))

    assert "£318.40" in outputs[1].content.decode()
    assert "Hello Mia," in outputs[1].content.decode()


def test_missing_data_is_told_by_pointer(desk: Desk, domain: str, record: JSON) -> None:
    """A document without the data that its template needs is not composed, and says what is missing."""
    del record["policy"]

    with pytest.raises(InvalidError) as told:
        desk(lambda client: generated(client, domain, record))

    assert "/policy/premium" in told.value.fields


@pytest.mark.parametrize("data", [b"<policy>", b"", {}])
def test_a_driver_that_cannot_be_used_is_refused(desk: Desk, domain: str, data: JSON | bytes) -> None:
    """Nothing must be composed from half a file."""
    with pytest.raises(InvalidError):
        desk(lambda client: generated(client, domain, data))


@pytest.mark.parametrize(
    ("communication", "source", "kind"),
    [("6b1d", DATA_SOURCE, NotFoundError), ("", DATA_SOURCE, InvalidError), (None, "Other", InvalidError)],
)
def test_a_wrong_name_is_refused(
    desk: Desk, domain: str, communication: str | None, source: str, kind: type[Exception]
) -> None:
    """Another template's letter, or another's data, would be worse than none."""

    async def compose(client: ExstreamClient) -> object:
        named = await renewal_id(client, domain) if communication is None else communication
        return await client.generate(domain, communication_id=named, data_source=source, data={})

    with pytest.raises(kind):
        desk(compose)


def test_a_preview_tells_which_pictures_it_used(desk: Desk, domain: str, record: JSON) -> None:
    """The bill of assets comes from here."""

    async def compose(client: ExstreamClient) -> set[tuple[str, str]]:
        outputs = await generated(client, domain, record)
        job_id = outputs[0].context.job_id or ""
        instances = [each async for each in client.flow_instances(domain, job_id)]
        ids = await client.collection_resources(domain, instances[0].id)
        used = [await client.resource(domain, each) for each in ids]
        return {(each.type, each.name) for each in used}

    used = desk(compose)

    assert {("image", "spring-banner-fr"), ("image", "green-tariff-tile"), ("image", "harbour-logo-rgb")} <= used


@pytest.mark.contract("exstream 2.7", "exstream 3.b")
def test_a_batch_runs_to_its_files(desk: Desk, world: World, domain: str) -> None:
    """Job, instance, step, manifest, artifact: the whole way."""
    numbers = [customer.number for customer in world.customers[:3]]

    async def run(client: ExstreamClient) -> tuple[Job, list[str], list[bytes]]:
        body: JSON = {"template": "monthly-bill", "customers": numbers, "externalId": "run-1"}
        instance, job = await nightly(client, desk, domain, body)
        steps = [step async for step in client.flow_steps(domain, instance.id)]
        composed = next(step for step in steps if step.delivery_file_retrievable)
        manifest = await client.delivery_manifest(domain, composed.id)
        names = [name async for name in client.output_files(domain, composed.id)]
        assert [file.name for file in manifest.files] == names
        customers = [file.customers[0].keys["CustomerNumber"] for file in manifest.files]
        return job, customers, [(await client.artifact(domain, composed.id, name)).content for name in names]

    job, customers, files = desk(run)

    assert (job.state, job.external_id, job.mode) == (RunState.COMPLETE, "run-1", "BATCH")
    assert customers == numbers
    assert all(file.startswith(b"%PDF-") for file in files)


def test_one_customers_files_come_as_a_zip(desk: Desk, world: World, domain: str) -> None:
    """Support staff want one customer's, not the run's."""
    numbers = [customer.number for customer in world.customers[:2]]

    async def run(client: ExstreamClient) -> bytes:
        instance, _ = await nightly(client, desk, domain, {"template": "monthly-bill", "customers": numbers})
        steps = [step async for step in client.flow_steps(domain, instance.id)]
        return await client.customer_artifacts(domain, steps[1].id, 2)

    with zipfile.ZipFile(io.BytesIO(desk(run))) as pack:
        assert pack.namelist() == [f"00002-{numbers[1]}.pdf"]


def test_a_customer_who_cannot_be_composed_is_absent_and_logged(desk: Desk, world: World, domain: str) -> None:
    """The run goes on; whoever looks finds out who is missing and why."""
    good = world.record(world.customers[0], "monthly-bill")
    bad = {key: value for key, value in good.items() if key != "bill"}

    async def run(client: ExstreamClient) -> tuple[RunState, int, str]:
        instance, job = await nightly(client, desk, domain, {"template": "monthly-bill", "records": [bad, good]})
        steps = [step async for step in client.flow_steps(domain, instance.id)]
        manifest = await client.delivery_manifest(domain, steps[1].id)
        return job.state, manifest.customers_processed, await client.message_file(domain, steps[1].id)

    state, processed, log = desk(run)

    assert (state, processed) == (RunState.COMPLETE, 1)
    assert "customer 1" in log
    assert "/bill/amount" in log


def test_a_batch_without_any_output_is_an_error(desk: Desk, domain: str) -> None:
    """A complete job with no letter would look fine."""
    body: JSON = {"template": "monthly-bill", "records": [{"customer": {"number": "HM-1"}}]}

    async def run(client: ExstreamClient) -> Job:
        return (await nightly(client, desk, domain, body))[1]

    assert desk(run).state is RunState.ERROR


def test_the_input_is_kept_as_it_came(desk: Desk, world: World, domain: str) -> None:
    """What was submitted is evidence."""
    body: JSON = {"template": "monthly-bill", "customers": [world.customers[0].number]}

    async def run(client: ExstreamClient) -> object:
        instance, _ = await nightly(client, desk, domain, body)
        return json.loads(await client.instance_input(domain, instance.id))

    assert desk(run) == body


@pytest.mark.contract("exstream 2.6", "exstream 7.e")
def test_a_job_that_ran_again_is_polled_as_two(desk: Desk, world: World, domain: str) -> None:
    """The poll was seen to answer with a list; the asked one must be picked."""
    body: JSON = {"template": "monthly-bill", "customers": [world.customers[0].number]}

    async def run(client: ExstreamClient) -> tuple[str, str, int]:
        _, job = await nightly(client, desk, domain, body)
        await client.reprocess(domain, job.id)
        await desk.settle()
        again = await client.job(domain, job.id)
        since = job.started_at
        jobs = [each async for each in client.jobs(domain, channel="NightlyLetters", started_from=since)]
        return job.id, again.id, len(jobs)

    asked, told, jobs = desk(run)

    assert asked == told
    assert jobs == 2


def test_what_has_ended_cannot_be_stopped(desk: Desk, world: World, domain: str) -> None:
    """A stop that does nothing must say so."""
    body: JSON = {"template": "monthly-bill", "customers": [world.customers[0].number]}

    async def run(client: ExstreamClient) -> None:
        _, job = await nightly(client, desk, domain, body)
        await client.stop_job(domain, job.id)

    with pytest.raises(ConflictError):
        desk(run)


def test_a_running_batch_can_be_stopped(desk: Desk, world: World, domain: str) -> None:
    """The wrong template at midnight."""
    numbers = [customer.number for customer in world.customers[:40]]

    async def run(client: ExstreamClient) -> Job:
        (instance,) = await client.submit_batch(
            domain, "NightlyLetters", data={"template": "monthly-bill", "customers": numbers}
        )
        await client.stop_job(domain, instance.job_id)
        await desk.settle()
        return await client.job(domain, instance.job_id)

    assert desk(run).state is RunState.CANCELED


def test_the_runs_before_today_are_there(desk: Desk, domain: str) -> None:
    """History does not begin when the sandbox does; its files are composed when they are asked for."""

    async def read(client: ExstreamClient) -> tuple[Job, bytes]:
        jobs = [job async for job in client.jobs(domain, channel="NightlyLetters", statuses=["complete"])]
        (instance,) = [each async for each in client.flow_instances(domain, jobs[0].id)]
        steps = [step async for step in client.flow_steps(domain, instance.id)]
        files = (await client.delivery_manifest(domain, steps[1].id)).files
        return jobs[0], (await client.artifact(domain, steps[1].id, files[0].name)).content

    job, content = desk(read)

    assert job.id == "4711"
    assert content


def test_an_unknown_channel_is_refused(desk: Desk, domain: str) -> None:
    """A typo in a connection must not vanish into a success."""
    with pytest.raises(NotFoundError, match="channel"):
        desk(lambda client: client.submit_batch(domain, "NoSuchChannel", data={}))
