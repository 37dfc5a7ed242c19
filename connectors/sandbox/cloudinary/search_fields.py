"""What a field of a search expression reads from a resource.

Source: contract §3.4; fields that it marks 3P are answered too. A field that does not exist is a query error (CHOSEN).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final, TypeAlias

from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.state import Cloud

FieldValue: TypeAlias = str | float | datetime | date
Reader: TypeAlias = Callable[[Resource], Iterable[FieldValue | None]]

_READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "asset_id": lambda found: [found.asset_id],
        "public_id": lambda found: [found.public_id],
        "filename": lambda found: [found.filename],
        "display_name": lambda found: [found.display_name],
        "folder": lambda found: [found.asset_folder],
        "asset_folder": lambda found: [found.asset_folder],
        "resource_type": lambda found: [found.resource_type],
        "type": lambda found: [found.type],
        "format": lambda found: [found.latest.format],
        "tags": lambda found: found.tags,
        "created_at": lambda found: [found.created_at],
        "uploaded_at": lambda found: [found.latest.created_at],
        "last_updated": lambda found: [found.updated_at],
        "updated_at": lambda found: [found.updated_at],
        "bytes": lambda found: [found.latest.file.size_bytes],
        "width": lambda found: [found.latest.file.width_px],
        "height": lambda found: [found.latest.file.height_px],
        "pixels": lambda found: [(found.latest.file.width_px or 0) * (found.latest.file.height_px or 0)],
        "aspect_ratio": lambda found: [aspect_ratio(found)],
        "duration": lambda found: [found.latest.file.duration_s],
        "version": lambda found: [found.latest.version],
        "status": lambda _found: ["active"],
        "moderation_status": lambda found: [found.current_moderation.status if found.current_moderation else None],
        "moderation_kind": lambda found: [found.current_moderation.kind if found.current_moderation else None],
    }
)


def aspect_ratio(resource: Resource) -> float | None:
    """Width by height; None without pixels."""
    file = resource.latest.file
    return round(file.width_px / file.height_px, 5) if file.width_px and file.height_px else None


def is_field(cloud: Cloud, name: str) -> bool:
    """Whether expressions may ask for ``name``."""
    head, _, key = name.partition(".")
    return (
        name in _READERS
        or name in {"context", "metadata"}
        or (head == "context" and bool(key))
        or (head == "metadata" and key in cloud.fields)
    )


def values_of(resource: Resource, name: str) -> Sequence[FieldValue]:
    """Every value of field ``name``; empty when the resource has none."""
    reader = _READERS.get(name)
    if reader is not None:
        return [value for value in reader(resource) if value is not None and value != ""]
    head, _, key = name.partition(".")
    held: Mapping[str, object] = resource.context if head == "context" else resource.metadata
    chosen = [held[key]] if key in held else [] if key else list(held.values())
    return [value for found in chosen for value in _plain(found)]


def names_of(resource: Resource) -> Sequence[str]:
    """The texts that differ between repetitions of an asset."""
    return (resource.public_id, resource.filename, resource.display_name)


def text_of(resource: Resource) -> Sequence[str]:
    """Every other text that an expression without a field looks through."""
    found = [
        resource.asset_folder,
        PurePosixPath(resource.latest.file.name).name,
        *resource.tags,
        *resource.context.values(),
    ]
    return [*found, *(str(value) for held in resource.metadata.values() for value in _plain(held))]


def _plain(value: object) -> Iterable[FieldValue]:
    match value:
        case str():
            yield value
            day = _day(value)
            if day is not None:
                yield day
        case bool() | None:
            return
        case int() | float():
            yield value
        case list():
            yield from (str(item) for item in value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
