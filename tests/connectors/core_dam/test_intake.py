"""Jobs over a scripted wire: what is sent, what is waited for, what is given back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from connectors.calls import Call, FormBody, MultipartBody
from connectors.core_dam import (
    AssetId,
    ContentId,
    CoreDamClient,
    FieldEdit,
    FolderId,
    Intake,
    Job,
    JobId,
    JobStatus,
    NamedAssets,
    NewAsset,
    NewFile,
    StateAction,
    jobs,
    password_session,
)
from connectors.core_dam.reading import read_failure
from connectors.errors import ConnectorError, UnansweredError, VendorFaultError
from connectors.http import Transport

T = TypeVar("T")
FILE = NewFile(name="cover.png", content=b"bytes", media_type="image/png")
SESSION = {"session_resource": {"session": {"id": 1, "message_digest": "d"}}}


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now_s += seconds


class Server:
    """Answers with ``answer`` and remembers what it was asked."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answer = answer
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/sessions"):
            return httpx.Response(200, json=SESSION)
        said = dict(part.split("=", 1) for part in request.content.decode(errors="replace").split("&") if "=" in part)
        self.asked.append(
            f"{request.method} {request.url.path.removeprefix('/otmmapi/v6')} {said.get('action', '')}".strip()
        )
        return self._answer(request)


def run(server: Server, work: Callable[[Intake], Awaitable[T]], clock: Clock | None = None) -> T:
    clock = clock or Clock()

    async def inside() -> T:
        transport = Transport(
            system="Core DAM",
            base_url="http://dam.test",
            sign_in=password_session(username="u", password="p"),
            read_failure=read_failure,
            attempts=1,
            wire=httpx.MockTransport(server),
        )
        client = CoreDamClient(transport)
        try:
            return await work(Intake(transport.send, client.change_state, sleep=clock.sleep, now_s=lambda: clock.now_s))
        finally:
            await client.close()

    return asyncio.run(inside())


def handle(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(202, json={"job_handle": {"job_id": 1125}})


def job_reply(status: str) -> httpx.Response:
    return httpx.Response(200, json={"job_resource": {"job": {"job_id": "1125", "job_status": status}}})


def multipart(call: Call) -> tuple[dict[str, str], list[str]]:
    assert isinstance(call.body, MultipartBody)
    return dict(call.body.fields), [part.name for part in call.body.files]


# What is sent


@pytest.mark.contract("core_dam 8.b1", "core_dam 8.b2")
def test_an_import_says_what_comes_and_where_it_goes() -> None:
    """Flat metadata, a manifest, and a file part of the name that this call wants."""
    asset = NewAsset(
        folder_id=FolderId("f1"),
        metadata_model_id="M",
        fields=[FieldEdit(field_id="F", text="x")],
        security_policy_ids=["2"],
        import_template_id="7",
    )

    fields, files = multipart(jobs.import_file(FILE, asset))

    described = json.loads(fields["asset_representation"])["asset_resource"]["asset"]
    assert (described["metadata_model_id"], described["security_policy_list"]) == ("M", [{"id": "2"}])
    assert described["metadata"]["metadata_element_list"][0]["id"] == "F"
    assert (fields["parent_folder_id"], fields["import_template_id"], files) == ("f1", "7", ["files"])
    assert json.loads(fields["manifest"]) == {
        "upload_manifest": {"master_files": [{"file": {"file_name": "cover.png", "file_type": "image/png"}}]}
    }


def test_an_import_that_says_nothing_leaves_it_to_the_template() -> None:
    """An empty representation would win over the template's policies."""
    fields, _ = multipart(jobs.import_file(FILE, NewAsset()))

    assert set(fields) == {"manifest"}


def test_a_check_in_names_what_it_replaces() -> None:
    """Without it the server would make a second asset."""
    fields, files = multipart(jobs.commit_check_in(JobId("1"), FILE, replaces=AssetId("old")))

    assert json.loads(fields["manifest"])["upload_manifest"]["master_files"][0]["uoi_id"] == "old"
    assert files == []


def test_the_bytes_of_a_staged_import_have_their_own_part() -> None:
    """This call's part is called ``file``, not ``files``."""
    fields, files = multipart(jobs.upload(JobId("1"), FILE))

    assert (fields["import_job_id"], files) == ("1", ["file"])


def test_a_job_request_is_json_in_a_form() -> None:
    """The context is a list of typed pairs."""
    body = jobs.start("KIND", [AssetId("a")], {"k": "v"}).body

    assert isinstance(body, FormBody)
    request = json.loads(dict(body.fields)["job_request"])["job_request_param"]["job_request"]
    assert request == {
        "asset_ids": ["a"],
        "job_type": "KIND",
        "job_context_map": [{"key": "k", "value": {"type": "string", "value": "v"}}],
    }


def test_only_what_does_nothing_twice_is_repeated() -> None:
    """A repeated import is a second asset."""
    calls = [
        jobs.import_file(FILE, NewAsset()),
        jobs.upload(JobId("1"), FILE),
        jobs.commit_import(JobId("1"), FILE, NewAsset()),
        jobs.commit_check_in(JobId("1"), FILE, replaces=AssetId("a")),
        jobs.export(NamedAssets(asset_ids=["a"])),
        jobs.start("KIND", [], {}),
        jobs.quick_review([AssetId("a")]),
    ]

    assert not any(call.repeatable for call in calls)
    assert jobs.open_import(FILE).repeatable
    assert jobs.job(JobId("1")).repeatable


def test_a_new_files_bytes_are_not_in_its_repr() -> None:
    """Calls appear in error reports."""
    assert "bytes" not in repr(NewFile(name="x", content=b"bytes"))


# What is waited for


def test_a_job_is_asked_for_ever_more_rarely() -> None:
    """A long job must not cost a call each second."""
    clock = Clock()
    server = Server(lambda _request: job_reply("COMPLETED" if clock.now_s > 60 else "RUNNING"))

    job = run(server, lambda intake: intake.finished(JobId("1125")), clock)

    assert job.status is JobStatus.COMPLETED
    assert clock.pauses[0] == 1.0
    assert clock.pauses == sorted(clock.pauses)
    assert clock.pauses[-1] == 15.0


@pytest.mark.contract("core_dam 8.b4")
@pytest.mark.parametrize("word", ["RUNNING", "PENDING", "DOING SOMETHING ELSE", ""])
def test_an_unknown_word_means_running_until_the_patience_ends(word: str) -> None:
    """The words are not public: another one must not end the waiting, nor make it endless."""
    clock = Clock()

    async def work(intake: Intake) -> Job:
        return await intake.finished(JobId("1125"), patience_s=30)

    job = run(Server(lambda _request: job_reply(word)), work, clock)

    assert not job.status.is_over
    assert clock.now_s <= 30


@pytest.mark.parametrize("word", ["COMPLETED", "FAILED", "CANCELLED"])
def test_a_job_that_is_over_is_not_asked_again(word: str) -> None:
    """Whatever it came to."""
    clock = Clock()

    run(Server(lambda _request: job_reply(word)), lambda intake: intake.finished(JobId("1125")), clock)

    assert clock.pauses == []


# What is given back


def failing_at(path: str, error: httpx.Response | Exception) -> Server:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(path):
            if isinstance(error, Exception):
                raise error
            return error
        return handle(request)

    return Server(answer)


@pytest.mark.parametrize("path", ["/jobs/checkins", "/renditions"])
def test_a_check_in_that_breaks_before_its_commit_gives_everything_back(path: str) -> None:
    """An asset that stays checked out by nobody in particular blocks a team."""
    server = failing_at(path, httpx.Response(500))

    with pytest.raises(VendorFaultError):
        run(server, lambda intake: intake.check_in(AssetId("a"), FILE))

    assert server.asked[-2:] == ["PUT /assets/a/state unlock", "PUT /assets/a/state undo_check_out"]


def test_a_check_in_whose_commit_is_unanswered_gives_nothing_back() -> None:
    """It may have happened: taking the check-out back could hit the new version."""
    server = failing_at("/jobs/checkins/1125", httpx.ReadError("cut"))

    with pytest.raises(ConnectorError):
        run(server, lambda intake: intake.check_in(AssetId("a"), FILE))

    assert server.asked[-1] == "PUT /jobs/checkins/1125"


def test_a_failed_giving_back_does_not_hide_what_went_wrong() -> None:
    """The first failure is the one to be told."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/renditions"):
            return httpx.Response(503)
        if b"un" in request.content:
            return httpx.Response(409)
        return handle(request)

    with pytest.raises((VendorFaultError, UnansweredError)):
        run(Server(answer), lambda intake: intake.check_in(AssetId("a"), FILE))


# What is read


@pytest.mark.parametrize(
    "body",
    [
        {"url": "https://dam.test/r/7", "id": "7"},
        {"review_session": {"session_url": "https://dam.test/r/7", "session_id": 7}},
        {"a": {"b": {"id": "7"}, "href": "https://dam.test/r/7"}},
    ],
)
def test_a_quick_review_is_read_whatever_its_keys_are(body: dict[str, object]) -> None:
    """That it answers with an address and an id is known; how it calls them is not."""
    server = Server(lambda _request: httpx.Response(200, json=body))

    review = run(server, lambda intake: intake.quick_review([AssetId("a")]))

    assert (review.url, review.review_id) == ("https://dam.test/r/7", "7")


def test_an_export_names_its_counts() -> None:
    """What could not be exported is told before anybody waits."""
    body = {"export_job_handle": {"export_response": {"exportable_count": 3, "unexportable_count": 1}}}
    server = Server(lambda _request: httpx.Response(200, json=body))

    handle_ = run(server, lambda intake: intake.export(NamedAssets(asset_ids=["a"])))

    assert (handle_.exportable_count, handle_.unexportable_count, handle_.job_id) == (3, 1, "")


def test_a_jobs_archive_is_a_content() -> None:
    """It is fetched like any other."""
    body = {"job_resource": {"job": {"job_id": 7, "job_status": "COMPLETED", "content_id": "c"}}}

    job = run(Server(lambda _request: httpx.Response(200, json=body)), lambda intake: intake.job(JobId("7")))

    assert (job.job_id, job.content_id) == ("7", ContentId("c"))


def test_the_states_that_a_check_in_takes_are_the_contracts() -> None:
    """Check out first, then lock."""
    server = Server(handle)

    run(server, lambda intake: intake.check_in(AssetId("a"), FILE))

    assert server.asked[:2] == [
        f"PUT /assets/a/state {StateAction.CHECK_OUT}",
        f"PUT /assets/a/state {StateAction.LOCK}",
    ]
