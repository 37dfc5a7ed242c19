"""Empower's REST service (contract 1.7, CONFIRMED): interactive documents in and out, for server-based installations.

Changes need the session's cookie and its token, both of which :class:`EmpowerSession` keeps. An export marks the
document for deletion unless it is told to preserve it, so here it preserves unless somebody says otherwise.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from connectors.calls import Call, FilePart, FormBody, MultipartBody, Reply, segment
from connectors.errors import ConnectorError, ForbiddenError, InvalidError, NotFoundError
from connectors.exstream.moments import Dated, RawMoment, moment
from connectors.exstream.replies import read_body
from connectors.http import Exchange, Send, SignIn, Transport, Wire
from connectors.judging import error_for_status
from connectors.masking import scrub

T = TypeVar("T")
DEFAULT_CONTEXT: Final = "/empower"
SESSION_COOKIE: Final = "JSESSIONID"
LARGEST_IMPORT: Final = 200 * 1024 * 1024
"""Bytes (CONFIRMED)."""
_FORBIDDEN: Final = 403
_KINDS: Final[Mapping[str, type[ConnectorError]]] = {"BUSI110E": NotFoundError, "BUSI175E": ForbiddenError}
"""What the service's own codes stand for (contract 1.7); others are judged by the status."""


class EmpowerDocument(Dated, frozen=True, kw_only=True, rename="camel"):
    """One document. ``deleted``: marked for the clean-up."""

    dates = ("import_date", "export_date")

    doc_id: str
    file_name: str = ""
    application_name: str | None = None
    bus_doc_id: str | None = None
    doc_tags: tuple[str, ...] | None = None
    owner_ids: tuple[str, ...] | None = None
    user_id: str | None = None
    deleted: bool = False
    import_date: RawMoment = None
    export_date: RawMoment = None

    @property
    def imported_at(self) -> datetime | None:
        """When it came."""
        return moment(self.import_date)


class _Documents(msgspec.Struct, rename="camel"):
    documents: tuple[EmpowerDocument, ...] = ()
    total: int = 0
    exceeds_total: bool = False


class _Named(msgspec.Struct):
    document: EmpowerDocument | tuple[EmpowerDocument, ...]


class _Token(msgspec.Struct, rename="camel"):
    csrf_header: str
    csrf_token: str


class _Status(msgspec.Struct):
    code: str = ""
    msg: str | None = None


class _Header(msgspec.Struct):
    status: _Status = msgspec.field(default_factory=_Status)


class _Answer(msgspec.Struct):
    header: _Header = msgspec.field(default_factory=_Header)


def read_refusal(reply: Reply) -> ConnectorError | None:
    """The failure that ``header.status.code`` tells, also behind a 200; None when there is none to read."""
    try:
        status = msgspec.json.decode(reply.body, type=_Answer).header.status
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    # Codes end in I for information, W for a warning and E for an error.
    if not status.code.endswith("E"):
        return None
    detail = scrub(f"{status.code}: {status.msg or ''}".rstrip(": "))
    if kind := _KINDS.get(status.code):
        return kind(
            system=reply.system, call=reply.call, detail=detail, request_id=reply.request_id, status=reply.status
        )
    if reply.status < 400:  # noqa: PLR2004 - the HTTP class boundary
        return InvalidError(
            system=reply.system, call=reply.call, detail=detail, request_id=reply.request_id, status=reply.status
        )
    return error_for_status(reply, detail=detail)


class EmpowerSession:
    """A sign-in with the session's cookie and token around it."""

    def __init__(self, sign_in: SignIn, *, context: str) -> None:
        self._sign_in = sign_in
        self._context = context
        self._session = ""
        self._token: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"EmpowerSession({self._sign_in!r}, session={'•••' if self._session else None})"

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a session whose token is known."""
        return self._sign_in.is_signed_in and bool(self._token)

    async def sign_in(self, send: Send) -> None:
        """Prove who we are and fetch the session's token. Raises: any ConnectorError."""
        self._session, self._token = "", {}
        if not self._sign_in.is_signed_in:
            await self._sign_in.sign_in(send)
        call = _get("get token", f"{self._context}/resource/GetToken")
        reply = await send(replace(call, headers=self._sign_in.headers()))
        told = read_body(reply, _Token)
        self.observe(reply)
        self._token = {told.csrf_header: told.csrf_token}

    def headers(self) -> Mapping[str, str]:
        """The proof, the session and its token."""
        session = {"Cookie": f"{SESSION_COOKIE}={self._session}"} if self._session else {}
        return {**self._sign_in.headers(), **session, **self._token}

    def observe(self, reply: Reply) -> None:
        """Take up the session's cookie."""
        self._sign_in.observe(reply)
        self._session = reply.cookies.get(SESSION_COOKIE) or self._session

    def refused(self, reply: Reply) -> bool:
        """A refused proof, or a change whose session has ended."""
        if self._sign_in.refused(reply):
            return True
        return reply.status == _FORBIDDEN and bool(reply.cookies.get(SESSION_COOKIE))


def open_empower(
    *,
    base_url: str,
    sign_in: SignIn,
    context: str = DEFAULT_CONTEXT,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "EmpowerClient":
    """A client of the Empower at ``base_url``; ``context`` is what its installation was called."""
    transport = Transport(
        system="Empower",
        base_url=base_url,
        sign_in=EmpowerSession(sign_in, context=context),
        read_failure=read_refusal,
        on_exchange=on_exchange,
        wire=wire,
    )
    return EmpowerClient(transport, context=context)


class EmpowerClient:
    """Documents of one Empower. Every method raises any ConnectorError and nothing else."""

    def __init__(self, transport: Transport, *, context: str = DEFAULT_CONTEXT, page_size: int = 50) -> None:
        self._transport = transport
        self._base = f"{context}/resource"
        self._page_size = page_size

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def documents(self, *, tag: str = "", owner: str = "") -> AsyncIterator[EmpowerDocument]:
        """Those with a tag and an owner, in the service's order; the total is never counted further than needed."""
        seen = 0
        wanted = tuple(pair for pair in (("docTag", tag), ("ownerId", owner)) if pair[1])
        while True:
            paging = (("limit", str(self._page_size)), ("offset", str(seen)), ("maxTotal", "0"))
            call = _get("documents", f"{self._base}/documents", (*wanted, *paging))
            page = read_body(await self._transport.send(call), _Documents)
            for document in page.documents:
                yield document
            seen += len(page.documents)
            if not page.documents or (not page.exceeds_total and seen >= page.total):
                return

    async def document(self, document_id: str) -> EmpowerDocument:
        """What is known of one."""
        call = _get("document", f"{self._base}/documents/{segment(document_id)}/meta")
        return await self._named(call)

    async def add_document(
        self, *, file: FilePart, business_id: str = "", tags: tuple[str, ...] = (), owners: tuple[str, ...] = ()
    ) -> EmpowerDocument:
        """Bring a document in; at most :data:`LARGEST_IMPORT` bytes."""
        fields = [("busDocId", business_id)] if business_id else []
        fields += [("docTag", tag) for tag in tags] + [("ownerId", owner) for owner in owners]
        part = FilePart(name="file", filename=file.filename, content=file.content, media_type=file.media_type)
        call = Call(
            name="import document",
            method="POST",
            path=f"{self._base}/documents/import",
            body=MultipartBody(fields=tuple(fields), files=(part,)),
            deadline_s=120.0,
        )
        return await self._named(call)

    async def export_document(self, document_id: str, *, preserve: bool = True) -> bytes:
        """Its bytes. Without ``preserve`` it is marked for deletion."""
        call = Call(
            name="export document",
            method="POST",
            path=f"{self._base}/documents/{segment(document_id)}/export",
            body=FormBody(fields=(("preserveDoc", "true" if preserve else "false"),)),
            deadline_s=120.0,
        )
        return (await self._transport.send(call)).body

    async def delete_document(self, document_id: str) -> None:
        """Mark it for deletion."""
        path = f"{self._base}/documents/{segment(document_id)}"
        await self._transport.send(Call(name="delete document", method="DELETE", path=path))

    def editor_address(self, document_id: str) -> str:
        """Where a browser opens it."""
        return f"{self._transport.base_url}{self._base}/docedit/{segment(document_id)}/open"

    async def error_codes(self) -> Mapping[str, str]:
        """The service's codes and what they say, off the page that it answers with."""
        reply = await self._transport.send(_get("error codes", f"{self._base}/config/errorCodes"))
        return read_codes(reply.body.decode("utf-8", "replace"))

    async def _named(self, call: Call) -> EmpowerDocument:
        found = read_body(reply := await self._transport.send(call), _Named).document
        if isinstance(found, EmpowerDocument):
            return found
        if not found:
            raise reply.odd("expected one document, got none")
        return found[0]


def read_codes(page: str) -> Mapping[str, str]:
    """``NAME = CODE|words`` lines of an HTML page, by code."""
    codes: dict[str, str] = {}
    for line in page.replace("<br />", "\n").replace("<br/>", "\n").replace("<br>", "\n").splitlines():
        _, equals, said = line.partition(" = ")
        code, bar, words = said.partition("|")
        if equals and bar:
            codes[code.strip()] = words.partition("<")[0].strip()
    return codes


def _get(name: str, path: str, query: tuple[tuple[str, str], ...] = ()) -> Call:
    return Call(name=name, method="GET", path=path, query=query, repeatable=True)
