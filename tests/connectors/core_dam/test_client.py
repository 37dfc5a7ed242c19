"""The client over a scripted wire: what it does when Core DAM misbehaves."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import httpx
import pytest

from connectors.core_dam import (
    AssetId,
    CoreDamClient,
    FieldEdit,
    FolderId,
    OriginalId,
    SearchQuery,
    open_core_dam,
    password_session,
)
from connectors.core_dam.reading import read_failure
from connectors.errors import (
    ConflictError,
    ConnectorError,
    ForbiddenError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)
from connectors.http import Transport

T = TypeVar("T")
Answer = Callable[[httpx.Request], httpx.Response]

SESSION = {"session_resource": {"session": {"id": 1, "message_digest": "d"}}}
NO_EDITS = [FieldEdit(field_id="F", text="x")]


def exception(status: int) -> httpx.Response:
    return httpx.Response(status, json={"exception_body": {"http_response_code": status, "message": "Told so"}})


def search(*, hits: int, total: int, offset: int) -> httpx.Response:
    assets = [{"asset_id": f"a{offset + place}"} for place in range(hits)]
    result = {"hit_count": hits, "total_hit_count": total, "offset": offset}
    return httpx.Response(200, json={"search_result_resource": {"search_result": result, "asset_list": assets}})


class Server:
    """Signs everybody in, then answers with ``answer`` and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/sessions") and request.method == "POST":
            return httpx.Response(200, json=SESSION)
        self.asked.append(request)
        return self._answer(request)


def ask(server: Server, work: Callable[[CoreDamClient], Awaitable[T]]) -> T:
    async def run() -> T:
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
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def refuse(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda _: exception(401), SignInError),
        (lambda _: exception(403), ForbiddenError),
        (lambda _: exception(404), NotFoundError),
        (lambda _: exception(409), ConflictError),
        (lambda _: exception(500), VendorFaultError),
        (lambda _: httpx.Response(429), RateLimitError),
        (lambda _: httpx.Response(200, html="<html>"), ShapeError),
        (lambda _: httpx.Response(502, html="<html>"), VendorFaultError),
        (lambda _: httpx.Response(302, headers={"Location": "http://elsewhere.test/"}), ShapeError),
        (lambda _: httpx.Response(200, content=exception(404).content), NotFoundError),
        (refuse, UnreachableError),
    ],
)
def test_every_way_of_failing_has_its_class(answer: Answer, kind: type[ConnectorError]) -> None:
    """The class is what the page says and what the outbox does."""
    with pytest.raises(ConnectorError) as caught:
        ask(Server(answer), lambda dam: dam.asset(AssetId("a")))

    assert type(caught.value) is kind


@pytest.mark.contract("core_dam 11.6")
def test_a_budget_says_when_it_refills() -> None:
    """Sending sooner makes it worse."""
    server = Server(lambda _request: httpx.Response(429, headers={"Retry-After": "7"}))

    with pytest.raises(RateLimitError) as caught:
        ask(server, lambda dam: dam.asset(AssetId("a")))

    assert caught.value.retry_after == timedelta(seconds=7)


def test_paging_follows_what_came_and_not_what_was_asked() -> None:
    """A server that caps its pages would otherwise lose the rest of each."""
    offsets = iter([(3, 0), (3, 3), (1, 6)])

    def answer(_request: httpx.Request) -> httpx.Response:
        hits, offset = next(offsets)
        return search(hits=hits, total=7, offset=offset)

    async def work(dam: CoreDamClient) -> list[str]:
        return [asset.asset_id async for page in dam.search(SearchQuery(limit=200)) for asset in page.assets]

    assert ask(Server(answer), work) == [f"a{place}" for place in range(7)]


def test_paging_ends_on_an_empty_page() -> None:
    """A total that is never reached must not be waited for."""
    pages = iter([search(hits=2, total=9, offset=0), search(hits=0, total=9, offset=2)])
    server = Server(lambda _request: next(pages))

    async def work(dam: CoreDamClient) -> int:
        return len([page async for page in dam.search(SearchQuery())])

    assert ask(server, work) == 2


@pytest.mark.parametrize(("hits", "offset"), [(2, 0), (-1, 0), (0, 7)])
def test_paging_ends_whatever_the_server_says_of_its_place(hits: int, offset: int) -> None:
    """A server that always names the same offset, or fewer than none, must not be asked for ever."""
    result = {"hit_count": hits, "total_hit_count": 5, "offset": offset}
    body = {"search_result_resource": {"search_result": result, "asset_list": []}}
    server = Server(lambda _request: httpx.Response(200, json=body))

    async def work(dam: CoreDamClient) -> int:
        return len([page async for page in dam.search(SearchQuery())])

    assert ask(server, work) == (3 if hits == 2 else 1)


@pytest.mark.contract("core_dam 8.8")
def test_versions_of_another_asset_are_dropped() -> None:
    """The only known operator is *contains*, which may find more than was meant."""
    assets = [
        {"asset_id": "b", "original_asset_id": "o", "version": 1},
        {"asset_id": "c", "original_asset_id": "o2", "version": 5},
        {"asset_id": "d", "original_asset_id": "o", "version": 2},
    ]
    body = {"search_result": {"hit_count": 3, "total_hit_count": 3}, "asset_list": assets}
    server = Server(lambda _request: httpx.Response(200, json={"search_result_resource": body}))

    versions = ask(server, lambda dam: dam.versions(OriginalId("o")))

    assert [asset.asset_id for asset in versions] == ["d", "b"]


def edit(server: Server) -> list[str]:
    with pytest.raises(ConnectorError):
        ask(server, lambda dam: dam.edit_metadata(AssetId("a"), NO_EDITS))
    return [f"{request.method} {request.content.decode().partition('&')[0]}"[:19] for request in server.asked]


def test_no_lock_no_edit() -> None:
    """Writing into somebody's open form overwrites their work."""
    assert edit(Server(lambda _request: exception(409))) == ["PUT action=lock"]


def test_a_broken_edit_tries_to_give_the_lock_back() -> None:
    """And reports the edit's own failure, whatever became of the lock."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            raise httpx.ReadError("cut")
        return httpx.Response(200)

    server = Server(answer)

    with pytest.raises((UnansweredError, UnreachableError)):
        ask(server, lambda dam: dam.edit_metadata(AssetId("a"), NO_EDITS))

    assert server.asked[-1].content.startswith(b"action=unlock")


def test_every_call_carries_both_values_of_the_session() -> None:
    """The second is easily forgotten, and then writes fail with a riddle."""
    server = Server(lambda _request: search(hits=0, total=0, offset=0))

    ask(server, lambda dam: dam.search_page(SearchQuery()))

    assert server.asked[0].headers["otmmauthtoken"] == "d"
    assert server.asked[0].headers["X-Requested-By"] == "1"


def test_the_factory_reads_the_vendors_failures() -> None:
    """A connection that is opened for real must not lose the vendor's words."""

    async def run() -> str:
        dam = open_core_dam(
            base_url="http://dam.test",
            sign_in=password_session(username="u", password="p"),
            wire=httpx.MockTransport(Server(lambda _request: exception(404))),
        )
        try:
            await dam.asset(AssetId("a"))
        except NotFoundError as error:
            return error.detail
        finally:
            await dam.close()
        return ""

    assert asyncio.run(run()) == "Told so"


@pytest.mark.contract("core_dam 11.4")
def test_many_ids_are_asked_for_in_batches() -> None:
    """Two hundred in one address were answered with a web page."""
    server = Server(lambda _request: httpx.Response(200, json={"assets_resource": {"asset_list": []}}))

    ask(server, lambda dam: dam.assets([AssetId(f"{place:040x}") for place in range(201)]))

    sizes = [
        len(
            json.loads(request.url.params["selection_context"])["selection_context_param"]["selection_context"][
                "asset_ids"
            ]
        )
        for request in server.asked
    ]
    assert sizes == [100, 100, 1]


@pytest.mark.contract("core_dam 7.b4")
@pytest.mark.parametrize(
    ("facts", "status", "expected"),
    [
        ({}, 200, True),
        ({}, 404, False),
        ({"expired": True}, 200, False),
        ({"deleted": True}, 200, False),
        ({"delivery_service_url": ""}, 200, False),
    ],
)
def test_an_asset_is_delivered_when_the_public_can_fetch_it(
    facts: dict[str, object], status: int, expected: bool
) -> None:
    """A letter that shows what is no longer delivered has a hole in it."""
    described = {"asset_id": "a", "delivery_service_url": "http://media.test/x", **facts}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "HEAD":
            return httpx.Response(status)
        return httpx.Response(200, json={"asset_resource": {"asset": described}})

    async def work(dam: CoreDamClient) -> bool:
        return await dam.is_delivered(await dam.asset(AssetId("a")))

    assert ask(Server(answer), work) is expected


def test_a_refused_folder_edit_gives_the_lock_back() -> None:
    """And reports the edit's own failure."""

    def answer(request: httpx.Request) -> httpx.Response:
        return (
            exception(409 if request.method == "PATCH" else 404) if request.method == "PATCH" else httpx.Response(200)
        )

    server = Server(answer)

    with pytest.raises(ConflictError):
        ask(server, lambda dam: dam.edit_folder(FolderId("f"), NO_EDITS))

    assert [request.content for request in server.asked if request.method == "PUT"] == [
        b"action=lock",
        b"action=unlock",
    ]
