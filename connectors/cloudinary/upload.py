"""Cloudinary's Upload API: forms that change assets, outside the hourly budget.

Forms go with Basic (documented as the server-side way), or signed in themselves without an ``Authorization`` header,
as the vendor's clients send them (wire contract "Cloudinary" §1 and §3, CHOSEN).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypedDict, Unpack

import msgspec

from connectors.calls import Call, FilePart, MultipartBody, segment
from connectors.cloudinary.models import AccessRule, DeliveryType, ResourceType
from connectors.cloudinary.pipes import MetadataValue, written
from connectors.cloudinary.rules import written_rules
from connectors.cloudinary.sign_in import KeyPair
from connectors.cloudinary.signature import Digest, request_signature

UPLOAD_DEADLINE_S: Final = 600.0
"""A large file takes minutes, and whoever gives up too early has uploaded it all the same (§11)."""
_UNSIGNED: Final = frozenset({"notification_url", "batch_id"})
_LOOSELY_SIGNED: Final = frozenset({"tags", "context", "metadata"})
"""Calls on which the fields above are sent and not signed (§6.1, CONFIRMED)."""


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to an upload with ``async``: it will be done (§4.4, CONFIRMED)."""

    status: str
    batch_id: str
    public_id: str | None = None


class UploadFields(TypedDict, total=False):
    """What an upload may say besides its file; what is left out, is left to the vendor."""

    resource_type: ResourceType
    """Without it the vendor tells by the content what the file is."""
    delivery_type: DeliveryType
    public_id: str | None
    asset_folder: str | None
    display_name: str | None
    tags: Sequence[str]
    context: Mapping[str, str] | None
    metadata: Mapping[str, MetadataValue] | None
    moderation: str | None
    """``manual`` puts the asset into review at once."""
    overwrite: bool | None
    access_control: Sequence[AccessRule] | None
    eager: Sequence[str]
    """Renditions to be made beforehand, each with ``/ext`` at its end where the format changes."""
    notify: str
    """Who is told instead of the triggers: a web hook, or ``poll://…``."""
    batch_id: str
    """What the messages of ``poll://*`` are drained by."""


def upload(cloud: str, file: FilePart | str | None, *, is_async: bool = False, **said: Unpack[UploadFields]) -> Call:
    """Store a file as an asset. A text is an address that the vendor fetches itself; None leaves the file to
    :class:`~connectors.cloudinary.chunks.Parts`.

    With ``is_async`` the answer is a :class:`Promise`, kept by a notification. Each upload under an existing public id
    makes a new version, so it is not repeatable.
    """
    context, metadata, overwrite = said.get("context"), said.get("metadata"), said.get("overwrite")
    rules = said.get("access_control")
    fields = _given(
        ("type", said.get("delivery_type", DeliveryType.UPLOAD).value),
        ("public_id", said.get("public_id")),
        ("asset_folder", said.get("asset_folder")),
        ("display_name", said.get("display_name")),
        ("tags", ",".join(said.get("tags", ()))),
        ("context", written(context) if context else None),
        ("metadata", written(metadata) if metadata else None),
        ("moderation", said.get("moderation")),
        ("overwrite", None if overwrite is None else str(int(overwrite))),
        ("access_control", None if rules is None else written_rules(rules)),
        ("eager", "|".join(said.get("eager", ()))),
        ("async", "1" if is_async else None),
        ("notification_url", said.get("notify")),
        ("batch_id", said.get("batch_id")),
        ("file", file if isinstance(file, str) else None),
    )
    files = (replace(file, name="file"),) if isinstance(file, FilePart) else ()
    return Call(
        name="upload",
        method="POST",
        path=f"/v1_1/{segment(cloud)}/{said.get('resource_type') or 'auto'}/upload",
        body=MultipartBody(fields=fields, files=files),
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
    is_async: bool = False,
    notify: str = "",
    batch_id: str = "",
) -> Call:
    """Put an existing asset into review (``moderation="manual"``), or have renditions made of it beforehand.

    ``eager`` holds transformations, each with ``/ext`` at its end where the format changes. With ``is_async`` their
    sizes arrive in a notification to ``notify`` (§4.3, INFERRED).
    """
    fields = _given(
        ("public_id", public_id),
        ("type", delivery_type.value),
        ("moderation", moderation),
        ("eager", "|".join(eager)),
        ("eager_async", "1" if is_async else None),
        ("notification_url", notify),
        ("batch_id", batch_id),
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
    """Add pairs to the context of several assets; without any, take all pairs away."""
    fields = _given(
        *(("public_ids[]", public_id) for public_id in public_ids),
        ("context", written(context)),
        ("command", "add" if context else "remove_all"),
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
    clears_invalid: bool = False,
) -> Call:
    """Set structured metadata of several assets; ``clears_invalid`` takes away what no longer fits its field."""
    fields = _given(
        *(("public_ids[]", public_id) for public_id in public_ids),
        ("metadata", written(metadata)),
        ("type", delivery_type.value),
        ("clear_invalid", "1" if clears_invalid else None),
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
