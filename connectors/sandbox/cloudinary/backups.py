"""Restoring deleted assets and old versions, dropping old versions, and relating assets to each other.

Source: contract §3.2, CONFIRMED. Backups are on in this cloud, and nothing deleted is forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.notices import Notices
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import bad_value, missing
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.state import Cloud

_MOST_RELATED: Final = 10


class BackupCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud, notices: Notices) -> None:
        self._cloud = cloud
        self._notices = notices

    def restore(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST resources/restore and resources/{resource_type}/{type}/restore: what became of each id."""
        if "resource_type" in path:
            ids = parameters.texts("public_ids")
            found = [self._backed_up((path["resource_type"], path["type"], one)) for one in ids]
        else:
            ids = parameters.texts("asset_ids")
            found = [self._cloud.get(one) or self._cloud.deleted.get(one) for one in ids]
        versions = parameters.texts("versions")
        if not ids:
            raise missing("public_ids")
        if versions and len(versions) != len(ids):
            raise bad_value("versions", len(versions))
        wanted = versions or [""] * len(ids)
        return {
            one: self._restored(resource, version) for one, resource, version in zip(ids, found, wanted, strict=True)
        }

    def drop_versions(self, parameters: Parameters, path: Mapping[str, str]) -> tuple[Answer, int]:
        """DELETE resources/backup/{asset_id}: 200, or 207 with the ids that are none of its old versions."""
        resource = self._cloud.by_id(path["asset_id"])
        asked = parameters.texts("version_ids")
        old = {revision.version_id for revision in resource.revisions[:-1]}
        failures = [{"version_id": one, "message": "version not found"} for one in asked if one not in old]
        resource.revisions = [
            revision
            for revision in resource.revisions
            if revision is resource.latest or revision.version_id not in asked
        ]
        answer: Answer = {"asset_id": resource.asset_id, "deleted_version_ids": [one for one in asked if one in old]}
        return ({**answer, "failures": failures}, HTTPStatus.MULTI_STATUS) if failures else (answer, HTTPStatus.OK)

    def relate(self, parameters: Parameters, path: Mapping[str, str]) -> tuple[Answer, int]:
        """POST resources/related_assets/…: both assets then know each other."""
        resource = self._addressed(path)
        success, failed = [], []
        for name, other in self._others(parameters.texts("assets_to_relate"), path):
            if other is None or other is resource:
                failed.append(_outcome(name, "resource does not exist", "resource_not_found", HTTPStatus.NOT_FOUND))
                continue
            resource.related.add(other.asset_id)
            other.related.add(resource.asset_id)
            success.append(_outcome(name, "success", "success_ids", HTTPStatus.OK))
        return _outcomes(success, failed)

    def unrelate(self, parameters: Parameters, path: Mapping[str, str]) -> tuple[Answer, int]:
        """DELETE resources/related_assets/…."""
        resource = self._addressed(path)
        success, failed = [], []
        for name, other in self._others(parameters.texts("assets_to_unrelate"), path):
            if other is None or other.asset_id not in resource.related:
                failed.append(_outcome(name, "resource does not exist", "resource_not_found", HTTPStatus.NOT_FOUND))
                continue
            resource.related.discard(other.asset_id)
            other.related.discard(resource.asset_id)
            success.append(_outcome(name, "success", "success_ids", HTTPStatus.OK))
        return _outcomes(success, failed)

    def _backed_up(self, address: tuple[str, str, str]) -> Resource | None:
        there = self._cloud.find(address)
        return there or next((one for one in self._cloud.deleted.values() if one.address == address), None)

    def _restored(self, resource: Resource | None, version_id: str) -> Answer:
        if resource is None:
            return {"error": "no_backup"}
        old = next((one for one in resource.revisions if one.version_id == version_id), None)
        if version_id and old is None:
            return {"error": "no_backup"}
        if resource.asset_id in self._cloud.deleted:
            if self._cloud.find(resource.address) is not None:
                return {"error": "failed"}
            del self._cloud.deleted[resource.asset_id]
            self._cloud.add(resource)
        if old is not None and old is not resource.latest:
            version = self._cloud.next_version(resource)
            fresh = replace(old, version=version, version_id=self._cloud.mint("version"), created_at=self._cloud.now())
            resource.revisions.append(fresh)
            resource.derived.clear()
            body = {"asset_id": resource.asset_id, "public_id": resource.public_id, "version_id": version_id}
            self._notices.emit("restore_asset_version", body)
        self._cloud.touch(resource)
        return answers.detailed(self._cloud, resource)

    def _addressed(self, path: Mapping[str, str]) -> Resource:
        if "asset_id" in path:
            return self._cloud.by_id(path["asset_id"])
        return self._cloud.at(path["resource_type"], path["type"], path["public_id"])

    def _others(self, names: Sequence[str], path: Mapping[str, str]) -> list[tuple[str, Resource | None]]:
        """The assets that ``names`` mean: asset ids, or ``resource_type/type/public_id`` where the path has one."""
        if not 1 <= len(names) <= _MOST_RELATED:
            raise bad_value("assets_to_relate", len(names))
        if "asset_id" in path:
            return [(name, self._cloud.get(name)) for name in names]
        parted = [(name, *[*name.split("/", 2), "", ""][:3]) for name in names]
        return [(name, self._cloud.find((kind, delivery, public_id))) for name, kind, delivery, public_id in parted]


def _outcome(asset: str, message: str, code: str, status: int) -> Answer:
    return {"message": message, "code": code, "asset": asset, "status": int(status)}


def _outcomes(success: list[Answer], failed: list[Answer]) -> tuple[Answer, int]:
    status = HTTPStatus.MULTI_STATUS if failed else HTTPStatus.OK
    return {"success": success, "failed": failed}, status
