"""Delivery URLs, read.

``/{cloud}/{resource_type}/{type}/[s--sig--/]{transformation}/[v{version}/]{public_id}[.{ext}]``

Source: contract §9, CONFIRMED. Where the transformation ends: before the first ``v`` with digits, else before the first
segment that is no transformation component (INFERRED).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from connectors.sandbox.cloudinary.refusals import RefusalError

_SIGNATURE: Final = re.compile(r"s--[\w-]{8}(?:[\w-]{24})?--")
_VERSION: Final = re.compile(r"v\d+")
_COMPONENT: Final = re.compile(r"(?:\$\w+|[a-z]{1,3})_[^,/]*(?:,(?:\$\w+|[a-z]{1,3})_[^,/]*)*")
_KNOWN: Final = frozenset("abcdefghlopqrtuwxyz") | {
    *("ac", "af", "ar", "bl", "bo", "br", "co", "cs", "dl", "dn", "du", "eo", "fl", "fn", "if", "ki", "pg", "so"),
    *("sp", "vc", "vs", "dpr", "fps"),
}
"""Every key that a component may have."""

Step = Mapping[str, str]
"""One component of a transformation: values by their keys, such as ``{"c": "limit", "w": "600"}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPath:
    """What a delivery URL asks for."""

    cloud: str
    resource_type: str
    type: str
    signature: str | None
    transformation: str
    """As it stands in the URL, empty for the original."""
    version: int | None
    source: str
    """Public id, with an extension or without."""


def read_path(path: str) -> DeliveryPath:
    """``path`` taken apart, still percent-encoded as signatures cover it; only the source is decoded.

    Raises: RefusalError, 404, when it cannot be a delivery URL."""
    cloud, resource_type, delivery_type, *rest = [*path.strip("/").split("/"), "", "", ""][: path.count("/") + 4]
    rest = [part for part in rest if part]
    if not rest:
        raise RefusalError(HTTPStatus.NOT_FOUND, "Resource not found")
    signature = rest.pop(0) if _SIGNATURE.fullmatch(rest[0]) else None
    end = _end_of_transformation(rest)
    version: int | None = None
    source = rest[end:]
    if len(source) > 1 and _VERSION.fullmatch(source[0]):
        version = int(source.pop(0)[1:])
    if not source:
        raise RefusalError(HTTPStatus.NOT_FOUND, "Resource not found")
    return DeliveryPath(
        cloud=cloud,
        resource_type=resource_type,
        type=delivery_type,
        signature=signature,
        transformation="/".join(rest[:end]),
        version=version,
        source=unquote("/".join(source)),
    )


def _end_of_transformation(parts: Sequence[str]) -> int:
    """How many of ``parts`` are components. The last one is always the source."""
    for place, part in enumerate(parts[:-1]):
        if _VERSION.fullmatch(part) or not is_component(part):
            return place
    return max(len(parts) - 1, 0)


def is_component(part: str) -> bool:
    """Whether ``part`` reads as a transformation component with keys that exist."""
    if not _COMPONENT.fullmatch(part):
        return False
    return all(pair.startswith("$") or pair.partition("_")[0] in _KNOWN for pair in part.split(","))


def read_steps(transformation: str) -> Sequence[Step]:
    """The steps of a transformation in their order. Raises: RefusalError, 400."""
    steps: list[Step] = []
    for part in filter(None, transformation.split("/")):
        if not is_component(part):
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid transformation component - {part}")
        pairs = (pair.partition("_") for pair in part.split(","))
        steps.append({key: unquote(value) for key, _, value in pairs})
    return steps
