"""Thumbnails, previews and delivery sizes, really made; call these in a thread."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from connectors.sandbox.core_dam.state import RASTER, AssetRecord, ContentKind
from connectors.sandbox.world import WorldFile

THUMBNAIL_PX: Final = 220
PREVIEW_PX: Final = 1024
MAX_PX: Final = 6000
"""Asking for more is refused by the delivery host (CHOSEN)."""
_QUALITY: Final = 85
_MEDIA_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Bytes of a picture and what they are."""

    content: bytes
    media_type: str
    width_px: int
    height_px: int


def rendition(record: AssetRecord, kind: ContentKind) -> Picture | None:
    """The thumbnail or preview of ``record``; None when there is nothing to see."""
    source = record.replaced.get(kind) or record.picture
    if source is None or not source.width_px:  # a file that claims to be a picture and cannot be read has no width
        return None
    side = THUMBNAIL_PX if kind is ContentKind.THUMBNAIL else PREVIEW_PX
    return fitted(source, width_px=side, height_px=side, picture_format="JPEG")


def rendition_size(record: AssetRecord, kind: ContentKind) -> tuple[int, int] | None:
    """Width and height of what :func:`rendition` makes, without making it."""
    source = record.replaced.get(kind) or record.picture
    if source is None or not source.width_px or not source.height_px:
        return None
    side = THUMBNAIL_PX if kind is ContentKind.THUMBNAIL else PREVIEW_PX
    scale = min(1.0, side / max(source.width_px, source.height_px))
    return max(1, round(source.width_px * scale)), max(1, round(source.height_px * scale))


def fitted(source: WorldFile, *, width_px: int | None, height_px: int | None, picture_format: str = "") -> Picture:
    """``source`` scaled down into the given box, keeping its shape; never enlarged.

    ``picture_format`` is one of Pillow's names; empty keeps the source's own. Raises: OSError for a damaged picture.
    """
    return _fitted(source.read, width_px, height_px, picture_format)


def can_be_drawn(source: WorldFile) -> bool:
    """Whether Pillow reads it."""
    return source.media_type in RASTER


@lru_cache(maxsize=512)
def _fitted(read: Callable[[], bytes], width_px: int | None, height_px: int | None, picture_format: str) -> Picture:
    with Image.open(BytesIO(read())) as opened:
        kept = opened.format if opened.format in _MEDIA_TYPES else "PNG"
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((width_px or MAX_PX, height_px or MAX_PX))
        wanted = picture_format or str(kept)
        if wanted == "JPEG" and picture.mode != "RGB":
            picture = _on_white(picture)
        written = BytesIO()
        picture.save(written, wanted, quality=_QUALITY)
        return Picture(
            content=written.getvalue(),
            media_type=_MEDIA_TYPES[wanted],
            width_px=picture.width,
            height_px=picture.height,
        )


def _on_white(picture: Image.Image) -> Image.Image:
    """JPEG has no transparency; a see-through logo would turn black."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        ground.alpha_composite(layer)
        return ground.convert("RGB")
    return picture.convert("RGB")
