"""The engine's Compose as an envelope, and how its answer is read (contract 1.7, 2.9; CONFIRMED). No I/O here.

Children of the request are unqualified. An engine tells most failures by the word *Error* in a success. What the
header's ``PDL`` numbers mean is not public, so a file is judged by its first bytes (CHOSEN).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from connectors.calls import Call, Reply
from connectors.errors import InvalidError
from connectors.exstream.media import judged_type
from connectors.exstream.server_based.proofs import UsernameToken
from connectors.exstream.server_based.soap import SOAP, answer_in, decoded, envelope, number, say, soap_call
from connectors.masking import scrub

PATH: Final = "/EngineService/EngineService"
ENGINE: Final = "urn:hpexstream-services/Engine"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
PASSWORD_TEXT: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"  # noqa: S105


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
        """What it is by its first bytes."""
        return judged_type(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What the engine made."""

    files: tuple[ComposedFile, ...]
    status: str
    messages: str = field(repr=False, default="")
    """The engine's own log; it may quote a customer's data."""


def compose(request: CompositionRequest, *, token: UsernameToken | None = None) -> Call:
    """Compose; ``token`` travels in the envelope."""
    root, body = envelope()
    if token is not None:
        header = Element(f"{{{SOAP}}}Header")
        root.insert(0, header)
        _secure(header, token)
    asked = SubElement(SubElement(body, f"{{{ENGINE}}}Compose"), "EWSComposeRequest")
    driver = SubElement(asked, "driver")
    say(driver, "driver", base64.b64encode(request.driver).decode())
    say(driver, "fileName", request.input_name)
    if request.driver_encoding:
        say(asked, "driverEncoding", request.driver_encoding)
    for option in request.options:
        said = SubElement(asked, "engineOptions")
        say(said, "name", option.name)
        say(said, "value", option.value)
    if request.returns:
        say(asked, "fileReturnRegEx", request.returns)
    say(asked, "includeHeader", "true" if request.with_header else "false")
    say(asked, "includeMessageFile", "true" if request.with_messages else "false")
    if len(request.pub_files) == 1:
        say(asked, "pubFile", request.pub_files[0])
    else:
        files = SubElement(asked, "pubFiles")
        for name in request.pub_files:
            say(files, "pubFile", name)
    return soap_call("compose", PATH, root)


def read_composition(reply: Reply) -> Composition:
    """What came back. Raises: InvalidError when the engine says *Error* in a success, ShapeError."""
    answer = answer_in(reply, f"{{{ENGINE}}}ComposeResponse/return")
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
            content=decoded(reply, each.findtext("fileOutput")),
            header=_header(each.find("fileHeader")),
        )
        for each in answer.iterfind("files")
    )
    messages = decoded(reply, answer.findtext("engineMessage")).decode("utf-8", "replace")
    return Composition(files=files, status=status, messages=messages)


def _header(element: Element | None) -> FileHeader | None:
    if element is None:
        return None
    return FileHeader(
        file_type=element.findtext("fileType") or "",
        default_extension=element.findtext("defaultExtension") or "",
        pdl=number(element.findtext("PDL")),
        page_count=number(element.findtext("pageCount")),
        return_code=number(element.findtext("returnCode")),
    )


def _secure(header: Element, token: UsernameToken) -> None:
    security = SubElement(header, f"{{{WSSE}}}Security", {f"{{{SOAP}}}mustUnderstand": "1"})
    said = SubElement(security, f"{{{WSSE}}}UsernameToken")
    say(said, f"{{{WSSE}}}Username", token.username)
    say(said, f"{{{WSSE}}}Password", token.password).set("Type", PASSWORD_TEXT)
