"""The index that Search reads: how far it trails, and how it stands up to a million assets."""

from datetime import timedelta

import pytest

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import build
from connectors.sandbox.world import Habits, World
from tests.connectors.sandbox.cloudinary.desk import Desk, picture


@pytest.mark.contract("cloudinary 3.4.b3")
def test_search_trails_writes_by_the_world_s_lag_and_details_do_not(world: World, clock: SandboxClock) -> None:
    """A desk that trusts the index shows yesterday's verdicts, and would never be seen doing so."""
    world.habits = Habits(index_lag_s=30)
    desk = Desk(build(world), world.secrets["cloudinary"])
    query = {"expression": "tags=fresh OR moderation_status=approved", "fields": ["moderation_status"]}

    def found() -> list[str]:
        return sorted(
            one["public_id"] for one in desk.ask("POST", "/v1_1/demo/resources/search", json=query).json()["resources"]
        )

    before = found()
    desk.ask("POST", "/v1_1/demo/resources/image/upload/brand/storm-photo", json={"moderation_status": "approved"})
    desk.ask(
        "POST", "/v1_1/demo/image/upload", data={"public_id": "a", "tags": "fresh"}, files={"file": picture("red")}
    )
    desk.ask("POST", "/v1_1/demo/image/destroy", data={"public_id": "brand/mark"})
    detail = desk.ask("GET", "/v1_1/demo/resources/image/upload/brand/storm-photo").json()
    at_once = found()
    clock.advance(timedelta(seconds=31))
    later = found()

    assert detail["moderation_status"] == "approved"
    assert at_once == before
    assert set(later) - set(before) == {"a", "brand/storm-photo"}
    assert set(before) - set(later) == {"brand/mark"}
