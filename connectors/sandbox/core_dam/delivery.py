"""The public delivery host: pictures without a sign-in, in the size that the address asks for (core-dam 7.6)."""

import asyncio
import re
from collections.abc import Mapping
from hashlib import sha1
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.bodies import MAX_DIGITS
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.pictures import MAX_PX, can_be_drawn, fitted
from connectors.sandbox.core_dam.state import AssetRecord

_PRESET: Final = re.compile(r"(\d+)Wx(\d+)H")
_FORMATS: Final = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}


class DeliveryError(Exception):
    """A plain refusal: the host has no API shape (CHOSEN)."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        super().__init__(words)


def build_delivery(library: MediaLibrary) -> Starlette:
    """The three address forms seen in public (CONFIRMED as strings, meanings INFERRED)."""
    delivery = Delivery(library)
    return Starlette(
        routes=[
            Route("/adaptivemedia/rendition", delivery.by_query, methods=["GET"]),
            Route("/adaptivemedia/rendition/id_{asset_id}/name_{name}", delivery.by_path, methods=["GET"]),
            Route("/adaptivemedia/rendition/{name}", delivery.by_query, methods=["GET"]),
        ],
        exception_handlers={DeliveryError: _answer},
    )


class Delivery:
    """Serves the newest released version under the original id (INFERRED); a draft does not hide what came before."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library

    async def by_query(self, request: Request) -> Response:
        """``?id=…``"""
        return await self._serve(request, request.query_params.get("id", ""))

    async def by_path(self, request: Request) -> Response:
        """``/id_{id}/name_{file}``"""
        return await self._serve(request, request.path_params["asset_id"])

    async def _serve(self, request: Request, original_id: str) -> Response:
        self._library.jobs.settle()
        versions = self._library.assets.versions_of(original_id)
        released = [version for version in versions if self._library.renderer.is_delivered(version)]
        if not released or versions[-1].is_deleted:
            raise DeliveryError(404, "Not found")
        record = released[-1]
        width_px, height_px, picture_format = _wanted(request.query_params)
        if width_px or height_px or picture_format:
            return await self._drawn(request, record, width_px, height_px, picture_format)
        content = await asyncio.to_thread(record.master.read)
        return _cached(request, content, record.master.media_type)

    async def _drawn(
        self, request: Request, record: AssetRecord, width_px: int | None, height_px: int | None, picture_format: str
    ) -> Response:
        source = record.picture
        if source is None or not source.width_px or not can_be_drawn(source):
            # A drawing without pixels has every size already.
            return _cached(request, await asyncio.to_thread(record.master.read), record.master.media_type)
        picture = await asyncio.to_thread(
            fitted, source, width_px=width_px, height_px=height_px, picture_format=picture_format
        )
        return _cached(request, picture.content, picture.media_type)


def _wanted(query: Mapping[str, str]) -> tuple[int | None, int | None, str]:
    width_px = _pixels(query.get("wd") or query.get("width"))
    height_px = _pixels(query.get("ht") or query.get("height"))
    if preset := _PRESET.fullmatch(query.get("prid", "")):
        width_px, height_px = _pixels(preset[1]), _pixels(preset[2])
    asked = query.get("format", "").lower()
    if asked and asked not in _FORMATS:
        raise DeliveryError(400, "Unknown format")
    return width_px, height_px, _FORMATS.get(asked, "")


def _pixels(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > MAX_DIGITS or not 0 < int(text) <= MAX_PX:
        raise DeliveryError(400, "Unusable size")
    return int(text)


def _cached(request: Request, content: bytes, media_type: str) -> Response:
    tag = f'"{sha1(content, usedforsecurity=False).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _answer(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, DeliveryError)  # noqa: S101 - registered for this class alone
    return PlainTextResponse(str(error), status_code=error.status)
