"""What an operator does with runs, and documents that wait for a person."""

import base64
import json

import pytest

from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.plain import PlainClient

RUNTIME = "/orchestration/api/v1/runtime"
INPUTS = "/orchestration/api/v1/inputs"


@pytest.fixture
def headers(plain: PlainClient, domain: str) -> dict[str, str]:
    """Those that name the renewal notice."""
    return {
        "communicationId": plain.communication(domain, "Renewal notice")["id"],
        "driverDataSource": "CustomerDriver",
    }


def interactive(plain: PlainClient, domain: str, world: World, headers: dict[str, str], user: str) -> str:
    """The id of a document for ``user``."""
    answer = plain.ask(
        "POST",
        f"{INPUTS}/ondemand/{domain}/generate",
        headers={**headers, "empowerUser": user, "Accept": "application/json"},
        json=world.record(world.customers[0], "renewal-notice"),
    )
    return str(answer.json()["documentId"])


def test_a_job_with_files_is_deleted_only_by_force(plain: PlainClient, domain: str) -> None:
    """An accident must not take the files along."""
    refused = plain.ask("DELETE", f"{RUNTIME}/{domain}/jobs/4711")
    forced = plain.ask("DELETE", f"{RUNTIME}/{domain}/jobs/4711?force=true")
    after = plain.ask("GET", f"{RUNTIME}/{domain}/jobs/4711")

    assert (refused.status_code, forced.status_code, after.status_code) == (409, 200, 404)


def test_several_jobs_are_deleted_by_their_ids(plain: PlainClient, domain: str) -> None:
    """And never all of them by an empty filter."""
    ids = [job["id"] for job in plain.ask("GET", f"{RUNTIME}/{domain}/jobs?count=2").json()["data"]]

    refused = plain.ask("DELETE", f"{RUNTIME}/{domain}/jobs")
    deleted = plain.ask("DELETE", f"{RUNTIME}/{domain}/jobs?filter=ids:{','.join(ids)}&force=true")

    assert refused.status_code == 400
    assert deleted.json()["data"] == {"failedDeleteJobs": {}, "successDeleteJobs": 2}


def test_runs_are_counted_by_day_and_status(plain: PlainClient, domain: str) -> None:
    """A dashboard reads this."""
    counted = plain.ask("POST", f"{RUNTIME}/{domain}/flow-instances/counts", json={"filter": {"statuses": "complete"}})

    days = counted.json()["data"].values()
    assert {status for day in days for status in day} == {"complete"}
    assert sum(count for day in days for count in day.values()) > 1


@pytest.mark.parametrize("verb", ["stop", "release"])
def test_an_ended_job_is_neither_stopped_nor_released(plain: PlainClient, domain: str, verb: str) -> None:
    """Each of them has its own state to start from."""
    instance = plain.ask("GET", f"{RUNTIME}/{domain}/flow-instances?jobId=4711").json()["data"][0]

    assert plain.ask("POST", f"{RUNTIME}/{domain}/flow-instances/{instance['id']}/{verb}").status_code == 409


def test_an_interactive_document_is_opened_and_fulfilled(
    plain: PlainClient, domain: str, world: World, headers: dict[str, str]
) -> None:
    """The clerk's way: compose for somebody, let them look, make the letter."""
    document = interactive(plain, domain, world, headers, "mira.kovac")

    page = plain.ask("GET", f"/empower/api/v1/docedit/{document}/open?hosted=true")
    letter = plain.ask(
        "POST",
        f"{INPUTS}/fulfillment/ondemand/{domain}/fulfill",
        headers={**headers, "Accept": "application/pdf"},
        json={"documents": [document]},
    )

    assert "Renewal notice" in page.text
    assert letter.content.startswith(b"%PDF-")


def test_a_fulfilled_document_is_used_up(
    plain: PlainClient, domain: str, world: World, headers: dict[str, str]
) -> None:
    """Unless it is preserved, a second fulfilment would be a second letter."""
    document = interactive(plain, domain, world, headers, "mira.kovac")
    path, body = f"{INPUTS}/fulfillment/ondemand/{domain}/fulfill", {"documents": [document]}

    kept = plain.ask("POST", path, headers={**headers, "preserveDocuments": "true"}, json=body)
    used = plain.ask("POST", path, headers=headers, json=body)
    gone = plain.ask("POST", path, headers=headers, json=body)

    assert (kept.status_code, used.status_code, gone.status_code) == (200, 200, 404)


def test_a_stranger_may_not_import(plain: PlainClient, domain: str, world: World, headers: dict[str, str]) -> None:
    """The engine says 401 inside its own shape."""
    answer = plain.ask(
        "POST",
        f"{INPUTS}/ondemand/{domain}/generate",
        headers={**headers, "empowerUser": "nobody"},
        json=world.record(world.customers[0], "renewal-notice"),
    )

    assert answer.json()["data"][0]["statusCode"] == "401"


@pytest.mark.contract("exstream 1.3.9")
def test_without_accept_the_id_comes_in_an_envelope(
    plain: PlainClient, domain: str, world: World, headers: dict[str, str]
) -> None:
    """As base64 of the same JSON."""
    answer = plain.ask(
        "POST",
        f"{INPUTS}/ondemand/{domain}/generate",
        headers={**headers, "empowerUser": "mira.kovac"},
        json=world.record(world.customers[0], "renewal-notice"),
    )

    (enveloped,) = answer.json()["data"]
    assert enveloped["mimeType"] == "application/vnd.exstream-empower"
    assert set(json.loads(base64.b64decode(enveloped["content"]))) == {"documentId"}
