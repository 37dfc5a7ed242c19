"""Where the API of a site is: found out once, without a sign-in, and every call put there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from connectors.calls import Call, Reply
from connectors.core_dam import AssetId, CoreDamClient, Release, open_core_dam, password_session
from connectors.errors import ConnectorError, NotFoundError, ShapeError, UnreachableError

T = TypeVar("T")
SESSION = {"session_resource": {"session": {"id": 1, "message_digest": "d"}}}
ASSET = {"asset_resource": {"asset": {"asset_id": "a", "delivery_service_url": "http://media.test/x"}}}


class Site:
    """Has its API at ``prefix`` alone, and remembers what it was asked."""

    def __init__(self, prefix: str, elsewhere: httpx.Response | None = None) -> None:
        self._prefix = prefix
        self._elsewhere = elsewhere or httpx.Response(404)
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        if not request.url.path.startswith(self._prefix):
            return self._elsewhere
        if request.url.path.endswith("/sessions"):
            return httpx.Response(200, json=SESSION) if request.method == "POST" else httpx.Response(401)
        return httpx.Response(200, json=ASSET)


def ask(
    wire: Callable[[httpx.Request], httpx.Response],
    work: Callable[[CoreDamClient], Awaitable[T]],
    *,
    prefix: str | None = None,
) -> T:
    async def run() -> T:
        client = open_core_dam(
            base_url="http://dam.test",
            prefix=prefix,
            sign_in=password_session(username="u", password="hush"),
            wire=httpx.MockTransport(wire),
        )
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


async def open_two(dam: CoreDamClient) -> str | None:
    await asyncio.gather(dam.asset(AssetId("a")), dam.asset(AssetId("b")))
    return dam.release.prefix


@pytest.mark.contract("core_dam 1.4", "core_dam 2.b1")
@pytest.mark.parametrize("prefix", ["/otmmapi/v6", "/otmmapi/v5", "/otmmapi/v4"])
def test_a_site_is_worked_with_at_its_own_release(prefix: str) -> None:
    """A person knows the address of the site, not its release."""
    site = Site(prefix)

    found = ask(site, open_two)

    assert found == prefix
    assert [asked for asked in site.asked if asked.startswith("POST")] == [f"POST {prefix}/sessions"]
    assert f"GET {prefix}/assets/a" in site.asked


def test_the_release_is_found_out_once() -> None:
    """However many calls wait for it."""
    site = Site("/otmmapi/v5")

    ask(site, open_two)

    assert site.asked.count("GET /otmmapi/v6/sessions") == 1
    assert site.asked.count("GET /otmmapi/v5/sessions") == 1


def test_a_release_that_is_told_is_not_looked_for() -> None:
    """An administrator may know better, and save a call."""
    site = Site("/otmmapi/v5")

    ask(site, open_two, prefix="/otmmapi/v5")

    assert not any(asked.startswith("GET /otmmapi/v6") for asked in site.asked)
    assert "GET /otmmapi/v5/sessions" not in site.asked


@pytest.mark.parametrize(
    ("elsewhere", "kind"),
    [(httpx.Response(404), NotFoundError), (httpx.Response(200, html="<h1>Welcome</h1>"), ShapeError)],
)
def test_a_site_of_another_kind_has_no_release(elsewhere: httpx.Response, kind: type[ConnectorError]) -> None:
    """A mistyped address must not end in a riddle, nor be given the password."""
    site = Site("/nowhere", elsewhere)

    with pytest.raises(ConnectorError) as caught:
        ask(site, open_two)

    assert type(caught.value) is kind
    assert not any(asked.startswith("POST") for asked in site.asked)


def test_a_site_that_cannot_be_reached_is_looked_for_again() -> None:
    """A morning without a network must not decide about the release."""
    release = Release(None)

    async def down(call: Call) -> Reply:
        raise UnreachableError(system="Core DAM", call=call.name)

    async def up(call: Call) -> Reply:
        if not call.path.startswith("/otmmapi/v5"):
            raise NotFoundError(system="Core DAM", call=call.name)
        return Reply(system="Core DAM", call=call.name, status=401, headers={}, body=b"")

    async def morning() -> None:
        with pytest.raises(UnreachableError):
            await release.find(down)
        await release.find(up)

    asyncio.run(morning())

    assert release.prefix == "/otmmapi/v5"


def test_the_public_host_is_at_no_release() -> None:
    """Its addresses are complete."""
    site = Site("/otmmapi/v5", httpx.Response(200))

    async def work(dam: CoreDamClient) -> bool:
        return await dam.is_delivered(await dam.asset(AssetId("a")))

    assert ask(site, work, prefix="/otmmapi/v5")
    assert site.asked[-1] == "HEAD /x"


def test_a_placed_sign_in_shows_no_secret() -> None:
    """It appears in error reports."""

    async def work(dam: CoreDamClient) -> str:
        await dam.asset(AssetId("a"))
        return repr(dam.__dict__)

    assert "hush" not in ask(Site("/otmmapi/v6"), work)
