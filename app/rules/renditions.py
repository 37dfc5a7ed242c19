"""What a picture must be for each channel, and the sentence of what is wrong with one.

Source: domain rules 3.7 (email: 600 px wide, Gmail clips near 102 KB of HTML and counts what is embedded in it) and 3.8
(print: 300 ppi for photographs and 1,200 for line art at the placed size, 3 mm bleed, colours); flows C2 and C3 and
feature M7 for formats. Density is *effective*: pixels over placed inches, whatever the file says of itself.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from app.records import Channel, Finding, FindingLevel

PHOTO_PPI: Final = 300
LINE_ART_PPI: Final = 1200
BLEED_MM: Final = 3
MAIL_WIDTH_PX: Final = 600
MAIL_CLIP_BYTES: Final = 102 * 1024
"""Gmail shows about this much of a mail and hides the rest."""
PREVIEW_DENSITY: Final = 2
"""Beyond twice the shown width no screen of a mail reader shows more (CHOSEN)."""

_LEAST_MM: Final = 0.01
"""Nothing is placed smaller: a lesser number is a slip of who measured, and taken for no size at all."""
_MM_PER_INCH: Final = Fraction(254, 10)
_MAIL_FORMATS: Final = frozenset({"image/jpeg", "image/png", "image/gif"})
_WEB_FORMATS: Final = _MAIL_FORMATS | {"image/webp", "image/avif", "image/svg+xml"}
_SOME_MAIL_READERS: Final = frozenset({"image/webp", "image/avif"})
_VECTORS: Final = frozenset({"image/svg+xml", "application/pdf", "application/postscript"})


class Colours(StrEnum):
    """How a picture says its colours."""

    RGB = "RGB"
    CMYK = "CMYK"
    GREY = "grey"
    SPOT = "spot"
    UNKNOWN = "unknown"


class PrintStandard(StrEnum):
    """What the printer was promised."""

    X_1A = "PDF/X-1a"
    """No RGB at all."""
    X_4 = "PDF/X-4"
    """RGB with an output intent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One file of an asset, as measured."""

    name: str
    """Such as ``print original`` or ``mail 600``."""
    media_type: str
    width_px: int
    height_px: int
    size_bytes: int
    colours: Colours = Colours.UNKNOWN
    is_animated: bool = False
    is_line_art: bool = False

    @property
    def is_vector(self) -> bool:
        """Whether it has no pixels to count."""
        return self.media_type.casefold() in _VECTORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a picture stands. Print is placed in millimetres of the trimmed page, a screen in CSS pixels."""

    channel: Channel
    place: str
    """What people call it, such as ``banner, page 2``."""
    width_mm: float = 0
    height_mm: float = 0
    bleeds_wide: int = 0
    """How many of the left and right edges it runs over, from 0 to 2."""
    bleeds_high: int = 0
    """How many of the upper and lower edges it runs over, from 0 to 2."""
    standard: PrintStandard = PrintStandard.X_4
    width_px: int = 0
    """0 where the page decides."""

    def __post_init__(self) -> None:
        """Raises: ValueError when a size is negative or no number."""
        if not (0 <= self.width_mm < math.inf and 0 <= self.height_mm < math.inf and self.width_px >= 0):
            raise ValueError("a placed size is a number, and not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a picture must have for one placement."""

    width_px: int
    """0 where any width does."""
    height_px: int
    ppi: int
    """0 on screens."""
    media_types: frozenset[str]
    """Empty where any does."""


def target(placement: Placement, *, is_line_art: bool = False) -> Target:
    """What ``placement`` asks of a picture with pixels. Whole pixels, rounded to the nearest: A4 is 2,480 wide."""
    match placement.channel:
        case Channel.PRINT:
            ppi = LINE_ART_PPI if is_line_art else PHOTO_PPI
            return Target(
                width_px=_pixels(placement.width_mm, bleeds=placement.bleeds_wide, ppi=ppi),
                height_px=_pixels(placement.height_mm, bleeds=placement.bleeds_high, ppi=ppi),
                ppi=ppi,
                media_types=frozenset(),
            )
        case Channel.EMAIL:
            return Target(width_px=placement.width_px, height_px=0, ppi=0, media_types=_MAIL_FORMATS)
        case Channel.WEB:
            return Target(width_px=placement.width_px, height_px=0, ppi=0, media_types=_WEB_FORMATS)
        case Channel.SMS:
            return Target(width_px=0, height_px=0, ppi=0, media_types=frozenset())


def effective_ppi(rendition: Rendition, placement: Placement) -> float | None:
    """Pixels over placed inches, of the worse of both sides; None for vectors and where no size is placed."""
    sides = (
        (rendition.width_px, placement.width_mm, placement.bleeds_wide),
        (rendition.height_px, placement.height_mm, placement.bleeds_high),
    )
    densities = [
        Fraction(pixels) / (_printed_mm(millimetres, bleeds=bleeds) / _MM_PER_INCH)
        for pixels, millimetres, bleeds in sides
        if millimetres >= _LEAST_MM
    ]
    return float(min(densities)) if densities and not rendition.is_vector else None


def rendition_findings(rendition: Rendition, placement: Placement) -> tuple[Finding, ...]:
    """What is wrong with ``rendition`` at ``placement``; one finding that passes when nothing is."""
    match placement.channel:
        case Channel.PRINT:
            found = _about_density(rendition, placement) + _about_colours(rendition, placement)
        case Channel.EMAIL:
            found = _about_mail_format(rendition) + _about_screen_width(rendition, placement)
        case Channel.WEB:
            found = _about_web_format(rendition) + _about_screen_width(rendition, placement)
        case Channel.SMS:
            found = [(FindingLevel.ERROR, "A text message carries no picture: send a link")]
    place = f"{placement.channel.label} · {placement.place}"
    return tuple(
        Finding(level=level, sentence=sentence, place=place, channel=placement.channel)
        for level, sentence in found or [(FindingLevel.PASSED, _praise(rendition, placement))]
    )


def mail_weight_finding(html_bytes: int, embedded: Iterable[Rendition] = ()) -> Finding:
    """Whether a mail of ``html_bytes`` is shown whole. ``embedded`` pictures are not in that number yet.

    A picture that is written into the HTML weighs a third more than its file (base64).
    """
    weight = html_bytes + sum(-(-each.size_bytes // 3) * 4 for each in embedded)
    is_clipped = weight > MAIL_CLIP_BYTES
    words = f"The mail weighs {-(-weight // 1024)} KB"
    return Finding(
        level=FindingLevel.ERROR if is_clipped else FindingLevel.PASSED,
        sentence=f"{words}, Gmail clips at {MAIL_CLIP_BYTES // 1024} KB" if is_clipped else words,
        place="Email · whole mail",
        channel=Channel.EMAIL,
    )


def best_rendition(renditions: Iterable[Rendition], placement: Placement) -> Rendition | None:
    """The lightest of ``renditions`` without an error and in a format that is safe there, or None.

    Those without a warning go before lighter ones that have one. Equal ones are told apart by name, so that their order
    does not count.
    """
    safe = target(placement).media_types
    usable: list[tuple[bool, int, str, str, Rendition]] = []
    for each in renditions:
        levels = {finding.level for finding in rendition_findings(each, placement)}
        if FindingLevel.ERROR not in levels and (not safe or each.media_type.casefold() in safe):
            usable.append((FindingLevel.WARNING in levels, each.size_bytes, each.name, repr(each), each))
    return min(usable, key=lambda ranked: ranked[:-1])[-1] if usable else None


_Said: TypeAlias = tuple[FindingLevel, str]


def _about_density(rendition: Rendition, placement: Placement) -> list[_Said]:
    if rendition.is_vector:
        return []
    ppi = effective_ppi(rendition, placement)
    if ppi is None:
        return [(FindingLevel.WARNING, "Its placed size is not known, so nobody can say whether it is sharp enough")]
    wanted = target(placement, is_line_art=rendition.is_line_art)
    if rendition.width_px >= wanted.width_px and rendition.height_px >= wanted.height_px:
        return []
    narrow = rendition.width_px < wanted.width_px
    needs, has = (wanted.width_px, rendition.width_px) if narrow else (wanted.height_px, rendition.height_px)
    side = "wide" if narrow else "high"
    kind = "line art" if rendition.is_line_art else "a photograph"
    return [
        (
            FindingLevel.ERROR,
            f"It needs {needs:,} px {side}, has {has:,}: {int(ppi)} ppi, and {kind} needs {wanted.ppi:,}",
        )
    ]


def _about_colours(rendition: Rendition, placement: Placement) -> list[_Said]:
    if rendition.colours is not Colours.RGB:
        return []
    if placement.standard is PrintStandard.X_1A:
        return [(FindingLevel.ERROR, "Its colours are RGB, and PDF/X-1a takes CMYK, grey or spot colours alone")]
    return [(FindingLevel.WARNING, "Its colours are RGB, which PDF/X-4 takes with an output intent alone")]


def _about_mail_format(rendition: Rendition) -> list[_Said]:
    found: list[_Said] = []
    media_type = rendition.media_type.casefold()
    if media_type in _SOME_MAIL_READERS:
        found.append((FindingLevel.WARNING, f"Not every mail reader shows {_format(rendition)}: use JPEG or PNG"))
    elif media_type not in _MAIL_FORMATS:
        found.append((FindingLevel.ERROR, f"Mail readers do not show {_format(rendition)}: use JPEG or PNG"))
    if rendition.is_animated:
        found.append((FindingLevel.WARNING, "It moves, and some mail readers show its first picture alone"))
    return found


def _about_web_format(rendition: Rendition) -> list[_Said]:
    if rendition.media_type.casefold() in _WEB_FORMATS:
        return []
    return [(FindingLevel.ERROR, f"Browsers do not show {_format(rendition)} as a picture")]


def _about_screen_width(rendition: Rendition, placement: Placement) -> list[_Said]:
    found: list[_Said] = []
    shown = placement.width_px
    is_mail = placement.channel is Channel.EMAIL
    if rendition.colours is Colours.CMYK:
        found.append((FindingLevel.WARNING, "Its colours are CMYK, which screens show wrongly or not at all"))
    if is_mail and shown > MAIL_WIDTH_PX:
        found.append((FindingLevel.ERROR, f"It is shown {shown:,} px wide, and a mail is {MAIL_WIDTH_PX}"))
    if shown and not rendition.is_vector:
        if rendition.width_px < shown:
            found.append((FindingLevel.WARNING, f"It is shown {shown:,} px wide, has {rendition.width_px:,}: it blurs"))
        elif is_mail and rendition.width_px > shown * PREVIEW_DENSITY:
            most = shown * PREVIEW_DENSITY
            found.append(
                (FindingLevel.WARNING, f"It is {rendition.width_px:,} px wide, and {most:,} are all that is seen")
            )
    return found


def _praise(rendition: Rendition, placement: Placement) -> str:
    ppi = effective_ppi(rendition, placement) if placement.channel is Channel.PRINT else None
    if ppi is not None:
        return f"{round(ppi):,} ppi at the placed size"
    return (
        "It has no pixels to count" if rendition.is_vector else f"{rendition.width_px:,} px wide, {_format(rendition)}"
    )


def _format(rendition: Rendition) -> str:
    return rendition.media_type.rpartition("/")[2].partition("+")[0].upper() or "a file of no known kind"


def _pixels(millimetres: float, *, bleeds: int, ppi: int) -> int:
    return round(_printed_mm(millimetres, bleeds=bleeds) / _MM_PER_INCH * ppi) if millimetres >= _LEAST_MM else 0


def _printed_mm(millimetres: float, *, bleeds: int) -> Fraction:
    return Fraction(millimetres) + bleeds * BLEED_MM
