"""The storage providers' doors for bytes: GCS, S3, Azure and B2, each in its own manners (wire contract "iconik", §10).

What iconik's contract does not say of them follows the providers' own public interfaces, as far as a client can tell.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import md5, sha1, sha256
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.identity import Identities
from connectors.sandbox.iconik.storage import Storage, refusal
from connectors.sandbox.iconik.storages import Storages
from connectors.sandbox.iconik.uploads import PartRecord, Uploads

_RANGE: Final = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", re.ASCII)
_TOKEN_LENGTH: Final = 40
_MISSING: Final = 308


@dataclass(slots=True, kw_only=True)
class _Session:
    """A resumable upload to GCS."""

    object_id: str
    arrived: bytearray = field(default_factory=bytearray, repr=False)


@dataclass(slots=True, kw_only=True)
class _Multipart:
    """A multipart upload to S3."""

    object_id: str
    parts: dict[int, bytes] = field(default_factory=dict, repr=False)


class Transfer:
    """Takes bytes in for what awaits them."""

    def __init__(self, storage: Storage, storages: Storages, uploads: Uploads, ids: Identities) -> None:
        self._storage = storage
        self._storages = storages
        self._uploads = uploads
        self._ids = ids
        self._sessions: dict[str, _Session] = {}
        self._multiparts: dict[str, _Multipart] = {}
        self._doors: dict[str, Callable[[Request, PartRecord], Awaitable[Response]]] = {
            "GCS": self._gcs,
            "S3": self._s3,
            "AZURE": self._azure,
            "B2": self._b2,
        }

    def routes(self) -> list[Route]:
        """Addresses of uploads stand before those of downloads."""
        address = "/storage/uploads/{asset_id}/{version_id}/{object_id}/{name}"
        return [
            Route(address, self.take, methods=["PUT", "POST"]),
            Route("/storage/sessions/{session_id}", self.resume, methods=["PUT"]),
            Route("/storage/parts/{upload_id}/{number:int}", self.part, methods=["PUT"]),
            Route("/storage/parts/{upload_id}", self.complete, methods=["POST"]),
            Route("/storage/parts/{upload_id}", self.abort, methods=["DELETE"]),
        ]

    def b2_token(self, object_id: str) -> str:
        """What B2 wants as ``Authorization`` for one file."""
        return sha256(f"b2:{object_id}".encode()).hexdigest()[:_TOKEN_LENGTH]

    def multiparts_of(self, upload_id: str) -> bool:
        """Whether a multipart upload is under way."""
        return upload_id in self._multiparts

    async def take(self, request: Request) -> Response:
        """Bytes for one object, in the manner of its storage."""
        refused = self._storage.check(request)
        if refused is not None:
            return refused
        awaiting = self._uploads.awaiting(request.path_params["object_id"])
        if awaiting is None:
            return refusal(404, "NoSuchKey")
        method = self._storages.get(awaiting.facts["storage_id"]).method
        return await self._doors[method](request, awaiting)

    async def resume(self, request: Request) -> Response:
        """GCS: a piece; 308 with what has arrived until all has."""
        session = self._sessions.get(request.path_params["session_id"])
        if session is None:
            return refusal(404, "NoSuchUpload")
        content = await request.body()
        asked = _RANGE.fullmatch(request.headers.get("content-range", ""))
        if asked is None:
            session.arrived[:] = content
            total = len(content)
        else:
            first, total = int(asked[1] or 0), int(asked[3]) if asked[3] != "*" else -1
            # Bytes that are here already are not written again; a gap is not filled.
            if asked[1] and first <= len(session.arrived):
                session.arrived += content[len(session.arrived) - first :]
        if len(session.arrived) == total:
            self._uploads.received[session.object_id] = bytes(session.arrived)
            return Response(status_code=200)
        seen = {"Range": f"bytes=0-{len(session.arrived) - 1}"} if session.arrived else {}
        return Response(status_code=_MISSING, headers=seen)

    async def part(self, request: Request) -> Response:
        """S3: one part, with its ETag."""
        multipart = self._multiparts.get(request.path_params["upload_id"])
        if multipart is None:
            return refusal(404, "NoSuchUpload")
        content = await request.body()
        multipart.parts[request.path_params["number"]] = content
        return Response(headers={"ETag": _etag(content)})

    async def complete(self, request: Request) -> Response:
        """S3: the parts named, in their order; a wrong ETag is refused."""
        upload_id = request.path_params["upload_id"]
        multipart = self._multiparts.get(upload_id)
        if multipart is None:
            return refusal(404, "NoSuchUpload")
        try:
            named = [_named(part) for part in fromstring(await request.body()).findall("{*}Part")]
        except (ParseError, DefusedXmlException, ValueError):
            return refusal(400, "MalformedXML")
        numbers = [number for number, _ in named]
        if not named or numbers != sorted(set(numbers)):
            return refusal(400, "InvalidPartOrder")
        if any(_etag(multipart.parts.get(number, b"")).strip('"') != etag for number, etag in named):
            return refusal(400, "InvalidPart")
        self._uploads.received[multipart.object_id] = b"".join(multipart.parts[number] for number in numbers)
        del self._multiparts[upload_id]
        return Response("<CompleteMultipartUploadResult/>", media_type="application/xml")

    async def abort(self, request: Request) -> Response:
        """S3: forget it."""
        gone = self._multiparts.pop(request.path_params["upload_id"], None)
        return refusal(404, "NoSuchUpload") if gone is None else Response(status_code=204)

    async def _gcs(self, request: Request, awaiting: PartRecord) -> Response:
        if request.method == "POST":
            if request.headers.get("x-goog-resumable") != "start":
                return refusal(400, "MissingHeader", "x-goog-resumable")
            session_id = self._ids.fresh("session")
            self._sessions[session_id] = _Session(object_id=awaiting.id)
            location = f"{self._storage.base(request)}/storage/sessions/{session_id}"
            return Response(status_code=201, headers={"Location": location})
        self._uploads.received[awaiting.id] = await request.body()
        return Response(status_code=200)

    async def _s3(self, request: Request, awaiting: PartRecord) -> Response:
        content = await request.body()
        if request.method == "POST":
            upload_id = self._ids.fresh("multipart")
            self._multiparts[upload_id] = _Multipart(object_id=awaiting.id)
            return Response(
                '<?xml version="1.0" encoding="UTF-8"?>\n'
                '<InitiateMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f"<UploadId>{upload_id}</UploadId></InitiateMultipartUploadResult>",
                media_type="application/xml",
            )
        self._uploads.received[awaiting.id] = content
        return Response(headers={"ETag": _etag(content)})

    async def _azure(self, request: Request, awaiting: PartRecord) -> Response:
        if request.headers.get("x-ms-blob-type") != "BlockBlob":
            return refusal(400, "MissingRequiredHeader", "x-ms-blob-type")
        self._uploads.received[awaiting.id] = await request.body()
        return Response(status_code=201)

    async def _b2(self, request: Request, awaiting: PartRecord) -> Response:
        content = await request.body()
        if request.headers.get("authorization") != self.b2_token(awaiting.id):
            return _b2_refusal(401, "bad_auth_token")
        if not request.headers.get("x-bz-file-name"):
            return _b2_refusal(400, "bad_request")
        if request.headers.get("x-bz-content-sha1") != sha1(content, usedforsecurity=False).hexdigest():
            return _b2_refusal(400, "bad_request")
        self._uploads.received[awaiting.id] = content
        return Response(msgspec.json.encode({"fileId": awaiting.id}), media_type="application/json")


def _etag(content: bytes) -> str:
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'


def _named(part: Element) -> tuple[int, str]:
    """A part's number and bare ETag. Raises: ValueError."""
    number, etag = part.findtext("{*}PartNumber"), part.findtext("{*}ETag")
    return int(number or ""), (etag or "").strip('"')


def _b2_refusal(status: int, code: str) -> Response:
    body = msgspec.json.encode({"status": status, "code": code, "message": code.replace("_", " ")})
    return Response(body, status_code=status, media_type="application/json")
