"""Whether a picture is good enough for where it stands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Channel, FindingLevel
from app.rules.renditions import (
    MAIL_CLIP_BYTES,
    Colours,
    Placement,
    PrintStandard,
    Rendition,
    best_rendition,
    effective_ppi,
    mail_weight_finding,
    rendition_findings,
    target,
)

A4_WIDE = Placement(channel=Channel.PRINT, place="banner, page 2", width_mm=210)
A4 = replace(A4_WIDE, height_mm=297)
MAIL = Placement(channel=Channel.EMAIL, place="banner", width_px=600)
WEB = Placement(channel=Channel.WEB, place="banner", width_px=320)
SMS = Placement(channel=Channel.SMS, place="whole text")


def picture(
    width_px: int = 2480,
    height_px: int = 3508,
    *,
    media_type: str = "image/jpeg",
    colours: Colours = Colours.CMYK,
    size_bytes: int = 80_000,
    is_animated: bool = False,
    is_line_art: bool = False,
    name: str = "original",
) -> Rendition:
    return Rendition(
        name=name,
        media_type=media_type,
        width_px=width_px,
        height_px=height_px,
        size_bytes=size_bytes,
        colours=colours,
        is_animated=is_animated,
        is_line_art=is_line_art,
    )


def said(rendition: Rendition, placement: Placement) -> list[tuple[FindingLevel, str]]:
    return [(finding.level, finding.sentence) for finding in rendition_findings(rendition, placement)]


@pytest.mark.parametrize(
    ("placement", "is_line_art", "width_px", "height_px"),
    [
        (A4_WIDE, False, 2480, 0),
        (A4, False, 2480, 3508),
        (A4, True, 9921, 14031),
        (replace(A4, bleeds_wide=2, bleeds_high=2), False, 2551, 3579),
        (replace(A4, bleeds_wide=1), False, 2516, 3508),
        (Placement(channel=Channel.PRINT, place="stamp", width_mm=25.4, height_mm=25.4), False, 300, 300),
        (MAIL, False, 600, 0),
        (SMS, False, 0, 0),
    ],
)
def test_what_a_place_asks_for(placement: Placement, is_line_art: bool, width_px: int, height_px: int) -> None:
    """The numbers that printers ask for, bleed and all; one pixel off and every A4 scan is refused."""
    wanted = target(placement, is_line_art=is_line_art)

    assert (wanted.width_px, wanted.height_px) == (width_px, height_px)


@pytest.mark.parametrize(
    ("rendition", "placement", "level", "sentence"),
    [
        (picture(), A4, FindingLevel.PASSED, "300 ppi at the placed size"),
        (
            picture(1200),
            A4_WIDE,
            FindingLevel.ERROR,
            "It needs 2,480 px wide, has 1,200: 145 ppi, and a photograph needs 300",
        ),
        (
            picture(2480, 1754),
            A4,
            FindingLevel.ERROR,
            "It needs 3,508 px high, has 1,754: 150 ppi, and a photograph needs 300",
        ),
        (
            picture(is_line_art=True),
            A4_WIDE,
            FindingLevel.ERROR,
            "It needs 9,921 px wide, has 2,480: 299 ppi, and line art needs 1,200",
        ),
        (
            picture(),
            replace(A4, bleeds_wide=2),
            FindingLevel.ERROR,
            "It needs 2,551 px wide, has 2,480: 291 ppi, and a photograph needs 300",
        ),
        (
            picture(),
            replace(A4, width_mm=0, height_mm=0),
            FindingLevel.WARNING,
            "Its placed size is not known, so nobody can say whether it is sharp enough",
        ),
        (picture(10, 10, media_type="image/svg+xml"), A4, FindingLevel.PASSED, "It has no pixels to count"),
        (
            picture(colours=Colours.RGB),
            A4,
            FindingLevel.WARNING,
            "Its colours are RGB, which PDF/X-4 takes with an output intent alone",
        ),
        (
            picture(colours=Colours.RGB),
            replace(A4, standard=PrintStandard.X_1A),
            FindingLevel.ERROR,
            "Its colours are RGB, and PDF/X-1a takes CMYK, grey or spot colours alone",
        ),
    ],
)
def test_print(rendition: Rendition, placement: Placement, level: FindingLevel, sentence: str) -> None:
    """What the printer finds after sign-off costs a run."""
    assert said(rendition, placement) == [(level, sentence)]


@pytest.mark.parametrize(
    ("rendition", "level", "sentence"),
    [
        (picture(600, 200, colours=Colours.RGB), FindingLevel.PASSED, "600 px wide, JPEG"),
        (picture(1200, 400, colours=Colours.RGB), FindingLevel.PASSED, "1,200 px wide, JPEG"),
        (
            picture(1201, 400, colours=Colours.RGB),
            FindingLevel.WARNING,
            "It is 1,201 px wide, and 1,200 are all that is seen",
        ),
        (picture(599, 200, colours=Colours.RGB), FindingLevel.WARNING, "It is shown 600 px wide, has 599: it blurs"),
        (
            picture(600, 200, colours=Colours.CMYK),
            FindingLevel.WARNING,
            "Its colours are CMYK, which screens show wrongly or not at all",
        ),
        (
            picture(600, 200, colours=Colours.RGB, media_type="image/webp"),
            FindingLevel.WARNING,
            "Not every mail reader shows WEBP: use JPEG or PNG",
        ),
        (
            picture(600, 200, colours=Colours.RGB, media_type="image/svg+xml"),
            FindingLevel.ERROR,
            "Mail readers do not show SVG: use JPEG or PNG",
        ),
        (
            picture(600, 200, colours=Colours.RGB, media_type="image/gif", is_animated=True),
            FindingLevel.WARNING,
            "It moves, and some mail readers show its first picture alone",
        ),
    ],
)
def test_mail(rendition: Rendition, level: FindingLevel, sentence: str) -> None:
    """What one mail reader shows, another leaves empty."""
    assert said(rendition, MAIL) == [(level, sentence)]


def test_a_mail_is_not_wider_than_a_mail() -> None:
    """On a telephone it would scroll sideways."""
    wide = replace(MAIL, width_px=640)

    assert said(picture(640, 200, colours=Colours.RGB), wide) == [
        (FindingLevel.ERROR, "It is shown 640 px wide, and a mail is 600")
    ]


@pytest.mark.parametrize(
    ("media_type", "level"),
    [
        ("image/webp", FindingLevel.PASSED),
        ("IMAGE/AVIF", FindingLevel.PASSED),
        ("image/svg+xml", FindingLevel.PASSED),
        ("image/tiff", FindingLevel.ERROR),
        ("", FindingLevel.ERROR),
    ],
)
def test_web(media_type: str, level: FindingLevel) -> None:
    """A portal takes more than a mail, and still no scan of a printer's."""
    assert said(picture(640, 200, colours=Colours.RGB, media_type=media_type), WEB)[0][0] is level


@pytest.mark.parametrize(
    ("rendition", "placement"),
    [
        (picture(10, 10, colours=Colours.RGB), Placement(channel=Channel.WEB, place="where the page decides")),
        (picture(0, 0, colours=Colours.RGB), Placement(channel=Channel.WEB, place="where the page decides")),
        (picture(10, 10, colours=Colours.RGB, media_type="image/svg+xml"), WEB),
    ],
)
def test_width_counts_where_it_is_placed_and_has_pixels(rendition: Rendition, placement: Placement) -> None:
    """A drawing that is sharp at any size would be called blurred."""
    assert said(rendition, placement)[0][0] is FindingLevel.PASSED


def test_a_text_message_takes_no_picture() -> None:
    """The gateway would send the words alone, or nothing."""
    assert said(picture(), SMS) == [(FindingLevel.ERROR, "A text message carries no picture: send a link")]


@pytest.mark.parametrize(
    ("html_bytes", "embedded", "level", "sentence"),
    [
        (MAIL_CLIP_BYTES, [], FindingLevel.PASSED, "The mail weighs 102 KB"),
        (MAIL_CLIP_BYTES + 1, [], FindingLevel.ERROR, "The mail weighs 103 KB, Gmail clips at 102 KB"),
        (24 * 1024, [60_000], FindingLevel.ERROR, "The mail weighs 103 KB, Gmail clips at 102 KB"),
        (24 * 1024, [59_000], FindingLevel.PASSED, "The mail weighs 101 KB"),
    ],
)
def test_a_mail_is_shown_whole_or_not(html_bytes: int, embedded: list[int], level: FindingLevel, sentence: str) -> None:
    """What stands below the cut, the unsubscribe link for one, is not there for the reader."""
    finding = mail_weight_finding(html_bytes, [picture(size_bytes=size) for size in embedded])

    assert (finding.level, finding.sentence) == (level, sentence)


@pytest.mark.parametrize(("placement", "name"), [(A4, "original"), (MAIL, "mail"), (WEB, "web"), (SMS, None)])
def test_the_best_rendition_is_the_lightest_that_fits(placement: Placement, name: str | None) -> None:
    """A mail would carry the printer's original, and the printer get the mail's."""
    offered = [
        picture(name="original", size_bytes=9_000_000),
        picture(600, 200, colours=Colours.RGB, name="mail", size_bytes=60_000),
        picture(640, 210, colours=Colours.RGB, name="web", media_type="image/webp", size_bytes=20_000),
    ]

    best = best_rendition(offered, placement)

    assert (best.name if best else None) == name


def test_a_mail_never_gets_webp_however_light() -> None:
    """An empty frame at the head of every mail that a desktop reader opens."""
    light = picture(600, 200, colours=Colours.RGB, media_type="image/webp", size_bytes=1)

    assert best_rendition([light], MAIL) is None


@pytest.mark.parametrize("width_mm", [-1.0, float("nan"), float("inf")])
def test_a_placed_size_is_a_number(width_mm: float) -> None:
    """A measure that went wrong would pass every picture, or none."""
    with pytest.raises(ValueError, match="number"):
        replace(A4, width_mm=width_mm)


RENDITIONS = st.builds(
    Rendition,
    name=st.sampled_from(["a", "b"]),
    media_type=st.sampled_from(["image/jpeg", "image/png", "image/webp", "image/svg+xml", "image/tiff", ""]),
    width_px=st.integers(0, 12_000),
    height_px=st.integers(0, 12_000),
    size_bytes=st.integers(0, 10_000_000),
    colours=st.sampled_from(Colours),
    is_animated=st.booleans(),
    is_line_art=st.booleans(),
)
PLACEMENTS = st.builds(
    Placement,
    channel=st.sampled_from(Channel),
    place=st.just("banner"),
    width_mm=st.floats(0, 1000, allow_nan=False),
    height_mm=st.floats(0, 1000, allow_nan=False),
    bleeds_wide=st.integers(0, 2),
    bleeds_high=st.integers(0, 2),
    standard=st.sampled_from(PrintStandard),
    width_px=st.integers(0, 2000),
)


@given(RENDITIONS, PLACEMENTS)
def test_every_picture_in_every_place_has_a_verdict(rendition: Rendition, placement: Placement) -> None:
    """A place without a finding looks checked and is not."""
    findings = rendition_findings(rendition, placement)

    assert findings
    passed = [finding for finding in findings if finding.level is FindingLevel.PASSED]
    assert not passed or len(findings) == 1
    assert all(finding.channel is placement.channel for finding in findings)


@given(RENDITIONS, PLACEMENTS, st.integers(0, 5000))
def test_more_pixels_are_never_less_sharp(rendition: Rendition, placement: Placement, more: int) -> None:
    """A better scan would be refused where the worse one passed."""
    placement = replace(placement, channel=Channel.PRINT)
    larger = replace(rendition, width_px=rendition.width_px + more, height_px=rendition.height_px + more)

    def errors(each: Rendition) -> int:
        return sum(finding.level is FindingLevel.ERROR for finding in rendition_findings(each, placement))

    assert errors(larger) <= errors(rendition)
    assert (effective_ppi(larger, placement) or 0) >= (effective_ppi(rendition, placement) or 0)


@given(RENDITIONS, st.floats(1, 500), st.floats(1, 4))
def test_placed_larger_it_is_never_sharper(rendition: Rendition, width_mm: float, times: float) -> None:
    """Density is of the placed size, not of the file."""
    small = replace(A4_WIDE, width_mm=width_mm)
    large = replace(A4_WIDE, width_mm=width_mm * times)

    assert (effective_ppi(rendition, large) or 0) <= (effective_ppi(rendition, small) or 0)


@given(st.lists(RENDITIONS, max_size=5), PLACEMENTS)
def test_the_best_is_one_of_them_without_an_error_whatever_their_order(
    renditions: list[Rendition], placement: Placement
) -> None:
    """A refresh would change which file goes into a running campaign."""
    best = best_rendition(renditions, placement)

    assert best == best_rendition(renditions[::-1], placement)
    if best is not None:
        assert best in renditions
        assert all(finding.level is not FindingLevel.ERROR for finding in rendition_findings(best, placement))


@given(st.integers(0, 10**7), st.lists(RENDITIONS, max_size=3), RENDITIONS)
def test_an_embedded_picture_never_makes_a_mail_lighter(
    html_bytes: int, embedded: list[Rendition], more: Rendition
) -> None:
    """Weight only grows."""
    is_clipped = [
        mail_weight_finding(html_bytes, each).level is FindingLevel.ERROR for each in (embedded, [*embedded, more])
    ]

    assert is_clipped[0] <= is_clipped[1]
