"""The engine's Compose as an envelope, and how its answer is read (contract 1.7, 2.9; CONFIRMED). No I/O here.

Children of the request are unqualified. An engine tells most failures by the word *Error* in a success. What the
header's ``PDL`` numbers mean is not public, so a file is judged by its first bytes (CHOSEN).
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

import defusedxml
from defusedxml.ElementTree import fromstring

from connectors.calls import Call, RawBody, Reply
from connectors.errors import ConnectorError, InvalidError, SignInError
from connectors.exstream.server_based.proofs import UsernameToken
from connectors.exstream.wire.spelling import COMPOSE_DEADLINE_S
from connectors.judging import error_for_status
from connectors.masking import scrub

PATH: Final = "/EngineService/EngineService"
ENGINE: Final = "urn:hpexstream-services/Engine"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
PASSWORD_TEXT: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"  # noqa: S105
_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"%!PS", "application/postscript"),
    (b"\x1b%-12345X", "application/vnd.hp-pcl"),
    (b"\x5a", "application/afp"),
    (b"<!DOCTYPE html", "text/html"),
    (b"<html", "text/html"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOption:
    """An option of the engine, such as ``RUNMODE`` ``PRODUCTION``."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositionRequest:
    """What is to be composed. ``input_name`` is the package's symbolic name of its driver file: it is site-specific."""

    pub_files: Sequence[str]
    driver: bytes = field(repr=False)
    input_name: str
    driver_encoding: str = ""
    options: Sequence[EngineOption] = ()
    returns: str = ""
    """A regular expression over file names; without it everything comes back."""
    with_header: bool = True
    with_messages: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHeader:
    """What the engine says of one file."""

    file_type: str
    default_extension: str
    pdl: int | None
    page_count: int | None
    return_code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedFile:
    """One file of a composition."""

    name: str
    content: bytes = field(repr=False)
    header: FileHeader | None = None

    @property
    def media_type(self) -> str:
        """By the first bytes; ``text/plain`` for what is plainly text, else ``application/octet-stream``."""
        start = self.content[:64].lstrip()
        for magic, media_type in _MAGIC:
            if start.lower().startswith(magic.lower()):
                return media_type
        return "application/octet-stream" if b"\0" in self.content[:512] else "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What the engine made."""

    files: tuple[ComposedFile, ...]
    status: str
    messages: str = field(repr=False, default="")
    """The engine's own log; it may quote a customer's data."""


def compose(request: CompositionRequest, *, token: UsernameToken | None = None) -> Call:
    """Compose. Not repeated: a composition may be counted, and a package may write files of its own."""
    envelope = Element(f"{{{SOAP}}}Envelope")
    if token is not None:
        _security(SubElement(envelope, f"{{{SOAP}}}Header"), token)
    body = SubElement(envelope, f"{{{SOAP}}}Body")
    asked = SubElement(SubElement(body, f"{{{ENGINE}}}Compose"), "EWSComposeRequest")
    driver = SubElement(asked, "driver")
    _say(driver, "driver", base64.b64encode(request.driver).decode())
    _say(driver, "fileName", request.input_name)
    if request.driver_encoding:
        _say(asked, "driverEncoding", request.driver_encoding)
    for option in request.options:
        said = SubElement(asked, "engineOptions")
        _say(said, "name", option.name)
        _say(said, "value", option.value)
    if request.returns:
        _say(asked, "fileReturnRegEx", request.returns)
    _say(asked, "includeHeader", "true" if request.with_header else "false")
    _say(asked, "includeMessageFile", "true" if request.with_messages else "false")
    if len(request.pub_files) == 1:
        _say(asked, "pubFile", request.pub_files[0])
    else:
        files = SubElement(asked, "pubFiles")
        for name in request.pub_files:
            _say(files, "pubFile", name)
    content: bytes = tostring(envelope, encoding="utf-8", xml_declaration=True)
    return Call(
        name="compose",
        method="POST",
        path=PATH,
        headers={"SOAPAction": '""', "Accept": "text/xml"},
        body=RawBody(content=content, media_type="text/xml; charset=utf-8"),
        deadline_s=COMPOSE_DEADLINE_S,
    )


def read_composition(reply: Reply) -> Composition:
    """What came back. Raises: InvalidError when the engine says *Error* in a success, ShapeError."""
    answer = _parsed(reply).find(f"{{{SOAP}}}Body/{{{ENGINE}}}ComposeResponse/return")
    if answer is None:
        raise reply.odd("expected ComposeResponse")
    status = answer.findtext("statusMessage") or ""
    if "error" in status.lower():
        raise InvalidError(
            system=reply.system,
            call=reply.call,
            detail=scrub(status),
            request_id=reply.request_id,
            status=reply.status,
        )
    files = tuple(
        ComposedFile(
            name=each.findtext("fileName") or "",
            content=_bytes(reply, each.findtext("fileOutput")),
            header=_header(each.find("fileHeader")),
        )
        for each in answer.iterfind("files")
    )
    messages = _bytes(reply, answer.findtext("engineMessage")).decode("utf-8", "replace")
    return Composition(files=files, status=status, messages=messages)


def read_fault(reply: Reply) -> ConnectorError | None:
    """The failure that a SOAP fault tells; None when there is none to read."""
    if b"Fault" not in reply.body:
        return None
    try:
        fault = fromstring(reply.body, forbid_dtd=True).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    except (ParseError, ValueError, defusedxml.DefusedXmlException):
        return None
    if fault is None:
        return None
    code = (fault.findtext("faultcode") or "").rpartition(":")[2]
    told = fault.find(f"detail/{{{ENGINE}}}EngineServiceException")
    parts = [fault.findtext("faultstring") or ""]
    parts += [told.findtext("message") or "", told.findtext("faultInfo") or ""] if told is not None else []
    words = scrub(": ".join(dict.fromkeys(part.strip() for part in parts if part.strip())))
    kinds: dict[str, type[ConnectorError]] = {
        "FailedAuthentication": SignInError,
        "InvalidSecurity": SignInError,
        "InvalidSecurityToken": SignInError,
        "Client": InvalidError,
        "VersionMismatch": InvalidError,
        "MustUnderstand": InvalidError,
    }
    if kind := kinds.get(code):
        return kind(
            system=reply.system, call=reply.call, detail=words, request_id=reply.request_id, status=reply.status
        )
    return error_for_status(reply, detail=words)


def _parsed(reply: Reply) -> Element:
    try:
        parsed: Element = fromstring(reply.body, forbid_dtd=True)
    except (ParseError, ValueError, defusedxml.DefusedXmlException) as error:
        raise reply.odd("expected a SOAP envelope") from error
    return parsed


def _bytes(reply: Reply, text: str | None) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise reply.odd("content that is not base64") from error


def _header(element: Element | None) -> FileHeader | None:
    if element is None:
        return None
    return FileHeader(
        file_type=element.findtext("fileType") or "",
        default_extension=element.findtext("defaultExtension") or "",
        pdl=_number(element.findtext("PDL")),
        page_count=_number(element.findtext("pageCount")),
        return_code=_number(element.findtext("returnCode")),
    )


def _number(text: str | None) -> int | None:
    said = (text or "").strip()
    return int(said) if said.isascii() and said.removeprefix("-").isdigit() and len(said) < 12 else None  # noqa: PLR2004


def _security(header: Element, token: UsernameToken) -> None:
    security = SubElement(header, f"{{{WSSE}}}Security", {f"{{{SOAP}}}mustUnderstand": "1"})
    said = SubElement(security, f"{{{WSSE}}}UsernameToken")
    _say(said, f"{{{WSSE}}}Username", token.username)
    SubElement(said, f"{{{WSSE}}}Password", {"Type": PASSWORD_TEXT}).text = token.password


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
