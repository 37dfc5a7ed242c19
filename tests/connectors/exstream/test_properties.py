"""Whatever comes back: nothing is raised but the tree of errors, and no secret of a reply shows in one."""

import base64
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calls import Reply
from connectors.errors import ConnectorError
from connectors.exstream import manifest, models, packages, replies, runtime, schedules
from connectors.exstream.moments import moment
from connectors.exstream.server_based import compose, empower, gateway, soap

SECRET: Final = "hunter2-swordfish"
ITEMS: Final = (
    models.Config,
    models.CurrentUser,
    models.Domain,
    models.FlowModel,
    models.HistoryEntry,
    models.Link,
    models.ResourceVersion,
    models.SetManifest,
    models.Version,
    packages.ImportResult,
    runtime.EmailEvent,
    runtime.FlowInstance,
    runtime.FlowStep,
    runtime.Job,
    schedules.CronJob,
    schedules.SortingAsset,
    str,
)
READERS: Final[dict[str, Callable[[Reply], object]]] = {
    **{f"page of {item.__name__}": lambda reply, item=item: replies.read_page(reply, item) for item in ITEMS},  # type: ignore[misc]  # the item is bound now
    **{f"one {item.__name__}": lambda reply, item=item: replies.read_one(reply, item) for item in ITEMS},  # type: ignore[misc]  # as above
    "outputs": replies.read_outputs,
    "word": replies.read_word,
    "body": lambda reply: replies.read_body(reply, models.Version),
    "mapping": lambda reply: replies.read_mapping(reply, tuple[models.Outcome, ...]),
    "document id": replies.read_document_id,
    "bulk change": replies.read_bulk_change,
    "counts": replies.read_counts,
    "events": replies.read_events,
    "failure": replies.read_failure,
    "composition": compose.read_composition,
    "fault": soap.read_fault,
    "submitted": gateway.read_submitted,
    "refusal": empower.read_refusal,
}
GENERAL: Final = tuple(name for name in READERS if name.endswith("Job") or not name.startswith(("page of", "one ")))
"""Readers that differ in more than the item."""
# fmt: off
KEYS: Final = (
    "status", "data", "page", "header", "body", "id", "version", "name", "type", "state", "jobId", "documentId",
    "content", "mimeType", "engineOutputContext", "errorMessage", "statusCode", "message", "details", "error",
    "errorCode", "startDate", "endDate", "lastModifiedDate", "modifiedDate", "eventDate", "eventId",
    "eventMetadata", "stateChangedResources", "totalElements", "pageSize", "metadata", "approvalInfo", "approvals",
    "nodes", "dsnlist", "queueList", "linkSubjectId", "linkObjectId", "exportPackageUUID", "policies",
    "generalPolicy", "cronExpression", "creationDate", "code", "msg",
)
# fmt: on
"""What replies use, so that generated ones come near them."""

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        ["success", "error", "complete", "DRAFT", "2026-01-01T00:00:00Z", "1767225600000", "BUSI110E", "e30="]
    ),
    st.just(f"password={SECRET}"),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=8)), inner, max_size=6),
    ),
    max_leaves=25,
)
statuses = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 409, 418, 429, 500, 503])
media_types = st.sampled_from(["application/json", "", "text/html", "text/xml", "application/pdf"])


def reply(body: bytes, *, status: int = 200, media_type: str = "application/json") -> Reply:
    """An answer with these bytes."""
    return Reply(system="Exstream", call="x", status=status, headers={"content-type": media_type}, body=body)


def holds(read: Callable[[Reply], object], answer: Reply) -> None:
    """Read ``answer``; what it raises, or tells, must be of the tree and without the secret."""
    try:
        told = read(answer)
    except ConnectorError as error:
        told = error
    if isinstance(told, ConnectorError):
        assert SECRET not in f"{told}{told!r}{told.sentence}{told.detail}"


@pytest.mark.contract("exstream 3.b", "exstream 7.b", "exstream 7.c")
@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40, deadline=None)
@given(value=values, status=statuses, media_type=media_types)
def test_any_json_is_read_or_refused(name: str, value: Any, status: int, media_type: str) -> None:
    """An error outside the tree looks like a bug of ours, and stops the page."""
    holds(READERS[name], reply(msgspec.json.encode(value), status=status, media_type=media_type))


@pytest.mark.parametrize("name", GENERAL)
@settings(max_examples=30, deadline=None)
@given(body=st.binary(max_size=200), status=statuses, media_type=media_types)
def test_any_bytes_are_read_or_refused(name: str, body: bytes, status: int, media_type: str) -> None:
    """Proxies answer in their own words."""
    holds(READERS[name], reply(body, status=status, media_type=media_type))


@pytest.mark.parametrize("name", GENERAL)
@pytest.mark.parametrize("depth", [400, 990, 100_000])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"data":', "}"), ('{"data":[null,', "]}"), ("<a>", "</a>")])
def test_deep_replies_end_in_the_tree(name: str, depth: int, brackets: tuple[str, str]) -> None:
    """A reply must not exhaust our stack."""
    opening, closing = brackets
    inner = "" if opening == "<a>" else "1"

    holds(READERS[name], reply(f"{opening * depth}{inner}{closing * depth}".encode()))


@settings(max_examples=200, deadline=None)
@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-16"))))
def test_any_manifest_is_read_or_refused(body: bytes) -> None:
    """The client turns a ValueError into an odd reply; nothing else may come."""
    with suppress(ValueError):
        manifest.read_manifest(body)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32), cuts=st.integers(1, 6))
def test_a_damaged_manifest_is_read_or_refused(seed: int, cuts: int) -> None:
    """Cut off, or with bytes that were turned over on the way."""
    dice = random.Random(seed)
    text = '<?xml version="1.0"?><!DOCTYPE outputList SYSTEM "a"><outputList pagesProcessed="3"><queue name="q">'
    body = bytearray((text + '<file name="f"><pageCount>1</pageCount></file></queue></outputList>').encode("utf-16"))
    for _ in range(cuts):
        body[dice.randrange(len(body))] = dice.randrange(256)

    with suppress(ValueError):
        manifest.read_manifest(bytes(body[: dice.randrange(len(body))] if cuts % 2 else body))


@settings(max_examples=300, deadline=None)
@given(
    raw=st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=30), st.datetimes().map(datetime.isoformat))
)
def test_any_time_is_aware_none_or_refused(raw: float | str | None) -> None:
    """Whatever calendar a service believes in."""
    try:
        read = moment(raw)
    except ValueError:
        return
    assert read is None or read.tzinfo is not None


@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=50), secret=st.just(SECRET))
def test_outputs_never_show_their_content(content: bytes, secret: str) -> None:
    """A document is a customer's, and reprs end in logs."""
    whole = content + secret.encode()
    body = {"data": [{"mimeType": "text/plain", "content": base64.b64encode(whole).decode()}]}

    (output,) = replies.read_outputs(reply(msgspec.json.encode(body)))

    assert output.content == whole
    assert secret not in repr(output)
