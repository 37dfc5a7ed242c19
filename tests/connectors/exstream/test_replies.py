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
from connectors.exstream import Job, ResourceState, ResourceVersion, RunState, SetManifest
from connectors.exstream.moments import RawMoment, moment
from connectors.exstream.replies import read_failure, read_one, read_outputs, read_page

JOB = {"id": "j1", "channel": "Resend", "mode": "BATCH", "status": "complete", "startDate": 1767225600000}


def reply(body: object, *, status: int = 200, media_type: str = "application/json") -> Reply:
    """An answer with ``body`` as JSON, or as it is when it is bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(system="Exstream", call="x", status=status, headers={"content-type": media_type}, body=raw)


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


def test_a_refusal_without_a_body_is_left_to_its_status() -> None:
    """A 401 may be empty."""
    assert read_failure(reply(b"", status=401)) is None


def test_a_list_is_a_page() -> None:
    """Some calls wrap their list, some do not."""
    bare = read_page(reply([JOB]), Job)
    wrapped = read_page(reply({"status": "success", "data": [JOB], "page": {"totalElements": 3}}), Job)

    assert bare.data == wrapped.data
    assert wrapped.page.total_elements == 3


@pytest.mark.parametrize("data", [JOB, [JOB], [JOB, JOB | {"id": "j2"}]])
def test_one_may_come_as_a_list(data: object) -> None:
    """The job poll was seen with both."""
    assert read_one(reply({"status": "success", "data": data}), Job).id == "j1"


def test_none_where_one_was_expected_is_an_odd_reply() -> None:
    """Better than a job that is nobody's."""
    with pytest.raises(ShapeError):
        read_one(reply({"status": "success", "data": []}), Job)


def test_a_manifest_comes_bare() -> None:
    """It has no envelope, unlike everything around it."""
    body = {"dsnlist": [{"name": "Driver", "prodDsn": "D1"}], "queueList": [{"name": "Print", "driver": "PDF"}]}

    manifest = read_one(reply(body), SetManifest)

    assert (manifest.data_sources[0].prod_dsn, manifest.queues[0].driver) == ("D1", "PDF")


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


def test_unknown_words_are_kept() -> None:
    """The vendor's lists of states are not complete."""
    job = read_one(reply(JOB | {"status": "pondering"}), Job)
    version = read_one(
        reply({"id": "1", "version": 1, "name": "A", "type": "exstrapplication", "state": "NEW"}), ResourceVersion
    )

    assert (job.status, job.state, job.state.is_final) == ("pondering", RunState.UNKNOWN, False)
    assert version.state is ResourceState.UNKNOWN


@pytest.mark.parametrize("raw", [1767225600000, "1767225600000", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"])
def test_times_come_in_two_forms(raw: RawMoment) -> None:
    """Two services of one product write them differently."""
    assert moment(raw) == datetime(2026, 1, 1, tzinfo=UTC)
