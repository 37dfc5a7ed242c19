"""The three example systems, fresh per test, over a world that is built once."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import World
from tests.connectors.sandbox.endpoint.desk import Desk


@cache
def _shared() -> World:
    return build_world(seed=1, clock=SandboxClock(datetime(2026, 3, 4, 9, 0, tzinfo=UTC)), customers=130)


@pytest.fixture
def desk() -> Desk:
    """The desk's side, over systems of the test's own."""
    shared = _shared()
    return Desk(replace(shared, clock=SandboxClock(shared.began), addresses={}))
