"""The Admin API's calls that take away or set free many assets at once.

Source: the vendor's Python client for the requests; that one call deletes at most 1,000 originals, the rest being told
by ``partial`` and a cursor, is its documentation's (PYD). Answers beyond that are CHOSEN.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.changes import Changes
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, missing
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.shelf import Question
from connectors.sandbox.cloudinary.state import RESOURCE_TYPES, Cloud

_MOST_AT_ONCE: Final = 1000
_MOST_IDS: Final = 100


class DeletionCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud, changes: Changes) -> None:
        self._cloud = cloud
        self._changes = changes

    def by_type(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE resources/{resource_type}/{type} by ``public_ids``, ``prefix`` or ``all``."""
        resource_type, delivery_type = _resource_type(path), path["type"]
        public_ids, prefix = parameters.texts("public_ids"), parameters.text("prefix")
        if public_ids:
            if len(public_ids) > _MOST_IDS:
                raise bad_value("public_ids", len(public_ids))
            found = {one: self._cloud.find((resource_type, delivery_type, one)) for one in public_ids}
            return self._deleted(found, parameters)
        if not prefix and not parameters.flag("all"):
            raise missing("public_ids")
        chosen = self._some(
            lambda one: (
                (one.resource_type, one.type) == (resource_type, delivery_type)
                and one.public_id.startswith(prefix or "")
            ),
            reads_names=bool(prefix),
        )
        return self._deleted(_by_public_id(chosen), parameters)

    def by_asset_ids(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE resources by ``asset_ids``."""
        del path
        asset_ids = parameters.texts("asset_ids")
        if not asset_ids or len(asset_ids) > _MOST_IDS:
            raise bad_value("asset_ids", len(asset_ids))
        return self._deleted({one: self._cloud.get(one) for one in asset_ids}, parameters)

    def by_tag(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE resources/{resource_type}/tags/{tag}."""
        resource_type, tag = _resource_type(path), path["tag"]
        tagged = self._some(lambda one: one.resource_type == resource_type and tag in one.tags)
        return self._deleted(_by_public_id(tagged), parameters)

    def derived(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE derived_resources by ``derived_resource_ids``."""
        del path
        ids = parameters.texts("derived_resource_ids")
        if not ids or len(ids) > _MOST_IDS:
            raise bad_value("derived_resource_ids", len(ids))
        outcome = dict.fromkeys(ids, "not_found")
        for resource in self._cloud.shelf.kept():
            for derived_id in outcome.keys() & resource.derived.keys():
                del resource.derived[derived_id]
                outcome[derived_id] = "deleted"
        return {"deleted": outcome, "partial": False}

    def publish(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST resources/{resource_type}/publish_resources: authenticated or private assets become public."""
        resource_type = _resource_type(path)
        delivery_type = parameters.text("type") or "authenticated"
        public_ids, prefix, tag = parameters.texts("public_ids"), parameters.text("prefix"), parameters.text("tag")
        if not (public_ids or prefix or tag):
            raise missing("public_ids")
        published, failed = [], []
        meant = self._some(
            lambda one: (
                (one.resource_type, one.type) == (resource_type, delivery_type)
                and (
                    one.public_id in public_ids
                    or (bool(prefix) and one.public_id.startswith(prefix or ""))
                    or tag in one.tags
                )
            ),
            reads_names=True,
        )
        for resource in meant:
            try:
                self._changes.rename(
                    resource,
                    public_id=resource.public_id,
                    delivery_type="upload",
                    overwrite=parameters.flag("overwrite"),
                )
            except RefusalError as error:
                failed.append({"public_id": resource.public_id, "error": error.message})
            else:
                published.append(answers.listed(self._cloud, resource))
        return {"published": published, "failed": failed}

    def _some(self, test: Callable[[Resource], bool], *, reads_names: bool = False) -> Sequence[Resource]:
        """What ``test`` chooses, as many as one call may take and one more."""
        question = Question(test=test, reads_names=reads_names)
        return list(islice(self._cloud.shelf.found(question), _MOST_AT_ONCE + 1))

    def _deleted(self, found: Mapping[str, Resource | None], parameters: Parameters) -> Answer:
        keeps, only = parameters.flag("keep_original"), _transformations(parameters)
        outcome: dict[str, str] = {}
        counts: dict[str, Mapping[str, int]] = {}
        for name, resource in list(found.items())[:_MOST_AT_ONCE]:
            outcome[name] = "deleted" if resource else "not_found"
            if resource is None:
                continue
            gone = [key for key, made in resource.derived.items() if not only or made.transformation in only]
            counts[name] = {"original": 0 if keeps else 1, "derived": len(gone)}
            for key in gone:
                del resource.derived[key]
            if not keeps:
                self._changes.delete(resource)
        is_partial = len(found) > _MOST_AT_ONCE
        answer: Answer = {"deleted": outcome, "deleted_counts": counts, "partial": is_partial}
        return {**answer, "next_cursor": self._cloud.mint("cursor")} if is_partial else answer


def _by_public_id(chosen: Iterable[Resource]) -> Mapping[str, Resource | None]:
    return {resource.public_id: resource for resource in chosen}


def _transformations(parameters: Parameters) -> Sequence[str]:
    said = parameters.values.get("transformations")
    if isinstance(said, str):
        return [one for one in said.split("|") if one]
    return parameters.texts("transformations")


def _resource_type(path: Mapping[str, str]) -> str:
    if path["resource_type"] not in RESOURCE_TYPES:
        raise RefusalError(
            HTTPStatus.BAD_REQUEST, f"Invalid value for parameter resource_type: {path['resource_type']}"
        )
    return path["resource_type"]
