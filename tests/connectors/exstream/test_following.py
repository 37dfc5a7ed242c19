"""A job is followed to its end, and its files are found, by whatever the installation answers."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import timedelta

import httpx
import pytest

from connectors.errors import ForbiddenError
from connectors.exstream import ExstreamClient, RunState, open_exstream
from connectors.http import NoSignIn

MANIFEST = b'<outputList><queue name="q"><file name="a.pdf"/><file name="b.pdf"/></queue></outputList>'
RUNTIME = "/orchestration/api/v1/runtime/D"


def opened(answer: Callable[[httpx.Request], httpx.Response]) -> ExstreamClient:
    """A client of an installation that answers like this."""
    return open_exstream(base_url="http://exstream.test", sign_in=NoSignIn(), wire=httpx.MockTransport(answer))


def told(body: object, status: int = 200) -> httpx.Response:
    """A JSON answer."""
    return httpx.Response(status, content=json.dumps(body), headers={"content-type": "application/json"})


def followed(words: list[str], *, limit: timedelta = timedelta(hours=1)) -> tuple[str, list[float]]:
    """The last word of a job that answers these one after the other, and the pauses between."""
    left, pauses = iter(words), list[float]()
    last = words[-1]

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def run() -> str:
        client = opened(lambda _: told({"data": {"id": "j", "status": next(left, last)}}))
        try:
            return (await client.ended_job("D", "j", limit=limit, pause=pause)).status
        finally:
            await client.close()

    return asyncio.run(run()), pauses


@pytest.mark.contract("exstream 7.f")
@pytest.mark.parametrize("end", [state for state in RunState if state.is_final])
def test_a_job_is_polled_until_it_has_ended(end: RunState) -> None:
    """A word that nobody published is no end."""
    status, pauses = followed(["uninitialized", "started", "pondering", "holding", end])

    assert (status, len(pauses)) == (end, 4)


@pytest.mark.contract("exstream 7.f")
def test_the_pauses_grow_from_two_to_thirty_seconds() -> None:
    """A night's run must not be asked for forty thousand times."""
    _, pauses = followed(["started"] * 12 + ["complete"])

    assert (pauses[0], pauses[-1]) == (2.0, 30.0)
    assert pauses == sorted(pauses)


@pytest.mark.contract("exstream 7.f")
def test_a_job_that_does_not_end_is_told_as_it_stands() -> None:
    """Somebody decides how long to wait."""
    status, pauses = followed(["started"], limit=timedelta(seconds=10))

    assert status == "started"
    assert 10 <= sum(pauses) < 20


def installation(lists: Mapping[str, object], *, list_status: int = 200) -> Callable[[httpx.Request], httpx.Response]:
    """One job with one step that made two files; ``lists`` is its list of names."""
    step = {"id": "s", "status": "complete", "stepType": "communication", "deliveryFileRetrievable": True}
    page = {"totalElements": 1}
    bodies = {
        "flow-instances": {"data": [{"id": "i", "status": "complete"}], "page": page},
        "flow-steps": {"data": [step], "page": page},
    }

    def answer(request: httpx.Request) -> httpx.Response:
        rest = request.url.path.removeprefix(f"{RUNTIME}/")
        if rest.endswith("output-files"):
            return told(lists, list_status)
        if rest.endswith("delivery-file"):
            return httpx.Response(200, content=MANIFEST)
        if "artifact" in rest:
            return httpx.Response(200, content=b"%PDF-" + rest[-5:].encode(), headers={"content-type": "text/plain"})
        return told(bodies[rest])

    return answer


def fetched(answer: Callable[[httpx.Request], httpx.Response]) -> dict[str, tuple[bytes, str]]:
    """Every file of the job: its content, and what it is."""

    async def run() -> dict[str, tuple[bytes, str]]:
        client = opened(answer)
        try:
            found = [each async for each in client.outputs_of("D", "j")]
            return {name: (output.content, output.judged_type) for name, output in found}
        finally:
            await client.close()

    return asyncio.run(run())


@pytest.mark.contract("exstream 7.g")
@pytest.mark.parametrize(
    ("lists", "status"),
    [
        ({"data": ["a.pdf", "b.pdf"], "page": {"totalElements": 2}}, 200),
        ({"status": 404, "error": "Not Found", "message": "No list"}, 404),
    ],
)
def test_files_are_found_by_the_list_or_by_the_manifest(lists: Mapping[str, object], status: int) -> None:
    """And are what their first bytes say, whatever the service claims."""
    files = fetched(installation(lists, list_status=status))

    assert files == {"a.pdf": (b"%PDF-a.pdf", "application/pdf"), "b.pdf": (b"%PDF-b.pdf", "application/pdf")}


def test_a_missing_right_is_no_missing_list() -> None:
    """A job of which half is shown would be taken for the whole."""
    with pytest.raises(ForbiddenError):
        fetched(installation({"status": "error", "message": "not yours"}, list_status=403))
