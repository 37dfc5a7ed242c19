"""The question is really evaluated: words, filters, facets, order and pages."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from connectors.errors import InvalidError
from connectors.iconik import (
    DocType,
    Exists,
    Filter,
    IconikClient,
    Is,
    IsBetween,
    IsOneOf,
    Operator,
    Order,
    SearchCriteria,
    Sort,
    escaped,
)
from connectors.iconik.criteria import Term
from connectors.iconik.models import AssetId, SearchDocument, SearchPage
from connectors.sandbox.world import Library
from tests.connectors.sandbox.iconik.desk import Desk

LONG_AGO = datetime(2026, 1, 15, tzinfo=UTC)
"""Weeks before the world of these tests begins."""


def slugs(hits: list[SearchDocument]) -> set[str]:
    """Which assets of the world these are."""
    return {hit.external_id for hit in hits}


def in_world(desk: Desk, *words: str) -> set[str]:
    """Slugs of iconik's assets whose slug has all of ``words``."""
    return {
        asset.slug
        for asset in desk.world.assets
        if asset.library is Library.ICONIK and all(word in asset.slug for word in words)
    }


@pytest.mark.contract("iconik 5.4")
def test_search_after_reaches_every_asset_once(desk: Desk) -> None:
    """A page that skips or repeats is an asset that the desk does not know."""

    async def in_small_pages(iconik: IconikClient) -> list[str]:
        found: list[str] = []
        after: tuple[object, ...] = ()
        while True:
            page = await iconik.search_page(SearchCriteria(), per_page=7, search_after=after)
            if not page.objects:
                return found
            found += [hit.external_id for hit in page.objects]
            after = page.objects[-1].sort

    found = desk.run(in_small_pages)

    assert len(found) == len(set(found))
    assert set(found) == in_world(desk)


@pytest.mark.contract("iconik 5.1")
def test_numbered_pages_reach_every_asset_once(desk: Desk) -> None:
    """The vendor's own clients page by number."""
    pages = [
        desk.ask("POST", f"/API/search/v1/search/?page={page}&per_page=20", json={"doc_types": ["assets"]}).json()
        for page in (1, 2, 3)
    ]

    found = [hit["external_id"] for page in pages for hit in page["objects"]]
    assert len(found) == len(set(found))
    assert set(found) == in_world(desk)
    assert [page["next_url"] is None for page in pages] == [False, False, True]


@pytest.mark.contract("iconik 6.b3")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("title:(spring banner french)", ("spring-banner-fr",)),
        ('title:"spring banner"', ("spring-banner",)),
        ("title:spring AND NOT title:banner", ("spring-print",)),
        ("title:spri* title:b?nner", ("spring-banner",)),
        ("(title:leaf OR nothing)", ("leaf-icon",)),
        ("metadata.Language:pl", ("banner-pl",)),
        (escaped("Lire votre facture"), ("lire-votre-facture",)),
        ("LIRE", ("lire-votre-facture",)),
    ],
)
def test_a_query_finds_what_it_names(desk: Desk, query: str, words: tuple[str, ...]) -> None:
    """Search by words is the first thing that anybody does."""
    assert slugs(desk.find(SearchCriteria(query=query))) == in_world(desk, *words)


@pytest.mark.parametrize("query", ["zzz", "spring:banner", "_exists_:no_such_field", "title:[x TO"])
def test_a_query_that_fits_nothing_finds_nothing(desk: Desk, query: str) -> None:
    """A colon left bare makes a field of the word before it: the result shrinks silently, as in the real service."""
    assert desk.find(SearchCriteria(query=query)) == []


@pytest.mark.contract("iconik 6.b1", "iconik 6.b2")
@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Is(name="media_type", value="video"), lambda hit: hit.media_type == "video"),
        (
            IsOneOf(name="approval_status", values=("REQUESTED", "NOT_APPROVED")),
            lambda hit: hit.approval_status in {"REQUESTED", "NOT_APPROVED"},
        ),
        (IsBetween(name="date_created", highest=LONG_AGO), lambda hit: hit.date_created <= LONG_AGO),
        (Exists(name="metadata.Product"), lambda hit: bool(hit.values("Product"))),
        (Exists(name="metadata.AltText", exists=False), lambda hit: not hit.values("AltText")),
        (Is(name="external_id", value="leaf-icon"), lambda hit: hit.external_id == "leaf-icon"),
    ],
    ids=["value", "value_in", "range", "exists", "missing", "key"],
)
def test_every_kind_of_term_filters(desk: Desk, term: Term, expected: Callable[[SearchDocument], bool]) -> None:
    """A filter that is ignored shows assets that the person has excluded."""
    found = desk.find(SearchCriteria(filter=Filter(terms=(term,))))

    assert found
    assert slugs(found) == slugs([hit for hit in desk.find(SearchCriteria()) if expected(hit)])


def test_filters_nest(desk: Desk) -> None:
    """ "Videos, or images in French, but nothing rejected" is an everyday question."""
    wanted = Filter(
        filters=(
            Filter(
                operator=Operator.OR,
                terms=(Is(name="media_type", value="video"),),
                filters=(
                    Filter(terms=(Is(name="media_type", value="image"), Is(name="metadata.Language", value="fr"))),
                ),
            ),
            Filter(operator=Operator.NOT, terms=(Is(name="approval_status", value="NOT_APPROVED"),)),
        )
    )

    found = desk.find(SearchCriteria(filter=wanted))

    assert found
    assert all(hit.media_type == "video" or hit.values("Language") == ("fr",) for hit in found)
    assert all(hit.approval_status != "NOT_APPROVED" for hit in found)


@pytest.mark.contract("iconik 6.b4")
def test_a_facets_own_filter_does_not_hide_its_other_values(desk: Desk) -> None:
    """The person who chose "video" must still see how many images there are."""

    async def ask(iconik: IconikClient) -> SearchPage:
        return await iconik.search_page(
            SearchCriteria(facets=("media_type",), facets_filters={"media_type": ("video",)})
        )

    page = desk.run(ask)

    counts = {bucket.key: bucket.doc_count for bucket in page.facets["media_type"].buckets}
    assert {hit.media_type for hit in page.objects} == {"video"}
    assert counts["video"] == page.total
    assert counts["image"] > 0


def test_the_order_is_the_one_asked_for(desk: Desk) -> None:
    """Lists are read from the top."""
    titles = [hit.title for hit in desk.find(SearchCriteria(sort=(Sort(name="title", order=Order.DESC),)))]

    assert titles == sorted(titles, reverse=True)


def test_a_search_without_an_order_puts_the_best_first(desk: Desk) -> None:
    """The word in the title weighs more than the one in a keyword."""
    hits = desk.find(SearchCriteria(query="spring", sort=()))

    assert "Spring" in hits[0].title


def test_only_what_was_asked_for_comes_back(desk: Desk) -> None:
    """A list of thousands is asked for with few fields; the cursor must be among them."""
    answer = desk.ask("POST", "/API/search/v1/search/", json={"doc_types": ["assets"], "include_fields": ["metadata"]})

    assert set(answer.json()["objects"][0]) == {"id", "title", "object_type", "_sort", "metadata"}


def test_collections_and_comments_are_found_too(desk: Desk) -> None:
    """They are documents of the same index."""

    asset_id = AssetId(desk.hit("leaf-icon").id)

    async def comment(iconik: IconikClient) -> None:
        await iconik.add_comment(asset_id, "logo far too small", external_id="k")

    desk.run(comment)

    folders = desk.find(SearchCriteria(query="campaigns", doc_types=(DocType.COLLECTIONS,)))
    comments = desk.find(SearchCriteria(query="logo small", doc_types=(DocType.SEGMENTS,)))

    assert [folder.title for folder in folders] == ["campaigns"]
    assert [found.object_type for found in comments] == ["segments"]


@pytest.mark.parametrize(
    "body",
    [
        {"doc_types": ["everything"]},
        {"filter": {"operator": "XOR"}},
        {"filter": {"operator": "AND", "terms": [{"value": "x"}]}},
        {"filter": {"operator": "AND", "terms": [{"name": "x"}]}},
        {"sort": [{"name": "title", "order": "up"}]},
        {"search_after": ["one too", "many", "by", "far"]},
        {"facets": "media_type"},
        {"facets": [1]},
        {"metadata_view_id": "00000000-0000-0000-0000-000000000000", "search_after": [1]},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(desk: Desk, body: dict[str, object]) -> None:
    """Answering something else would be worse."""
    first = desk.ask("POST", "/API/search/v1/search/", json=body)
    second = desk.ask("POST", "/API/search/v2/search/", json=body)

    assert (first.status_code, set(first.json())) == (400, {"errors"})
    assert (second.status_code, set(second.json())) == (422, {"detail"})


def test_the_desk_reads_a_refused_question(desk: Desk) -> None:
    """The field that was wrong is named to the person."""

    async def ask(iconik: IconikClient) -> SearchPage:
        return await iconik.search_page(SearchCriteria(), search_after=("only one",))

    with pytest.raises(InvalidError) as caught:
        desk.run(ask)

    assert set(caught.value.fields) == {"search_after"}


def test_suggestions_complete_a_word(desk: Desk) -> None:
    """The vendor's own search box calls this."""
    answer = desk.ask("POST", "/API/search/v1/search/suggest/", json={"query": "lea", "field_name": "title"})

    assert any("Leaf" in suggestion["value"] for suggestion in answer.json()["objects"])
