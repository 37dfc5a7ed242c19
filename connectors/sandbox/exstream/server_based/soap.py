"""SOAP 1.1 at the server's end: envelopes in and out, and faults with the service's own detail."""

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

import defusedxml
from defusedxml.ElementTree import fromstring
from starlette.responses import Response

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
AUTHENTICATION: Final = "FailedAuthentication"


class SoapError(Exception):
    """Answered as a fault. ``code`` is ``Client`` or ``Server``, or a name of WS-Security."""

    def __init__(self, code: str, message: str, *, info: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.info = info


def read_envelope(body: bytes) -> Element:
    """The envelope. Raises: SoapError."""
    try:
        envelope: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, UnicodeDecodeError, ValueError, defusedxml.DefusedXmlException) as error:
        raise SoapError("Client", "The request is not well-formed XML") from error
    if envelope.tag != f"{{{SOAP}}}Envelope":
        raise SoapError("VersionMismatch", "Expected a SOAP 1.1 envelope")
    return envelope


def in_envelope(content: Element, *, status: int = 200) -> Response:
    """``content`` as the body of an answer."""
    envelope = Element(f"{{{SOAP}}}Envelope")
    SubElement(envelope, f"{{{SOAP}}}Body").append(content)
    written = tostring(envelope, encoding="utf-8", xml_declaration=True)
    return Response(written, status_code=status, media_type="text/xml")


def fault(error: SoapError, detail: str, said: Mapping[str, str]) -> Response:
    """A fault whose detail is an element called ``detail`` that says ``said``."""
    told = Element(f"{{{SOAP}}}Fault")
    is_security = error.code == AUTHENTICATION
    # The code is text that uses a prefix, so the prefix must be declared whatever the writer chooses.
    told.set(f"xmlns:{'wsse' if is_security else 'S'}", WSSE if is_security else SOAP)
    SubElement(told, "faultcode").text = f"{'wsse' if is_security else 'S'}:{error.code}"
    SubElement(told, "faultstring").text = error.message
    exception = SubElement(SubElement(told, "detail"), detail)
    for name, text in said.items():
        SubElement(exception, name).text = text
    return in_envelope(told, status=500)
