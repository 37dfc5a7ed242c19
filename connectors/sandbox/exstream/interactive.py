"""Interactive documents: composed for an Empower user, opened in a browser, fulfilled later (exstream 1.3)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from connectors.sandbox.composer import Template
from connectors.sandbox.exstream.door import Door, one
from connectors.sandbox.exstream.refusals import EngineError, InputError, ServiceError
from connectors.sandbox.exstream.runs import Runs
from connectors.sandbox.world import World

MIME_TYPE = "application/vnd.exstream-empower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that waits for a person."""

    id: str
    template: Template
    version: int | None
    record: Mapping[str, object] = field(repr=False)
    user: str


class Interactive:
    """Keeps the documents, and shows the editor's page, which edits nothing here."""

    def __init__(self, world: World, door: Door, runs: Runs) -> None:
        self._world = world
        self._door = door
        self._runs = runs
        self._documents: dict[str, Document] = {}

    def routes(self) -> list[Route]:
        """The browser's way in."""
        return [Route("/empower/api/v1/docedit/{id}/open", self.open)]

    async def open(self, request: Request) -> Response:
        """The editor's page (CHOSEN: only its address is known)."""
        document = self._documents.get(str(request.path_params["id"]))
        if document is None:
            raise ServiceError(404, "Document not found", details=str(request.path_params["id"]))
        name = document.template.name.replace("&", "&amp;").replace("<", "&lt;")
        return HTMLResponse(f"<!DOCTYPE html><title>{name}</title><h1>{name}</h1><p>Open for {document.user}.</p>")

    def keep(
        self, request: Request, template: Template, version: int | None, record: Mapping[str, object], accept: str
    ) -> Response:
        """Store a document for the user that the header names. Without ``Accept`` the reply is an envelope."""
        user = request.headers.get("empoweruser", "")
        if user not in {person.login for person in self._world.people}:
            raise EngineError(401, [f"{user} may not import documents"], queue="Edit")
        document = Document(
            id=self._runs.new_id(f"document:{len(self._documents)}"),
            template=template,
            version=version,
            record=record,
            user=user,
        )
        self._documents[document.id] = document
        told = {"documentId": document.id}
        if accept == "application/json":
            return Response(msgspec.json.encode(told), media_type=accept)
        content = base64.b64encode(msgspec.json.encode(told)).decode()
        return one([{"mimeType": MIME_TYPE, "content": content, "engineOutputContext": {"queueName": "Edit"}}])

    def take(self, read: Mapping[str, object], *, preserve: bool) -> Document:
        """The document that a fulfilment names; it is used up unless it is preserved. Raises: InputError."""
        ids = read.get("documents")
        if not isinstance(ids, list) or len(ids) != 1:
            raise InputError(400, "Required data is missing", details="documents")
        document = self._documents.get(str(ids[0]))
        if document is None:
            raise InputError(404, "Document not found", details=str(ids[0]))
        if not preserve:
            del self._documents[document.id]
        return document
