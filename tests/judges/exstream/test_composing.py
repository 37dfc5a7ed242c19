"""Section 1.3 of the contract with 2.3 to 2.5: composing on demand, interactively, in batches and by the clock."""

import base64
import json
from typing import Any

import pytest

from tests.judges.exstream.shapes import ENGINE_ERROR, INPUT_ERROR, INSTANCE, UUID, complaints, many, one
from tests.judges.exstream.stranger import Stranger

INPUTS = "/orchestration/api/v1/inputs"
GENERATE = f"{INPUTS}/ondemand/{{domain}}/generate"
OUTPUT = {
    "mimeType": str,
    "content": str,
    "engineOutputContext": {"queueName": str, "fileName": str, "customerNumber": str},
}
CRON_JOB = {
    "id": UUID,
    "name": str,
    "cronExpression": str,
    "cronType": {"startJob"},
    "channelName": str,
    "inputPath": str,
    "headers": dict,
    "mode": {"BATCH", "ONDEMAND"},
}


@pytest.fixture(scope="module")
def named(someone: Stranger) -> dict[str, str]:
    """The headers that name the renewal notice and its data source."""
    communication = someone.communication("Renewal notice")["id"]
    return {"communicationId": communication, "driverDataSource": someone.data_source(communication)}


@pytest.fixture(scope="module")
def record(someone: Stranger, named: dict[str, str]) -> dict[str, Any]:
    """Driver data out of a sample file."""
    return someone.sample(named["communicationId"])


def interactive(someone: Stranger, named: dict[str, str], record: dict[str, Any]) -> str:
    """The id of a document that waits for a person."""
    headers = {**named, "empowerUser": "mira.kovac", "Accept": "application/json"}
    return str(someone.ask("POST", GENERATE, headers=headers, json=record).json()["documentId"])


@pytest.mark.contract("exstream 1.3.1", "exstream 2.3", "exstream 2.4", "exstream 4.7")
def test_without_accept_every_queue_comes_in_an_envelope(
    someone: Stranger, named: dict[str, str], record: dict[str, Any]
) -> None:
    """``Accept: */*`` is what a client sends that says nothing."""
    reply = someone.ask("POST", GENERATE, headers=named, json=record)

    assert reply.status_code == 200
    assert complaints(reply.json(), many(OUTPUT)) == []
    content = {each["mimeType"]: base64.b64decode(each["content"]) for each in reply.json()["data"]}
    assert content["application/pdf"].startswith(b"%PDF-")


@pytest.mark.contract("exstream 1.3.1", "exstream 1.3.6", "exstream 1.3.7", "exstream 2.3")
@pytest.mark.parametrize(
    ("accept", "begins"), [("application/pdf", b"%PDF-"), ("text/html", b"<"), ("text/plain", b"")]
)
def test_accept_answers_one_raw_document(
    someone: Stranger, named: dict[str, str], record: dict[str, Any], accept: str, begins: bytes
) -> None:
    """HTML is INFERRED, and so is the type of a text message."""
    reply = someone.ask("POST", GENERATE, headers={**named, "Accept": accept}, json=record)

    assert reply.headers["content-type"].partition(";")[0] == accept
    assert reply.content.lstrip().startswith(begins)
    assert accept != "text/plain" or reply.content.decode("utf-8")


@pytest.mark.contract("exstream 1.3.1")
def test_driver_data_may_be_xml(someone: Stranger, named: dict[str, str]) -> None:
    """The type of the body says which it is."""
    headers = {**named, "Content-Type": "application/xml"}

    reply = someone.ask("POST", GENERATE, headers=headers, content=b"<policy><number>P-1001</number></policy>")

    assert reply.status_code == 400
    assert "/customer" in reply.json()["data"][0]["errorMessage"]


@pytest.mark.contract("exstream 4.2")
def test_the_cloud_answers_without_the_prefix(someone: Stranger, named: dict[str, str], record: dict[str, Any]) -> None:
    """One public description of the cloud has no prefix."""
    reply = someone.ask("POST", "/api/v1/inputs/ondemand/{domain}/generate", headers=named, json=record)

    assert reply.status_code == 200


@pytest.mark.contract("exstream 2.5")
@pytest.mark.parametrize("body", [b"{}", b"[1]", b"{", b""])
def test_the_engine_refuses_data_in_its_own_shape(someone: Stranger, named: dict[str, str], body: bytes) -> None:
    """The second of the three shapes: the status is a word."""
    reply = someone.ask("POST", GENERATE, headers={**named, "Content-Type": "application/json"}, content=body)

    assert reply.status_code == 400
    assert complaints(reply.json(), ENGINE_ERROR) == []


@pytest.mark.contract("exstream 2.5")
@pytest.mark.parametrize("missing", ["communicationId", "driverDataSource"])
def test_a_missing_header_is_refused_by_the_input(someone: Stranger, named: dict[str, str], missing: str) -> None:
    """The third shape."""
    headers = {key: value for key, value in named.items() if key != missing}

    reply = someone.ask("POST", GENERATE, headers=headers, json={})

    assert reply.status_code == 400
    assert complaints(reply.json(), {**INPUT_ERROR, "details": {missing}}) == []


@pytest.mark.contract("exstream 1.3.2", "exstream 4.7")
def test_a_channel_of_ones_own_decides_what_it_answers(someone: Stranger) -> None:
    """Flow variables travel as headers."""
    body = {
        "requestKey": "stranger-1",
        "customer": "HM-204881",
        "template": "Renewal notice",
        "channel": "print",
        "document": {"node": "1", "sha256": "0" * 64},
    }
    headers = {"exstream-variable-priority": "high"}

    reply = someone.ask("POST", f"{INPUTS}/ondemand/{{domain}}/Resend", headers=headers, json=body)

    assert reply.status_code == 200
    assert complaints(reply.json(), one({"jobId": str})) == []


@pytest.mark.contract("exstream 1.3.3", "exstream 2.6")
def test_a_batch_is_accepted_with_its_flow_instances(someone: Stranger) -> None:
    """201, a list, and the state it starts in."""
    body = {"template": "monthly-bill", "customers": ["HM-204881"], "channels": ["print"]}

    reply = someone.ask("POST", f"{INPUTS}/batch/{{domain}}/NightlyLetters", json=body)

    assert reply.status_code == 201
    assert complaints(reply.json(), many({**INSTANCE, "status": {"started"}})) == []
    assert someone.wait(reply.json()["data"][0]["jobId"])["status"] == "complete"


@pytest.mark.contract("exstream 1.3.3", "exstream 2.5")
def test_an_unknown_channel_is_refused(someone: Stranger) -> None:
    """As the input refuses everything."""
    reply = someone.ask("POST", f"{INPUTS}/batch/{{domain}}/Nowhere", json={})

    assert reply.status_code == 404
    assert complaints(reply.json(), INPUT_ERROR) == []


@pytest.mark.contract("exstream 1.3.3", "exstream 2.5")
def test_a_batch_without_a_token_has_no_body_either(someone: Stranger) -> None:
    """Seen in the field."""
    headers = {"Authorization": "Bearer expired"}

    reply = someone.ask("POST", f"{INPUTS}/batch/{{domain}}/NightlyLetters", headers=headers, json={})

    assert (reply.status_code, reply.content) == (401, b"")


@pytest.mark.contract("exstream 1.3.5")
def test_a_run_is_scheduled_and_triggered(someone: Stranger) -> None:
    """It must start a job that can be found."""
    wish = {
        "name": "Nightly renewal",
        "cronExpression": "0 0 2 * * ?",
        "cronType": "startJob",
        "channelName": "NightlyLetters",
        "inputPath": "/inbound/renewal-notice.json",
        "headers": {},
        "mode": "BATCH",
    }
    listing = "/orchestration/api/v1/runtime/{domain}/jobs?filter=channel:NightlyLetters;mode:BATCH&count=1&offset=0"
    before = someone.get(listing)["page"]["totalElements"]

    made = someone.ask("POST", "/orchestration/api/v1/cron-jobs/{domain}", json=wish).json()
    triggered = someone.ask("POST", f"/orchestration/api/v1/cron-jobs/{{domain}}/{made['data']['id']}/trigger")

    assert complaints(made, one(CRON_JOB)) == []
    assert triggered.status_code == 200
    assert isinstance(triggered.json(), str)
    assert someone.get(listing)["page"]["totalElements"] == before + 1


@pytest.mark.contract("exstream 1.3.9")
def test_an_interactive_document_is_named_bare_or_in_base64(
    someone: Stranger, named: dict[str, str], record: dict[str, Any]
) -> None:
    """Which it is, ``Accept`` decides."""
    headers = {**named, "empowerUser": "mira.kovac"}

    bare = someone.ask("POST", GENERATE, headers={**headers, "Accept": "application/json"}, json=record).json()
    (enveloped,) = someone.ask("POST", GENERATE, headers=headers, json=record).json()["data"]

    assert complaints(bare, {"documentId": UUID}) == []
    assert enveloped["mimeType"] == "application/vnd.exstream-empower"
    assert complaints(json.loads(base64.b64decode(enveloped["content"])), {"documentId": UUID}) == []


@pytest.mark.contract("exstream 1.3.9", "exstream 2.5")
def test_a_user_who_may_not_import_is_told_inside(someone: Stranger, named: dict[str, str]) -> None:
    """``statusCode`` is a word that holds a number."""
    record = someone.sample(named["communicationId"])

    reply = someone.ask("POST", GENERATE, headers={**named, "empowerUser": "nobody"}, json=record)

    assert complaints(reply.json(), ENGINE_ERROR) == []
    assert reply.json()["data"][0]["statusCode"] == "401"


@pytest.mark.contract("exstream 1.3.10")
@pytest.mark.parametrize(
    "address",
    [
        "/empower/api/v1/docedit/{document}/open?subscription=harbour&hosted=true",
        "/empower/api/v1/docedit/{document}/open?tenant={tenant}&hosted=true",
        "/empower/resource/docedit/{document}/open",
    ],
)
def test_a_browser_opens_the_document(
    someone: Stranger, named: dict[str, str], record: dict[str, Any], address: str
) -> None:
    """By the cloud's address, a private one's, and that of the readme."""
    document = interactive(someone, named, record)

    reply = someone.ask("GET", address.replace("{document}", document), headers={"Authorization": ""})

    assert reply.headers["content-type"].startswith("text/html")


@pytest.mark.contract("exstream 1.3.11", "exstream 2.4")
def test_a_document_is_fulfilled_kept_and_used_up(
    someone: Stranger, named: dict[str, str], record: dict[str, Any]
) -> None:
    """The envelope, then the raw document, then there is nothing left."""
    path = f"{INPUTS}/fulfillment/ondemand/{{domain}}/fulfill"
    body = {"documents": [interactive(someone, named, record)]}

    kept = someone.ask("POST", path, headers={**named, "preserveDocuments": "true"}, json=body)
    headers = {**named, "preserveDocuments": "false", "Accept": "application/pdf"}
    used = someone.ask("POST", path, headers=headers, json=body)
    gone = someone.ask("POST", path, headers=headers, json=body)

    assert complaints(kept.json(), many(OUTPUT)) == []
    assert used.content.startswith(b"%PDF-")
    assert gone.status_code == 404
