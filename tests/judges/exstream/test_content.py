"""Sections 1.6 and 3 of the contract: content in, workflow steps, locks, packages, line by line."""

import io
import json
import zipfile
from itertools import count
from typing import Any

import pytest

from tests.judges.exstream.shapes import RESOURCE, SERVICE_ERROR, UUID, complaints, many, one
from tests.judges.exstream.stranger import Stranger

RESOURCES = "/design/api/v1/resources/{domain}"
NAMES = (f"stranger-{number}.json" for number in count())
LINE = {"id": UUID, "name": str, "type": str, "version": int, "state": str}


@pytest.fixture
def draft(someone: Stranger) -> dict[str, Any]:
    """A sample file that was just uploaded."""
    return uploaded(someone, next(NAMES))


def uploaded(someone: Stranger, name: str) -> dict[str, Any]:
    """A new sample file."""
    query = f"name={name}&type=samplefile&subtype=driver"
    reply = someone.ask("POST", f"{RESOURCES}/content?{query}", files={"file": (name, b'{"a": 1}', "application/json")})
    return dict(reply.json()["data"])


def moved(someone: Stranger, resource_id: str, state: str) -> Any:
    """The answer to one workflow step."""
    body = {"state": state, "auditedComment": f"to {state}", "locked": False}
    return someone.ask("PUT", f"{RESOURCES}/{resource_id}/state", json=body)


@pytest.mark.contract("exstream 1.6.1")
@pytest.mark.parametrize("query", ["type=samplefile&subtype=driver", "type=image"])
def test_a_file_becomes_a_resource(someone: Stranger, query: str) -> None:
    """201 in practice, though the specification says 200."""
    name = next(NAMES)

    reply = someone.ask("POST", f"{RESOURCES}/content?name={name}&{query}", files={"file": (name, b"{}")})

    assert reply.status_code == 201
    assert complaints(reply.json(), one({**RESOURCE, "name": {name}, "state": {"DRAFT"}, "version": {1}})) == []


@pytest.mark.contract("exstream 1.6.1", "exstream 2.5")
def test_a_name_that_is_taken_is_a_conflict(someone: Stranger, draft: dict[str, Any]) -> None:
    """With the one code that a public source shows."""
    path = f"{RESOURCES}/content?name={draft['name']}&type=samplefile"

    reply = someone.ask("POST", path, files={"file": ("a", b"{}")})

    assert complaints(reply.json(), {**SERVICE_ERROR, "status": {409}, "errorCode": {309016}}) == []


@pytest.mark.contract("exstream 1.6.2", "exstream 1.2.7", "exstream 1.2.8")
def test_a_draft_takes_other_bytes(someone: Stranger, draft: dict[str, Any]) -> None:
    """No new version; the bytes from before are kept beside it."""
    reply = someone.ask("PUT", f"{RESOURCES}/{draft['id']}/content", files={"file": ("b.json", b'{"b": 2}')})

    assert complaints(reply.json(), one({**RESOURCE, "version": {1}})) == []
    assert someone.ask("GET", f"{RESOURCES}/{draft['id']}/content").content == b'{"b": 2}'
    assert someone.ask("GET", f"{RESOURCES}/{draft['id']}/content/old").content == b'{"a": 1}'


@pytest.mark.contract("exstream 1.6.3", "exstream 3.a", "exstream 1.2.6")
def test_a_resource_goes_through_its_workflow(someone: Stranger, draft: dict[str, Any]) -> None:
    """Every arrow of the contract; the last one opens a new version."""
    way = ("REVIEW", "REJECTED", "DRAFT", "REVIEW", "APPROVED", "DRAFT")

    told = [moved(someone, draft["id"], state).json()["data"] for state in way]
    history = someone.get(f"{RESOURCES}/history/{draft['id']}")["data"]

    assert [each["state"] for each in told] == list(way)
    assert [each["version"] for each in told] == [1, 1, 1, 1, 1, 2]
    assert [entry["historyType"] for entry in history] == ["CREATE", *["STATE"] * 5, "CREATE"]
    assert history[1]["auditedComment"] == "to REVIEW"


@pytest.mark.contract("exstream 1.6.3", "exstream 2.5", "exstream 3.a")
def test_a_step_that_cannot_follow_is_refused(someone: Stranger, draft: dict[str, Any]) -> None:
    """A draft cannot be rejected."""
    reply = moved(someone, draft["id"], "REJECTED")

    assert complaints(reply.json(), {**SERVICE_ERROR, "status": {409}}) == []


@pytest.mark.contract("exstream 1.6.4")
def test_several_steps_are_told_in_a_success(someone: Stranger, draft: dict[str, Any]) -> None:
    """Who could not follow is listed by cause."""
    approved = someone.communication("Renewal notice")["id"]
    body = {"state": "REVIEW", "resourceIds": [draft["id"], approved], "auditedComment": "", "locked": False}

    reply = someone.ask("PUT", f"{RESOURCES}/state", json=body)

    lists = {key: [each["id"] for each in value] for key, value in reply.json()["data"].items() if value}
    assert reply.status_code == 200
    assert sorted(lists.values()) == sorted([[draft["id"]], [approved]])


@pytest.mark.contract("exstream 1.6.5")
def test_a_lock_is_taken_and_given_back(someone: Stranger, draft: dict[str, Any]) -> None:
    """By whoever took it, or by force."""
    path = f"{RESOURCES}/{draft['id']}/lock"

    locked, unlocked = someone.ask("POST", path).json(), someone.ask("DELETE", path).json()
    someone.ask("POST", path)
    forced = someone.ask("DELETE", f"{path}?force=true").json()

    assert complaints(locked, one({**RESOURCE, "locked": {True}, "lockedBy": str})) == []
    assert [each["data"]["locked"] for each in (unlocked, forced)] == [False, False]


@pytest.mark.contract("exstream 1.6.6", "exstream 3.a")
def test_an_older_version_comes_back_as_a_draft(someone: Stranger) -> None:
    """With what is tied to it."""
    bill = someone.communication("Monthly bill")
    older = bill["version"] - 1 or 1

    reply = someone.ask("PUT", f"{RESOURCES}/{bill['id']}/revert/{older}", json={"auditedComment": "back"})

    assert complaints(reply.json(), one({**RESOURCE, "state": {"DRAFT"}, "stateComment": {"back"}})) == []


@pytest.fixture
def package(someone: Stranger) -> bytes:
    """An export of one communication."""
    root = someone.communication("Renewal notice")["id"]
    reply = someone.ask("GET", f"/design/api/v1/export/{{domain}}/{root}?versions=LATEST_APPROVED")
    assert reply.headers["content-type"] == "application/zip"
    return reply.content


def taken_in(someone: Stranger, package: bytes, *, policy: str = "", commit: bool = False) -> Any:
    """The answer to an import."""
    files: dict[str, Any] = {"exportPackage": ("p.zip", package, "application/zip")}
    if policy:
        settings = json.dumps({"generalPolicy": policy}).encode()
        files["conflictSettings"] = ("conflictSettings.json", settings, "application/json")
    query = "?commit=true" if commit else ""
    return someone.ask("POST", f"/design/api/v1/import/das/{{domain}}{query}", files=files)


@pytest.mark.contract("exstream 1.6.7")
def test_a_package_holds_the_communication_and_what_it_is_tied_to(package: bytes) -> None:
    """A ZIP."""
    names = zipfile.ZipFile(io.BytesIO(package)).namelist()

    assert any("exstrapplication" in name for name in names)
    assert any("exstrcommunicationset" in name for name in names)


@pytest.mark.contract("exstream 1.6.7", "exstream 2.5")
def test_under_error_a_conflict_is_a_409(someone: Stranger, package: bytes) -> None:
    """Which is the policy when none is sent."""
    reply = taken_in(someone, package)

    assert complaints(reply.json(), {**SERVICE_ERROR, "status": {409}, "errorCode": {309016}}) == []


@pytest.mark.contract("exstream 1.6.7")
@pytest.mark.parametrize("policy", ["REPLACE", "SKIP", "AUTO_RENAME"])
def test_a_dry_run_tells_what_would_happen(someone: Stranger, package: bytes, policy: str) -> None:
    """``commit`` is false unless it is said."""
    before = someone.communication("Renewal notice")["version"]

    told = taken_in(someone, package, policy=policy).json()["data"]

    assert told["policies"] == {"generalPolicy": policy}
    assert complaints(told["conflictedResources"], [LINE]) == []
    assert bool(told["ignoredResources"]) is (policy == "SKIP")
    assert someone.communication("Renewal notice")["version"] == before


@pytest.mark.contract("exstream 1.6.7")
def test_a_committed_import_can_be_read(someone: Stranger, package: bytes) -> None:
    """Under another name, beside what was there."""
    told = taken_in(someone, package, policy="AUTO_RENAME", commit=True).json()

    assert complaints(told, one({"importedResources": [LINE]})) == []
    assert someone.communication("Renewal notice_1")["state"] == "APPROVED"


@pytest.mark.contract("exstream 1.6.7", "exstream 2.5")
@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_package_is_refused(someone: Stranger, content: bytes) -> None:
    """An empty one is none either."""
    reply = taken_in(someone, content, policy="SKIP")

    assert complaints(reply.json(), {**SERVICE_ERROR, "status": {400}}) == []


@pytest.mark.contract("exstream 1.5.2", "exstream 3.d")
def test_mail_events_are_read_by_time(someone: Stranger) -> None:
    """The keys are CONFIRMED; the connector's name is INFERRED."""
    window = "connectorType=OTN&lastUpdateTimeStart=2000-01-01T00:00:00Z&lastUpdateTimeEnd=2100-01-01T00:00:00Z"

    told = someone.get(f"/ei/api/v1/eventmetrics/email-event/{{tenant}}/{{domain}}/content?{window}")

    event = {
        "eventId": int,
        "jobId": str,
        "trackerId": str,
        "eventType": {"SUBMIT", "POST", "OPEN", "NDLV"},
        "eventStatus": str,
        "eventRef": str | None,
        "eventDate": int,
        "processingState": int,
        "connectorType": {"OTN"},
        "custMetadataId": str,
    }
    assert complaints(told, many(event)) == []


@pytest.mark.contract("exstream 1.5.3", "exstream 2.8", "exstream 3.d")
def test_document_events_carry_event_json(someone: Stranger) -> None:
    """Mail in one object, every other channel in another."""
    window = "lastUpdateTimeStart=2000-01-01T00:00:00Z&lastUpdateTimeEnd=2100-01-01T00:00:00Z"
    rows = someone.get(f"/ei/api/v1/eventmetrics/events/{{tenant}}/{{domain}}/content?{window}")["data"]

    told = [json.loads(row["eventMetadata"]) for row in rows]

    head = {"schemaType": str, "schemaSource": str, "schemaVersion": str, "tenant": str}
    person = {"CustomerId": str, "CustomerEmail": str, "DeliveryPreference": str}
    mail = {
        "eventType": {"SUBMIT", "POST", "OPEN", "NDLV"},
        "communicationId": str,
        "domain": str,
        "customerEmailId": str,
        "emailProvider": str,
        "campaignId": str,
        "creationTime": str,
    }
    other = {"communicationId": str, "contentType": str, "domain": str, "campaignId": str, "creationTime": str}
    assert complaints(told, [{"expctr": head, "user": person}]) == []
    for key, shape in (("exstreamEmailStatistics", mail), ("exstreamJob", other)):
        assert complaints([each[key] for each in told if key in each], [shape]) == []
    words = {each["expctr"]["schemaType"] for each in told}
    assert {"Exstream-Generated", "Exstream-Email-POST", "Exstream-Email-OPEN", "Exstream-Email-NDLV"} <= words
    assert {word.endswith("-Failed") for word in words} == {True, False}
