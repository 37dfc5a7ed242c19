"""What happens to assets over the years: renamed, deleted, restored, an old version dropped, related to each other.

Source: wire contract "Cloudinary" §3.2 and §10, CONFIRMED.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from connectors.calls import Call, JSONBody, MultipartBody, Reply, segment
from connectors.cloudinary.link import Link, admin
from connectors.cloudinary.models import Asset, AssetId, DeliveryType, ResourceType
from connectors.errors import ConnectorError, NotFoundError
from connectors.shape import JSONValue, convert, decode, json_object

MOST_RELATED: Final = 10
"""How many assets one call may relate."""
_OK: Final = "ok"


class Destroyed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a deletion: ``ok`` or ``not found``."""

    result: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one asset of a call about several."""

    asset: str
    message: str = ""
    code: str = ""
    status: int | None = None


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """200 when all went well, 207 when ``failed`` is not empty."""

    success: tuple[Outcome, ...] = ()
    failed: tuple[Outcome, ...] = ()


class VersionFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A version that could not be dropped. Keys beyond ``version_id`` INFERRED."""

    version_id: str = ""
    message: str = ""


class DroppedVersions(msgspec.Struct, frozen=True, kw_only=True):
    """Which versions are gone, and which are not (207)."""

    deleted_version_ids: tuple[str, ...] = ()
    failures: tuple[VersionFailure, ...] = ()


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one id of a restoration: the asset, or the vendor's word why not."""

    asset: Asset | None = None
    error: str = ""
    """``no_backup``, ``failed`` or ``unauthorized``; empty when the asset is back."""


def rename(
    cloud: str,
    public_id: str,
    to_public_id: str,
    *,
    resource_type: ResourceType,
    delivery_type: DeliveryType,
    to_type: DeliveryType | None = None,
    overwrite: bool = False,
) -> Call:
    """Another address. With ``to_type`` the delivery type changes, and every URL with it (§10)."""
    fields = [
        ("from_public_id", public_id),
        ("to_public_id", to_public_id),
        ("type", delivery_type.value),
        *([("to_type", to_type.value)] if to_type else []),
        ("overwrite", str(int(overwrite))),
        ("invalidate", "1"),
    ]
    path = f"/v1_1/{segment(cloud)}/{resource_type}/rename"
    return Call(name="rename", method="POST", path=path, body=MultipartBody(fields=tuple(fields)))


def destroy(cloud: str, asset_id: AssetId) -> Call:
    """Delete one asset; its backup stays. What is gone already is told, not refused."""
    return Call(
        name="delete",
        method="POST",
        path=f"/v1_1/{segment(cloud)}/asset/destroy",
        body=JSONBody(value={"asset_id": asset_id, "invalidate": True}),
        repeatable=True,
    )


def destroy_by_public_id(
    cloud: str, public_id: str, *, resource_type: ResourceType, delivery_type: DeliveryType
) -> Call:
    """As :func:`destroy`, by the triple, outside the hourly budget."""
    fields = (("public_id", public_id), ("type", delivery_type.value), ("invalidate", "1"))
    path = f"/v1_1/{segment(cloud)}/{resource_type}/destroy"
    return Call(name="delete", method="POST", path=path, body=MultipartBody(fields=fields), repeatable=True)


def restore(cloud: str, asset_ids: Sequence[AssetId], versions: Sequence[str] = ()) -> Call:
    """Bring back deleted assets, or older versions: ``versions`` is empty or as long as the ids.

    Restoring a version makes a new one, so it is not repeatable. Raises: ValueError.
    """
    if versions and len(versions) != len(asset_ids):
        raise ValueError("as many versions as assets, or none")
    body: dict[str, JSONValue] = {"asset_ids": list(asset_ids)}
    if versions:
        body["versions"] = list(versions)
    return admin(cloud, "POST", "resources/restore", name="restore", body=body)


def restore_by_public_id(
    cloud: str,
    public_ids: Sequence[str],
    versions: Sequence[str] = (),
    *,
    resource_type: ResourceType,
    delivery_type: DeliveryType,
) -> Call:
    """As :func:`restore`, by public ids of one kind. Raises: ValueError."""
    if versions and len(versions) != len(public_ids):
        raise ValueError("as many versions as assets, or none")
    body: dict[str, JSONValue] = {"public_ids": list(public_ids)}
    if versions:
        body["versions"] = list(versions)
    return admin(cloud, "POST", f"resources/{resource_type}/{delivery_type}/restore", name="restore", body=body)


def read_restored(reply: Reply) -> Mapping[str, Restored]:
    """What became of each id that was asked for. Raises: ShapeError."""
    return {name: _restored(reply, value) for name, value in json_object(reply).items()}


def _restored(reply: Reply, value: JSONValue) -> Restored:
    if isinstance(value, Mapping) and "error" in value:
        return Restored(error=str(value["error"]) or "failed")
    return Restored(asset=convert(reply, value, Asset))


def drop_versions(cloud: str, asset_id: AssetId, version_ids: Sequence[str]) -> Call:
    """Take old versions out of the backup for good."""
    body: dict[str, JSONValue] = {"version_ids": list(version_ids)}
    return admin(cloud, "DELETE", f"resources/backup/{segment(asset_id)}", name="drop versions", body=body)


def relate(cloud: str, asset_id: AssetId, others: Sequence[AssetId]) -> Call:
    """Have up to ten assets belong together with ``asset_id``."""
    body: dict[str, JSONValue] = {"assets_to_relate": list(others)}
    where = f"resources/related_assets/{segment(asset_id)}"
    return admin(cloud, "POST", where, name="relate assets", body=body, repeatable=True)


def unrelate(cloud: str, asset_id: AssetId, others: Sequence[AssetId]) -> Call:
    """Part them again."""
    body: dict[str, JSONValue] = {"assets_to_unrelate": list(others)}
    where = f"resources/related_assets/{segment(asset_id)}"
    return admin(cloud, "DELETE", where, name="unrelate assets", body=body)


class Upkeep:
    """Every method raises any ConnectorError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def rename(
        self, asset: Asset, to_public_id: str, *, to_type: DeliveryType | None = None, overwrite: bool = False
    ) -> Asset:
        """Another address for ``asset``; its id stays. Raises: InvalidError when one stands there already."""
        call = rename(
            self._link.cloud,
            asset.public_id,
            to_public_id,
            resource_type=asset.resource_type,
            delivery_type=asset.type,
            to_type=to_type,
            overwrite=overwrite,
        )
        return decode(await self._link.send_form(call), Asset)

    async def delete(self, asset_id: AssetId) -> bool:
        """Delete an asset; False when it was gone already."""
        return decode(await self._link.send(destroy(self._link.cloud, asset_id)), Destroyed).result == _OK

    async def delete_by_public_id(self, asset: Asset) -> bool:
        """As :meth:`delete`, outside the hourly budget."""
        call = destroy_by_public_id(
            self._link.cloud, asset.public_id, resource_type=asset.resource_type, delivery_type=asset.type
        )
        return decode(await self._link.send_form(call), Destroyed).result == _OK

    async def restore(self, asset_ids: Sequence[AssetId], versions: Sequence[str] = ()) -> Mapping[str, Restored]:
        """Bring assets or their older ``versions`` back; what became of each."""
        return read_restored(await self._link.send(restore(self._link.cloud, asset_ids, versions)))

    async def restore_version(self, asset: Asset, version_id: str) -> Asset:
        """Make an older version the newest again. Raises: NotFoundError when the backup has none."""
        call = restore_by_public_id(
            self._link.cloud,
            [asset.public_id],
            [version_id],
            resource_type=asset.resource_type,
            delivery_type=asset.type,
        )
        reply = await self._link.send(call)
        outcome = read_restored(reply).get(asset.public_id, Restored(error="no_backup"))
        if outcome.asset is None:
            raise _not_back(reply, outcome.error)
        return outcome.asset

    async def drop_versions(self, asset_id: AssetId, version_ids: Sequence[str]) -> DroppedVersions:
        """Take old versions out of the backup for good; some may stay (207)."""
        return decode(await self._link.send(drop_versions(self._link.cloud, asset_id, version_ids)), DroppedVersions)

    async def relate(self, asset_id: AssetId, others: Sequence[AssetId]) -> Outcomes:
        """Have assets belong together, ten at a call."""
        return await self._in_tens(relate, asset_id, others)

    async def unrelate(self, asset_id: AssetId, others: Sequence[AssetId]) -> Outcomes:
        """Part them again."""
        return await self._in_tens(unrelate, asset_id, others)

    async def _in_tens(
        self, build: Callable[[str, AssetId, Sequence[AssetId]], Call], asset_id: AssetId, others: Sequence[AssetId]
    ) -> Outcomes:
        success: tuple[Outcome, ...] = ()
        failed: tuple[Outcome, ...] = ()
        for start in range(0, len(others), MOST_RELATED):
            part = others[start : start + MOST_RELATED]
            told = decode(await self._link.send(build(self._link.cloud, asset_id, part)), Outcomes)
            success, failed = success + told.success, failed + told.failed
        return Outcomes(success=success, failed=failed)


def _not_back(reply: Reply, why: str) -> ConnectorError:
    return NotFoundError(
        system=reply.system, call=reply.call, detail=why, request_id=reply.request_id, status=reply.status
    )
