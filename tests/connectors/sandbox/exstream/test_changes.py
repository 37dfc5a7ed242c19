"""Writes to designs, as a designer's tool would make them."""

from typing import Any

import pytest

from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.plain import PlainClient

RESOURCES = "/design/api/v1/resources"


def moved(plain: PlainClient, domain: str, resource_id: str, state: str) -> Any:
    """The answer to one workflow step."""
    body = {"state": state, "auditedComment": "as agreed", "locked": False}
    return plain.ask("PUT", f"{RESOURCES}/{domain}/{resource_id}/state", json=body)


def upload(plain: PlainClient, domain: str, name: str = "Mia Holm") -> Any:
    """The answer to the upload of a sample file."""
    path = f"{RESOURCES}/{domain}/content?name={name}&type=samplefile&subtype=driver"
    return plain.ask("POST", path, files={"file": ("mia.json", b'{"a": 1}', "application/json")})


def test_an_upload_lands_in_draft_and_is_read_back(plain: PlainClient, domain: str) -> None:
    """What was sent must be what is there."""
    created = upload(plain, domain)
    content = plain.ask("GET", f"{RESOURCES}/{domain}/{created.json()['data']['id']}/content")

    assert (created.status_code, created.json()["data"]["state"]) == (201, "DRAFT")
    assert (content.content, content.headers["content-type"]) == (b'{"a": 1}', "application/json")


def test_the_same_name_twice_is_a_conflict(plain: PlainClient, domain: str) -> None:
    """With the code that the vendor sends for it."""
    upload(plain, domain)

    again = upload(plain, domain)

    assert (again.status_code, again.json()["errorCode"]) == (409, 309016)


def test_a_draft_is_approved_and_then_composed(plain: PlainClient, domain: str, world: World) -> None:
    """Production composes the newest approved version."""
    reminder = plain.communication(domain, "Payment reminder")
    moved(plain, domain, reminder["id"], "REVIEW")

    approved = moved(plain, domain, reminder["id"], "APPROVED").json()["data"]

    assert (approved["version"], approved["state"], approved["stateComment"]) == (5, "APPROVED", "as agreed")
    headers = {
        "communicationId": reminder["id"],
        "driverDataSource": "CustomerDriver",
        "exstream-variable-version": "5",
    }
    record = world.record(world.customers[0], "payment-reminder")
    composed = plain.ask("POST", f"/api/v1/inputs/ondemand/{domain}/generate", headers=headers, json=record)
    assert composed.json()["status"] == "success"


def test_an_approved_design_opens_a_new_version(plain: PlainClient, domain: str) -> None:
    """The approved one stays as it was."""
    renewal = plain.communication(domain, "Renewal notice")

    opened = moved(plain, domain, renewal["id"], "DRAFT").json()["data"]

    older = plain.ask("GET", f"{RESOURCES}/{domain}/{renewal['id']}?version=14").json()["data"]
    assert (opened["version"], opened["state"]) == (15, "DRAFT")
    assert (older["state"], older["latestVersion"]) == ("APPROVED", False)


def test_a_step_that_cannot_follow_is_refused(plain: PlainClient, domain: str) -> None:
    """Approved designs are not rejected."""
    renewal = plain.communication(domain, "Renewal notice")

    assert moved(plain, domain, renewal["id"], "REJECTED").status_code == 409


def test_many_steps_tell_their_failures_in_a_success(plain: PlainClient, domain: str) -> None:
    """The vendor lists causes in a 200; whoever reads the status alone misses them."""
    reminder, renewal = (plain.communication(domain, name)["id"] for name in ("Payment reminder", "Renewal notice"))
    body = {"state": "REVIEW", "resourceIds": [reminder, renewal, "6b1d"]}

    answer = plain.ask("PUT", f"{RESOURCES}/{domain}/state", json=body)

    told = {key: [each["id"] for each in listed] for key, listed in answer.json()["data"].items() if listed}
    assert answer.status_code == 200
    assert told == {
        "stateChangedResources": [reminder],
        "errorResources": ["6b1d"],
        "workflowExceptionResources": [renewal],
    }


def test_only_a_draft_takes_other_bytes(plain: PlainClient, domain: str) -> None:
    """What was approved is not what one finds later, otherwise."""
    renewal = plain.communication(domain, "Renewal notice")

    answer = plain.ask("PUT", f"{RESOURCES}/{domain}/{renewal['id']}/content", files={"file": ("a.xml", b"<a/>")})

    assert answer.status_code == 409


def test_a_lock_is_told_and_released(plain: PlainClient, domain: str) -> None:
    """Two designers on one letter."""
    path = f"{RESOURCES}/{domain}/{plain.communication(domain, 'Renewal notice')['id']}/lock"

    locked, unlocked = plain.ask("POST", path), plain.ask("DELETE", path)

    assert locked.json()["data"]["lockedBy"].endswith("@OAuthClients")
    assert unlocked.json()["data"]["locked"] is False


def test_an_older_version_comes_back_as_a_draft(plain: PlainClient, domain: str) -> None:
    """Revert makes a version, it does not lose one."""
    renewal = plain.communication(domain, "Renewal notice")

    reverted = plain.ask("PUT", f"{RESOURCES}/{domain}/{renewal['id']}/revert/13").json()["data"]

    assert (reverted["version"], reverted["state"], reverted["latestVersion"]) == (15, "DRAFT", True)


@pytest.mark.parametrize("query", ["name=x", "type=image", "name=x&type=exstrapplication"])
def test_an_upload_without_name_or_type_is_refused(plain: PlainClient, domain: str, query: str) -> None:
    """A nameless resource can never be found again."""
    answer = plain.ask("POST", f"{RESOURCES}/{domain}/content?{query}", files={"file": ("a", b"a")})

    assert answer.status_code == 400
