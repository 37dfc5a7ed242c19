"""The index that Search reads: how far it trails, and how it stands up to a million assets."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import build
from connectors.sandbox.cloudinary.expression import parse
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.shelf import EVERYTHING
from connectors.sandbox.seed import build_world
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


MANY = 5_000


@pytest.fixture(scope="module")
def many() -> Desk:
    """A cloud whose assets repeat themselves, with a few that somebody touched."""
    world = build_world(seed=3, assets=MANY)
    desk = Desk(build(world), world.secrets["cloudinary"])
    base = f"/v1_1/{world.secrets['cloudinary']['cloud_name']}"
    for name in ("storm", "meter"):
        found = desk.ask("POST", f"{base}/resources/search", json={"expression": name, "max_results": 40}).json()
        for one in found["resources"][::7]:
            desk.ask("PUT", f"{base}/resources/{one['asset_id']}", json={"tags": "touched", "display_name": "A mark"})
        desk.ask("DELETE", f"{base}/resources", json={"asset_ids": [found["resources"][3]["asset_id"]]})
    return desk


def _read(desk: Desk, asset_id: str) -> Resource:
    """The resource as it is, whether somebody touched it or not."""
    found = desk.cloud.shelf.peek(asset_id) or desk.cloud.shelf.as_it_was(asset_id)
    assert found is not None
    return found


def told(desk: Desk, body: Mapping[str, object]) -> list[dict[str, Any]]:
    """Everything that a search finds, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = desk.ask(
            "POST",
            f"/v1_1/{desk.cloud.name}/resources/search",
            json={**body, "max_results": 500, "next_cursor": cursor},
        ).json()
        found += answer["resources"]
        cursor = answer.get("next_cursor")
        if cursor is None:
            assert len(found) == answer["total_count"]
            return found


@pytest.mark.parametrize(
    ("expression", "order"),
    [
        ("", []),
        ("tags:touched", []),
        ("tags=storm OR tags:touched", [{"bytes": "asc"}]),
        ("-tags:storm AND moderation_status=approved", [{"created_at": "asc"}, {"bytes": "desc"}]),
        ("resource_type:video", [{"duration": "desc"}]),
        ("storm", [{"public_id": "desc"}]),
        ("public_id:codes/*", []),
        ('display_name="A mark"', [{"last_updated": "desc"}]),
        ("metadata.license_end>2026-01-01", [{"public_id": "asc"}]),
    ],
)
def test_repetitions_answer_as_if_each_were_there(many: Desk, expression: str, order: list[dict[str, str]]) -> None:
    """A large library would be another library than a small one."""
    question = parse(expression, cloud=many.cloud, now=many.cloud.now())
    each = [match.resource.asset_id for match in many.cloud.shelf.matches(replace(EVERYTHING, reads_names=True))]
    wanted = {asset_id for asset_id in each if question(_read(many, asset_id))}

    found = told(many, {"expression": expression, "sort_by": order})

    ids = [one["asset_id"] for one in found]
    assert len(set(ids)) == len(ids)
    assert set(ids) == wanted


def test_every_repetition_has_an_id_and_an_address_that_lead_to_it(many: Desk) -> None:
    """What a list shows could not be opened."""
    shelf = many.cloud.shelf
    matches = shelf.matches(replace(EVERYTHING, reads_names=True))
    known = [(match.resource.asset_id, match.resource.address) for match in matches]

    assert len(known) == len(shelf)
    for asset_id, address in known[:: len(known) // 50]:
        by_id, by_address = shelf.get(asset_id), shelf.at(address)
        assert by_id is by_address
        assert by_id is not None
        assert (by_id.asset_id, by_id.address) == (asset_id, address)


@pytest.mark.parametrize("name", ["brand/x-00000", "nope-00001", "codes/qr-99999999", "a-000001", "0" * 32])
def test_a_repetition_that_does_not_exist_is_not_there(many: Desk, name: str) -> None:
    """A typing error would make an asset."""
    before = len(many.cloud.shelf)

    assert many.cloud.shelf.at(("image", "upload", name)) is None
    assert many.cloud.shelf.get(name) is None
    assert len(many.cloud.shelf) == before


def test_a_late_page_of_a_million_keeps_nothing() -> None:
    """A large library would cost what a small one costs, times ten thousand."""
    world = build_world(seed=3, assets=1_000_000)
    desk = Desk(build(world), world.secrets["cloudinary"])
    path = f"/v1_1/{desk.cloud.name}/resources/search"

    first = desk.ask("POST", path, json={"max_results": 30, "sort_by": [{"bytes": "asc"}]}).json()
    cursor = f"{first['next_cursor'][:32]}{9_000 * 30:08x}"
    late = desk.ask("POST", path, json={"max_results": 30, "sort_by": [{"bytes": "asc"}], "next_cursor": cursor}).json()

    assert first["total_count"] > 300_000
    assert len(late["resources"]) == 30
    assert desk.cloud.shelf.kept() == []
