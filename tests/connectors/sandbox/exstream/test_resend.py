"""The house's own channel for sending one document again."""

import json

import pytest
from starlette.applications import Starlette

from connectors.errors import InvalidError
from connectors.exstream import ExstreamClient, Job
from tests.connectors.sandbox.exstream.conftest import Desk

JSON = dict[str, object]
DOCUMENT = {"node": "2207418", "sha256": "9f2c" * 16}


def order(**changes: object) -> JSON:
    """A complete order for Inès Caron."""
    return {
        "requestKey": "key-1",
        "customer": "HM-204881",
        "template": "Renewal notice",
        "communication": "S-caron-1",
        "channel": "print",
        "document": DOCUMENT,
        **changes,
    }


async def sent(client: ExstreamClient, desk: Desk, domain: str, body: JSON) -> None:
    """One submission that has run."""
    await client.submit_batch(domain, "Resend", data=body)
    await desk.settle()


def test_the_archived_bytes_are_handed_over(desk: Desk, app: Starlette, domain: str) -> None:
    """The same document, not a new composition of it."""
    desk(lambda client: sent(client, desk, domain, order()))

    (delivery,) = app.state.deliveries
    assert (delivery.customer, delivery.channel, delivery.sha256) == ("HM-204881", "print", DOCUMENT["sha256"])
    assert delivery.address == "14 quai des Moulins, 59800 Lille"


def test_a_text_message_is_composed_with_the_record(desk: Desk, app: Starlette, domain: str) -> None:
    """A letter cannot be sent as a text message."""
    desk(lambda client: sent(client, desk, domain, order(channel="sms")))

    (delivery,) = app.state.deliveries
    assert delivery.sha256 != DOCUMENT["sha256"]
    assert delivery.address == "+33639980042"


def test_the_request_key_finds_the_job(desk: Desk, domain: str) -> None:
    """It is how a submission whose answer was lost is looked up."""

    async def run(client: ExstreamClient) -> tuple[list[Job], list[Job]]:
        await sent(client, desk, domain, order())
        found = [job async for job in client.jobs(domain, channel="Resend", external_id="key-1")]
        return found, [job async for job in client.jobs(domain, external_id="key-2")]

    found, others = desk(run)

    assert [job.status for job in found] == ["complete"]
    assert others == []


def test_the_same_key_twice_is_sent_twice(desk: Desk, app: Starlette, domain: str) -> None:
    """The vendor does not deduplicate, so a double must be seen here and prevented by the desk."""

    async def twice(client: ExstreamClient) -> None:
        await sent(client, desk, domain, order())
        await sent(client, desk, domain, order())

    desk(twice)

    assert [delivery.request_key for delivery in app.state.deliveries] == ["key-1", "key-1"]


def test_on_demand_answers_when_it_has_left(desk: Desk, app: Starlette, domain: str) -> None:
    """The other way in: the flow answers by itself."""

    async def run(client: ExstreamClient) -> JSON:
        reply = await client.on_demand(domain, "Resend", data=order(address="mia@example.org", channel="email"))
        told: JSON = json.loads(reply.body)["data"]
        return told

    told = desk(run)

    assert told["externalId"] == "key-1"
    assert told["jobId"] == app.state.deliveries[0].job_id


@pytest.mark.parametrize(
    "changes",
    [
        {"requestKey": ""},
        {"customer": "HM-000000"},
        {"template": "No such letter"},
        {"template": "storm-advice", "channel": "print"},
        {"channel": "fax"},
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(desk: Desk, app: Starlette, domain: str, changes: JSON) -> None:
    """Refused at the door, so that nobody waits for it."""
    with pytest.raises(Exception, match="Exstream") as told:
        desk(lambda client: sent(client, desk, domain, order(**changes)))

    assert app.state.deliveries == []
    assert told.type.__name__ in {"InvalidError", "NotFoundError"}


def test_a_composition_that_fails_sends_nothing(desk: Desk, app: Starlette, domain: str) -> None:
    """The job says so; no delivery is claimed."""

    async def run(client: ExstreamClient) -> Job:
        body = order(channel="email", document={}, record={"customer": {"number": "HM-204881"}})
        await sent(client, desk, domain, body)
        (job,) = [job async for job in client.jobs(domain, external_id="key-1")]
        return job

    job = desk(run)

    assert job.status == "error"
    assert "/policy/number" in (job.msg or "")
    assert app.state.deliveries == []


def test_on_demand_tells_a_failed_composition_at_once(desk: Desk, domain: str) -> None:
    """With the pointers that are missing."""
    body = order(channel="email", document={}, record={"customer": {"number": "HM-204881"}})

    with pytest.raises(InvalidError) as told:
        desk(lambda client: client.on_demand(domain, "Resend", data=body))

    assert "/policy/number" in told.value.fields
