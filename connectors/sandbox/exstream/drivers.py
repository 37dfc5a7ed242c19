"""Driver data as it is submitted: JSON, or XML with the same names."""

import re
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml
import msgspec
from defusedxml.ElementTree import fromstring

_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_LISTS: Final = frozenset({"lines", "segments", "records", "customers", "channels"})
"""Elements whose children are items, whatever those are called."""


def read_driver(body: bytes, media_type: str) -> dict[str, object]:
    """One record. Raises: ValueError when the body is not what its type says, or not an object."""
    if media_type.endswith("xml"):
        try:
            read = _from_element(fromstring(body, forbid_dtd=True))
        except (ParseError, defusedxml.DefusedXmlException) as error:
            raise ValueError("the driver file is not well-formed XML") from error
    else:
        try:
            read = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ValueError("the driver file is not JSON") from error
    if not isinstance(read, dict):
        raise ValueError("the driver file is not an object")  # noqa: TRY004 - the content is wrong, not the caller
    return read


def _from_element(element: Element) -> object:
    children = list(element)
    if element.tag in _LISTS:
        return [_from_element(child) for child in children]
    if not children:
        text = (element.text or "").strip()
        return (float(text) if "." in text else int(text)) if _NUMBER.fullmatch(text) else text
    return {child.tag: _from_element(child) for child in children}
