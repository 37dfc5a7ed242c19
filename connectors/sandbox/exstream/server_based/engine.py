"""The engine as a web service: SOAP 1.1 Compose that really composes (exstream 1.7, 2.9; CONFIRMED).

A packaged template is named by its ``.pub`` file: a communication's slug or name. Credentials are looked at when they
are brought, since all three ways were seen; an input that the package does not know is told as *Error* in a 200.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.composer import CHANNELS, ComposeError, Composer, Output, Template, catalogue
from connectors.sandbox.exstream.drivers import read_driver
from connectors.sandbox.exstream.server_based.soap import (
    AUTHENTICATION,
    SOAP,
    WSSE,
    SoapError,
    fault,
    in_envelope,
    read_envelope,
)
from connectors.sandbox.exstream.server_based.wsdl import NAMESPACE, described
from connectors.sandbox.otds.authority import TicketAuthority

PATH: Final = "/EngineService/EngineService"
INPUTS: Final = frozenset({"INPUT", "FILEINPUT", "dd:input"})
"""Symbolic names of the driver file; a package knows its own, these were seen."""
PDLS: Final[Mapping[str, int]] = {"application/pdf": 4}
"""One integrator reads 4 as PDF; no list was found, so everything else is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    pub_file: str
    input_name: str
    driver: bytes = field(repr=False)
    returns: re.Pattern[str] | None
    with_header: bool
    with_messages: bool


class EngineService:
    """One service at its usual path."""

    def __init__(self, authority: TicketAuthority, composer: Composer) -> None:
        self._authority = authority
        self._composer = composer

    def routes(self) -> list[Route]:
        """Its description and its one operation."""
        return [Route(PATH, self.describe), Route(PATH, self.compose, methods=["POST"])]

    async def describe(self, request: Request) -> Response:
        """The WSDL."""
        if "wsdl" not in {key.lower() for key in request.query_params}:
            return Response("<html><body>EngineService</body></html>", media_type="text/html")
        address = str(request.url.replace(query=""))
        return Response(described(address), media_type="text/xml")

    async def compose(self, request: Request) -> Response:
        """Compose what a package makes of a driver file."""
        try:
            envelope = read_envelope(await request.body())
            self._check(request, envelope)
            composed = await self._composed(_wish(envelope))
        except SoapError as error:
            said = {"faultInfo": error.info, "message": error.message}
            return fault(error, f"{{{NAMESPACE}}}EngineServiceException", said)
        response = Element(f"{{{NAMESPACE}}}ComposeResponse")
        response.append(composed)
        return in_envelope(response)

    def _check(self, request: Request, envelope: Element) -> None:
        """Refuse credentials that are wrong; none at all are let through."""
        header = request.headers.get("authorization", "")
        if header.lower().startswith("basic "):
            name, _, password = _basic(header)
            if self._authority.check_password(name, password) is None:
                raise SoapError("Client", "Not authorised")
        token = envelope.find(f"{{{SOAP}}}Header/{{{WSSE}}}Security/{{{WSSE}}}UsernameToken")
        if token is not None:
            name, password = (token.findtext(f"{{{WSSE}}}{part}") or "" for part in ("Username", "Password"))
            if self._authority.check_password(name, password) is None:
                raise SoapError(AUTHENTICATION, "The security token could not be authenticated")

    async def _composed(self, wish: _Wish) -> Element:
        template = _template(wish.pub_file)
        if wish.input_name not in INPUTS:
            return _answer([], f"Error EX003101: input {wish.input_name or '(none)'} is not defined", wish)
        try:
            record = read_driver(wish.driver, "application/xml" if wish.driver.lstrip()[:1] == b"<" else "")
        except ValueError as error:
            return _answer([], f"Error EX003102: {error}", wish)
        composer, made = self._composer.with_one_look(), []
        for channel in (each for each in CHANNELS if each in template.channels):
            try:
                made.append(await composer.compose(template.slug, None, channel, record))
            except ComposeError as error:
                return _answer([], f"Error EX003103: {error}", wish)
        return _answer(made, f"Successful: {len(made)} files", wish)


def _answer(made: list[Output], status: str, wish: _Wish) -> Element:
    """The operation's ``return``."""
    response = Element("return")
    if wish.with_messages:
        SubElement(response, "engineMessage").text = base64.b64encode(f"I {status}\n".encode()).decode()
    for output in made:
        if wish.returns is not None and wish.returns.fullmatch(output.file_name) is None:
            continue
        files = SubElement(response, "files")
        if wish.with_header:
            _header(SubElement(files, "fileHeader"), output)
        SubElement(files, "fileName").text = output.file_name
        SubElement(files, "fileOutput").text = base64.b64encode(output.content).decode()
    SubElement(response, "statusMessage").text = status
    return response


def _header(element: Element, output: Output) -> None:
    facts = {
        "DDAOutputFile": "false",
        "defaultExtension": output.file_name.rpartition(".")[2],
        "fileType": output.media_type,
        "messageLength": "0",
        "outputLength": str(len(output.content)),
        "PDL": str(PDLS.get(output.media_type, 0)),
        "pageCount": str(output.pages),
        "returnCode": "0",
        "userDataLength": "0",
        "version": "1",
    }
    for name, text in facts.items():
        SubElement(element, name).text = text


def _wish(envelope: Element) -> _Wish:
    asked = envelope.find(f"{{{SOAP}}}Body/{{{NAMESPACE}}}Compose/EWSComposeRequest")
    if asked is None:
        raise SoapError("Client", "Cannot find dispatch method", info="EWSComposeRequest")
    said = asked.findtext("fileReturnRegEx") or ""
    try:
        driver = base64.b64decode(asked.findtext("driver/driver") or "", validate=False)
        returns = re.compile(said) if said else None
    except (binascii.Error, re.error) as error:
        raise SoapError("Client", "The request could not be read", info=type(error).__name__) from error
    pub_file = asked.findtext("pubFile") or asked.findtext("pubFiles/pubFile") or ""
    return _Wish(
        pub_file=pub_file,
        input_name=asked.findtext("driver/fileName") or "",
        driver=driver,
        returns=returns,
        with_header=asked.findtext("includeHeader") == "true",
        with_messages=asked.findtext("includeMessageFile") == "true",
    )


def _template(pub_file: str) -> Template:
    name = pub_file.replace("\\", "/").rpartition("/")[2].removesuffix(".pub").lower()
    for slug, template in catalogue().items():
        if name in (slug, template.name.lower(), template.name.lower().replace(" ", "")):
            return template
    raise SoapError("Server", "The package file could not be opened", info=pub_file)


def _basic(header: str) -> tuple[str, str, str]:
    try:
        return base64.b64decode(header.partition(" ")[2]).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", "", ""
