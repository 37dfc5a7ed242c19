"""SOAP 1.1 as far as the server-based services use it: envelopes, faults, base64. No DTD is ever read."""

import base64
import binascii
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

import defusedxml
from defusedxml.ElementTree import fromstring

from connectors.calls import Call, RawBody, Reply
from connectors.errors import ConnectorError, InvalidError, SignInError
from connectors.exstream.wire.spelling import COMPOSE_DEADLINE_S
from connectors.judging import error_for_status
from connectors.masking import scrub

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_KINDS: Final[dict[str, type[ConnectorError]]] = {
    "FailedAuthentication": SignInError,
    "InvalidSecurity": SignInError,
    "InvalidSecurityToken": SignInError,
    "Client": InvalidError,
    "VersionMismatch": InvalidError,
    "MustUnderstand": InvalidError,
}
"""What a fault's code stands for; everything else is judged by the status."""


def envelope() -> tuple[Element, Element]:
    """An empty envelope and its body."""
    root = Element(f"{{{SOAP}}}Envelope")
    return root, SubElement(root, f"{{{SOAP}}}Body")


def say(parent: Element, name: str, text: str) -> Element:
    """A child that says ``text``."""
    child = SubElement(parent, name)
    child.text = text
    return child


def soap_call(name: str, path: str, root: Element, *, action: str = "") -> Call:
    """A request with this envelope. Not repeated: every operation here may be counted, or reach a customer."""
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return Call(
        name=name,
        method="POST",
        path=path,
        headers={"SOAPAction": f'"{action}"', "Accept": "text/xml"},
        body=RawBody(content=content, media_type="text/xml; charset=utf-8"),
        deadline_s=COMPOSE_DEADLINE_S,
    )


def answer_in(reply: Reply, path: str) -> Element:
    """The element at ``path`` in the body of the reply's envelope. Raises: ShapeError."""
    try:
        found: Element | None = fromstring(reply.body, forbid_dtd=True).find(f"{{{SOAP}}}Body/{path}")
    except (ParseError, ValueError, defusedxml.DefusedXmlException) as error:
        raise reply.odd("expected a SOAP envelope") from error
    if found is None:
        raise reply.odd(f"expected {path.rpartition('}')[2].partition('/')[0]}")
    return found


def decoded(reply: Reply, text: str | None) -> bytes:
    """Bytes out of base64, however its lines are broken. Raises: ShapeError."""
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise reply.odd("content that is not base64") from error


def number(text: str | None) -> int | None:
    """A whole number; None for anything else."""
    said = (text or "").strip()
    return int(said) if said.isascii() and said.removeprefix("-").isdigit() and len(said) < 12 else None  # noqa: PLR2004


def read_fault(reply: Reply) -> ConnectorError | None:
    """The failure that a SOAP fault tells, with every word of its detail; None when there is none to read."""
    if b"Fault" not in reply.body:
        return None
    try:
        fault = fromstring(reply.body, forbid_dtd=True).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    except (ParseError, ValueError, defusedxml.DefusedXmlException):
        return None
    if fault is None:
        return None
    detail = fault.find("detail")
    said = [fault.findtext("faultstring") or "", *(detail.itertext() if detail is not None else ())]
    words = scrub(": ".join(dict.fromkeys(part.strip() for part in said if part.strip())))
    code = (fault.findtext("faultcode") or "").rpartition(":")[2]
    if kind := _KINDS.get(code):
        return kind(
            system=reply.system, call=reply.call, detail=words, request_id=reply.request_id, status=reply.status
        )
    return error_for_status(reply, detail=words)
