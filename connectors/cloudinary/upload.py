"""Cloudinary's Upload API: forms that change assets, outside the hourly budget.

Forms go with Basic (documented as the server-side way), or signed in themselves without an ``Authorization`` header,
as the vendor's clients send them (wire contract "Cloudinary" §1 and §3, CHOSEN).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from connectors.calls import Call, FilePart, MultipartBody, segment
from connectors.cloudinary.models import DeliveryType, ResourceType
from connectors.cloudinary.pipes import MetadataValue, written
from connectors.cloudinary.sign_in import KeyPair
from connectors.cloudinary.signature import Digest, request_signature

UPLOAD_DEADLINE_S: Final = 600.0
_UNSIGNED: Final = frozenset({"notification_url", "batch_id"})
_LOOSELY_SIGNED: Final = frozenset({"tags", "context", "metadata"})
"""Calls on which the fields above are sent and not signed (§6.1, CONFIRMED)."""


def upload(
    cloud: str,
    file: FilePart,
    *,
    resource_type: ResourceType | None = None,
    delivery_type: DeliveryType = DeliveryType.UPLOAD,
    public_id: str | None = None,
    asset_folder: str | None = None,
    display_name: str | None = None,
    tags: Sequence[str] = (),
    context: Mapping[str, str] | None = None,
    metadata: Mapping[str, MetadataValue] | None = None,
    moderation: str | None = None,
    overwrite: bool | None = None,
) -> Call:
    """Store a file as an asset; without ``resource_type`` the vendor tells by the content what it is.

    Each upload under an existing public id makes a new version, so it is not repeatable.
    """
    fields = _given(
        ("type", delivery_type.value),
        ("public_id", public_id),
        ("asset_folder", asset_folder),
        ("display_name", display_name),
        ("tags", ",".join(tags)),
        ("context", written(context) if context else None),
        ("metadata", written(metadata) if metadata else None),
        ("moderation", moderation),
        ("overwrite", None if overwrite is None else str(int(overwrite))),
    )
    return Call(
        name="upload",
        method="POST",
        path=f"/v1_1/{segment(cloud)}/{resource_type or 'auto'}/upload",
        body=MultipartBody(fields=fields, files=(replace(file, name="file"),)),
        deadline_s=UPLOAD_DEADLINE_S,
    )


def explicit(
    cloud: str,
    public_id: str,
    *,
    resource_type: ResourceType,
    delivery_type: DeliveryType,
    moderation: str | None = None,
    eager: Sequence[str] = (),
) -> Call:
    """Put an existing asset into review (``moderation="manual"``), or have renditions made of it beforehand.

    ``eager`` holds transformations, each with ``/ext`` at its end where the format changes.
    """
    fields = _given(
        ("public_id", public_id),
        ("type", delivery_type.value),
        ("moderation", moderation),
        ("eager", "|".join(eager)),
    )
    return _form(cloud, resource_type, "explicit", fields)


def tag(
    cloud: str,
    public_ids: Sequence[str],
    tags: Sequence[str],
    *,
    command: str,
    resource_type: ResourceType,
    delivery_type: DeliveryType,
) -> Call:
    """``command`` is ``add``, ``remove``, ``replace``, ``set_exclusive`` or ``remove_all``; up to 1000 ids."""
    fields = _given(
        *(("public_ids[]", public_id) for public_id in public_ids),
        ("tag", ",".join(tags)),
        ("command", command),
        ("type", delivery_type.value),
    )
    return _form(cloud, resource_type, "tags", fields)


def add_context(
    cloud: str,
    public_ids: Sequence[str],
    context: Mapping[str, str],
    *,
    resource_type: ResourceType,
    delivery_type: DeliveryType,
) -> Call:
    """Add pairs to the context of several assets."""
    fields = _given(
        *(("public_ids[]", public_id) for public_id in public_ids),
        ("context", written(context)),
        ("command", "add"),
        ("type", delivery_type.value),
    )
    return _form(cloud, resource_type, "context", fields)


def set_metadata(
    cloud: str,
    public_ids: Sequence[str],
    metadata: Mapping[str, MetadataValue],
    *,
    resource_type: ResourceType,
    delivery_type: DeliveryType,
) -> Call:
    """Set structured metadata of several assets."""
    fields = _given(
        *(("public_ids[]", public_id) for public_id in public_ids),
        ("metadata", written(metadata)),
        ("type", delivery_type.value),
    )
    return _form(cloud, resource_type, "metadata", fields)


def signed(call: Call, keys: KeyPair, *, now: datetime, digest: Digest = Digest.SHA1) -> Call:
    """``call`` with its form signed in itself, to be sent without an ``Authorization`` header (§6.1, CONFIRMED).

    The signature is valid for an hour. Raises: TypeError for a call that carries no form.
    """
    if not isinstance(call.body, MultipartBody):
        raise TypeError("only forms are signed")
    fields = (*call.body.fields, ("timestamp", str(int(now.timestamp()))))
    loose = call.path.rsplit("/", 1)[-1] in _LOOSELY_SIGNED
    to_sign = tuple(pair for pair in fields if not (loose and pair[0] in _UNSIGNED))
    signature = request_signature(to_sign, api_secret=keys.api_secret, digest=digest)
    proof = (("api_key", keys.api_key), ("signature", signature))
    return replace(call, body=replace(call.body, fields=(*fields, *proof)), signed_in=False)


def _form(cloud: str, resource_type: ResourceType, action: str, fields: tuple[tuple[str, str], ...]) -> Call:
    return Call(
        name=action,
        method="POST",
        path=f"/v1_1/{segment(cloud)}/{resource_type}/{action}",
        body=MultipartBody(fields=fields),
        repeatable=True,
    )


def _given(*fields: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in fields if value)
