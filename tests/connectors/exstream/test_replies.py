"""Replies as they are read: pages, envelopes, and every way in which a failure is told."""

import base64
import json
from datetime import UTC, datetime

import pytest

from connectors.calls import Reply
from connectors.errors import (
    ConflictError,
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    ShapeError,
    SignInError,
    VendorFaultError,
)
from connectors.exstream import DayCount, EmailEvent, Job, ResourceState, ResourceVersion, RunState, SetManifest
from connectors.exstream.moments import RawMoment, moment
from connectors.exstream.replies import (
    read_counts,
    read_document_id,
    read_events,
    read_failure,
    read_one,
    read_outputs,
    read_page,
    read_word,
)

JOB = {"id": "j1", "channel": "Resend", "mode": "BATCH", "status": "complete", "startDate": 1767225600000}


def reply(body: object, *, status: int = 200, media_type: str = "application/json") -> Reply:
    """An answer with ``body`` as JSON, or as it is when it is bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(system="Exstream", call="x", status=status, headers={"content-type": media_type}, body=raw)


@pytest.mark.contract("exstream 2.5")
@pytest.mark.parametrize(
    ("body", "status", "kind", "words"),
    [
        (
            {"timestamp": 1, "status": 409, "error": "Conflict", "message": "Exists", "errorCode": 309016, "path": "/"},
            409,
            ConflictError,
            "Exists",
        ),
        ({"status": 404, "error": "Not Found", "message": "Gone", "details": "6b1d"}, 404, NotFoundError, "Gone: 6b1d"),
        ({"status": "error", "message": "No channel", "details": "X"}, 400, InvalidError, "No channel: X"),
        ({"status": "error", "message": "OTDS", "details": ""}, 500, VendorFaultError, "OTDS"),
        ({"status": "error", "data": [{"errorMessage": "No import", "statusCode": "403"}]}, 200, ForbiddenError, "No"),
        ({"status": "error", "data": [{"errorMessage": "Who?", "statusCode": "401"}]}, 200, SignInError, "Who?"),
        ({"status": "error", "data": [{"errorMessage": "Odd"}]}, 200, InvalidError, "Odd"),
    ],
)
def test_each_shape_of_failure_is_told(body: object, status: int, kind: type[ConnectorError], words: str) -> None:
    """A failure that is not recognised looks like a success, or like a fault of ours."""
    failure = read_failure(reply(body, status=status))

    assert type(failure) is kind
    assert words in failure.detail


def test_missing_data_is_told_by_field() -> None:
    """The page puts the sentence beside the field."""
    message = "Required data is missing for renewal-notice: /policy/number, /policy/premium"
    failure = read_failure(reply({"status": "error", "data": [{"errorMessage": message}]}, status=500))

    assert isinstance(failure, InvalidError)
    assert failure.fields == {"/policy/number": "is missing", "/policy/premium": "is missing"}


@pytest.mark.parametrize("body", [{"status": "success", "data": []}, {"dsnlist": []}, b"", [1, 2]])
def test_an_answer_is_no_failure(body: object) -> None:
    """A success read as a failure stops the desk."""
    assert read_failure(reply(body)) is None


@pytest.mark.contract("exstream 1.1.7", "exstream 2.5")
def test_a_refusal_without_a_body_is_left_to_its_status() -> None:
    """A 401 may be empty."""
    assert read_failure(reply(b"", status=401)) is None


@pytest.mark.contract("exstream 2.1")
def test_a_list_is_a_page() -> None:
    """Some calls wrap their list, some do not."""
    bare = read_page(reply([JOB]), Job)
    wrapped = read_page(reply({"status": "success", "data": [JOB], "page": {"totalElements": 3}}), Job)

    assert bare.data == wrapped.data
    assert wrapped.page.total_elements == 3


@pytest.mark.contract("exstream 1.4.2", "exstream 2.6", "exstream 7.c")
@pytest.mark.parametrize("data", [JOB, [JOB], [JOB, JOB | {"id": "j2"}]])
def test_one_may_come_as_a_list(data: object) -> None:
    """The job poll was seen with both."""
    assert read_one(reply({"status": "success", "data": data}), Job).id == "j1"


def test_none_where_one_was_expected_is_an_odd_reply() -> None:
    """Better than a job that is nobody's."""
    with pytest.raises(ShapeError):
        read_one(reply({"status": "success", "data": []}), Job)


@pytest.mark.contract("exstream 1.2.10")
def test_a_manifest_comes_bare() -> None:
    """It has no envelope, unlike everything around it."""
    body = {"dsnlist": [{"name": "Driver", "prodDsn": "D1"}], "queueList": [{"name": "Print", "driver": "PDF"}]}

    manifest = read_one(reply(body), SetManifest)

    assert (manifest.data_sources[0].prod_dsn, manifest.queues[0].driver) == ("D1", "PDF")


@pytest.mark.contract("exstream 2.4", "exstream 1.3.6", "exstream 1.3.7")
def test_an_envelope_holds_several_outputs() -> None:
    """One composition, one output for each queue."""
    enveloped = {
        "mimeType": "application/pdf",
        "content": base64.b64encode(b"%PDF-").decode(),
        "engineOutputContext": {"queueName": "Print", "fileName": "renewal", "customerNumber": "1"},
    }

    outputs = read_outputs(reply({"status": "success", "data": [enveloped, enveloped]}))

    assert [(output.content, output.context.queue_name) for output in outputs] == [(b"%PDF-", "Print")] * 2


def test_damaged_base64_is_an_odd_reply() -> None:
    """Half a document must not be shown as a whole one."""
    with pytest.raises(ShapeError):
        read_outputs(reply({"status": "success", "data": [{"mimeType": "application/pdf", "content": "%%%"}]}))


@pytest.mark.contract("exstream 3.a", "exstream 3.b")
def test_unknown_words_are_kept() -> None:
    """The vendor's lists of states are not complete."""
    job = read_one(reply(JOB | {"status": "pondering"}), Job)
    version = read_one(
        reply({"id": "1", "version": 1, "name": "A", "type": "exstrapplication", "state": "NEW"}), ResourceVersion
    )

    assert (job.status, job.state, job.state.is_final) == ("pondering", RunState.UNKNOWN, False)
    assert version.state is ResourceState.UNKNOWN


@pytest.mark.contract("exstream 2.2", "exstream 7.c")
@pytest.mark.parametrize("raw", [1767225600000, "1767225600000", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"])
def test_times_come_in_two_forms(raw: RawMoment) -> None:
    """Two services of one product write them differently."""
    assert moment(raw) == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "d1"},
        {
            "status": "success",
            "data": [{"mimeType": "x", "content": base64.b64encode(b'{"documentId":"d1"}').decode()}],
        },
    ],
)
@pytest.mark.contract("exstream 1.3.9")
def test_a_documents_id_comes_bare_or_in_base64(body: object) -> None:
    """Which, ``Accept`` decides."""
    assert read_document_id(reply(body)) == "d1"


@pytest.mark.parametrize("body", [{}, {"data": []}, {"documentId": 7}, {"data": [{"content": "e30="}]}, []])
def test_a_document_without_an_id_is_an_odd_reply(body: object) -> None:
    """Nobody could open it again."""
    with pytest.raises(ShapeError):
        read_document_id(reply(body))


@pytest.mark.parametrize("body", [b'"triggered"', b"triggered\n", {"status": "success", "data": "triggered"}])
def test_a_command_is_answered_with_a_word(body: object) -> None:
    """Bare, as JSON, or in an envelope."""
    media_type = "text/plain" if body == b"triggered\n" else "application/json"

    assert read_word(reply(body, media_type=media_type)) == "triggered"


def test_a_null_stands_for_a_key_that_is_absent() -> None:
    """The services write every key of an object, whether they know a value or not."""
    body = {"data": {**JOB, "channel": None, "mode": None, "msg": None, "simulation": None}}

    assert read_one(reply(body), Job).channel == ""


@pytest.mark.contract("exstream 2.8", "exstream 1.5.3", "exstream 3.d")
@pytest.mark.parametrize("is_row", [True, False])
def test_event_json_is_read_from_a_row_or_by_itself(*, is_row: bool) -> None:
    """The table carries it as text; a push carries it as it is."""
    told = {"expctr": {"schemaType": "Exstream-Email-OPEN"}, "exstreamEmailStatistics": {"eventType": "OPEN"}}
    body = {"data": [{"id": 7, "eventMetadata": json.dumps(told)}]} if is_row else [told]

    (event,) = read_events(reply(body))

    assert (event.schema_type, event.exstream_email_statistics) == ("Exstream-Email-OPEN", {"eventType": "OPEN"})


def test_an_event_id_may_be_a_number() -> None:
    """It is the key of a table."""
    assert read_page(reply({"data": [{"eventId": 7, "processingState": 2}]}), EmailEvent).data[0].event_id == 7


def test_counts_are_read_from_either_form() -> None:
    """How date and status lie in each other was never seen."""
    nested = read_counts(reply({"status": "success", "data": {"2026-05-12": {"complete": 3}}}))
    rows = read_counts(reply({"data": [{"date": "2026-05-12", "status": "complete", "count": 3}]}))

    assert nested == rows == (DayCount(date="2026-05-12", status="complete", count=3),)
