"""Renditions of resources: originals, pictures made on request, poster frames of videos; made once and then kept.

The work is done in threads. Videos are delivered as they were uploaded whatever the transformation says: the sandbox
has no encoder for them. A picture of a video or of a PDF is made from its poster; of an SVG, from the drawing.
"""

import asyncio
import hashlib
import io
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Final

import typst
from PIL import Image

from connectors.sandbox.cloudinary.choices import Course
from connectors.sandbox.cloudinary.delivery_path import Step, read_steps
from connectors.sandbox.cloudinary.encoding import (
    MEDIA_TYPES,
    encode,
    is_picture_format,
    negotiated,
    same_format,
)
from connectors.sandbox.cloudinary.parameters import SentFile
from connectors.sandbox.cloudinary.pictures import anchored, faded, transform, written
from connectors.sandbox.cloudinary.refusals import RefusalError, not_found
from connectors.sandbox.cloudinary.resource import Derived, Resource, Revision
from connectors.sandbox.cloudinary.state import Cloud

_KEPT_BYTES: Final = 128 * 1024 * 1024
_AT_ONCE: Final = 2
_SVG_PIXELS: Final = 2000
_SVG_PAGE: Final = (
    "#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)\n"
    '#image(bytes(sys.inputs.drawing), format: "svg", width: 100%, height: 100%)'
)
_NO_EFFECT: Final = frozenset({"f", "q", "fl", "dn", "so", "eo", "vc", "sp", "pg", "br", "ac", "du", "fps"})
"""Keys that are read elsewhere, or that only a video encoder could obey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """Bytes that can be delivered."""

    content: bytes = field(repr=False)
    media_type: str
    format: str
    width_px: int | None = None
    height_px: int | None = None
    is_negotiated: bool = False
    """Whether another Accept header might have led to another format."""

    @property
    def etag(self) -> str:
        """A hash of the content."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


class Renditions:
    """Makes and keeps the renditions of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._kept: OrderedDict[tuple[str, str, str, str], Rendition] = OrderedDict()
        self._kept_bytes = 0
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def make(self, resource: Resource, request: str) -> Derived:
        """What an ``eager`` item asks for: ``components[/components…][/ext]`` (§4.3)."""
        *parts, last = request.split("/")
        extension = last if is_picture_format(last) or last in MEDIA_TYPES else None
        transformation = "/".join(parts) if extension else request
        made = await self.deliver(resource, transformation, extension)
        return self._noted(resource, transformation, made)

    async def converted(self, file: SentFile, transformation: str, extension: str | None) -> SentFile:
        """A picture as an incoming transformation leaves it, before it is stored. Raises: RefusalError."""
        steps = self._steps(transformation)
        name = PurePosixPath(file.filename)
        wanted = _wanted_format(steps, extension) or same_format(name.suffix.lstrip(".") or "png")
        if not is_picture_format(wanted):
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid extension in transformation: {wanted}")

        def work() -> bytes:
            return encode(self._apply(_opened(file.content, file.filename), steps), wanted, steps)

        async with self._slots:
            return SentFile(filename=f"{name.stem}.{wanted}", content=await asyncio.to_thread(work))

    async def deliver(
        self, resource: Resource, transformation: str, extension: str | None, *, accept: str = ""
    ) -> Rendition:
        """The original, or a rendition of it. Raises: RefusalError."""
        revision = resource.latest
        steps = self._steps(transformation)
        wanted = _wanted_format(steps, extension) or revision.format
        if resource.resource_type == "raw" or (not steps and wanted == revision.format):
            return await self._original(revision)
        if resource.resource_type == "video" and (wanted == "auto" or not is_picture_format(wanted)):
            return await self._original(revision)
        if revision.format == "svg" and wanted == "svg":
            return await self._original(revision)
        key = (resource.asset_id, revision.version_id, transformation, self._cache_format(wanted, accept))
        known = self._kept.get(key)
        if known is None:
            async with self._slots:
                known = await asyncio.to_thread(self._render, resource, steps, wanted, accept)
            self._keep(key, known)
        self._noted(resource, transformation, known)
        return known

    def _steps(self, transformation: str) -> Sequence[Step]:
        """The steps with every ``t_name`` replaced by what it stands for. Raises: RefusalError, 400."""
        steps: list[Step] = []
        for step in read_steps(transformation):
            if "t" not in step:
                steps.append(step)
                continue
            definition = self._cloud.named_transformations.get(step["t"])
            if definition is None:
                raise RefusalError(HTTPStatus.BAD_REQUEST, f"Transformation {step['t']} does not exist")
            steps.extend(read_steps(definition))
        return steps

    async def _original(self, revision: Revision) -> Rendition:
        content = await asyncio.to_thread(revision.file.read)
        return Rendition(
            content=content,
            media_type=MEDIA_TYPES.get(revision.format, revision.file.media_type),
            format=revision.format,
            width_px=revision.file.width_px,
            height_px=revision.file.height_px,
        )

    def _render(self, resource: Resource, steps: Sequence[Step], wanted: str, accept: str) -> Rendition:
        picture = self._apply(self._picture(resource, page=_page(steps)), steps)
        has_alpha = picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255)
        name = negotiated(accept, has_alpha=has_alpha) if wanted == "auto" else wanted
        return Rendition(
            content=encode(picture, name, steps),
            media_type=MEDIA_TYPES[name],
            format=name,
            width_px=picture.width,
            height_px=picture.height,
            is_negotiated=wanted == "auto",
        )

    def _apply(self, picture: Image.Image, steps: Sequence[Step]) -> Image.Image:
        """Every step in its order; those from a layer's opening to its ``fl_layer_apply`` shape the layer."""
        base: Image.Image | None = None
        is_below = False
        course = Course(width=picture.width, height=picture.height, pages=getattr(picture, "n_frames", 1))
        for written_step in steps:
            step = course.step(written_step, width=picture.width, height=picture.height)
            if step is None:
                continue
            if "l" in step or "u" in step:
                base, picture, is_below = picture, self._layer(step), "u" in step
            acting = {key: value for key, value in step.items() if key not in _NO_EFFECT | {"l", "u"}}
            closes = base is not None and ("layer_apply" in step.get("fl", "") or written_step is steps[-1])
            if base is not None and closes:
                layer = transform(picture, _sizing(acting))
                picture = _laid_under(base, layer, acting) if is_below else _laid_on(base, layer, acting)
                base = None
            elif acting:
                picture = transform(picture, acting)
        return picture

    def _layer(self, step: Step) -> Image.Image:
        """Words, or another resource of this cloud, in whose id ``:`` stands for ``/`` (§9)."""
        said = step.get("l") or step["u"]
        if said.startswith("text:"):
            return written(said, step.get("co", "black"))
        public_id = said.replace(":", "/")
        resource = self._cloud.find(("image", "upload", public_id))
        if resource is None:
            raise not_found(public_id)
        return self._picture(resource)

    def _picture(self, resource: Resource, *, page: int = 1) -> Image.Image:
        """The resource's own pixels, or those of its poster. Raises: RefusalError, 400, when there are none."""
        revision = resource.latest
        if revision.format == "svg":
            return _drawn(revision)
        file = revision.poster or revision.file
        return _opened(file.read(), resource.public_id, page=page)

    def _keep(self, key: tuple[str, str, str, str], made: Rendition) -> None:
        self._kept[key] = made
        self._kept_bytes += len(made.content)
        while self._kept_bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped.content)

    def _noted(self, resource: Resource, transformation: str, made: Rendition) -> Derived:
        """The resource's own record of a rendition, made when there is none yet."""
        derived = Derived(
            id=self._cloud.hex_id("derived", resource.asset_id, transformation, made.format),
            transformation=transformation,
            format=made.format,
            width=made.width_px,
            height=made.height_px,
            size_bytes=len(made.content),
        )
        return resource.derived.setdefault(derived.id, derived)

    @staticmethod
    def _cache_format(wanted: str, accept: str) -> str:
        return f"auto {'image/webp' in accept}" if wanted == "auto" else wanted


def _opened(content: bytes, name: str, *, page: int = 1) -> Image.Image:
    """The pixels of one page in a mode that can be worked with. Raises: RefusalError, 400, when there are none."""
    try:
        picture = Image.open(io.BytesIO(content))
        if page > 1:
            picture.seek(page - 1)
        picture.load()
    except (OSError, EOFError, SyntaxError, Image.DecompressionBombError):
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Cannot make a picture of {name}") from None
    if picture.mode in {"RGB", "RGBA", "CMYK"}:
        return picture
    return picture.convert("RGBA" if "transparency" in picture.info or "A" in picture.mode else "RGB")


def _page(steps: Sequence[Step]) -> int:
    """The ``pg`` of the steps; the first page when there is none. Raises: RefusalError, 400."""
    said = next((step["pg"] for step in steps if "pg" in step), "1")
    if not said.isdecimal() or int(said) < 1:
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid transformation parameter - pg_{said}")
    return int(said)


def _wanted_format(steps: Sequence[Step], extension: str | None) -> str | None:
    """The last ``f`` of the steps, else the URL's extension; ``f_auto:video`` means the video itself (§9.1)."""
    said = next((step["f"] for step in reversed(steps) if "f" in step), None) or extension
    if said is None:
        return None
    name, _, narrowed = said.partition(":")
    return "mp4" if narrowed == "video" else same_format(name)


def _sizing(step: Step) -> Step:
    """A layer's last step without what only places it."""
    return {key: value for key, value in step.items() if key not in {"g", "x", "y"}}


def _laid_on(base: Image.Image, layer: Image.Image, step: Step) -> Image.Image:
    ground = base.convert("RGBA")
    whole = Image.new("RGBA", ground.size, (255, 255, 255, 0))
    whole.paste(faded(layer, 1.0), anchored(ground.size, layer.size, step))
    return Image.alpha_composite(ground, whole)


def _laid_under(base: Image.Image, layer: Image.Image, step: Step) -> Image.Image:
    """``layer`` is the ground, and ``base`` lies on it by the step's gravity."""
    ground = Image.new("RGBA", (max(base.width, layer.width), max(base.height, layer.height)), (255, 255, 255, 0))
    return _laid_on(_laid_on(ground, layer, {}), base, step)


def _drawn(revision: Revision) -> Image.Image:
    """An SVG as pixels, its longer side as large as a good picture's."""
    width, height = revision.file.width_px or 600, revision.file.height_px or 600
    ratio = _SVG_PIXELS / max(width, height)
    page = _SVG_PAGE.format(width=width, height=height).encode()
    drawing = revision.file.read().decode("utf-8", "replace")
    made = typst.compile(page, format="png", ppi=72.0 * ratio, sys_inputs={"drawing": drawing})
    picture = Image.open(io.BytesIO(made if isinstance(made, bytes) else made[0]))
    picture.load()
    return picture
