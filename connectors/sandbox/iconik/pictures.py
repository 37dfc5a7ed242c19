"""Thumbnails: real pictures made smaller, remembered for a while."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from connectors.sandbox.world import WorldFile

POSTER_PX: Final = 640
KEYFRAME_PX: Final = 256
MEDIA_TYPE: Final = "image/jpeg"


def thumbnail_size(picture: WorldFile, longest_px: int) -> tuple[int, int]:
    """Width and height that :func:`thumbnail` will have; the box itself when the picture's own size is unknown."""
    width, height = picture.width_px or longest_px, picture.height_px or longest_px
    scale = min(1.0, longest_px / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def can_draw(file: WorldFile) -> bool:
    """Whether Pillow makes a thumbnail of it: pixels yes, vectors and documents only through a poster of theirs."""
    return file.media_type in {"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff"}


@lru_cache(maxsize=256)
def thumbnail(read: Callable[[], bytes], longest_px: int) -> bytes | None:
    """A JPEG of what ``read`` gives, no longer than ``longest_px`` either way; None when that is no picture."""
    try:
        with Image.open(BytesIO(read())) as opened:
            flat = Image.new("RGB", opened.size, "white")
            with_alpha = opened.convert("RGBA")
            flat.paste(with_alpha, mask=with_alpha)
    except (UnidentifiedImageError, OSError):
        return None
    flat.thumbnail((longest_px, longest_px))
    out = BytesIO()
    flat.save(out, "JPEG", quality=85)
    return out.getvalue()
