"""Search as a person and as other clients use it: words, conditions, facets, folders, pages."""

import json
from dataclasses import replace

import pytest

from connectors.core_dam import (
    CoreDamClient,
    FacetRestriction,
    FieldCondition,
    FolderId,
    Joint,
    KeywordScope,
    SearchPage,
    SearchQuery,
    SystemField,
    TableCondition,
)
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.world import World
from tests.connectors.sandbox.core_dam.driver import ask, request, session_headers


def names(page: SearchPage) -> list[str]:
    return sorted(asset.name for asset in page.assets)


def found(sandbox: CoreDamSandbox, query: SearchQuery) -> SearchPage:
    return ask(sandbox, lambda dam: dam.search_page(query))


STATUS = "PD.FIELD.STATUS"
LANGUAGE = "PD.FIELD.LANGUAGE"


def test_everything_comes_once_across_pages(sandbox: CoreDamSandbox) -> None:
    """A sync that skips or doubles an asset shows a wrong library."""

    async def work(dam: CoreDamClient) -> list[str]:
        return [asset.name async for page in dam.search(SearchQuery(limit=2)) for asset in page.assets]

    assert len(ask(sandbox, work)) == 7
    assert len(set(ask(sandbox, work))) == 7


@pytest.mark.contract("core_dam 4.6", "core_dam 4.b2")
def test_pages_are_followed_when_the_server_caps_them(world: World) -> None:
    """The server may hold less on a page than was asked for."""
    capped = build(world, page_cap=3)

    async def work(dam: CoreDamClient) -> list[int]:
        return [page.hit_count async for page in dam.search(SearchQuery(limit=200))]

    assert ask(capped, work) == [3, 3, 1]


@pytest.mark.contract("core_dam 4.3")
@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ("*", 7),
        ("spring", 1),
        ("SPRING and hero", 1),
        ("(spring or logo)", 2),
        ("cover not motor", 5),
        ('"policy cover"', 1),
        ("deutschland", 0),
        ("german", 1),
        ("nothing-like-this", 0),
    ],
)
def test_keywords_are_read_as_people_write_them(sandbox: CoreDamSandbox, keywords: str, expected: int) -> None:
    """Search must find by label and by text, and obey its own small words."""
    assert found(sandbox, SearchQuery(keywords=keywords)).total_hit_count == expected


@pytest.mark.contract("core_dam 4.4")
def test_content_is_searched_only_in_its_scope(sandbox: CoreDamSandbox) -> None:
    """A word inside a drawing is not a word about it."""
    inside = found(sandbox, SearchQuery(keywords="harbour", scope=KeywordScope.CONTENT))
    about = found(sandbox, SearchQuery(keywords="harbour", scope=KeywordScope.METADATA))

    assert names(inside) == ["logo.svg"]
    assert names(about) == ["policy-cover.png"]


def test_old_versions_are_found_only_when_asked_for(sandbox: CoreDamSandbox) -> None:
    """The library keeps every version as an asset of its own."""
    everything = found(sandbox, SearchQuery(newest_only=False))

    assert everything.total_hit_count == 9


@pytest.mark.contract("core_dam 8.8")
def test_versions_of_one_asset_come_newest_first(sandbox: CoreDamSandbox) -> None:
    """The viewer's history is this list."""

    async def work(dam: CoreDamClient) -> list[tuple[int, bool]]:
        newest = (await dam.search_page(SearchQuery(keywords="policy"))).assets[0]
        return [(each.version, each.is_latest_version) for each in await dam.versions(newest.original_asset_id)]

    assert ask(sandbox, work) == [(3, True), (2, False), (1, False)]


@pytest.mark.contract("core_dam 9.3")
def test_a_field_condition_compares_codes(sandbox: CoreDamSandbox) -> None:
    """Approval is a code; the label may be renamed by the site at any time."""
    approved = found(sandbox, SearchQuery(conditions=(FieldCondition(field_id=STATUS, value="APPR"),)))

    assert approved.total_hit_count == 5


def test_conditions_chain_with_brackets(sandbox: CoreDamSandbox) -> None:
    """German or French, and not everything else."""
    conditions = (
        FieldCondition(field_id=LANGUAGE, value="de_DE", opens=True),
        FieldCondition(field_id=LANGUAGE, value="fr_FR", joint=Joint.OR, closes=True),
    )

    assert names(found(sandbox, SearchQuery(conditions=conditions))) == ["policy-cover.png", "spring-banner.png"]


def test_a_table_condition_finds_a_row(sandbox: CoreDamSandbox) -> None:
    """Where-used is such a question."""
    condition = TableCondition(
        table_id="PD.TABLE.MARKETS", columns=(FieldCondition(field_id="PD.COLUMN.MARKET", value="SOUTH"),)
    )

    assert names(found(sandbox, SearchQuery(conditions=(condition,)))) == ["policy-cover.png"]


@pytest.mark.contract("core_dam 4.b4")
def test_an_unknown_field_is_reported_and_not_applied(sandbox: CoreDamSandbox) -> None:
    """A person who believes in a filter that was dropped sends the wrong picture."""
    page = found(sandbox, SearchQuery(conditions=(FieldCondition(field_id="NO.SUCH.FIELD", value="x"),)))

    assert page.has_invalid_conditions
    assert page.total_hit_count == 7


@pytest.mark.contract("core_dam 4.b3")
def test_facets_count_what_was_found(sandbox: CoreDamSandbox) -> None:
    """The numbers beside the filters are promises."""
    facets = {facet.field_id: facet for facet in found(sandbox, SearchQuery()).facets}

    counts = {bucket.value: bucket.asset_count for bucket in facets[SystemField.MIME_TYPE].values}
    languages = {bucket.value: bucket.asset_count for bucket in facets[LANGUAGE].values}
    assert counts == {"image/png": 5, "application/pdf": 1, "image/svg+xml": 1}
    assert languages == {"German (Germany)": 1, "French (France)": 1, None: 5}


def test_a_ticked_facet_filters_and_keeps_its_alternatives(sandbox: CoreDamSandbox) -> None:
    """One must be able to tick a second value of the same facet."""
    ticked = FacetRestriction(field_id=SystemField.MIME_TYPE, values=("application/pdf",))

    page = found(sandbox, SearchQuery(facets=(ticked,)))

    facets = {facet.field_id: facet for facet in page.facets}
    assert page.total_hit_count == 1
    assert len(facets[SystemField.MIME_TYPE].values) == 3
    assert sum(bucket.asset_count for bucket in facets[STATUS].values) == 1


def test_a_facet_can_ask_for_empty_fields(sandbox: CoreDamSandbox) -> None:
    """``null`` means that nobody filled it in."""
    empty = FacetRestriction(field_id="PRODUCT_CHAR_ID", values=(None,))

    assert names(found(sandbox, SearchQuery(facets=(empty,)))) == ["tariff.pdf"]


@pytest.mark.contract("core_dam 4.12")
@pytest.mark.parametrize(("descendants", "expected"), [(True, 5), (False, 0)])
def test_a_folder_filter_reaches_as_deep_as_asked(sandbox: CoreDamSandbox, descendants: bool, expected: int) -> None:
    """``marketing`` itself is empty; its sub-folder is not."""

    async def work(dam: CoreDamClient) -> int:
        root = (await dam.root_folders())[0]
        marketing = next(each for each in await dam.sub_folders(root.folder_id) if each.name == "marketing")
        query = SearchQuery(folder_id=FolderId(marketing.folder_id), with_descendants=descendants)
        return (await dam.search_page(query)).total_hit_count

    assert ask(sandbox, work) == expected


@pytest.mark.contract("core_dam 4.7")
def test_the_order_is_the_one_asked_for(sandbox: CoreDamSandbox) -> None:
    """Polling for changes depends on it."""
    up = found(sandbox, SearchQuery(sort="asc_NAME"))
    down = found(sandbox, SearchQuery(sort="desc_NAME"))

    assert [asset.name for asset in up.assets] == [asset.name for asset in reversed(down.assets)]
    assert up.assets[0].name == "logo.svg"


@pytest.mark.contract("core_dam 4.13")
def test_ids_alone_carry_no_assets(sandbox: CoreDamSandbox) -> None:
    """A reconciliation of a large library asks for nothing more."""
    page = found(sandbox, replace(SearchQuery(), ids_only=True))

    assert len(page.asset_ids) == 7
    assert page.assets == ()


def test_the_query_string_spelling_finds_the_same(sandbox: CoreDamSandbox) -> None:
    """Other clients search with GET."""
    answer = request(
        sandbox, "GET", "/otmmapi/v6/search/text?keyword_query=spring&limit=1", headers=session_headers(sandbox)
    )

    assert answer.json()["search_result_resource"]["search_result"]["hit_count"] == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("search_condition_list", "{not json"),
        ("keyword_query", "(" * 100_000),
        ("limit", "many"),
        ("after", "9" * 5000),
        ("load_type", "everything"),
        ("folder_filter", "x"),
    ],
)
def test_a_malformed_search_is_refused_in_the_vendors_shape(sandbox: CoreDamSandbox, name: str, value: str) -> None:
    """A developer learns what was wrong from the answer."""
    answer = request(sandbox, "POST", "/otmmapi/v6/search/text", headers=session_headers(sandbox), data={name: value})

    assert answer.status_code in {400, 404}
    assert "exception_body" in answer.json()


@pytest.mark.contract("core_dam 4.15")
def test_the_vendors_own_condition_text_is_understood(sandbox: CoreDamSandbox) -> None:
    """Byte for byte the nesting that public clients send."""
    conditions = {
        "search_condition_list": {
            "search_condition": [
                {
                    "type": "com.artesia.search.SearchFulltextCondition",
                    "keyword": "spring",
                    "scope_id": 3,
                }
            ]
        }
    }

    answer = request(
        sandbox,
        "POST",
        "/otmmapi/v6/search/text",
        headers=session_headers(sandbox),
        data={"search_condition_list": json.dumps(conditions)},
    )

    assert answer.json()["search_result_resource"]["search_result"]["total_hit_count"] == 1


@pytest.mark.contract("core_dam 4.9")
def test_only_the_named_fields_come_back(sandbox: CoreDamSandbox) -> None:
    """A list of ten thousand needs a title and nothing else."""
    page = found(sandbox, SearchQuery(metadata_to_return=("PD.FIELD.TITLE", "PD.COLUMN.MARKET")))

    metadata = page.assets[0].metadata
    assert metadata is not None
    assert set(metadata.fields) == {"PD.FIELD.TITLE"}
    assert set(metadata.tables) == {"PD.TABLE.MARKETS"}


def test_everything_but_one_is_not_that_one(sandbox: CoreDamSandbox) -> None:
    """An id that is excluded must not be taken for one that is asked for."""
    banner = found(sandbox, SearchQuery(keywords="hero")).assets[0]
    others = FieldCondition(
        field_id=SystemField.ASSET_ID, value=banner.asset_id, operator="ARTESIA.OPERATOR.CHAR.IS NOT"
    )

    page = found(sandbox, SearchQuery(conditions=(others,)))

    assert page.total_hit_count == 6
    assert banner.asset_id not in page.asset_ids


def test_nothing_is_divided_by_ids(sandbox: CoreDamSandbox) -> None:
    """Such a restriction is left out, and said to be."""
    page = found(sandbox, SearchQuery(facets=(FacetRestriction(field_id=SystemField.ASSET_ID, values=("x",)),)))

    assert (page.total_hit_count, page.has_invalid_conditions) == (7, True)
