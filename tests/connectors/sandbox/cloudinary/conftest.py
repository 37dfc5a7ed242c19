"""A small cloud and a desk that is connected to it."""

import pytest

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import CloudinarySandbox, build
from connectors.sandbox.world import World
from tests.connectors.sandbox.cloudinary.desk import BEGAN, DELIVERY, Desk, small_world


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(BEGAN)


@pytest.fixture
def world(clock: SandboxClock) -> World:
    made = small_world(clock)
    made.addresses["cloudinary_delivery"] = DELIVERY
    return made


@pytest.fixture
def sandbox(world: World) -> CloudinarySandbox:
    return build(world)


@pytest.fixture
def desk(sandbox: CloudinarySandbox, world: World) -> Desk:
    return Desk(sandbox, world.secrets["cloudinary"])
