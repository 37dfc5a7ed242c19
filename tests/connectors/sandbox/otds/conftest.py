"""A small world with one administrator, one service client and two people."""

from datetime import UTC, datetime

import pytest

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.otds import OtdsSandbox, build
from connectors.sandbox.world import Person, World


@pytest.fixture
def world() -> World:
    began = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    return World(
        seed=7,
        clock=SandboxClock(began),
        began=began,
        people=(
            Person(login="mira.k", full_name="Mira Kovac", email="mira@harbour.example", role="designer"),
            Person(login="ada.l", full_name="Ada Lindqvist", email="ada@harbour.example", role="support"),
        ),
        customers=(),
        templates=(),
        assets=(),
        sent=(),
        secrets={
            "otds": {
                "username": "desk",
                "password": "open-sesame",
                "partition": "harbour",
                "client_id": "proofdesk",
                "client_secret": "s3cret",
            },
            "exstream": {"tenant": "t-1"},
        },
    )


@pytest.fixture
def sandbox(world: World) -> OtdsSandbox:
    return build(world)
