"""Pictures made of other pictures, of pages or of words: sprite, multi, explode, text.

Requests are the vendor's Python client's; the answers' keys are the ones that its documentation shows (PYD), as far as
known. Frames follow each other by public id (CHOSEN). A slideshow needs a video encoder, which the sandbox has none of.
"""

import asyncio
import io
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import accumulate, islice
from typing import Final

from PIL import Image, ImageSequence
from starlette.responses import Response

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.downloads import check_expiry
from connectors.sandbox.cloudinary.encoding import MEDIA_TYPES
from connectors.sandbox.cloudinary.jobs import Jobs
from connectors.sandbox.cloudinary.notices import Notices, asker_of
from connectors.sandbox.cloudinary.parameters import Parameters, SentFile
from connectors.sandbox.cloudinary.pictures import written
from connectors.sandbox.cloudinary.refusals import RefusalError, missing, not_found
from connectors.sandbox.cloudinary.renditions import Renditions
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.shelf import Question
from connectors.sandbox.cloudinary.state import Cloud
from connectors.sandbox.cloudinary.storing import Storing

_MOST_FRAMES: Final = 100
_FRAME_MS: Final = 1000
_CSS: Final = (
    ".{name} {{ background: url('{url}') no-repeat; width: {w}px; height: {h}px; background-position: 0px -{y}px; }}"
)


class CompositionCalls:
    """Each method answers one call of the Upload API."""

    def __init__(self, cloud: Cloud, *, renditions: Renditions, storing: Storing, notices: Notices, jobs: Jobs) -> None:
        self._cloud = cloud
        self._renditions = renditions
        self._storing = storing
        self._notices = notices
        self._jobs = jobs
        self.sheets: dict[str, tuple[str, str]] = {}
        """Media type and text of what belongs to a sprite, by name with extension."""

    async def sprite(self, parameters: Parameters, path: Mapping[str, str]) -> Answer | Response:
        """POST {resource_type}/sprite: one picture of all that have a tag, with where each of them lies in it."""
        check_expiry(self._cloud, parameters)
        name, chosen = self._tagged(parameters, path)
        frames = await self._frames(chosen, parameters)
        sheet = await asyncio.to_thread(_below_each_other, frames)
        if parameters.text("mode") == "download":
            return Response(sheet, media_type="image/png")
        resource = self._keep(f"{name}.png", sheet, public_id=name, delivery_type="sprite")
        base, version = f"{self._cloud.delivery_base()}/{self._cloud.name}", f"v{resource.latest.version}"
        urls = {f"{kind}_url": f"{base}/image/sprite/{version}/{name}.{kind}" for kind in ("css", "json", "image")}
        urls["image_url"] = f"{base}/image/sprite/{version}/{name}.png"
        tops = [0, *accumulate(frame.height for frame in frames)]
        infos = {
            one.filename: {"width": frame.width, "height": frame.height, "x": 0, "y": top}
            for one, frame, top in zip(chosen, frames, tops, strict=False)
        }
        rules = (
            _CSS.format(name=key, url=urls["image_url"], w=one["width"], h=one["height"], y=one["y"])
            for key, one in infos.items()
        )
        self.sheets[f"{name}.css"] = ("text/css", "\n".join(rules))
        self.sheets[f"{name}.json"] = ("application/json", json.dumps(infos))
        self._notices.emit("sprite", {"public_id": name}, asker=asker_of(parameters))
        secure = {f"secure_{key}": url for key, url in urls.items()}
        return {**urls, **secure, "public_id": name, "version": resource.latest.version, "image_infos": infos}

    async def multi(self, parameters: Parameters, path: Mapping[str, str]) -> Answer | Response:
        """POST {resource_type}/multi: an animation, or a document, of all that have a tag."""
        check_expiry(self._cloud, parameters)
        name, chosen = self._tagged(parameters, path)
        extension = "pdf" if "f_pdf" in (parameters.text("transformation") or "") else "gif"
        frames = await self._frames(chosen, parameters)
        content = await asyncio.to_thread(_after_each_other, frames, extension)
        if parameters.text("mode") == "download":
            return Response(content, media_type=MEDIA_TYPES[extension])
        resource = self._keep(f"{name}.{extension}", content, public_id=name, delivery_type="multi")
        self._notices.emit("multi", {"public_id": name}, asker=asker_of(parameters))
        shown = answers.listed(self._cloud, resource)
        return {key: shown[key] for key in ("url", "secure_url", "asset_id", "public_id", "version")}

    async def explode(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/explode: a picture of each page of an animation, made in the background."""
        resource = self._cloud.at(
            path["resource_type"], parameters.text("type") or "upload", parameters.required("public_id")
        )
        batch_id = parameters.text("batch_id") or self._cloud.mint("batch")
        extension = parameters.text("format") or "png"

        async def later() -> None:
            pages = await asyncio.to_thread(_pages, resource)
            infos = []
            for number in range(1, len(pages) + 1):
                made = await self._renditions.make(resource, f"pg_{number}/{extension}")
                shown = answers.derived(self._cloud, resource, made)
                infos.append({key: shown[key] for key in ("width", "height", "bytes", "secure_url")})
            body = {"public_id": resource.public_id, "pages": len(pages), "image_infos": infos, "batch_id": batch_id}
            self._notices.emit("explode", body, asker=asker_of(parameters))

        self._jobs.add(later)
        return {"status": "processing", "batch_id": batch_id}

    async def text(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/text: a picture of words, kept as an asset of type ``text``."""
        del path
        words = parameters.required("text")
        size = parameters.number("font_size", default=12, low=4, high=1000)
        picture = await asyncio.to_thread(written, f"text:{parameters.text('font_family') or 'Arial'}_{size}:{words}")
        kept = io.BytesIO()
        picture.save(kept, "PNG")
        public_id = parameters.text("public_id") or f"text_{self._cloud.mint('text')[:12]}"
        resource = self._keep(f"{public_id}.png", kept.getvalue(), public_id=public_id, delivery_type="text")
        return answers.uploaded(self._cloud, resource, is_existing=False)

    async def slideshow(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/create_slideshow. Raises: RefusalError: there is no video encoder."""
        del parameters, path
        raise RefusalError(HTTPStatus.NOT_IMPLEMENTED, "This sandbox makes no videos")

    def _tagged(self, parameters: Parameters, path: Mapping[str, str]) -> tuple[str, Sequence[Resource]]:
        """A name for what is made, and the pictures it is made of. Raises: RefusalError."""
        tag, urls = parameters.text("tag"), parameters.texts("urls")
        if not tag and not urls:
            raise missing("tag")
        if tag:
            kind = (path["resource_type"], "upload")
            tagged = Question(test=lambda one: (one.resource_type, one.type) == kind and tag in one.tags)
            found = list(islice(self._cloud.shelf.found(tagged), _MOST_FRAMES + 1))
        else:
            found = [one for url in urls if (one := self._delivered_at(url)) is not None]
        if not found:
            raise not_found(tag or "urls")
        if len(found) > _MOST_FRAMES:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Too many pictures: at most {_MOST_FRAMES}")
        name = parameters.text("public_id") or tag or f"urls_{self._cloud.mint('composition')[:12]}"
        return name, sorted(found, key=lambda one: one.public_id) if tag else found

    def _delivered_at(self, url: str) -> Resource | None:
        """The resource of this cloud that ``url`` delivers: its public id stands after the version or the type."""
        tail = url.partition("/image/upload/")[2].rpartition(".")[0]
        parts = tail.split("/")
        return next(
            (
                found
                for start in range(len(parts))
                if (found := self._cloud.find(("image", "upload", "/".join(parts[start:])))) is not None
            ),
            None,
        )

    async def _frames(self, chosen: Sequence[Resource], parameters: Parameters) -> Sequence[Image.Image]:
        steps = (one for one in (parameters.text("transformation") or "").split("/") if not one.startswith("f_"))
        transformation = "/".join(part for part in steps if part)
        frames = []
        for resource in chosen:
            made = await self._renditions.deliver(resource, transformation, "png")
            frames.append(Image.open(io.BytesIO(made.content)).convert("RGBA"))
        return frames

    def _keep(self, filename: str, content: bytes, *, public_id: str, delivery_type: str) -> Resource:
        return self._storing.keep(
            SentFile(filename=filename, content=content),
            public_id=public_id,
            resource_type="image",
            delivery_type=delivery_type,
        )


def _below_each_other(frames: Sequence[Image.Image]) -> bytes:
    sheet = Image.new("RGBA", (max(one.width for one in frames), sum(one.height for one in frames)))
    top = 0
    for frame in frames:
        sheet.paste(frame, (0, top))
        top += frame.height
    kept = io.BytesIO()
    sheet.save(kept, "PNG")
    return kept.getvalue()


def _after_each_other(frames: Sequence[Image.Image], extension: str) -> bytes:
    size = (max(one.width for one in frames), max(one.height for one in frames))
    pages = []
    for frame in frames:
        page = Image.new("RGBA", size, "white")
        page.alpha_composite(frame, ((size[0] - frame.width) // 2, (size[1] - frame.height) // 2))
        pages.append(page.convert("RGB"))
    kept = io.BytesIO()
    if extension == "pdf":
        pages[0].save(kept, "PDF", save_all=True, append_images=pages[1:])
    else:
        pages[0].save(kept, "GIF", save_all=True, append_images=pages[1:], duration=_FRAME_MS, loop=0)
    return kept.getvalue()


def _pages(resource: Resource) -> Sequence[int]:
    """The numbers of the pages; a file that is no animation has one."""
    try:
        with Image.open(io.BytesIO(resource.latest.file.read())) as picture:
            return list(range(1, sum(1 for _ in ImageSequence.Iterator(picture)) + 1))
    except (OSError, SyntaxError, Image.DecompressionBombError):
        return [1]
