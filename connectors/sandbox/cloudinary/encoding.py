"""Pictures as bytes: which format an answer has, how good it is, and the encoder that makes it.

``f_auto`` looks at the Accept header (contract §9, CONFIRMED): WebP where it is accepted, else JPEG, or PNG for a
picture with transparency (INFERRED).
"""

import io
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from PIL import Image

from connectors.sandbox.cloudinary.delivery_path import Step
from connectors.sandbox.cloudinary.pictures import on_background
from connectors.sandbox.cloudinary.refusals import RefusalError

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "tif": "image/tiff",
    "bmp": "image/bmp",
    "ico": "image/vnd.microsoft.icon",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
}
_SAME: Final = {"jpeg": "jpg", "jpe": "jpg", "tiff": "tif"}
_ENCODERS: Final = {
    "jpg": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
    "avif": "AVIF",
    "gif": "GIF",
    "tif": "TIFF",
    "bmp": "BMP",
    "ico": "ICO",
    "pdf": "PDF",
}
_OPAQUE: Final = frozenset({"jpg", "bmp", "pdf"})
_IN_CMYK: Final = frozenset({"jpg", "tif", "pdf"})
_NAMED_QUALITY: Final = {"best": 92, "good": 82, "eco": 66, "low": 45}
_DEFAULT_QUALITY: Final = 82


def same_format(name: str) -> str:
    """``jpg`` for ``jpeg`` and its like."""
    return _SAME.get(name.lower(), name.lower())


def is_picture_format(name: str) -> bool:
    """Whether a picture can be encoded as ``name``."""
    return same_format(name) in _ENCODERS


def negotiated(accept: str, *, has_alpha: bool) -> str:
    """The format that ``f_auto`` means for a reader that accepts ``accept``."""
    if "image/webp" in accept:
        return "webp"
    return "png" if has_alpha else "jpg"


def encode(picture: Image.Image, name: str, steps: Sequence[Step]) -> bytes:
    """``picture`` as a file of format ``name``, by the ``q`` and ``dn`` of ``steps``. Raises: RefusalError, 400."""
    if name not in _ENCODERS:
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid extension in transformation: {name}")
    options: dict[str, object] = {}
    if name in {"jpg", "webp", "avif"}:
        options["quality"] = _quality(steps)
    if name == "jpg":
        options |= {"optimize": True, "progressive": any("progressive" in one.get("fl", "") for one in steps)}
    density = _last(steps, "dn")
    if density is not None and name in {"jpg", "png", "tif"}:
        options["dpi"] = (_dpi(density), _dpi(density))
    if name == "pdf" and density is not None:
        options["resolution"] = float(_dpi(density))
    if name == "tif":
        options["compression"] = "tiff_lzw"
    kept = io.BytesIO()
    _fitting(picture, name).save(kept, format=_ENCODERS[name], **options)
    return kept.getvalue()


def _fitting(picture: Image.Image, name: str) -> Image.Image:
    if picture.mode == "CMYK":
        return picture if name in _IN_CMYK else picture.convert("RGB")
    if name in _OPAQUE:
        return on_background(picture, "white")
    if picture.mode in {"RGB", "RGBA", "L"}:
        return picture
    return picture.convert("RGBA")


def _quality(steps: Sequence[Step]) -> int:
    said = _last(steps, "q")
    if said is None or said == "auto":
        return _DEFAULT_QUALITY
    name, _, level = said.partition(":")
    if name == "auto" and level in _NAMED_QUALITY:
        return _NAMED_QUALITY[level]
    if not name.isdecimal() or not 1 <= int(name) <= 100:  # noqa: PLR2004 - per cent
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid transformation parameter - q_{said}")
    return int(name)


def _dpi(said: str) -> int:
    if not said.isdecimal() or not 1 <= int(said) <= 2400:  # noqa: PLR2004 - beyond any press
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid transformation parameter - dn_{said}")
    return int(said)


def _last(steps: Sequence[Step], key: str) -> str | None:
    return next((step[key] for step in reversed(steps) if key in step), None)
