"""The Upload API's calls that change assets that are there: tags, context, metadata, rename, destroy.

Source: contract §3.2. They cost nothing of the hourly budget (§8).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.changes import Changes
from connectors.sandbox.cloudinary.metadata import read_values
from connectors.sandbox.cloudinary.notices import asker_of
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.pipes import read_pairs
from connectors.sandbox.cloudinary.refusals import bad_value, missing, not_found
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.shelf import Question
from connectors.sandbox.cloudinary.state import DELIVERY_TYPES, RESOURCE_TYPES, Cloud
from connectors.sandbox.cloudinary.storing import checked_id

_MOST_TAGGED: Final = 1000
_TAG_COMMANDS: Final = frozenset({"add", "set_exclusive", "remove", "replace", "remove_all"})


class BulkCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud, changes: Changes) -> None:
        self._cloud = cloud
        self._changes = changes

    def tags(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/tags."""
        command, given = parameters.required("command"), parameters.texts("tag")
        if command not in _TAG_COMMANDS:
            raise bad_value("command", command)
        if not given and command != "remove_all":
            raise missing("tag")
        changed = self._many(parameters, path)
        if command == "set_exclusive":
            meant = {resource.asset_id for resource in changed}
            tagged = Question(test=lambda one: not set(given).isdisjoint(one.tags))
            for owner in self._cloud.shelf.found(tagged):
                if owner.asset_id not in meant:
                    self._changes.set_tags(owner, [tag for tag in owner.tags if tag not in given])
        for resource in changed:
            held = resource.tags
            outcome = {
                "add": [*held, *given],
                "set_exclusive": [*held, *given],
                "remove": [tag for tag in held if tag not in given],
                "replace": given,
                "remove_all": [],
            }
            self._changes.set_tags(resource, outcome[command], asker=asker_of(parameters))
        return _ids(changed)

    def context(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/context."""
        command = parameters.required("command")
        if command not in {"add", "remove_all"}:
            raise bad_value("command", command)
        given = read_pairs("context", parameters.required("context")) if command == "add" else {}
        changed = self._many(parameters, path)
        for resource in changed:
            context = {**resource.context, **given} if command == "add" else {}
            self._changes.set_context(resource, context, asker=asker_of(parameters))
        return _ids(changed)

    def metadata(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/metadata."""
        given = parameters.required("metadata")
        values = read_values(self._cloud, given, clears_invalid=parameters.flag("clear_invalid"))
        changed = self._many(parameters, path)
        for resource in changed:
            self._changes.set_metadata(resource, values, asker=asker_of(parameters))
        return _ids(changed)

    def rename(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/rename, which also changes the delivery type."""
        public_id = parameters.required("from_public_id")
        if path["resource_type"] not in RESOURCE_TYPES:
            raise not_found(public_id)
        resource = self._cloud.at(path["resource_type"], parameters.text("type") or "upload", public_id)
        delivery_type = parameters.text("to_type") or resource.type
        if delivery_type not in DELIVERY_TYPES:
            raise bad_value("to_type", delivery_type)
        checked = self._changes.check(parameters)
        self._changes.rename(
            resource,
            public_id=checked_id(parameters.required("to_public_id")),
            delivery_type=delivery_type,
            overwrite=parameters.flag("overwrite"),
            asker=checked.asker,
        )
        self._changes.apply(resource, checked)
        return answers.detailed(self._cloud, resource)

    def destroy(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST {resource_type}/destroy, or asset/destroy by ``asset_id``."""
        if "resource_type" in path:
            address = (path["resource_type"], parameters.text("type") or "upload", parameters.required("public_id"))
            resource = self._cloud.find(address)
        else:
            resource = self._cloud.get(parameters.required("asset_id"))
        if resource is None:
            return {"result": "not found"}
        self._changes.delete(resource, asker=asker_of(parameters))
        return {"result": "ok"}

    def _many(self, parameters: Parameters, path: Mapping[str, str]) -> list[Resource]:
        """The resources a bulk call means; public ids that are not there are passed over."""
        sent = parameters.values.get("public_ids")
        public_ids = [str(one) for one in sent] if isinstance(sent, list) else parameters.texts("public_ids")
        if not public_ids:
            raise missing("public_ids")
        if len(public_ids) > _MOST_TAGGED:
            raise bad_value("public_ids", len(public_ids))
        delivery_type = parameters.text("type") or "upload"
        known = (self._cloud.find((path["resource_type"], delivery_type, one)) for one in public_ids)
        return [resource for resource in known if resource]


def _ids(changed: Sequence[Resource]) -> Answer:
    return {"public_ids": [resource.public_id for resource in changed]}
