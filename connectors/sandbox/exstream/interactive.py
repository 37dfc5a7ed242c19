"""Interactive documents: composed for an Empower user, opened in a browser, fulfilled later (exstream 1.3)."""

import base64
from collections.abc import Mapping
from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from connectors.sandbox.composer import Template
from connectors.sandbox.exstream.design_calls import VERSION
from connectors.sandbox.exstream.documents import Document, Documents
from connectors.sandbox.exstream.door import Door, answer, one
from connectors.sandbox.exstream.refusals import EngineError, InputError, ServiceError
from connectors.sandbox.exstream.runs import Runs
from connectors.sandbox.world import World

MIME_TYPE = "application/vnd.exstream-empower"


class Interactive:
    """Keeps the documents, and shows the editor's page, which edits nothing here."""

    def __init__(self, world: World, door: Door, runs: Runs, documents: Documents) -> None:
        self._world = world
        self._door = door
        self._runs = runs
        self._documents = documents

    def routes(self) -> list[Route]:
        """The browser's way in, by both addresses that the vendor's sample gives, and the version."""
        return [
            Route("/empower/api/v1/version", self.version),
            Route("/empower/api/v1/docedit/{id}/open", self.open),
            Route("/empower/resource/docedit/{id}/open", self.open),
        ]

    async def version(self, request: Request) -> Response:
        """The service's version, in its own envelope."""
        self._door.user(request)
        told = {"header": {"status": {"code": "SERV100I"}}, "body": {"apiIdentifier": "empower", **VERSION}}
        return answer(told)

    async def open(self, request: Request) -> Response:
        """The editor's page (CHOSEN: only its address is known)."""
        document = self._documents.find(str(request.path_params["id"]))
        if document is None or document.deleted_at is not None:
            raise ServiceError(404, "Document not found", details=str(request.path_params["id"]))
        name = escape(document.title)
        page = f"<!DOCTYPE html><title>{name}</title><h1>{name}</h1><p>Open for {escape(document.user)}.</p>"
        return HTMLResponse(page)

    def keep(
        self, request: Request, template: Template, version: int | None, record: Mapping[str, object], accept: str
    ) -> Response:
        """Store a document for the user that the header names. Without ``Accept`` the reply is an envelope."""
        user = request.headers.get("empoweruser", "")
        if user not in {person.login for person in self._world.people}:
            raise EngineError(401, [f"{user} may not import documents"], queue="Edit")
        document = self._documents.keep(
            Document(
                id=self._runs.new_id(f"document:{len(self._documents)}"),
                user=user,
                imported_at=self._world.clock.now(),
                file_name=f"{template.slug}.mpw",
                template=template,
                version=version,
                record=record,
                owners=(user,),
            )
        )
        told = {"documentId": document.id}
        if accept == "application/json":
            return Response(msgspec.json.encode(told), media_type=accept)
        content = base64.b64encode(msgspec.json.encode(told)).decode()
        return one([{"mimeType": MIME_TYPE, "content": content, "engineOutputContext": {"queueName": "Edit"}}])

    def take(self, read: Mapping[str, object], *, preserve: bool) -> tuple[Document, Template]:
        """The document that a fulfilment names, used up unless it is preserved, and its design. Raises: InputError."""
        ids = read.get("documents")
        if not isinstance(ids, list) or len(ids) != 1:
            raise InputError(400, "Required data is missing", details="documents")
        document = self._documents.find(str(ids[0]))
        if document is None or document.template is None or document.deleted_at is not None:
            raise InputError(404, "Document not found", details=str(ids[0]))
        if not preserve:
            self._documents.drop(document)
        return document, document.template
