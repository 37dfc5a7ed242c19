"""The Upload API's calls that take files in, whole or in chunks, and have renditions made of them.

Source: contract §3.2, §4.3 and §4.4. Texts of refusals are CHOSEN where the contract has none.
"""

import asyncio
import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Final, Protocol

import httpx

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.changes import Changes
from connectors.sandbox.cloudinary.inspection import inspect
from connectors.sandbox.cloudinary.jobs import Jobs
from connectors.sandbox.cloudinary.notices import Asker, Notices, asker_of
from connectors.sandbox.cloudinary.parameters import Parameters, SentFile
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, not_found
from connectors.sandbox.cloudinary.resource import Derived, Resource
from connectors.sandbox.cloudinary.state import RESOURCE_TYPES, Cloud
from connectors.sandbox.cloudinary.storing import Storing

_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+|-1)")
_DATA_URI: Final = re.compile(r"data:[\w/+.;=-]*;base64,")
_ANY_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)


class MakesDerived(Protocol):
    """Makes renditions ahead of their first reader."""

    async def make(self, resource: Resource, request: str) -> Derived:
        """Make and keep what an ``eager`` item asks for. Raises: RefusalError."""

    async def converted(self, file: SentFile, transformation: str, extension: str | None) -> SentFile:
        """The file as an incoming transformation leaves it. Raises: RefusalError."""


@dataclass(slots=True, kw_only=True)
class _Parts:
    """A file that arrives in chunks."""

    content: bytearray = field(default_factory=bytearray)
    public_id: str


class UploadCalls:
    """Each method answers one call of the Upload API."""

    def __init__(
        self,
        cloud: Cloud,
        *,
        changes: Changes,
        storing: Storing,
        notices: Notices,
        derived: MakesDerived,
        jobs: Jobs,
    ) -> None:
        self._cloud = cloud
        self._changes = changes
        self._storing = storing
        self._notices = notices
        self._derived = derived
        self._jobs = jobs
        self._parts: dict[str, _Parts] = {}
        self._delete_tokens: dict[str, str] = {}

    async def upload(self, parameters: Parameters, path: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """POST {resource_type or auto}/upload, also one chunk of many."""
        asked_type = path["resource_type"]
        if asked_type not in {*RESOURCE_TYPES, "auto"}:
            raise bad_value("resource_type", asked_type)
        file = await self._file(parameters)
        upload_id, said = headers.get("x-unique-upload-id"), headers.get("content-range")
        if upload_id and said:
            whole = self._chunk(upload_id, said, file, parameters)
            if isinstance(whole, dict):
                return whole | ({"resource_type": asked_type} if asked_type != "auto" else {})
            file = whole
        if parameters.flag("async"):
            return self._promised(parameters, asked_type, file)
        return await self._taken_in(parameters, asked_type, file)

    async def explicit(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/explicit."""
        public_id = parameters.required("public_id")
        if path["resource_type"] not in RESOURCE_TYPES:
            raise not_found(public_id)
        resource = self._cloud.at(path["resource_type"], parameters.text("type") or "upload", public_id)
        checked = self._changes.check(parameters)
        kinds = parameters.text("moderation")
        if kinds:
            self._changes.submit(resource, kinds)
        self._changes.apply(resource, checked)
        return await self._answer(resource, parameters, is_existing=True)

    async def adopt(self, public_id: str, url: str, *, delivery_type: str) -> Resource:
        """The picture at ``url`` as a new asset, as an upload mapping or a fetch URL asks. Raises: RefusalError."""
        file = await _fetched(url)
        seen = await asyncio.to_thread(inspect, file.content, file.filename)
        is_mapped = delivery_type == "upload"
        return self._storing.keep(
            file,
            public_id=(public_id.rpartition(".")[0] or public_id) if is_mapped else public_id,
            resource_type=seen.resource_type,
            delivery_type=delivery_type,
        )

    def delete_by_token(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/delete_by_token: whoever uploaded may take it back, for ten minutes at the vendor."""
        del path
        asset_id = self._delete_tokens.pop(parameters.required("token"), None)
        resource = self._cloud.get(asset_id) if asset_id else None
        if resource is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, "Invalid token")
        self._changes.delete(resource)
        return {"result": "ok"}

    # Storing

    def _promised(self, parameters: Parameters, asked_type: str, file: SentFile) -> Answer:
        """``async=true``: what will be done, is told by a notification (§4.4)."""
        asker = asker_of(parameters)
        batch_id = asker.batch_id or self._cloud.mint("batch")
        later = replace(parameters, values={**parameters.values, "batch_id": batch_id, "async": "false"})

        async def take_in() -> None:
            await self._taken_in(later, asked_type, file)

        self._jobs.add(take_in)
        resource_type = asked_type if asked_type != "auto" else inspect(file.content, file.filename).resource_type
        answer: Answer = {"status": "pending", "batch_id": batch_id}
        public_id = parameters.text("public_id")
        if public_id:
            answer["public_id"] = public_id
        return {**answer, "resource_type": resource_type, "type": parameters.text("type") or "upload"}

    async def _taken_in(self, parameters: Parameters, asked_type: str, file: SentFile) -> Answer:
        incoming, extension = parameters.text("transformation"), parameters.text("format")
        if (incoming or extension) and asked_type in {"image", "auto"}:
            file = await self._derived.converted(file, incoming or "", extension)
        seen = await asyncio.to_thread(inspect, file.content, file.filename)
        resource, is_existing = self._storing.store(parameters, asked_type, file, seen)
        answer = await self._answer(resource, parameters, is_existing=is_existing)
        if parameters.flag("return_delete_token"):
            token = self._cloud.mint("delete token")
            self._delete_tokens[token] = resource.asset_id
            answer["delete_token"] = token
        if not is_existing:
            body = answers.uploaded(self._cloud, resource, is_existing=False)
            self._notices.emit("upload", body, asker=asker_of(parameters))
        return answer

    async def _file(self, parameters: Parameters) -> SentFile:
        if parameters.file is not None:
            return parameters.file
        said = parameters.required("file")
        data = _DATA_URI.match(said)
        if data:
            try:
                return SentFile(filename="file", content=base64.b64decode(said[data.end() :]))
            except binascii.Error:
                raise bad_value("file", "data URI") from None
        if not _ANY_ADDRESS.match(said):
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Unsupported source URL: {said[:200]}")
        return await _fetched(said)

    def _chunk(self, upload_id: str, said: str, file: SentFile, parameters: Parameters) -> SentFile | Answer:
        """The whole file once its last chunk is there, until then the answer to a chunk (§4.4)."""
        within = _RANGE.fullmatch(said.strip())
        if within is None:
            raise bad_value("Content-Range", said)
        start, end, total = int(within[1]), int(within[2]), int(within[3])
        public_id = parameters.text("public_id") or self._cloud.mint("public_id")[:20]
        parts = self._parts.setdefault(upload_id, _Parts(public_id=public_id))
        if start > len(parts.content) or end - start + 1 != len(file.content):
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Chunk out of order - expected {len(parts.content)}")
        parts.content[start:] = file.content  # the same range sent again, after a lost answer, changes nothing
        if end + 1 != total:
            got = len(parts.content)
            return {"done": False, "bytes": got, "kind": "upload", "public_id": parts.public_id}
        del self._parts[upload_id]
        return SentFile(filename=file.filename, content=bytes(parts.content))

    # Answering

    async def _answer(self, resource: Resource, parameters: Parameters, *, is_existing: bool) -> Answer:
        requests = [one for one in (parameters.text("eager") or "").split("|") if one]
        asker = asker_of(parameters)
        listener = Asker(url=parameters.text("eager_notification_url") or asker.url, batch_id=asker.batch_id)
        batch_id = asker.batch_id or self._cloud.mint("batch")
        if requests and parameters.flag("eager_async"):

            async def later() -> None:
                await self._made(resource, requests, listener, batch_id)

            self._jobs.add(later)
            answer = answers.uploaded(self._cloud, resource, is_existing=is_existing)
            pending = [answers.promised(self._cloud, resource, one, batch_id) for one in requests]
            return {**answer, "eager": pending, "batch_id": batch_id}
        made = await self._made(resource, requests, listener, batch_id) if requests else []
        return answers.uploaded(self._cloud, resource, is_existing=is_existing, eager=made)

    async def _made(
        self, resource: Resource, requests: Sequence[str], listener: Asker, batch_id: str
    ) -> Sequence[Derived]:
        made = [await self._derived.make(resource, request) for request in requests]
        body = {
            "asset_id": resource.asset_id,
            "public_id": resource.public_id,
            "batch_id": batch_id,
            "eager": [answers.derived(self._cloud, resource, one) for one in made],
        }
        self._notices.emit("eager", body, asker=listener)
        return made


async def _fetched(url: str) -> SentFile:
    try:
        async with httpx.AsyncClient(timeout=30.0, trust_env=False, follow_redirects=True) as http:
            fetched = await http.get(url)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Error in loading {url[:200]}") from None
    if fetched.status_code != HTTPStatus.OK:
        status = f"{fetched.status_code} {fetched.reason_phrase}"
        raise RefusalError(HTTPStatus.NOT_FOUND, f"Error in loading {url[:200]} - {status}")
    return SentFile(filename=PurePosixPath(fetched.url.path).name or "file", content=fetched.content)
