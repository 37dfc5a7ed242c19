"""A desk's client on a fresh Exstream, over a world that is built once, without a network."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar

import httpx
import pytest
from starlette.applications import Starlette

from connectors.exstream import ExstreamClient, Site, client_sign_in, open_exstream
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.composer import Composer
from connectors.sandbox.exstream import build
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import World
from tests.connectors.sandbox.composer.conftest import PaintedPictures
from tests.connectors.sandbox.exstream.plain import BASE_URL, PlainClient

T = TypeVar("T")


@cache
def _shared() -> World:
    return build_world(seed=1, clock=SandboxClock(datetime(2026, 5, 12, 9, 41, tzinfo=UTC)))


@pytest.fixture
def world() -> World:
    """The world, with a clock and addresses of the test's own."""
    shared = _shared()
    return replace(shared, clock=SandboxClock(shared.began), addresses={})


@pytest.fixture
def authority(world: World) -> TicketAuthority:
    """Who may sign in."""
    return TicketAuthority(world)


@pytest.fixture
def composer(world: World) -> Composer:
    """A composer that needs no network."""
    return Composer(world=world, fetch=PaintedPictures(world))


@pytest.fixture
def app(world: World, authority: TicketAuthority, composer: Composer) -> Starlette:
    """A fresh Exstream."""
    return build(world, authority, composer)


@pytest.fixture
def domain(world: World) -> str:
    """The domain of the ready file."""
    return world.secrets["exstream"]["domain"]


class Desk:
    """A signed-in client that is made, used and closed within one event loop."""

    def __init__(self, world: World, app: Starlette) -> None:
        self._secrets = world.secrets["exstream"]
        self._app = app
        self.wire = httpx.ASGITransport(app=app)
        self.site = Site(uses_events=True)

    def __call__(self, work: Callable[[ExstreamClient], Awaitable[T]]) -> T:
        """Do ``work`` and wait for the jobs that it started."""

        async def run() -> T:
            client = self.open()
            try:
                return await work(client)
            finally:
                await self._app.state.flows.idle()
                await client.close()

        return asyncio.run(run())

    async def settle(self) -> None:
        """Wait for the jobs that were started."""
        await self._app.state.flows.idle()

    def open(self, *, client_secret: str = "") -> ExstreamClient:
        """A client of the service account."""
        secrets = self._secrets
        return open_exstream(
            base_url=BASE_URL,
            sign_in=client_sign_in(
                otds_url=BASE_URL,
                client_id=secrets["client_id"],
                client_secret=client_secret or secrets["client_secret"],
                tenant=secrets["tenant"],
                subscription=secrets["subscription"],
            ),
            site=self.site,
            wire=self.wire,
        )


@pytest.fixture
def desk(world: World, app: Starlette) -> Desk:
    """The desk's side."""
    return Desk(world, app)


@pytest.fixture
def plain(world: World, app: Starlette, authority: TicketAuthority) -> PlainClient:
    """Somebody else's client, as the service account."""
    client_id = world.secrets["exstream"]["client_id"]
    token = authority.issue_token(f"{client_id}@OAuthClients", client_id=client_id).value
    return PlainClient(app, token)
