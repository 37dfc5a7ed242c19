"""Search expressions made of values, and layers and steps of transformations."""

from datetime import UTC, date, datetime

import pytest

from connectors.cloudinary import (
    Band,
    Bands,
    Expression,
    PictureLayer,
    Purpose,
    Recipe,
    ResourceType,
    SearchQuery,
    TextLayer,
    field,
    rendition_for,
    text,
    with_watermark,
)

TAGS = field("tags")


@pytest.mark.contract(
    "cloudinary 3.4.1",
    "cloudinary 3.4.2",
    "cloudinary 3.4.3",
    "cloudinary 3.4.4",
    "cloudinary 3.4.5",
    "cloudinary 3.4.7",
)
@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (TAGS.is_("spring"), "tags=spring"),
        (TAGS.has("spring sale"), 'tags:"spring sale"'),
        (field("public_id").starts("brand/"), "public_id=brand/*"),
        (field("display_name").starts("Spring s"), 'display_name="Spring s*"'),
        (field("display_name").starts("*x"), 'display_name="\\*x*"'),
        (field("bytes").above("1m"), "bytes>1m"),
        (field("uploaded_at").above("1d"), "uploaded_at>1d"),
        (field("width").at_least(1000) & field("height").at_most(900), "width>=1000 AND height<=900"),
        (
            field("created_at").between(date(2026, 1, 1), date(2026, 2, 1), has_high=False),
            "created_at:[2026-01-01 TO 2026-02-01}",
        ),
        (
            field("last_updated").at_least(datetime(2026, 1, 2, tzinfo=UTC)),
            'last_updated>="2026-01-02T00:00:00+00:00"',
        ),
        (
            (TAGS.is_("a") | TAGS.is_("b")) & TAGS.is_("c") & ~TAGS.is_("d"),
            "(tags=a OR tags=b) AND tags=c AND NOT tags=d",
        ),
        (TAGS.is_("a") & (TAGS.is_("b") & TAGS.is_("c")), "tags=a AND tags=b AND tags=c"),
        (TAGS.is_("a") | TAGS.is_("b") & TAGS.is_("c"), "tags=a OR (tags=b AND tags=c)"),
        (~(TAGS.is_("a") | TAGS.is_("b")), "NOT (tags=a OR tags=b)"),
        (field("format").any_of(["png", "jpg"]), "format=png OR format=jpg"),
        (text("storm damage") & Expression(), '"storm damage"'),
        (~Expression() & text(" "), ""),
    ],
)
def test_an_expression_says_what_its_parts_say(made: Expression, expected: str) -> None:
    """A missing parenthesis would approve what was only to be listed."""
    assert str(made) == expected


def test_one_of_nothing_is_no_question() -> None:
    """An empty choice would find everything."""
    with pytest.raises(ValueError, match="leave the question out"):
        TAGS.any_of([])


@pytest.mark.contract("cloudinary 3.4.b1")
def test_counts_by_range_have_their_ends_where_the_vendor_wants_them() -> None:
    """A chart of sizes would count a file twice, or never."""
    bands = Bands(field="bytes", bands=(Band(key="small", high=1000), Band(key="large", low=1000)))

    body = SearchQuery(aggregate=("format", bands), fields=()).body()

    ranges = [{"key": "small", "to": 1000}, {"key": "large", "from": 1000}]
    assert body["aggregate"] == ["format", {"type": "bytes", "ranges": ranges}]


@pytest.mark.contract("cloudinary 9.b2", "cloudinary 9.b4")
@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (Recipe().resize("limit", width=600, height=400), "c_limit,h_400,w_600"),
        (Recipe().overlay(PictureLayer(public_id="brand/logo")).place("north"), "l_brand:logo/fl_layer_apply,g_north"),
        (Recipe().overlay(TextLayer(words="a, b/c")), "l_text:Arial_40:a%252C%20b%252Fc"),
        (Recipe().step(background="#ff0000", crop="pad"), "b_rgb:ff0000,c_pad"),
        (Recipe().trim(), ""),
        (Recipe().format("auto:video").quality(80), "f_auto:video/q_80"),
    ],
)
def test_a_recipe_is_what_a_url_carries(recipe: Recipe, expected: str) -> None:
    """A letter in print would carry a broken picture."""
    assert str(recipe) == expected


@pytest.mark.contract("cloudinary 9.1.6")
@pytest.mark.parametrize("purpose", [Purpose.WEB, Purpose.THUMBNAIL, Purpose.PRINT])
def test_a_proof_is_marked_before_its_format_is_chosen(purpose: Purpose) -> None:
    """The mark would be missing, or as large as the picture."""
    plain = rendition_for(purpose, ResourceType.IMAGE)
    assert plain is not None

    steps = with_watermark(plain, "brand/logo").transformation.split("/")

    at = steps.index("l_brand:logo")
    assert steps[at : at + 3] == ["l_brand:logo", "c_scale,o_60,w_200", "fl_layer_apply,g_south_east,x_10,y_10"]
    assert steps[:at] + steps[at + 3 :] == plain.transformation.split("/")
    assert steps[0].startswith("c_limit")


@pytest.mark.contract("cloudinary 9.1.3", "cloudinary 9.1.4", "cloudinary 9.1.5")
@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (Purpose.WEB, "c_limit,w_1600/f_auto/q_auto"),
        (Purpose.MOBILE, "ar_4:5,c_fill,g_auto,w_1080/f_auto/q_auto:eco"),
        (Purpose.THUMBNAIL, "c_limit,h_320,w_320/f_jpg/q_auto"),
    ],
)
def test_a_channel_gets_its_rendition(purpose: Purpose, expected: str) -> None:
    """Phones would load what was made for presses."""
    rendition = rendition_for(purpose, ResourceType.IMAGE)

    assert rendition is not None
    assert rendition.transformation == expected
