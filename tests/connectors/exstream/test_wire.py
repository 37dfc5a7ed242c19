"""Requests as they are built; no loop, no server."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from connectors.calls import Call, JSONBody, RawBody
from connectors.exstream import FilterSpelling, Site, wire

SITE = Site()
PAIRS = Site(spelling=FilterSpelling.PAIRS, page_size=25)
AT = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)


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


def test_filters_are_spelled_as_pairs() -> None:
    """The other, for older releases."""
    call = wire.resources(PAIRS, "Claims", states=["APPROVED"], search="*bill", offset=25)

    assert call.query == (
        ("filter", "types:exstrapplication;states:APPROVED;latestVersion:true;searchString:*bill"),
        ("offset", "25"),
        ("count", "25"),
        ("sort", "asc_name"),
    )


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


@pytest.mark.parametrize(
    "build",
    [
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
