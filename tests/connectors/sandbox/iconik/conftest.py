"""A fresh tenant per test, over a world that is built once."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.iconik import build
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import World
from tests.connectors.sandbox.iconik.desk import Desk


@cache
def _shared() -> World:
    return build_world(seed=1, clock=SandboxClock(datetime(2026, 3, 4, 9, 0, tzinfo=UTC)))


@pytest.fixture
def world() -> World:
    """The world, with a clock and addresses of the test's own."""
    shared = _shared()
    return replace(shared, clock=SandboxClock(shared.began), addresses={})


@pytest.fixture
def desk(world: World) -> Desk:
    """Users of a fresh tenant."""
    return Desk(build(world), world)
