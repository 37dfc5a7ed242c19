"""Whether each picture is good enough where it stands, and what to take instead."""

from dataclasses import replace

import pytest

from app.checks.picture_sizes import size_findings, size_sentences
from app.records import AssetKey, AssetState, BillItem, Channel, FindingLevel, PictureUse, System
from tests.app.store.assets_made import make_asset

MAIL = PictureUse(
    channel=Channel.EMAIL,
    place="image 1",
    shown_px=600,
    width_px=1200,
    height_px=400,
    size_bytes=1,
    media_type="image/png",
)
ITEM = BillItem(
    slot="picture 1",
    name="Banner",
    version="v9",
    key=AssetKey(System.CLOUDINARY, "a1"),
    state=AssetState.APPROVED,
    uses=(MAIL,),
)


def item(**change: object) -> BillItem:
    return replace(ITEM, uses=(replace(MAIL, **change),))  # type: ignore[arg-type]  # each test says its own


@pytest.mark.parametrize(
    ("change", "said", "findings"),
    [
        ({}, "Email, image 1: meets its target (shown 600 px wide, delivered 1,200 px, PNG).", []),
        (
            {"width_px": 400},
            "Email, image 1: It is shown 600 px wide, has 400: it blurs. Take one 600 to 1,200 px wide, as JPEG or"
            " PNG.",
            [FindingLevel.WARNING],
        ),
        (
            {"media_type": "image/webp"},
            "Email, image 1: Not every mail reader shows WEBP: use JPEG or PNG. Take one 600 to 1,200 px wide, as JPEG"
            " or PNG.",
            [FindingLevel.WARNING],
        ),
        (
            {"media_type": "", "width_px": 0},
            "Email, image 1: shown 600 px wide; size and format of what is delivered are not known. Take one 600 to"
            " 1,200 px wide, as JPEG or PNG.",
            [],
        ),
        (
            {"media_type": ""},
            "Email, image 1: shown 600 px wide. Its format is not known. Take one 600 to 1,200 px wide, as JPEG or"
            " PNG.",
            [],
        ),
    ],
)
def test_each_use_meets_misses_or_is_unknown(
    change: dict[str, object], said: str, findings: list[FindingLevel]
) -> None:
    """“Looks fine here” would be all that anybody knows."""
    judged = item(**change)

    assert size_sentences(judged, None, [Channel.EMAIL]) == (said,)
    assert [found.level for found in size_findings([judged])] == findings


def test_print_says_how_wide_the_original_stays_sharp() -> None:
    """A banner for mail would be printed across a page."""
    asset = replace(make_asset("a1", name="Banner"), width_px=1200, media_type="image/png")

    assert size_sentences(ITEM, asset, [Channel.PRINT, Channel.EMAIL])[-1] == (
        "Print: its placed size is not known. The original’s 1,200 px are sharp up to 101 mm wide at 300 ppi;"
        " placed wider, take a larger original."
    )


def test_a_drawing_is_sharp_at_any_size_and_nobody_s_width_is_unknown() -> None:
    """A vector would be called too small, a picture of unknown size large enough."""
    drawing = replace(make_asset("a1", name="Logo"), width_px=10, media_type="image/svg+xml")

    assert "sharp at any size" in size_sentences(ITEM, drawing, [Channel.PRINT])[-1]
    assert size_sentences(ITEM, None, [Channel.PRINT])[-1] == "Print: neither its placed size nor its width is known."
