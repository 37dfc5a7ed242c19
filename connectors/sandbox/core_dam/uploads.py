"""Multipart requests: their text parts, JSON parts in either form, and their files (core-dam 8)."""

import asyncio
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, UnidentifiedImageError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from connectors.sandbox.core_dam.state import RASTER
from connectors.sandbox.world import AssetKind, WorldFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One multipart body. A JSON part counts as text whether it came plain or as a named blob (CONFIRMED)."""

    texts: Mapping[str, str]
    files: tuple[WorldFile, ...] = field(default=())


async def read_upload(request: Request) -> Upload:
    """All parts of ``request``; files keep their order whatever their parts are called."""
    texts: dict[str, str] = dict(request.query_params)
    files: list[WorldFile] = []
    async with request.form() as form:
        for key, part in form.multi_items():
            if isinstance(part, str):
                texts[key] = part
            elif (part.content_type or "").startswith("application/json"):
                texts[key] = (await part.read()).decode(errors="replace")
            else:
                files.append(await _received(part))
    return Upload(texts=texts, files=tuple(files))


def kind_of(file: WorldFile) -> AssetKind:
    """What sort of asset a file makes."""
    if file.media_type == "image/svg+xml":
        return AssetKind.VECTOR
    main = file.media_type.partition("/")[0]
    return {"image": AssetKind.IMAGE, "video": AssetKind.VIDEO}.get(main, AssetKind.DOCUMENT)


async def _received(part: UploadFile) -> WorldFile:
    content = await part.read()
    name = part.filename or "unnamed"
    said = part.content_type or ""
    if said in {"", "application/octet-stream"}:
        said = mimetypes.guess_type(name)[0] or "application/octet-stream"
    width_px, height_px = await asyncio.to_thread(_measures, said, content)
    return WorldFile(
        name=name,
        media_type=said,
        size_bytes=len(content),
        read=lambda: content,
        width_px=width_px,
        height_px=height_px,
    )


def _measures(media_type: str, content: bytes) -> tuple[int | None, int | None]:
    """Pixels of a picture that can be read; none for everything else, damaged pictures included."""
    if media_type not in RASTER:
        return None, None
    try:
        with Image.open(BytesIO(content)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None, None
