"""Requests as they are built; no loop, no server."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from connectors.calls import Call, FilePart, JSONBody, MultipartBody, RawBody
from connectors.exstream import (
    Config,
    ConflictPolicy,
    CronJob,
    CronType,
    ExstreamClient,
    FilterSpelling,
    PostSort,
    ResourceState,
    RunPart,
    Site,
    SortingState,
    wire,
)
from connectors.exstream.server_based import CompositionRequest
from connectors.exstream.server_based.compose import compose

SITE = Site()
PAIRS = Site(spelling=FilterSpelling.PAIRS, page_size=25)
FILE = FilePart(name="any", filename="a.json", content=b"{}", media_type="application/json")
AT = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)


@pytest.mark.contract("exstream 1.2.2")
def test_filters_are_spelled_key_by_key() -> None:
    """One of the two spellings that releases accept."""
    call = wire.resources(SITE, "Claims", states=["APPROVED", "DRAFT"], changed_since=date(2026, 5, 1))

    assert call.path == "/design/api/v1/resources/Claims"
    assert call.query == (
        ("filter.types", "exstrapplication"),
        ("filter.states", "APPROVED,DRAFT"),
        ("filter.latestVersion", "true"),
        ("filter.lastModifiedDateStart", "2026-05-01"),
        ("offset", "0"),
        ("count", "100"),
        ("sort", "asc_name"),
    )


@pytest.mark.contract("exstream 1.2.3")
def test_filters_are_spelled_as_pairs() -> None:
    """The other, for older releases."""
    call = wire.resources(PAIRS, "Claims", states=["APPROVED"], search="*bill", offset=25)

    assert call.query == (
        ("filter", "types:exstrapplication;states:APPROVED;latestVersion:true;searchString:*bill"),
        ("offset", "25"),
        ("count", "25"),
        ("sort", "asc_name"),
    )


@pytest.mark.contract("exstream 2.3", "exstream 4.7")
def test_generate_names_the_communication_in_its_headers() -> None:
    """The body belongs to the driver data alone."""
    call = wire.generate(SITE, "Claims", communication_id="6b1d", data_source="Driver", data={"a": 1}, number=7)

    assert call.path == "/orchestration/api/v1/inputs/ondemand/Claims/generate"
    assert dict(call.headers) == {
        "communicationId": "6b1d",
        "driverDataSource": "Driver",
        "exstream-variable-version": "7",
    }
    assert call.body == JSONBody(value={"a": 1})


def test_xml_drivers_are_sent_as_they_are() -> None:
    """A house with XML drivers must not have them turned into JSON."""
    call = wire.generate(
        SITE, "Claims", communication_id="6b1d", data_source="Driver", data=b"<policy/>", accept="application/pdf"
    )

    assert call.body == RawBody(content=b"<policy/>", media_type="application/xml")
    assert call.headers["Accept"] == "application/pdf"


@pytest.mark.contract("exstream 7.a")
@pytest.mark.parametrize(
    "build",
    [
        lambda: wire.fulfil(SITE, "D", ["d"], communication_id="c", data_source="s", preserve=True),
        lambda: wire.release(SITE, "D", RunPart.STEP, "s"),
        lambda: wire.post_sort(SITE, "D", PostSort(flow_model_id="f")),
        lambda: wire.add_cron_job(SITE, "D", CronJob(name="n", cron_expression="* * * * *")),
        lambda: wire.trigger_cron_job(SITE, "D", "c"),
        lambda: wire.import_package(SITE, "D", package=FILE, commit=True),
        lambda: wire.set_state(SITE, "D", "r", ResourceState.APPROVED),
        lambda: compose(CompositionRequest(pub_files=["a.pub"], driver=b"", input_name="INPUT")),
        lambda: wire.generate(SITE, "D", communication_id="c", data_source="s", data={}),
        lambda: wire.on_demand(SITE, "D", "Resend", data={}),
        lambda: wire.submit_batch(SITE, "D", "NightlyLetters", data={}),
        lambda: wire.reprocess(SITE, "D", "j"),
        lambda: wire.stop_job(SITE, "D", "j"),
    ],
)
def test_nothing_that_may_reach_a_customer_is_repeated(build: Callable[[], Call]) -> None:
    """A retry of a submission is a second letter."""
    assert not build().repeatable


def test_flow_variables_travel_as_headers() -> None:
    """A flow of one's own reads them there."""
    call = wire.on_demand(SITE, "Claims", "Letters", data={}, variables={"priority": "high"})

    assert call.headers["exstream-variable-priority"] == "high"


def test_jobs_are_found_by_their_external_id() -> None:
    """It is how a submission whose reply was lost is looked up."""
    call = wire.jobs(SITE, "Claims", channel="Resend", external_id="key-1", statuses=["complete", "error"])

    assert call.path == "/orchestration/api/v1/runtime/Claims/jobs"
    assert call.query[0] == ("filter", "channel:Resend;externalId:key-1;statuses:complete,error")


def test_an_artifact_keeps_its_slashes_to_itself() -> None:
    """Its name is a path; unescaped it would name another resource."""
    call = wire.artifact(SITE, "Claims", "s1", "jobs/1/out put.pdf")

    assert call.path == "/orchestration/api/v1/runtime/Claims/flow-steps/s1/artifact/jobs%2F1%2Fout%20put.pdf"


def test_event_times_are_written_in_utc() -> None:
    """An hour's error loses an hour of events."""
    call = wire.email_events(SITE, "t1", "Claims", since=AT, until=AT)

    assert call.path == "/ei/api/v1/eventmetrics/email-event/t1/Claims/content"
    assert call.query == (
        ("connectorType", "OTN"),
        ("lastUpdateTimeStart", "2026-05-12T09:41:00.000Z"),
        ("lastUpdateTimeEnd", "2026-05-12T09:41:00.000Z"),
    )


def test_prefixes_come_from_the_site() -> None:
    """Hosts that serve orchestration alone have no prefix."""
    site = Site(orchestration="/api/v1", generate_channel="Compose")

    call = wire.generate(site, "Claims", communication_id="c", data_source="s", data={})

    assert call.path == "/api/v1/inputs/ondemand/Claims/Compose"


DESIGN, ORCHESTRATION = "/design/api/v1", "/orchestration/api/v1"
RUNTIME = f"{ORCHESTRATION}/runtime/D"


@pytest.mark.contract("exstream 4.3")
@pytest.mark.parametrize(
    ("call", "method", "path"),
    [
        (wire.current_user(SITE, domain="D"), "GET", f"{DESIGN}/authentication/D/current-user"),
        (wire.orchestration_version(SITE), "GET", f"{ORCHESTRATION}/version"),
        (wire.empower_version(SITE), "GET", "/empower/api/v1/version"),
        (wire.content_manifest(SITE, "D", "r"), "GET", f"{DESIGN}/resources/D/r/content/manifest"),
        (wire.old_content(SITE, "D", "r"), "GET", f"{DESIGN}/resources/D/r/content/old"),
        (wire.outcome_mappings(SITE, "D"), "GET", f"{DESIGN}/flow-models/D/mappings"),
        (wire.run_definition(SITE, "D", "r"), "GET", f"{DESIGN}/run-definitions/D/preview/r"),
        (wire.export_package(SITE, "D", "r"), "GET", f"{DESIGN}/export/D/r"),
        (wire.new_resource(SITE, "D", name="n", type_="image", file=FILE), "POST", f"{DESIGN}/resources/D/content"),
        (wire.replace_content(SITE, "D", "r", file=FILE), "PUT", f"{DESIGN}/resources/D/r/content"),
        (wire.set_state(SITE, "D", "r", ResourceState.REVIEW), "PUT", f"{DESIGN}/resources/D/r/state"),
        (wire.set_states(SITE, "D", ["r"], ResourceState.REVIEW), "PUT", f"{DESIGN}/resources/D/state"),
        (wire.lock(SITE, "D", "r"), "POST", f"{DESIGN}/resources/D/r/lock"),
        (wire.unlock(SITE, "D", "r"), "DELETE", f"{DESIGN}/resources/D/r/lock"),
        (wire.revert(SITE, "D", "r", 3), "PUT", f"{DESIGN}/resources/D/r/revert/3"),
        (wire.import_package(SITE, "D", package=FILE), "POST", f"{DESIGN}/import/das/D"),
        (wire.cron_jobs(SITE, "D"), "GET", f"{ORCHESTRATION}/cron-jobs/D"),
        (wire.delete_cron_job(SITE, "D", "c"), "DELETE", f"{ORCHESTRATION}/cron-jobs/D/c"),
        (wire.trigger_cron_job(SITE, "D", "c"), "POST", f"{ORCHESTRATION}/cron-jobs/D/c/trigger"),
        (wire.flow_instance(SITE, "D", "i"), "GET", f"{RUNTIME}/flow-instances/i"),
        (wire.flow_step(SITE, "D", "s"), "GET", f"{RUNTIME}/flow-steps/s"),
        (wire.delivery_outputs(SITE, "D", "s"), "GET", f"{RUNTIME}/flow-steps/s/delivery-file/outputs"),
        (wire.counts(SITE, "D"), "POST", f"{RUNTIME}/flow-instances/counts"),
        (wire.stop(SITE, "D", RunPart.INSTANCE, "i"), "POST", f"{RUNTIME}/flow-instances/i/stop"),
        (wire.release(SITE, "D", RunPart.INSTANCE, "i"), "POST", f"{RUNTIME}/flow-instances/i/release"),
        (wire.post_sort(SITE, "D", PostSort(flow_model_id="f")), "POST", f"{RUNTIME}/jobs/post-sort"),
        (wire.sorting_assets(SITE, "D"), "GET", f"{ORCHESTRATION}/sortdata/D"),
        (wire.set_sorting_state(SITE, "D", "a", "waiting"), "PUT", f"{ORCHESTRATION}/sortdata/D/a"),
        (wire.step_events(SITE, "t", "D", "s"), "GET", "/ei/api/v1/eventmetrics/docgen-event/t/D/s/metadata"),
    ],
    ids=lambda value: value.name if isinstance(value, Call) else "",
)
def test_every_call_goes_to_its_place(call: Call, method: str, path: str) -> None:
    """The contract's tables, read once more by somebody else."""
    assert (call.method, call.path) == (method, path)


def test_an_import_is_a_dry_run_with_its_policy_as_a_file() -> None:
    """The vendor looks for two parts by name, and commits nothing unless it is told to."""
    call = wire.import_package(SITE, "D", package=FILE, policy=ConflictPolicy.SKIP)

    assert call.query == (("commit", "false"),)
    assert isinstance(call.body, MultipartBody)
    assert [(part.name, part.content) for part in call.body.files] == [
        ("exportPackage", b"{}"),
        ("conflictSettings", b'{"generalPolicy":"SKIP"}'),
    ]


def test_an_upload_is_the_part_that_the_vendor_looks_for() -> None:
    """Whatever the caller named it."""
    body = wire.replace_content(SITE, "D", "r", file=FILE).body

    assert isinstance(body, MultipartBody)
    assert [part.name for part in body.files] == ["file"]


def test_a_fulfilment_says_whether_the_documents_stay() -> None:
    """Left out, a release might decide either way."""
    call = wire.fulfil(SITE, "D", ["d1"], communication_id="c", data_source="s", preserve=True, accept="text/html")

    assert dict(call.headers) == {
        "communicationId": "c",
        "driverDataSource": "s",
        "preserveDocuments": "true",
        "Accept": "text/html",
    }
    assert call.body == JSONBody(value={"documents": ["d1"]})


@pytest.mark.contract("exstream 1.3.10")
@pytest.mark.parametrize(
    ("who", "query"),
    [({"subscription": "s u"}, "subscription=s+u&hosted=true"), ({"tenant": "t"}, "tenant=t&hosted=true")],
)
def test_the_editors_address_names_who_it_is_for(who: dict[str, str], query: str) -> None:
    """By subscription in the cloud, by tenant elsewhere."""
    address = wire.editor_address(SITE, "https://exstream.test/", "d/1", **who)

    assert address == f"https://exstream.test/empower/api/v1/docedit/d%2F1/open?{query}"


def test_a_schedule_is_sent_without_an_id_until_it_has_one() -> None:
    """An empty id would be somebody's."""
    wish = CronJob(name="n", cron_expression="0 2 * * *", channel_name="C", headers={"exstream-variable-a": "1"})

    body = wire.add_cron_job(SITE, "D", wish).body

    assert isinstance(body, JSONBody)
    assert body.value == {
        "name": "n",
        "cronExpression": "0 2 * * *",
        "cronType": CronType.START_JOB,
        "channelName": "C",
        "inputPath": "",
        "headers": {"exstream-variable-a": "1"},
        "mode": "BATCH",
        "enabled": True,
    }


def test_a_reprint_says_only_what_was_wished() -> None:
    """An empty list of customers would be all of them."""
    body = wire.post_sort(SITE, "D", PostSort(flow_model_id="f", customer_list="2,7,14-50")).body

    assert body == JSONBody(value={"flowModelId": "f", "customerList": "2,7,14-50"})


def test_a_job_is_not_released_as_a_whole() -> None:
    """The vendor has no such call, and a guess would be one."""
    with pytest.raises(ValueError, match="flow instances"):
        wire.release(SITE, "D", RunPart.JOB, "j")


@pytest.mark.contract("exstream 1.4.19", "exstream 1.6.8", "exstream 7.d")
def test_what_the_contract_forbids_cannot_be_called() -> None:
    """Deleting jobs takes files along; the media management's link answers a password."""
    told = [*wire.__all__, *dir(ExstreamClient)]

    assert not [name for name in told if "otmm" in name or "delete_job" in name or "delete_resource" in name]


@pytest.mark.contract("exstream 1.5.6")
def test_no_call_registers_a_webhook() -> None:
    """There is none, so the desk polls."""
    assert not [name for name in wire.__all__ if "hook" in name or "subscri" in name]


@pytest.mark.contract("exstream 1.5.7")
def test_no_call_tells_or_changes_consent() -> None:
    """There is none: preferences travel as customer data."""
    assert not [name for name in wire.__all__ if "consent" in name or "preference" in name]


@pytest.mark.contract("exstream 4.3", "exstream 4.2")
def test_prefixes_are_a_sites_own() -> None:
    """One public description of the cloud has none before its inputs."""
    site = Site(design="/das/v2", orchestration="/api/v1", empower="/edit", generate_channel="Letters")

    call = wire.generate(site, "D", communication_id="c", data_source="s", data={})

    assert call.path == "/api/v1/inputs/ondemand/D/Letters"
    assert wire.version(site).path == "/das/v2/version"
    assert wire.empower_version(site).path == "/edit/version"


@pytest.mark.contract("exstream 1.2.4")
def test_all_versions_are_asked_for_by_id() -> None:
    """With the filter on the latest one off, since it is on by default (INFERRED)."""
    call = wire.resources(SITE, "Claims", ids=["6b1d"], latest_only=False)

    assert {("filter.ids", "6b1d"), ("filter.latestVersion", "false")} <= set(call.query)


@pytest.mark.contract("exstream 3.c")
@pytest.mark.parametrize("word", ["waiting", "processed", "expired", "canceled"])
def test_sorting_assets_have_the_vendors_states(word: str) -> None:
    """*all* is a filter's word, and no state."""
    assert SortingState(word) is not SortingState.UNKNOWN
    assert SortingState("all") is SortingState.UNKNOWN


@pytest.mark.contract("exstream 4.8")
def test_a_base_subscription_is_told_by_the_config() -> None:
    """It is what a desk asks before it offers to watch runs."""
    assert (wire.config(SITE).path, Config(base_subscription=True).base_subscription) == (
        "/orchestration/api/v1/config",
        True,
    )
