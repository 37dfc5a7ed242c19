"""What an uploaded file is: its kind, format, size in pixels and length, told by its bytes.

Pictures are read by Pillow, SVG and MP4 by their own heads; everything else is ``raw``.
"""

import io
import re
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import defusedxml.ElementTree
from PIL import Image

_PILLOW_FORMATS: Final = {"JPEG": "jpg", "MPO": "jpg", "TIFF": "tif", "ICNS": "icns", "ICO": "ico"}
_NUMBER: Final = re.compile(r"\s*(\d+(?:\.\d+)?)")
_FIXED_POINT: Final = 65536
_BOX_HEAD: Final = 8
_CONTAINERS: Final = frozenset({b"moov", b"trak"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found."""

    resource_type: str
    format: str
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None


def inspect(content: bytes, filename: str) -> Inspection:
    """Look into ``content``; a file that is no picture and no video is ``raw``, its format the name's extension."""
    extension = PurePosixPath(filename).suffix.lstrip(".").lower()
    if content.startswith(b"%PDF-"):
        return Inspection(resource_type="image", format="pdf")
    if b"<svg" in content[:4096]:
        return _svg(content)
    if content[4:8] == b"ftyp" and content[8:12] not in {b"avif", b"heic", b"mif1"}:
        return _mp4(content, "mov" if content[8:10] == b"qt" else "mp4")
    if content.startswith(b"\x1aE\xdf\xa3"):
        return Inspection(resource_type="video", format="webm")
    if extension in {"mp3", "wav", "ogg", "m4a"}:
        return Inspection(resource_type="video", format=extension)
    try:
        with Image.open(io.BytesIO(content)) as picture:
            kind = picture.format or "raw"
            width_px, height_px = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Inspection(resource_type="raw", format=extension)
    return Inspection(
        resource_type="image",
        format=_PILLOW_FORMATS.get(kind, kind.lower()),
        width_px=width_px,
        height_px=height_px,
    )


def _svg(content: bytes) -> Inspection:
    try:
        root = defusedxml.ElementTree.fromstring(content)
    except (defusedxml.ElementTree.ParseError, defusedxml.DefusedXmlException, ValueError):
        return Inspection(resource_type="raw", format="svg")
    box = root.get("viewBox", "").replace(",", " ").split()
    sizes = [_NUMBER.match(root.get(side, "")) for side in ("width", "height")]
    width_px, height_px = (round(float(size[1])) if size else None for size in sizes)
    if len(box) == 4 and width_px is None:  # noqa: PLR2004 - x, y, width, height
        width_px, height_px = round(float(box[2])), round(float(box[3]))
    return Inspection(resource_type="image", format="svg", width_px=width_px, height_px=height_px)


def _mp4(content: bytes, extension: str) -> Inspection:
    """Length out of ``mvhd`` and the largest picture out of the tracks' ``tkhd``, both of ISO/IEC 14496-12."""
    duration_s: float | None = None
    width_px = height_px = 0
    for kind, body in _boxes(content):
        try:
            if kind == b"mvhd":
                wide = body[0] == 1
                scale, length = struct.unpack_from(">IQ" if wide else ">II", body, 20 if wide else 12)
                duration_s = length / scale if scale else None
            elif kind == b"tkhd":
                wide_fixed, high_fixed = struct.unpack(">II", body[-8:])
                width_px = max(width_px, wide_fixed // _FIXED_POINT)
                height_px = max(height_px, high_fixed // _FIXED_POINT)
        except (struct.error, IndexError):
            break
    return Inspection(
        resource_type="video",
        format=extension,
        width_px=width_px or None,
        height_px=height_px or None,
        duration_s=duration_s,
    )


def _boxes(content: bytes) -> list[tuple[bytes, bytes]]:
    """The boxes of the file and of its containers, flat."""
    found: list[tuple[bytes, bytes]] = []
    waiting = [content]
    while waiting:
        data = waiting.pop()
        at = 0
        while at + _BOX_HEAD <= len(data):
            size, kind = struct.unpack_from(">I4s", data, at)
            end = len(data) if size == 0 else at + size
            if size == 1 or end <= at + _BOX_HEAD - 1 or end > len(data):
                break
            body = data[at + _BOX_HEAD : end]
            if kind in _CONTAINERS:
                waiting.append(body)
            else:
                found.append((kind, body))
            at = end
    return found
