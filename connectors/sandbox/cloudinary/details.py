"""What a detail call adds on request: colours, pages, technical facts, related assets, one page of the renditions.

Source: contract §3.1 for the flags; the shapes of what they add are the vendor's documentation's (PYD) as far as known,
the figures are computed from the asset's own pixels. Faces are not looked for.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from PIL import Image

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.paging import MOST_ITEMS, Cursors
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.state import Cloud

_COLOURS: Final = 8
_HASH_SIDE: Final = 8
_DEFAULT_DERIVED: Final = 10


class Details:
    """Answers one resource with everything that a call asks of it."""

    def __init__(self, cloud: Cloud, cursors: Cursors) -> None:
        self._cloud = cloud
        self._cursors = cursors

    def answer(self, resource: Resource, parameters: Parameters) -> Answer:
        """GET resources/{asset_id} and resources/{resource_type}/{type}/{public_id}."""
        answer = answers.detailed(self._cloud, resource, with_versions=parameters.flag("versions"))
        answer |= self._derived(resource, parameters)
        if parameters.flag("related"):
            answer |= self._related(resource, parameters)
        asked = [name for name in _EXTRAS if parameters.flag(name)]
        if asked:
            picture = _pixels(resource)
            for name in asked:
                answer |= _EXTRAS[name](resource, picture)
        return answer

    def _derived(self, resource: Resource, parameters: Parameters) -> Answer:
        """The renditions, and where their list goes on when ``max_results`` cuts it."""
        if "max_results" not in parameters.values and "derived_next_cursor" not in parameters.values:
            return {}
        size = parameters.number("max_results", default=_DEFAULT_DERIVED, low=1, high=MOST_ITEMS)
        cursor = parameters.text("derived_next_cursor")
        page, after, _ = self._cursors.page(
            f"derived {resource.asset_id}", size=size, cursor=cursor, find=lambda: list(resource.derived)
        )
        shown = [
            answers.derived(self._cloud, resource, resource.derived[key]) for key in page if key in resource.derived
        ]
        return {"derived": shown, **({"derived_next_cursor": after} if after else {})}

    def _related(self, resource: Resource, parameters: Parameters) -> Answer:
        cursor = parameters.text("related_next_cursor")
        page, after, _ = self._cursors.page(
            f"related {resource.asset_id}", size=MOST_ITEMS, cursor=cursor, find=lambda: sorted(resource.related)
        )
        known = (self._cloud.get(asset_id) for asset_id in page)
        shown = [
            {
                "asset_id": one.asset_id,
                "public_id": one.public_id,
                "resource_type": one.resource_type,
                "type": one.type,
                "asset": f"{one.resource_type}/{one.type}/{one.public_id}",
            }
            for one in known
            if one
        ]
        return {"related_assets": shown, **({"related_next_cursor": after} if after else {})}


def _pixels(resource: Resource) -> Image.Image | None:
    file = resource.latest.poster or resource.latest.file
    try:
        picture = Image.open(io.BytesIO(file.read()))
        picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return picture


def _colours(resource: Resource, picture: Image.Image | None) -> Answer:
    """Each colour with its share in per cent, most frequent first."""
    del resource
    if picture is None:
        return {"colors": []}
    small = picture.convert("RGB").resize((64, 64)).quantize(_COLOURS).convert("RGB")
    counted: Sequence[tuple[int, tuple[int, int, int]]] = small.getcolors() or []  # type: ignore[assignment]  # RGB
    shares = [
        ["#{:02X}{:02X}{:02X}".format(*colour), round(count * 100 / (64 * 64), 1)]
        for count, colour in sorted(counted, reverse=True)
    ]
    return {"colors": shares, "predominant": {"google": shares[:3]}}


def _phash(resource: Resource, picture: Image.Image | None) -> Answer:
    """16 hex digits: which of 64 fields are lighter than the average."""
    del resource
    if picture is None:
        return {}
    levels = picture.convert("L").resize((_HASH_SIDE, _HASH_SIDE)).tobytes()
    average = sum(levels) / len(levels)
    bits = "".join("1" if level > average else "0" for level in levels)
    return {"phash": f"{int(bits, 2):016x}"}


def _media_metadata(resource: Resource, picture: Image.Image | None) -> Answer:
    facts: dict[str, object] = {"FileSize": resource.latest.file.size_bytes}
    if picture is not None:
        facts |= {"ImageWidth": str(picture.width), "ImageHeight": str(picture.height), "Colorspace": picture.mode}
        density = picture.info.get("dpi")
        if isinstance(density, tuple):
            facts |= {"XResolution": str(round(density[0])), "YResolution": str(round(density[1]))}
    if resource.latest.file.duration_s is not None:
        facts["Duration"] = resource.latest.file.duration_s
    return {"media_metadata": facts, "image_metadata": facts}


def _pages(resource: Resource, picture: Image.Image | None) -> Answer:
    del resource
    return {"pages": getattr(picture, "n_frames", 1) if picture is not None else 1}


def _faces(resource: Resource, picture: Image.Image | None) -> Answer:
    del resource, picture
    return {"faces": []}


def _coordinates(resource: Resource, picture: Image.Image | None) -> Answer:
    del resource, picture
    return {"coordinates": {"faces": []}}


def _quality(resource: Resource, picture: Image.Image | None) -> Answer:
    """How sharp the picture is by the spread of its lightness; 1 is best."""
    del resource
    if picture is None:
        return {}
    low, high = picture.convert("L").resize((64, 64)).getextrema()
    return {"quality_analysis": {"focus": round((float(high) - float(low)) / 255, 3)}}  # type: ignore[arg-type]  # L


def _accessibility(resource: Resource, picture: Image.Image | None) -> Answer:
    del resource
    if picture is None:
        return {}
    return {
        "accessibility_analysis": {
            "colorblind_accessibility_analysis": {"distinct_edges": 1.0, "distinct_colors": 1.0},
            "colorblind_accessibility_score": 1.0,
        }
    }


_EXTRAS: Final[Mapping[str, Callable[[Resource, Image.Image | None], Answer]]] = MappingProxyType(
    {
        "colors": _colours,
        "phash": _phash,
        "media_metadata": _media_metadata,
        "image_metadata": _media_metadata,
        "pages": _pages,
        "faces": _faces,
        "coordinates": _coordinates,
        "quality_analysis": _quality,
        "accessibility_analysis": _accessibility,
    }
)
