"""Resources in the shapes that Cloudinary's calls answer. Source: contract §4 and §8."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from connectors.sandbox.cloudinary.resource import Derived, Moderation, Resource
from connectors.sandbox.cloudinary.search_fields import aspect_ratio
from connectors.sandbox.cloudinary.signing import escaped, short_signature
from connectors.sandbox.cloudinary.state import Cloud, MetadataField

Answer = dict[str, object]

_SEARCH_EXTRAS: Final = frozenset({"tags", "context", "metadata", "moderation", "moderation_kind", "moderation_status"})
"""Left out of Search unless ``with_field`` or ``fields`` asks; for moderation that is one of two beliefs (§4.1)."""
_ALWAYS: Final = frozenset({"asset_id", "public_id"})


def moment(at: datetime) -> str:
    """``2025-10-09T08:53:20Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def delivery_url(cloud: Cloud, resource: Resource, *, transformation: str = "", extension: str | None = None) -> str:
    """Where the resource, or a rendition of it, is delivered."""
    source = escaped(resource.public_id)
    if resource.resource_type != "raw":
        source += f".{extension or resource.latest.format}"
    signature = _signature_segment(cloud, resource, transformation, source)
    version = f"v{resource.latest.version}"
    parts = (cloud.delivery_base(), cloud.name, resource.resource_type, resource.type, signature)
    return "/".join(part for part in (*parts, transformation, version, source) if part)


def _signature_segment(cloud: Cloud, resource: Resource, transformation: str, source: str) -> str:
    if resource.type == "upload":
        return ""
    return short_signature(f"{transformation}/{source}" if transformation else source, cloud.api_secret)


def listed(cloud: Cloud, resource: Resource, *, parts: Iterable[str] = ()) -> Answer:
    """An item of a list; ``parts`` names what is added: ``tags``, ``context``, ``metadata``, ``moderations``."""
    answer = _core(cloud, resource)
    added: Mapping[str, Callable[[], Answer]] = {
        "tags": lambda: {"tags": list(resource.tags)},
        "context": lambda: {"context": {"custom": dict(resource.context)}} if resource.context else {},
        "metadata": lambda: {"metadata": dict(resource.metadata)},
        "moderations": lambda: _moderation(resource),
    }
    for part in parts:
        answer |= added[part]()
    return answer


def detailed(cloud: Cloud, resource: Resource, *, with_versions: bool = False) -> Answer:
    """One resource with everything that is kept of it; the derived list has no limit here."""
    answer = listed(cloud, resource, parts=("tags", "context", "metadata", "moderations"))
    answer |= {
        "etag": cloud.etag(resource.latest.file),
        "last_updated": {"updated_at": moment(resource.updated_at)},
        "derived": [derived(cloud, resource, made) for made in resource.derived.values()],
    }
    if with_versions:
        answer["versions"] = [
            {
                "version_id": old.version_id,
                "version": str(old.version),
                "format": old.format,
                "size": old.file.size_bytes,
                "time": moment(old.created_at),
                "restorable": True,
            }
            for old in reversed(resource.revisions)
        ]
    return answer


def uploaded(cloud: Cloud, resource: Resource, *, is_existing: bool, eager: Iterable[Derived] = ()) -> Answer:
    """What upload and explicit answer: signed, with ``moderation[]`` but no flat status (§5, CONFIRMED)."""
    answer = listed(cloud, resource, parts=("tags", "context", "metadata", "moderations"))
    for flat in ("moderation_kind", "moderation_status"):
        answer.pop(flat, None)
    signed = f"public_id={resource.public_id}&version={resource.latest.version}{cloud.api_secret}"
    answer |= {
        "etag": cloud.etag(resource.latest.file),
        "placeholder": False,
        "original_filename": resource.filename,
        "signature": hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest(),
        "api_key": cloud.api_key,
    }
    if is_existing:
        answer["existing"] = True
    made = [derived(cloud, resource, one) for one in eager]
    if made:
        answer["eager"] = made
    return answer


def found(cloud: Cloud, resource: Resource, *, with_field: Iterable[str], fields: Iterable[str]) -> Answer:
    """An item of a Search: flat context, and only what was asked (§3.4, §8, CONFIRMED)."""
    file = resource.latest.file
    creator = {"type": "user", "access_key": cloud.api_key}
    answer = _core(cloud, resource) | _moderation(resource)
    answer |= {
        "filename": resource.filename,
        "uploaded_at": moment(resource.latest.created_at),
        "last_updated": {"updated_at": moment(resource.updated_at)},
        "aspect_ratio": aspect_ratio(resource),
        "pixels": (file.width_px or 0) * (file.height_px or 0),
        "status": "active",
        "etag": cloud.etag(file),
        "created_by": creator,
        "uploaded_by": creator,
        "tags": list(resource.tags),
        "context": dict(resource.context),
        "metadata": dict(resource.metadata),
    }
    wanted = frozenset(fields)
    if wanted:
        return {key: value for key, value in answer.items() if key in wanted | _ALWAYS}
    left_out = _SEARCH_EXTRAS - frozenset(with_field)
    return {key: value for key, value in answer.items() if key not in left_out}


def derived(cloud: Cloud, resource: Resource, made: Derived) -> Answer:
    """One rendition (§4.1, §4.3)."""
    url = delivery_url(cloud, resource, transformation=made.transformation, extension=made.format)
    return {
        "id": made.id,
        "transformation": made.transformation,
        "format": made.format,
        "width": made.width,
        "height": made.height,
        "bytes": made.size_bytes,
        "url": _insecure(url),
        "secure_url": url,
    }


def promised(cloud: Cloud, resource: Resource, request: str, batch_id: str) -> Answer:
    """An ``eager`` item that is still to be made: no sizes yet (§4.3, INFERRED)."""
    transformation, _, last = request.rpartition("/")
    is_extension = "_" not in last and bool(transformation)
    url = delivery_url(
        cloud,
        resource,
        transformation=transformation if is_extension else request,
        extension=last if is_extension else None,
    )
    return {
        "status": "processing",
        "batch_id": batch_id,
        "transformation": transformation if is_extension else request,
        "url": _insecure(url),
        "secure_url": url,
    }


def metadata_field(field: MetadataField) -> Answer:
    """One structured metadata field (§4.2)."""
    answer: Answer = {
        "external_id": field.external_id,
        "label": field.label,
        "type": field.type,
        "mandatory": field.is_mandatory,
        "default_value": field.default_value,
        "default_disabled": field.is_default_off,
        "restrictions": {"readonly_ui": field.is_read_only},
        "validation": field.validation,
        "allow_dynamic_list_values": field.is_open,
    }
    if field.options is not None:
        answer["datasource"] = datasource(field)
    return answer


def datasource(field: MetadataField) -> Answer:
    """The options of one field, in their order."""
    return {
        "values": [
            {
                "external_id": option.external_id,
                "value": option.value,
                "state": "active" if option.is_active else "inactive",
                "position": place,
            }
            for place, option in enumerate((field.options or {}).values())
        ]
    }


def _core(cloud: Cloud, resource: Resource) -> Answer:
    revision = resource.latest
    file = revision.file
    url = delivery_url(cloud, resource)
    answer: Answer = {
        "asset_id": resource.asset_id,
        "public_id": resource.public_id,
        "version": revision.version,
        "version_id": revision.version_id,
        "resource_type": resource.resource_type,
        "type": resource.type,
        "created_at": moment(resource.created_at),
        "bytes": file.size_bytes,
        **_place(cloud, resource),
        "access_mode": "public" if resource.type == "upload" else "authenticated",
        "url": _insecure(url),
        "secure_url": url,
    }
    if resource.resource_type != "raw":
        answer["format"] = revision.format
    if file.width_px and file.height_px:
        answer |= {"width": file.width_px, "height": file.height_px}
    if file.duration_s is not None:
        answer["duration"] = file.duration_s
    if resource.access_control is not None:
        answer["access_control"] = list(resource.access_control)
    return answer


def _place(cloud: Cloud, resource: Resource) -> Answer:
    """Folder and name in the dynamic mode; in the older, fixed one the folder is a part of the public id (§2)."""
    if cloud.has_fixed_folders:
        return {"folder": resource.asset_folder}
    return {"asset_folder": resource.asset_folder, "display_name": resource.display_name}


def _moderation(resource: Resource) -> Answer:
    current = resource.current_moderation
    if current is None:
        return {}
    return {
        "moderation_kind": current.kind,
        "moderation_status": current.status,
        "moderation": [_step(step) for step in resource.moderation],
    }


def _step(step: Moderation) -> Answer:
    answer: Answer = {"kind": step.kind, "status": step.status}
    if step.updated_at is not None:
        answer["updated_at"] = moment(step.updated_at)
    return answer


def _insecure(url: str) -> str:
    return "http://" + url.partition("://")[2]
