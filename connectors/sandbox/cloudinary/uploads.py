"""The Upload API: storing files, whole or in chunks, and the calls that change assets in bulk.

Source: contract §3.2, §4.3 and §4.4. Texts of refusals are CHOSEN where the contract has none.
"""

import asyncio
import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Final, Protocol

import httpx

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.changes import Changes
from connectors.sandbox.cloudinary.inspection import Inspection, inspect
from connectors.sandbox.cloudinary.metadata import read_values
from connectors.sandbox.cloudinary.notices import Notices
from connectors.sandbox.cloudinary.parameters import Parameters, SentFile
from connectors.sandbox.cloudinary.pipes import read_pairs
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, missing, not_found
from connectors.sandbox.cloudinary.state import DELIVERY_TYPES, RESOURCE_TYPES, Cloud, Derived, Resource, Revision
from connectors.sandbox.world import WorldFile

_MOST_TAGGED: Final = 1000
_ODD_IN_ID: Final = re.compile(r"[?&#\\%<>+]")
_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+|-1)")
_DATA_URI: Final = re.compile(r"data:[\w/+.;=-]*;base64,")
_ANY_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)


class MakesDerived(Protocol):
    """Makes a rendition ahead of its first reader."""

    async def make(self, resource: Resource, request: str) -> Derived:
        """Make and keep what an ``eager`` item asks for. Raises: RefusalError."""


@dataclass(slots=True, kw_only=True)
class _Parts:
    """A file that arrives in chunks."""

    content: bytearray = field(default_factory=bytearray)
    public_id: str


class UploadCalls:
    """Each method answers one call of the Upload API."""

    def __init__(self, cloud: Cloud, changes: Changes, notices: Notices, derived: MakesDerived) -> None:
        self._cloud = cloud
        self._changes = changes
        self._notices = notices
        self._derived = derived
        self._parts: dict[str, _Parts] = {}

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
        seen = await asyncio.to_thread(inspect, file.content, file.filename)
        resource, is_existing = self._store(parameters, asked_type, file, seen)
        if parameters.flag("async"):
            pending = {"status": "pending", "batch_id": self._cloud.mint("batch"), "public_id": resource.public_id}
            return {**pending, "resource_type": resource.resource_type, "type": resource.type}
        return await self._answer(resource, parameters, is_existing=is_existing)

    async def explicit(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/explicit."""
        resource = self._addressed(parameters, path, parameters.required("public_id"))
        checked = self._changes.check(parameters)
        kinds = parameters.text("moderation")
        if kinds:
            self._changes.submit(resource, kinds)
        self._changes.apply(resource, checked)
        return await self._answer(resource, parameters, is_existing=True)

    def tags(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/tags."""
        command, given = parameters.required("command"), parameters.texts("tag")
        if command not in {"add", "set_exclusive", "remove", "replace", "remove_all"}:
            raise bad_value("command", command)
        if not given and command != "remove_all":
            raise missing("tag")
        changed = self._many(parameters, path)
        if command == "set_exclusive":
            for other in list(self._cloud.resources.values()):
                if other not in changed and set(given) & set(other.tags):
                    self._changes.set_tags(other, [tag for tag in other.tags if tag not in given])
        for resource in changed:
            held = resource.tags
            outcome = {
                "add": [*held, *given],
                "set_exclusive": [*held, *given],
                "remove": [tag for tag in held if tag not in given],
                "replace": given,
                "remove_all": [],
            }
            self._changes.set_tags(resource, outcome[command], notification_url=parameters.text("notification_url"))
        return _ids(changed)

    def context(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/context."""
        command = parameters.required("command")
        if command not in {"add", "remove_all"}:
            raise bad_value("command", command)
        given = read_pairs("context", parameters.required("context")) if command == "add" else {}
        changed = self._many(parameters, path)
        for resource in changed:
            context = {**resource.context, **given} if command == "add" else {}
            self._changes.set_context(resource, context, notification_url=parameters.text("notification_url"))
        return _ids(changed)

    def metadata(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/metadata."""
        given = parameters.required("metadata")
        values = read_values(self._cloud, given, clears_invalid=parameters.flag("clear_invalid"))
        changed = self._many(parameters, path)
        for resource in changed:
            self._changes.set_metadata(resource, values, notification_url=parameters.text("notification_url"))
        return _ids(changed)

    def rename(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/rename, which also changes the delivery type."""
        resource = self._addressed(parameters, path, parameters.required("from_public_id"))
        delivery_type = parameters.text("to_type") or resource.type
        if delivery_type not in DELIVERY_TYPES:
            raise bad_value("to_type", delivery_type)
        checked = self._changes.check(parameters)
        self._changes.rename(
            resource,
            public_id=_checked_id(parameters.required("to_public_id")),
            delivery_type=delivery_type,
            overwrite=parameters.flag("overwrite"),
        )
        self._changes.apply(resource, checked)
        return answers.detailed(self._cloud, resource)

    def destroy(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/destroy, or asset/destroy by ``asset_id``."""
        if "resource_type" in path:
            address = (path["resource_type"], parameters.text("type") or "upload", parameters.required("public_id"))
            resource = self._cloud.find(address)
        else:
            resource = self._cloud.resources.get(parameters.required("asset_id"))
        if resource is None:
            return {"result": "not found"}
        self._changes.delete(resource)
        return {"result": "ok"}

    # Storing

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
        try:
            async with httpx.AsyncClient(timeout=30.0, trust_env=False, follow_redirects=True) as http:
                fetched = await http.get(said)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Error in loading {said[:200]}") from None
        if fetched.status_code != HTTPStatus.OK:
            status = f"{fetched.status_code} {fetched.reason_phrase}"
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Error in loading {said[:200]} - {status}")
        return SentFile(filename=PurePosixPath(fetched.url.path).name or "file", content=fetched.content)

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

    def _store(
        self, parameters: Parameters, asked_type: str, file: SentFile, seen: Inspection
    ) -> tuple[Resource, bool]:
        """The resource that now has ``file``, and whether it was left as it is because overwriting was forbidden."""
        if not file.content:
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Empty file")
        resource_type = seen.resource_type if asked_type == "auto" else asked_type
        if resource_type not in {"raw", seen.resource_type}:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid {resource_type} file")
        delivery_type = parameters.text("type") or "upload"
        if delivery_type not in DELIVERY_TYPES:
            raise bad_value("type", delivery_type)
        checked = self._changes.check(parameters)
        public_id = self._new_id(parameters, file, resource_type)
        known = self._cloud.find((resource_type, delivery_type, public_id))
        if known is not None and not parameters.flag("overwrite", default=True):
            return known, True
        revision = self._revision(file, seen, known)
        if known is None:
            known = Resource(
                asset_id=self._cloud.mint("asset"),
                public_id=public_id,
                resource_type=resource_type,
                type=delivery_type,
                display_name=parameters.text("display_name") or PurePosixPath(file.filename).stem,
                asset_folder=(parameters.text("asset_folder") or parameters.text("folder") or "").strip("/"),
                filename=PurePosixPath(public_id).name,
                created_at=revision.created_at,
                updated_at=revision.created_at,
                revisions=[revision],
            )
            self._cloud.add(known)
        else:
            known.revisions.append(revision)
            known.derived.clear()
        kinds = parameters.text("moderation")
        if kinds:
            self._changes.submit(known, kinds)
        self._changes.apply(known, checked)
        body = answers.uploaded(self._cloud, known, is_existing=False)
        self._notices.emit("upload", body, notification_url=checked.notification_url)
        return known, False

    def _new_id(self, parameters: Parameters, file: SentFile, resource_type: str) -> str:
        name = PurePosixPath(parameters.text("filename_override") or file.filename)
        public_id = parameters.text("public_id")
        if not public_id:
            stem = self._cloud.mint("public_id")[:20]
            if parameters.flag("use_filename"):
                is_unique = parameters.flag("unique_filename", default=True)
                stem = f"{name.stem}_{stem[:6]}" if is_unique else name.stem
            public_id = f"{stem}{name.suffix}" if resource_type == "raw" else stem
        folder = (parameters.text("folder") or "").strip("/")
        return _checked_id(f"{folder}/{public_id}" if folder else public_id)

    def _revision(self, file: SentFile, seen: Inspection, known: Resource | None) -> Revision:
        content = file.content
        version = self._cloud.next_version(known)
        return Revision(
            version=version,
            version_id=hashlib.sha256(content + str(version).encode()).hexdigest()[:32],
            format=seen.format,
            file=WorldFile(
                name=file.filename,
                media_type="application/octet-stream",
                size_bytes=len(content),
                read=lambda: content,
                width_px=seen.width_px,
                height_px=seen.height_px,
                duration_s=seen.duration_s,
            ),
            created_at=self._cloud.now(),
            created_by=self._cloud.api_key,
        )

    # Answering

    async def _answer(self, resource: Resource, parameters: Parameters, *, is_existing: bool) -> Answer:
        requests = [one for one in (parameters.text("eager") or "").split("|") if one]
        made = [await self._derived.make(resource, request) for request in requests]
        answer = answers.uploaded(self._cloud, resource, is_existing=is_existing, eager=made)
        if made:
            body = {key: answer[key] for key in ("asset_id", "public_id", "eager")}
            url = parameters.text("eager_notification_url") or parameters.text("notification_url")
            self._notices.emit("eager", {**body, "batch_id": self._cloud.mint("batch")}, notification_url=url)
        return answer

    def _addressed(self, parameters: Parameters, path: Mapping[str, str], public_id: str) -> Resource:
        if path["resource_type"] not in RESOURCE_TYPES:
            raise not_found(public_id)
        return self._cloud.at(path["resource_type"], parameters.text("type") or "upload", public_id)

    def _many(self, parameters: Parameters, path: Mapping[str, str]) -> list[Resource]:
        """The resources a bulk call means; public ids that are not there are passed over."""
        sent = parameters.values.get("public_ids")
        public_ids = [str(one) for one in sent] if isinstance(sent, list) else parameters.texts("public_ids")
        if not public_ids:
            raise missing("public_ids")
        if len(public_ids) > _MOST_TAGGED:
            raise bad_value("public_ids", len(public_ids))
        delivery_type = parameters.text("type") or "upload"
        known = (self._cloud.find((path["resource_type"], delivery_type, one)) for one in public_ids)
        return [resource for resource in known if resource]


def _ids(changed: Sequence[Resource]) -> Answer:
    return {"public_ids": [resource.public_id for resource in changed]}


def _checked_id(public_id: str) -> str:
    if _ODD_IN_ID.search(public_id) or public_id != public_id.strip() or "//" in public_id:
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"public_id ({public_id}) is invalid")
    return public_id
