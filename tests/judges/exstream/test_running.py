"""Section 1.4 of the contract with 2.6, 2.7 and 3: what ran, what it made, and what an operator does with it."""

import io
import zipfile
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import pytest

from tests.judges.exstream.shapes import (
    INPUT_ERROR,
    INSTANCE,
    JOB,
    SERVICE_ERROR,
    SORTING,
    STEP,
    STEP_WORDS,
    complaints,
    many,
    one,
    paged,
)
from tests.judges.exstream.stranger import Stranger

RUNTIME = "/orchestration/api/v1/runtime/{domain}"


def submitted(someone: Stranger, **more: Any) -> dict[str, Any]:
    """The flow instance of a batch of bills."""
    customers = [each["metadata"]["customer"] for each in samples(someone)[:3]]
    body = {"template": "monthly-bill", "customers": customers, "channels": ["print"], **more}
    reply = someone.ask("POST", "/orchestration/api/v1/inputs/batch/{domain}/NightlyLetters", json=body)
    return dict(reply.json()["data"][0])


def samples(someone: Stranger) -> list[dict[str, Any]]:
    """Some sample files of one communication."""
    query = "filter.types=samplefile&count=50&offset=0"
    listed = someone.get(f"/design/api/v1/resources/{{domain}}?{query}")["data"]
    return [each for each in listed if each["metadata"].get("communication") == "monthly-bill"]


@pytest.fixture(scope="module")
def instance(someone: Stranger) -> dict[str, Any]:
    """A batch that has run."""
    made = submitted(someone, externalId="stranger-run")
    someone.wait(made["jobId"])
    return made


@pytest.fixture(scope="module")
def step(someone: Stranger, instance: dict[str, Any]) -> str:
    """The id of the step that composed."""
    query = f"flowInstanceId={instance['id']}&stepTypes=communication&checkArtifacts=true"
    (found,) = someone.get(f"{RUNTIME}/flow-steps?{query}")["data"]
    return str(found["id"])


@pytest.mark.contract("exstream 1.4.1", "exstream 2.1", "exstream 2.6")
@pytest.mark.parametrize(
    "query",
    [
        "count=5&offset=0",
        "filter=mode:BATCH;statuses:complete,error&offset=0&count=5",
        "filter=channel:NightlyLetters;startDateStart:2000-01-01&offset=0&count=5",
        "filter=externalId:stranger-run&offset=0&count=5&sort=desc_startDate",
    ],
)
@pytest.mark.usefixtures("instance")
def test_jobs_come_in_pages(someone: Stranger, query: str) -> None:
    """By the filter's text form."""
    assert complaints(someone.get(f"{RUNTIME}/jobs?{query}"), paged(JOB)) == []


@pytest.mark.contract("exstream 1.4.2", "exstream 2.6", "exstream 3.b")
def test_a_job_is_polled(someone: Stranger, instance: dict[str, Any]) -> None:
    """Dates are milliseconds here, though the design service writes ISO."""
    answer = someone.get(f"{RUNTIME}/jobs/{instance['jobId']}")

    assert complaints(answer, one({**JOB, "mode": {"BATCH"}, "status": {"complete"}, "endDate": int})) == []


@pytest.mark.contract("exstream 1.4.3", "exstream 1.4.4", "exstream 2.6")
def test_a_job_has_flow_instances(someone: Stranger, instance: dict[str, Any]) -> None:
    """In a list by the job, and each by itself."""
    listed = someone.get(f"{RUNTIME}/flow-instances?jobId={instance['jobId']}")
    alone = someone.get(f"{RUNTIME}/flow-instances/{instance['id']}")

    assert complaints(listed, paged({**INSTANCE, "inputRetrievable": bool})) == []
    assert complaints(alone, one(INSTANCE)) == []


@pytest.mark.contract("exstream 1.4.4")
def test_the_input_comes_back_as_it_was_sent(someone: Stranger, instance: dict[str, Any]) -> None:
    """A stream, not an envelope."""
    reply = someone.ask("GET", f"{RUNTIME}/flow-instances/{instance['id']}/input?download=true")

    assert reply.json()["externalId"] == "stranger-run"


@pytest.mark.contract("exstream 1.4.5", "exstream 3.b")
def test_an_instance_has_steps(someone: Stranger, instance: dict[str, Any], step: str) -> None:
    """Their kinds and states are words of the contract."""
    listed = someone.get(f"{RUNTIME}/flow-steps?flowInstanceId={instance['id']}&checkArtifacts=true")
    kept = someone.get(f"{RUNTIME}/flow-steps?flowInstanceId={instance['id']}&deliveryFileRetrievable=true")
    alone = someone.get(f"{RUNTIME}/flow-steps/{step}")

    assert complaints(listed, paged(STEP)) == []
    assert [each["id"] for each in kept["data"]] == [step]
    assert complaints(alone, one({**STEP, "stepType": {"communication"}, "status": STEP_WORDS})) == []


@pytest.mark.contract("exstream 1.4.6")
def test_a_step_has_the_engines_log(someone: Stranger, step: str) -> None:
    """A stream of text."""
    assert "composed" in someone.ask("GET", f"{RUNTIME}/flow-steps/{step}/message-file?download=true").text


@pytest.mark.contract("exstream 1.4.7", "exstream 2.7")
def test_the_manifest_is_utf_16_with_a_document_type(someone: Stranger, step: str) -> None:
    """Queues over files over customers and their keys, with the counts at the top."""
    content = someone.ask("GET", f"{RUNTIME}/flow-steps/{step}/delivery-file?download=true").content

    text = content.decode("utf-16")
    root = fromstring(content)
    file = root.find("queue/file")
    assert content[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert "<!DOCTYPE outputList" in text.partition("<outputList")[0]
    assert (root.tag, set(root.attrib)) == ("outputList", {"transactions", "customersProcessed", "pagesProcessed"})
    assert set(root.find("queue").attrib) == {"name", "mimeType", "pdl"}  # type: ignore[union-attr]  # it has one
    assert file is not None
    assert [child.tag for child in file] == ["customer", "pageCount", "fileSize"]
    assert file.find("customer").get("number") == "1"  # type: ignore[union-attr]  # as above
    assert file.find("customer/key").get("name")  # type: ignore[union-attr]  # as above


@pytest.mark.contract("exstream 1.4.8", "exstream 1.4.9", "exstream 1.4.10")
def test_a_steps_outputs_are_listed_and_fetched(someone: Stranger, step: str) -> None:
    """That the artifact's name is the listed one is INFERRED."""
    outputs = someone.get(f"{RUNTIME}/flow-steps/{step}/delivery-file/outputs")
    names = someone.get(f"{RUNTIME}/flow-steps/{step}/delivery-file/output-files?offset=0&count=2")
    artifact = someone.ask("GET", f"{RUNTIME}/flow-steps/{step}/artifact/{quote(names['data'][0], safe='')}")

    assert complaints(outputs, many(dict)) == []
    assert complaints(names, paged(str)) == []
    assert (len(names["data"]), names["page"]["totalElements"]) == (2, 3)
    assert artifact.content.startswith(b"%PDF-")


@pytest.mark.contract("exstream 1.4.11")
def test_a_customers_outputs_come_as_a_zip(someone: Stranger, step: str) -> None:
    """By the position in the run."""
    reply = someone.ask("GET", f"{RUNTIME}/flow-steps/{step}/customer-artifacts/2")

    assert zipfile.ZipFile(io.BytesIO(reply.content)).namelist()


@pytest.mark.contract("exstream 1.4.12")
def test_an_instance_tells_what_it_used(someone: Stranger, instance: dict[str, Any]) -> None:
    """Ids that the design service knows."""
    ids = someone.get(f"{RUNTIME}/flow-instances/{instance['id']}/collection-resources")

    assert complaints(ids, many(str)) == []
    assert someone.get(f"/design/api/v1/resources/{{domain}}/{ids['data'][0]}")["data"]["type"] == "image"


@pytest.mark.contract("exstream 1.4.13", "exstream 1.4.14", "exstream 3.b")
@pytest.mark.parametrize("part", ["flow-instances", "flow-steps"])
def test_what_is_held_goes_on_after_a_release(someone: Stranger, part: str) -> None:
    """Only from ``holding``, and only once."""
    made = submitted(someone, hold=True)
    someone.wait(made["jobId"], "holding")
    steps = someone.get(f"{RUNTIME}/flow-steps?flowInstanceId={made['id']}&statuses=holding")["data"]
    named = made["id"] if part == "flow-instances" else steps[0]["id"]

    released = someone.ask("POST", f"{RUNTIME}/{part}/{named}/release")
    ended = someone.wait(made["jobId"])
    again = someone.ask("POST", f"{RUNTIME}/{part}/{named}/release")

    assert steps[0]["stepType"] == "hold"
    assert (released.status_code, type(released.json())) == (200, str)
    assert ended["status"] == "complete"
    assert complaints(again.json(), {**SERVICE_ERROR, "status": {409}}) == []


@pytest.mark.contract("exstream 1.4.13", "exstream 3.b")
@pytest.mark.parametrize("part", ["jobs", "flow-instances", "flow-steps"])
def test_a_job_is_cancelled_by_any_part_of_it(someone: Stranger, part: str) -> None:
    """The answer is a string."""
    made = submitted(someone, hold=True)
    someone.wait(made["jobId"], "holding")
    steps = someone.get(f"{RUNTIME}/flow-steps?flowInstanceId={made['id']}")["data"]
    named = {"jobs": made["jobId"], "flow-instances": made["id"], "flow-steps": steps[-1]["id"]}[part]

    stopped = someone.ask("POST", f"{RUNTIME}/{part}/{named}/stop")

    assert (stopped.status_code, type(stopped.json())) == (200, str)
    assert someone.wait(made["jobId"])["status"] == "canceled"


@pytest.mark.contract("exstream 1.4.15", "exstream 1.4.2")
def test_a_job_runs_again_and_its_poll_becomes_a_list(someone: Stranger) -> None:
    """One public log shows a list where the specification has an object."""
    made = submitted(someone)
    someone.wait(made["jobId"])
    query = "useCurrentFlowModel=true&useCurrentFlowContext=false"

    again = someone.ask("POST", f"{RUNTIME}/jobs/{made['jobId']}/reprocessing?{query}")
    polled = someone.get(f"{RUNTIME}/jobs/{made['jobId']}")

    assert isinstance(again.json(), str)
    assert complaints(polled, many(JOB)) == []
    assert len(polled["data"]) == 2


@pytest.mark.contract("exstream 1.4.16", "exstream 1.4.17", "exstream 3.c")
def test_named_customers_are_printed_from_the_store(someone: Stranger) -> None:
    """A dry run leaves the store as it was; a run uses up what it printed from."""
    made = submitted(someone)
    someone.wait(made["jobId"])
    waiting = someone.get(f"/orchestration/api/v1/sortdata/{{domain}}?filter=jobIds:{made['jobId']};states:waiting")
    asset = waiting["data"][0]
    wish = {
        "flowModelId": made["flowModelId"],
        "customerList": "1,3",
        "dryRun": True,
        "externalId": "reprint-1",
        "filter": {"jobIds": [made["jobId"]]},
    }

    dry = someone.ask("POST", f"{RUNTIME}/jobs/post-sort", json=wish)
    run = someone.ask("POST", f"{RUNTIME}/jobs/post-sort", json={**wish, "dryRun": False})
    (job,) = someone.get(f"{RUNTIME}/jobs?filter=externalId:reprint-1")["data"]
    instance = someone.get(f"{RUNTIME}/flow-instances?jobId={job['id']}")["data"][0]
    (step,) = someone.get(f"{RUNTIME}/flow-steps?flowInstanceId={instance['id']}")["data"]
    names = someone.get(f"{RUNTIME}/flow-steps/{step['id']}/delivery-file/output-files")["data"]
    after = someone.get(f"/orchestration/api/v1/sortdata/{{domain}}/{asset['id']}")

    assert complaints(waiting, paged(SORTING)) == []
    assert (dry.status_code, run.status_code) == (201, 201)
    assert len(names) == 2
    assert after["data"]["state"] == "processed"


@pytest.mark.contract("exstream 1.4.16", "exstream 2.5")
@pytest.mark.parametrize(
    ("wish", "status"),
    [({}, 400), ({"flowModelId": "none"}, 404), ({"flowModelId": "none", "customerList": "2-"}, 400)],
)
def test_a_post_sort_run_that_makes_no_sense_is_refused(someone: Stranger, wish: dict[str, str], status: int) -> None:
    """400 for the wish, 404 for the flow model."""
    reply = someone.ask("POST", f"{RUNTIME}/jobs/post-sort", json=wish)

    assert reply.status_code == status
    assert complaints(reply.json(), INPUT_ERROR) == []


@pytest.mark.contract("exstream 1.4.17", "exstream 3.c")
@pytest.mark.parametrize("state", ["canceled", "expired", "processed", "waiting"])
def test_a_sorting_asset_takes_every_state(someone: Stranger, state: str) -> None:
    """And the list can be asked for each."""
    asset = someone.get("/orchestration/api/v1/sortdata/{domain}?filter=states:all&count=1&offset=0")["data"][0]

    changed = someone.ask("PUT", f"/orchestration/api/v1/sortdata/{{domain}}/{asset['id']}", json={"state": state})
    listed = someone.get(f"/orchestration/api/v1/sortdata/{{domain}}?filter=states:{state}&count=1000")["data"]

    assert changed.json()["data"]["state"] == state
    assert asset["id"] in [each["id"] for each in listed]


@pytest.mark.contract("exstream 1.4.18")
def test_instances_are_counted_for_a_dashboard(someone: Stranger) -> None:
    """How date and status lie in each other is INFERRED."""
    path, body = f"{RUNTIME}/flow-instances/counts", {"filter": {"startDateStart": "2000-01-01T00:00:00.000Z"}}

    counted = someone.ask("POST", path, json=body).json()

    assert complaints(counted, one(dict)) == []
    assert all(isinstance(count, int) for day in counted["data"].values() for count in day.values())


@pytest.mark.contract("exstream 1.4.19", "exstream 1.4.1")
def test_a_job_with_files_goes_only_by_force(someone: Stranger) -> None:
    """409 while files remain; afterwards it is listed among the deleted."""
    made = submitted(someone)
    someone.wait(made["jobId"])
    path = f"{RUNTIME}/jobs/{made['jobId']}"

    refused = someone.ask("DELETE", path)
    forced = someone.ask("DELETE", f"{path}?force=true")
    deleted = someone.get(f"{RUNTIME}/jobs?fetchDeleted=true")["data"]

    assert (refused.status_code, forced.status_code) == (409, 200)
    assert [(each["id"], each["status"]) for each in deleted] == [(made["jobId"], "deleted")]


@pytest.mark.contract("exstream 1.4.19")
def test_jobs_are_deleted_by_a_filter_of_ids(someone: Stranger) -> None:
    """At most a hundred."""
    many_ids = ",".join(f"j{number}" for number in range(101))
    ids = [job["id"] for job in someone.get(f"{RUNTIME}/jobs?filter=mode:BATCH&count=2")["data"]]

    refused = someone.ask("DELETE", f"{RUNTIME}/jobs?filter=ids:{many_ids}")
    done = someone.ask("DELETE", f"{RUNTIME}/jobs?filter=ids:{','.join(ids)}&force=true&syncDelete=true")

    assert refused.status_code == 400
    assert done.status_code == 200
