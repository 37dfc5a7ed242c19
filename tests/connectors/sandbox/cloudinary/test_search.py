"""The search expressions of the sandbox, over a library of five."""

import pytest

from connectors.cloudinary import Asset, CloudinaryClient, SearchQuery
from connectors.errors import InvalidError
from tests.connectors.sandbox.cloudinary.desk import Desk


async def _all(client: CloudinaryClient, query: SearchQuery) -> list[Asset]:
    return [asset async for asset in client.search(query)]


def names(desk: Desk, expression: str, **given: object) -> list[str]:
    query = SearchQuery(expression=expression, **given)  # type: ignore[arg-type]  # keywords of the query
    return [asset.public_id.rpartition("/")[2] for asset in desk.run(lambda client: _all(client, query))]


@pytest.mark.contract(
    "cloudinary 3.4.1",
    "cloudinary 3.4.2",
    "cloudinary 3.4.4",
    "cloudinary 3.4.5",
    "cloudinary 3.4.6",
    "cloudinary 3.4.7",
)
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", {"spring-banner", "storm-photo", "old-logo", "mark", "clip"}),
        ("storm", {"storm-photo"}),
        ("harbour", {"storm-photo"}),
        ("meadow", {"spring-banner"}),
        ("mea*", {"spring-banner"}),
        ('"in spring"', {"spring-banner"}),
        ('"spring in"', set()),
        ("tags=logo", {"old-logo", "mark"}),
        ("tags=lo*", {"old-logo", "mark"}),
        ("tags:LOGO", {"old-logo", "mark"}),
        ("tags=log", set()),
        ("tags:(logo OR storm)", {"old-logo", "mark", "storm-photo"}),
        ("tags=logo AND format=svg", {"mark"}),
        ("tags=logo format=svg", {"mark"}),
        ("tags=logo -format=svg", {"old-logo"}),
        ("NOT resource_type:image", {"clip"}),
        ("NOT (tags=logo OR tags=storm)", {"spring-banner", "clip"}),
        ("tags=storm OR tags=logo AND format=svg", {"storm-photo", "mark"}),
        ("public_id:brand/*", {"spring-banner", "storm-photo", "old-logo", "mark", "clip"}),
        ("folder=brand/spring", {"spring-banner"}),
        ("asset_folder:brand/*", {"spring-banner"}),
        ('display_name="Storm over the harbour"', {"storm-photo"}),
        ("display_name=Storm\\ over\\ the\\ harbour", {"storm-photo"}),
        ("width>=80 AND width<200", {"spring-banner"}),
        ("width:[80 TO 200]", {"spring-banner", "storm-photo"}),
        ("width:{80 TO 200]", {"storm-photo"}),
        ("bytes<1m", {"spring-banner", "storm-photo", "old-logo", "mark", "clip"}),
        ("bytes>1m", set()),
        ("duration>5", {"clip"}),
        ("uploaded_at>5d", {"storm-photo"}),
        ("created_at<1y", {"old-logo"}),
        ('created_at>="2026-10-30T00:00:00Z"', {"storm-photo"}),
        ("created_at:2026-10-30", {"storm-photo"}),
        ("created_at:[2026-10-01 TO 2026-10-31]", {"spring-banner", "storm-photo", "clip"}),
        ("moderation_status=pending", {"storm-photo"}),
        ("moderation_kind=manual AND -moderation_status=pending", {"spring-banner", "mark", "clip"}),
        ('context.alt:"meadow"', {"spring-banner"}),
        ("metadata.channels=print", {"spring-banner"}),
        ("metadata.license_end<=2026-12-31", {"spring-banner"}),
        ("metadata.license_end>2026-12-31", set()),
    ],
)
def test_an_expression_finds_what_it_says(desk: Desk, expression: str, expected: set[str]) -> None:
    """A search that finds something else would be trusted by every rule built on it."""
    assert set(names(desk, expression)) == expected


@pytest.mark.contract("cloudinary 3.4.3")
@pytest.mark.parametrize(
    ("expression", "at"),
    [
        ("*storm", 0),
        ("tags:*orm", 5),
        ("tags=st*rm", 7),
        ("(tags=logo", 10),
        ("tags=", 5),
        ("AND storm", 0),
        ("storm OR", 8),
        ('"storm', 0),
        ("nothing_like_it=1", 0),
        ("metadata.nothing=1", 0),
        ("width:[1 OR 2]", 9),
        ("storm)", 5),
        ("a ~ b", 2),
        ("(" * 60 + "a" + ")" * 60, 50),
    ],
)
def test_a_broken_expression_is_refused_where_it_breaks(desk: Desk, expression: str, at: int) -> None:
    """An expression that is silently understood otherwise hides the mistake."""
    with pytest.raises(InvalidError, match=rf"Query Error \(at position {at}\)"):
        names(desk, expression)


def test_the_newest_come_first_unless_asked_otherwise(desk: Desk) -> None:
    """Pages would show a shuffled library."""
    assert names(desk, "") == ["storm-photo", "clip", "spring-banner", "mark", "old-logo"]
    assert names(desk, "", sort_by=(("width", "asc"),)) == ["old-logo", "mark", "spring-banner", "storm-photo", "clip"]
    assert names(desk, "", sort_by=(("format", "asc"), ("width", "desc")))[-3:] == ["spring-banner", "old-logo", "mark"]


def test_pages_are_followed_to_the_end(desk: Desk) -> None:
    """What stands on the last page would never be synchronised."""
    assert len(names(desk, "", max_results=2)) == 5


@pytest.mark.contract("cloudinary 3.4.b3")
def test_a_cursor_belongs_to_its_query(desk: Desk) -> None:
    """A cursor that is taken for another query would mix two lists."""

    async def mixed(client: CloudinaryClient) -> None:
        page = await client.search_page(SearchQuery(max_results=2))
        await client.search_page(SearchQuery(expression="tags=logo", max_results=2), next_cursor=page.next_cursor)

    with pytest.raises(InvalidError, match="next_cursor"):
        desk.run(mixed)


@pytest.mark.contract("cloudinary 4.1")
def test_an_item_is_whole(desk: Desk) -> None:
    """The library would be shown without its review, rights and texts."""
    (asset,) = desk.run(lambda client: _all(client, SearchQuery(expression="tags=spring")))

    assert asset.display_name == "Spring Banner"
    assert asset.context_pairs == {"alt": "A meadow in spring"}
    assert asset.metadata["license_end"] == "2026-12-31"
    assert asset.metadata["channels"] == ["print", "web"] or asset.metadata["channels"] == ["web", "print"]
    assert asset.review == "approved"
    assert (asset.width, asset.height, asset.format) == (80, 40, "png")


@pytest.mark.contract("cloudinary 8.b6")
def test_search_gives_a_flat_context_and_only_what_was_asked(desk: Desk) -> None:
    """Detail and Search differ in their shapes, and clients are written to that."""
    bare = desk.ask("POST", "/v1_1/demo/resources/search", json={"expression": "tags=spring"}).json()
    asked = desk.ask(
        "POST", "/v1_1/demo/resources/search", json={"expression": "tags=spring", "with_field": ["context"]}
    ).json()

    assert "context" not in bare["resources"][0]
    assert asked["resources"][0]["context"] == {"alt": "A meadow in spring"}


@pytest.mark.contract("cloudinary 3.4.b1")
def test_counts_are_given_by_value_and_by_range(desk: Desk) -> None:
    """Facets beside the results would be empty."""
    ranges = {"type": "bytes", "ranges": [{"key": "small", "to": 10_000}, {"key": "big", "from": 10_000}]}

    answer = desk.ask(
        "POST", "/v1_1/demo/resources/search", json={"aggregate": ["resource_type", ranges], "max_results": 1}
    ).json()

    assert answer["aggregations"] == {"resource_type": {"image": 4, "video": 1}, "bytes": {"small": 5, "big": 0}}
