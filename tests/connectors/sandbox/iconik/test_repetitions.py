"""A library of repetitions answers as if each of them lay there, and costs next to nothing until it is asked for."""

from datetime import UTC, datetime
from functools import cache
from time import process_time
from typing import Any

import pytest

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.iconik import build
from connectors.sandbox.iconik.door import WINDOW
from connectors.sandbox.library import assets_in
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import Library, World
from tests.connectors.sandbox.iconik.desk import Desk

MILLION = 1_000_000
BY_DATE = [{"name": "date_created", "order": "desc"}, {"name": "id"}]


@cache
def _world(count: int) -> World:
    return build_world(
        seed=1, clock=SandboxClock(datetime(2026, 3, 4, 9, 0, tzinfo=UTC)), assets=count, customers=20, events=20
    )


def opened(count: int) -> Desk:
    """A tenant with a third, or so, of ``count`` assets."""
    return Desk(build(_world(count)), _world(count))


@cache
def _untouched() -> Desk:
    return opened(700)


@cache
def _touched() -> Desk:
    """The same tenant after somebody has looked at each asset, so that each is a record of its own."""
    desk = opened(700)
    for asset in everything(desk, {"doc_types": ["assets"]}):
        desk.ask("POST", f"/API/assets/v1/assets/{asset['id']}/views/")
        desk.world.clock.advance(WINDOW / 500)
    return desk


def page(desk: Desk, body: dict[str, Any], *, number: int = 1, size: int = 1000) -> dict[str, Any]:
    """One page of hits, without addresses."""
    path = f"/API/search/v1/search/?page={number}&per_page={size}&generate_signed_url=false"
    answer = desk.ask("POST", path, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def everything(desk: Desk, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Every hit on the first thousand."""
    found: list[dict[str, Any]] = page(desk, body)["objects"]
    return found


def term(name: str, **wanted: object) -> dict[str, Any]:
    """A question with one term."""
    return {"doc_types": ["assets"], "filter": {"operator": "AND", "terms": [{"name": name, **wanted}]}}


def nested(name: str, **wanted: object) -> dict[str, Any]:
    """The same under NOT, where no name narrows anything."""
    return {"doc_types": ["assets"], "filter": {"operator": "NOT", "terms": [{"name": name, **wanted}]}}


QUESTIONS: list[dict[str, Any]] = [
    {"doc_types": ["assets"]},
    {"doc_types": ["assets"], "sort": BY_DATE},
    {"doc_types": ["assets"], "sort": [{"name": "title", "order": "asc"}]},
    {"doc_types": ["assets"], "sort": [{"name": "title", "order": "desc"}, {"name": "id", "order": "desc"}]},
    {"doc_types": ["assets"], "sort": [{"name": "duration", "order": "desc"}, {"name": "title"}]},
    {"doc_types": ["assets"], "sort": [{"name": "media_type"}, {"name": "id", "order": "desc"}]},
    {"doc_types": ["assets"], "sort": [{"name": "id", "order": "desc"}]},
    {"query": "spring"},
    {"query": "spring 3"},
    {"query": '"banner 2"'},
    {"query": "title:spring AND NOT 4"},
    {"query": "sprin*"},
    {"query": "spring ?"},
    {"query": "metadata.Language:fr", "facets": ["media_type", "metadata.Keywords", "approval_status"]},
    {"facets": ["media_type"], "facets_filters": [{"name": "media_type", "value_in": ["video"]}]},
    {"facets": ["media_type", "status"], "facets_filters": [{"name": "title", "value_in": ["2"]}]},
    term("media_type", value="video"),
    term("title", value="3"),
    term("external_id", value="spring-banner-fr-00002"),
    term("external_id", value_in=["spring-banner-fr", "spring-banner-fr-00002", "spring-banner-fr-2"]),
    nested("external_id", value="spring-banner-fr-00002"),
    nested("title", value="spring"),
    term("approval_status", value="APPROVED"),
    term("date_created", range={"min": "2026-01-01"}),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_untouched_repetitions_are_found_as_records_would_be(question: dict[str, Any]) -> None:
    """What is concluded from a few must be what looking at each would have found, in the same order."""
    concluded, looked_at = page(_untouched(), question), page(_touched(), question)

    assert [hit["id"] for hit in concluded["objects"]] == [hit["id"] for hit in looked_at["objects"]]
    assert (concluded["total"], concluded["facets"]) == (looked_at["total"], looked_at["facets"])
    assert [hit["title"] for hit in concluded["objects"]] == [hit["title"] for hit in looked_at["objects"]]


@pytest.mark.parametrize("place", [0, 37, 150, 200])
def test_an_id_is_found_anywhere(place: int) -> None:
    """By itself, among others, and by what is not it."""
    wanted = everything(_touched(), {"doc_types": ["assets"]})[place]["id"]

    for question in (term("id", value=wanted), nested("id", value=wanted), {"query": f'id:"{wanted}"'}):
        concluded, looked_at = everything(_untouched(), question), everything(_touched(), question)
        assert [hit["id"] for hit in concluded] == [hit["id"] for hit in looked_at]


@pytest.mark.parametrize("sort", [BY_DATE, [{"name": "title", "order": "desc"}], [{"name": "media_type"}]])
def test_search_after_reaches_every_repetition_once(sort: list[dict[str, str]]) -> None:
    """A synchronisation that skips one never learns of it."""
    desk, seen, after = _untouched(), list[str](), list[object]()
    while True:
        body: dict[str, Any] = {"doc_types": ["assets"], "sort": sort}
        objects = page(desk, {**body, "search_after": after} if after else body, size=40)["objects"]
        if not objects:
            break
        seen += [hit["id"] for hit in objects]
        after = objects[-1]["_sort"]

    assert len(seen) == len(set(seen)) == len(assets_in(Library.ICONIK, _world(700).assets))


def test_a_repetition_that_was_changed_is_found_by_its_change() -> None:
    """It is an asset like any other from then on."""
    desk = opened(700)
    hit = everything(desk, {"doc_types": ["assets"], "query": "spring"})[-1]
    before = page(desk, {"doc_types": ["assets"]})["total"]

    desk.ask("PATCH", f"/API/assets/v1/assets/{hit['id']}/", json={"title": "Kingfisher"})

    assert [one["id"] for one in everything(desk, {"query": "kingfisher"})] == [hit["id"]]
    assert page(desk, {"doc_types": ["assets"]})["total"] == before


def test_a_repetition_that_was_deleted_leaves_its_lists() -> None:
    """And comes back to them."""
    desk = opened(700)
    listed = desk.ask("GET", "/API/assets/v1/assets/?per_page=1000").json()
    gone = listed["objects"][-1]["id"]
    (folder,) = listed["objects"][-1]["in_collections"]
    inside = f"/API/assets/v1/collections/{folder}/contents/?per_page=1000&object_types=assets"
    held = desk.ask("GET", inside).json()["total"]

    desk.ask("DELETE", f"/API/assets/v1/assets/{gone}/")

    assert desk.ask("GET", "/API/assets/v1/assets/?per_page=1000").json()["total"] == listed["total"] - 1
    assert desk.ask("GET", inside).json()["total"] == held - 1
    assert desk.ask("GET", f"/API/assets/v1/assets/{gone}/").status_code == 404
    desk.ask("PUT", f"/API/assets/v1/assets/{gone}/restore/")
    assert desk.ask("GET", inside).json()["total"] == held


def test_lists_and_folders_hold_every_repetition_once() -> None:
    """The page that lists them and the folder that holds them must agree."""
    desk = _untouched()
    listed = desk.ask("GET", "/API/assets/v1/assets/?per_page=1000").json()["objects"]
    folder = listed[0]["in_collections"][0]
    inside = desk.ask("GET", f"/API/assets/v1/collections/{folder}/contents/?per_page=1000&object_types=assets").json()
    info = desk.ask("GET", f"/API/assets/v1/collections/{folder}/content/info/").json()
    below = desk.ask("GET", f"/API/assets/v1/collections/{folder}/contents/?object_types=collections").json()["total"]

    assert len({asset["id"] for asset in listed}) == len(listed)
    assert sorted(one["id"] for one in inside["objects"]) == sorted(
        asset["id"] for asset in listed if folder in asset["in_collections"]
    )
    assert below or info["assets_count"] == inside["total"]


def test_a_million_assets_start_at_once_and_their_last_page_is_as_near_as_the_first() -> None:
    """People try the desk with their own size; a sandbox that takes minutes is not tried twice."""
    started = process_time()
    desk = opened(MILLION)
    built_s = process_time() - started
    total = page(desk, {"doc_types": ["assets"], "sort": BY_DATE}, size=1)["total"]

    def took(number: int) -> float:
        begun = process_time()
        page(desk, {"doc_types": ["assets"], "sort": BY_DATE}, number=number, size=30)
        return process_time() - begun

    first, far = min(took(1) for _ in range(3)), min(took(9000) for _ in range(3))

    assert total > MILLION / 4
    assert built_s < 10
    assert far < 3 * first + 0.05
