"""Empower's own REST service below ``/{context}/resource`` (exstream 1.7, CONFIRMED): documents in and out.

Who has signed in gets a session cookie; changes need it together with the session's token in a header. Every answer is
``header.status.code`` and a body, as JSON or, when asked for, as XML.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.documents import Document, Documents
from connectors.sandbox.exstream.runs import Runs
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.world import World

CONTEXT: Final = "/empower/resource"
CSRF_HEADER: Final = "X-CSRF-TOKEN"
SESSION: Final = "JSESSIONID"
LARGEST: Final = 200 * 1024 * 1024
DONE: Final = "SERV100I"
DELETED: Final = "SERV107I"
NOT_FOUND: Final = "BUSI110E"
NO_ACCESS: Final = "BUSI175E"
MISSING_PARAMETER: Final = "SERV103E"
EMPTY_FILE: Final = "SERV102E"
TOO_BIG: Final = "SERV104E"
CODES: Final[Mapping[str, tuple[str, str]]] = {
    "SERVICES_DATA_FILE_EMPTY": (EMPTY_FILE, "The file has no content."),
    "SERVICES_MISSING_MANDATORY_PARAM": (MISSING_PARAMETER, "A parameter is needed: {0}."),
    "SERVICES_FILE_TOO_BIG": (TOO_BIG, "The file has more than {0} bytes."),
    "BUSINESS_DOCUMENT_NOT_FOUND": (NOT_FOUND, "There is no such document: {0}."),
    "BUSINESS_NO_ACCESS": (NO_ACCESS, "No access."),
}
"""Variable → code and message; the codes are CONFIRMED, the words our own."""


class EmpowerError(Exception):
    """Refused, with a code of the service's own."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class Empower:
    """The documents of every user."""

    def __init__(self, world: World, authority: TicketAuthority, runs: Runs, documents: Documents) -> None:
        self._world = world
        self._authority = authority
        self._runs = runs
        self._documents = documents
        self._sessions: dict[str, str] = {}

    def routes(self) -> list[Route]:
        """Its calls; the literal paths stand before those with an id."""
        return [
            Route(f"{CONTEXT}/GetToken", self.token),
            Route(f"{CONTEXT}/config/errorCodes", self.codes),
            Route(f"{CONTEXT}/documents", self.list),
            Route(f"{CONTEXT}/documents/import", self.take_in, methods=["POST"]),
            Route(f"{CONTEXT}/documents/{{id}}/meta", self.meta),
            Route(f"{CONTEXT}/documents/{{id}}/export", self.export, methods=["POST"]),
            Route(f"{CONTEXT}/documents/{{id}}", self.delete, methods=["DELETE"]),
        ]

    def handle(self, request: Request, error: Exception) -> Response:
        """A refusal in the service's envelope."""
        assert isinstance(error, EmpowerError)  # noqa: S101 - registered for this class alone
        status = {"code": error.code, "msg": error.message}
        return _answered(request, {"header": {"status": status}}, status=error.status)

    async def token(self, request: Request) -> Response:
        """The token of the session, and the name of the header that it travels in."""
        session = self._session(request)
        body = {"csrfHeader": CSRF_HEADER, "csrfParameter": "_csrf", "csrfToken": _csrf(session)}
        return self._with_session(request, session, {"csrf": body} if _wants_xml(request) else body)

    async def codes(self, request: Request) -> Response:
        """Every code as a page, one line each."""
        self._session(request)
        lines = "<br/>".join(f"{name} = {code}|{escape(words)}" for name, (code, words) in CODES.items())
        return Response(f"<html><body>{lines}</body></html>", media_type="text/html")

    async def list(self, request: Request) -> Response:
        """Those that pass the filters; ``limit`` and ``offset`` are used together."""
        session, query = self._session(request), request.query_params
        found = [each for each in self._documents.all() if _passes(each, query)]
        offset, most = _number(request, "offset", 0), _number(request, "maxTotal", -1)
        limit = _number(request, "limit", max(most, 0))
        shown = found[offset : offset + limit] if limit else found[offset:]
        total = len(found) if most < 0 else min(len(found), max(most, offset + len(shown)))
        body = {
            "documents": [each.told() for each in shown],
            "total": total,
            "offset": offset,
            "limit": limit,
            "exceedsTotal": len(found) > total,
        }
        return self._with_session(request, session, body)

    async def take_in(self, request: Request) -> Response:
        """A document from a file, with tags and owners; at most 200 MB."""
        user = self._changing(request)
        async with request.form() as form:
            part = form.get("file")
            if not isinstance(part, UploadFile):
                raise EmpowerError(400, MISSING_PARAMETER, "A parameter is needed: file.")
            content = await part.read()
            if not content:
                raise EmpowerError(400, EMPTY_FILE, "The file has no content.")
            if len(content) > LARGEST:
                raise EmpowerError(400, TOO_BIG, f"The file has more than {LARGEST} bytes.")
            document = Document(
                id=self._runs.new_id(f"imported:{len(self._documents)}"),
                user=user,
                imported_at=self._world.clock.now(),
                file_name=part.filename or "document.mpw",
                content=content,
                business_id=str(form.get("busDocId") or ""),
                tags=tuple(str(tag) for tag in form.getlist("docTag")),
                owners=tuple(str(owner) for owner in form.getlist("ownerId")),
            )
        return _done(request, {"document": self._documents.keep(document).told()})

    async def meta(self, request: Request) -> Response:
        """What is known of one document."""
        session = self._session(request)
        return self._with_session(request, session, {"document": self._asked(request).told()})

    async def export(self, request: Request) -> Response:
        """Its bytes. Unless the body says ``preserveDoc=true`` it is marked for the clean-up."""
        self._changing(request)
        document = self._asked(request)
        async with request.form() as form:
            preserve = str(form.get("preserveDoc") or "").lower() == "true"
        if not preserve:
            self._documents.mark(document, self._world.clock.now())
        name = document.file_name.replace('"', "")
        headers = {"Content-Disposition": f"inline;filename={name}", "Cache-Control": "no-store,no-cache"}
        return Response(document.exported, media_type="application/octet-stream", headers=headers)

    async def delete(self, request: Request) -> Response:
        """Mark it for the clean-up."""
        self._changing(request)
        document = self._asked(request)
        self._documents.mark(document, self._world.clock.now())
        status = {"code": DELETED, "msg": f"The document was deleted: {document.id}."}
        return _answered(request, {"header": {"status": status}})

    def _session(self, request: Request) -> str:
        """The session of whoever asks. Raises: EmpowerError when nobody has signed in."""
        session = request.cookies.get(SESSION, "")
        if session in self._sessions:
            return session
        user = self._user(request)
        if user is None:
            raise EmpowerError(401, "SERV401E", "Sign in first.")
        session = hashlib.sha256(f"{self._world.seed}:session:{user}:{len(self._sessions)}".encode()).hexdigest()[:32]
        self._sessions[session] = user
        return session

    def _user(self, request: Request) -> str | None:
        header = request.headers.get("authorization", "")
        if header.lower().startswith("basic "):
            try:
                name, _, password = base64.b64decode(header.partition(" ")[2]).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return None
            return self._authority.check_password(name, password)
        ticket = self._authority.user_of_ticket(request.headers.get("otdsticket", ""))
        return ticket or self._authority.user_of_bearer(header)

    def _changing(self, request: Request) -> str:
        """Who changes something: a session that brings its token. Raises: EmpowerError."""
        session = request.cookies.get(SESSION, "")
        if session not in self._sessions:
            self._session(request)
        if session not in self._sessions or request.headers.get(CSRF_HEADER) != _csrf(session):
            raise EmpowerError(403, NO_ACCESS, "The session or its token is missing.")
        return self._sessions[session]

    def _asked(self, request: Request) -> Document:
        document = self._documents.find(str(request.path_params["id"]))
        if document is None:
            raise EmpowerError(404, NOT_FOUND, f"There is no such document: {request.path_params['id']}.")
        return document

    def _with_session(self, request: Request, session: str, body: Mapping[str, object]) -> Response:
        response = _done(request, body)
        response.set_cookie(SESSION, session, path="/empower", httponly=True)
        return response


def _csrf(session: str) -> str:
    return hashlib.sha256(f"empower:{session}".encode()).hexdigest()[:36]


def _passes(document: Document, query: Mapping[str, str]) -> bool:
    return (
        (not (named := query.get("docId")) or document.id == named)
        and (not (named := query.get("busDocId")) or document.business_id == named)
        and (not (tag := query.get("docTag")) or tag in document.tags)
        and (not (owner := query.get("ownerId")) or owner in document.owners)
        and (not (user := query.get("userId")) or document.user == user)
        and (
            query.get("deleted") not in ("true", "false")
            or (document.deleted_at is not None) is (query["deleted"] == "true")
        )
    )


def _number(request: Request, key: str, default: int) -> int:
    said = request.query_params.get(key, "")
    if said and not said.isdecimal():
        raise EmpowerError(400, "SERV106E", f"Not a number: {key}.")
    return int(said) if said else default


def _wants_xml(request: Request) -> bool:
    return "application/xml" in request.headers.get("accept", "")


def _done(request: Request, body: Mapping[str, object]) -> Response:
    return _answered(request, {"header": {"status": {"code": DONE}}, "body": body})


def _answered(request: Request, told: Mapping[str, object], *, status: int = 200) -> Response:
    if not _wants_xml(request):
        return Response(msgspec.json.encode(told), status_code=status, media_type="application/json")
    written = tostring(_element("ResponseContainer", told), encoding="utf-8", xml_declaration=True)
    return Response(written, status_code=status, media_type="application/xml")


def _element(name: str, told: Mapping[str, object]) -> Element:
    """Plain values as attributes, a status's message and everything nested as elements; nulls are left out."""
    root = Element(name)
    for key, value in told.items():
        if value is None:
            continue
        if isinstance(value, Mapping):
            root.append(_element(key, value))
        elif isinstance(value, Sequence) and not isinstance(value, str) and value and isinstance(value[0], Mapping):
            root.extend(_element(key.removesuffix("s"), each) for each in value)
        elif key == "msg":
            SubElement(root, key).text = str(value)
        else:
            root.set(key, _attribute(value))
    return root


def _attribute(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
