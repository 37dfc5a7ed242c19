"""What each channel is given: Cloudinary's transformations for print, mail, web, phones, the grid and the preview.

What a parameter does is CONFIRMED, the combinations and sizes are CHOSEN (wire contract "Cloudinary" §9.1). Mail never
gets ``f_auto``: the desktop Outlook cannot show what it may choose. In-app pictures pin JPEG or PNG, which Qt can read.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from connectors.cloudinary.delivery import Rendition, step, transformation
from connectors.cloudinary.layers import PictureLayer, Recipe
from connectors.cloudinary.models import ResourceType


class Purpose(StrEnum):
    """What a rendition is for."""

    PRINT = "print"
    EMAIL = "email"
    WEB = "web"
    MOBILE = "mobile"
    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"


_OF_IMAGES: Final = MappingProxyType(
    {
        # A3 at 300 dpi; the tag adds no pixels, so the original's size decides whether it is enough.
        Purpose.PRINT: Rendition(
            transformation=transformation(
                step(c="limit", h=4961, w=3508), step(cs="cmyk", dn=300, q=100), step(fl="attachment")
            ),
            extension="tif",
        ),
        Purpose.EMAIL: Rendition(
            transformation=transformation(step(c="limit", w=600), step(cs="srgb"), step(q="auto:good")), extension="jpg"
        ),
        Purpose.WEB: Rendition(transformation=transformation(step(c="limit", w=1600), step(f="auto"), step(q="auto"))),
        Purpose.MOBILE: Rendition(
            transformation=transformation(
                step(ar="4:5", c="fill", g="auto", w=1080), step(f="auto"), step(q="auto:eco")
            )
        ),
        Purpose.THUMBNAIL: Rendition(
            transformation=transformation(step(c="limit", h=320, w=320), step(f="jpg"), step(q="auto")), extension="jpg"
        ),
        Purpose.PREVIEW: Rendition(
            transformation=transformation(step(c="limit", h=1600, w=1600), step(f="png")), extension="png"
        ),
    }
)

_OF_VIDEOS: Final = MappingProxyType(
    {
        Purpose.PRINT: Rendition(
            transformation=transformation(
                step(so=0), step(c="limit", h=4961, w=3508), step(q=100), step(fl="attachment")
            ),
            extension="jpg",
        ),
        Purpose.EMAIL: Rendition(
            transformation=transformation(step(c="limit", so="auto", w=600), step(q="auto:good")), extension="jpg"
        ),
        Purpose.WEB: Rendition(
            transformation=transformation(
                step(c="limit", w=1280), step(vc="auto"), step(f="auto:video"), step(q="auto")
            )
        ),
        Purpose.MOBILE: Rendition(
            transformation=transformation(step(c="limit", w=720), step(vc="h264"), step(f="mp4"), step(q="auto:eco")),
            extension="mp4",
        ),
        Purpose.THUMBNAIL: Rendition(
            transformation=transformation(step(c="limit", h=320, so="auto", w=320), step(q="auto")), extension="jpg"
        ),
        # A preview plays, so it is the original itself.
        Purpose.PREVIEW: Rendition(),
    }
)


def rendition_for(purpose: Purpose, resource_type: ResourceType) -> Rendition | None:
    """The rendition of such an asset for ``purpose``; None for ``raw``, of which the vendor makes none."""
    match resource_type:
        case ResourceType.IMAGE:
            return _OF_IMAGES[purpose]
        case ResourceType.VIDEO:
            return _OF_VIDEOS[purpose]
        case _:
            return None


def with_watermark(rendition: Rendition, logo: str) -> Rendition:
    """``rendition`` with the asset ``logo`` in its lower right corner, as proofs carry it (§9.1, CHOSEN).

    It lies on the sized picture, so it stands before the first step that chooses a format or a quality.
    """
    steps = rendition.transformation.split("/") if rendition.transformation else []
    place = next((at for at, one in enumerate(steps) if one.startswith(("f_", "q_", "cs_", "fl_"))), len(steps))
    mark = (
        Recipe()
        .overlay(PictureLayer(public_id=logo))
        .step(crop="scale", opacity=60, width=200)
        .place("south_east", x=10, y=10)
    )
    marked = transformation(*steps[:place], *mark.steps, *steps[place:])
    return Rendition(transformation=marked, extension=rendition.extension)
