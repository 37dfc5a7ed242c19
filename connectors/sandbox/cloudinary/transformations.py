"""The transformations that a cloud knows: those with a name, and those that were used.

Source: contract §3.1; details, changes and deletions as the vendor's Python client asks for them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.delivery_path import read_steps
from connectors.sandbox.cloudinary.paging import MOST_ITEMS, Cursors, with_cursor
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError
from connectors.sandbox.cloudinary.resource import Derived, Resource
from connectors.sandbox.cloudinary.state import Cloud

_LONG_NAMES: Final = {
    "a": "angle",
    "ar": "aspect_ratio",
    "b": "background",
    "br": "bit_rate",
    "c": "crop",
    "cs": "color_space",
    "dn": "density",
    "dpr": "dpr",
    "e": "effect",
    "f": "fetch_format",
    "fl": "flags",
    "g": "gravity",
    "h": "height",
    "l": "overlay",
    "o": "opacity",
    "q": "quality",
    "r": "radius",
    "so": "start_offset",
    "vc": "video_codec",
    "w": "width",
    "x": "x",
    "y": "y",
}


class TransformationCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud, cursors: Cursors) -> None:
        self._cloud = cloud
        self._cursors = cursors
        self._allowed: set[str] = set()

    def list_or_one(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET transformations, or the one that ``transformation`` says."""
        del path
        said = parameters.text("transformation")
        if said:
            return self._detail(said, parameters)
        only_named = parameters.flag("named")
        used = Counter(made.transformation for _, made in self._made())
        named = {f"t_{name}" for name in self._cloud.named_transformations}
        names = sorted({*named, *([] if only_named else used)})
        size = parameters.number("max_results", default=10, low=1, high=MOST_ITEMS)
        page, after, _ = self._cursors.page(
            f"transformations {only_named}", size=size, cursor=parameters.text("next_cursor"), find=lambda: names
        )
        return with_cursor({"transformations": [self._summary(name, used[name] > 0) for name in page]}, after)

    def create(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST transformations: a name for a transformation, which URLs then use as ``t_name``."""
        del path
        name, definition = parameters.required("name").removeprefix("t_"), parameters.required("transformation")
        if name in self._cloud.named_transformations:
            raise RefusalError(HTTPStatus.CONFLICT, f"Transformation {name} already exists")
        read_steps(definition)
        self._cloud.named_transformations[name] = definition
        return {"message": "created"}

    def change(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT transformations: ``allowed_for_strict``, or another meaning of a name (``unsafe_update``)."""
        del path
        said = self._known(parameters.required("transformation"))
        meaning = parameters.text("unsafe_update")
        if meaning:
            if not said.startswith("t_"):
                raise RefusalError(HTTPStatus.BAD_REQUEST, "Only named transformations may be updated")
            read_steps(meaning)
            self._cloud.named_transformations[said.removeprefix("t_")] = meaning
        if "allowed_for_strict" in parameters.values:
            (self._allowed.add if parameters.flag("allowed_for_strict") else self._allowed.discard)(said)
        return {"message": "updated"}

    def delete(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE transformations: the name goes, and what was made by it."""
        del path
        said = self._known(parameters.required("transformation"))
        for resource, made in self._made():
            if made.transformation == said:
                del resource.derived[made.id]
        self._cloud.named_transformations.pop(said.removeprefix("t_"), None)
        return {"message": "deleted"}

    def _detail(self, said: str, parameters: Parameters) -> Answer:
        name = self._known(said)
        made = [(resource, one) for resource, one in self._made() if one.transformation == name]
        found = {f"{resource.asset_id} {one.id}": (resource, one) for resource, one in made}
        size = parameters.number("max_results", default=10, low=1, high=MOST_ITEMS)
        page, after, _ = self._cursors.page(
            f"transformation {name}", size=size, cursor=parameters.text("next_cursor"), find=lambda: list(found)
        )
        shown = [self._use(*found[key]) for key in page if key in found]
        meaning = self._cloud.named_transformations.get(name.removeprefix("t_"), name)
        answer = {**self._summary(name, bool(made)), "info": described(meaning), "derived": shown}
        return with_cursor(answer, after)

    def _use(self, resource: Resource, made: Derived) -> Answer:
        shown = answers.derived(self._cloud, resource, made)
        return {
            "public_id": resource.public_id,
            "resource_type": resource.resource_type,
            "type": resource.type,
            **{key: shown[key] for key in ("format", "url", "secure_url", "bytes", "id")},
        }

    def _summary(self, name: str, is_used: bool) -> Answer:
        is_named = name.removeprefix("t_") in self._cloud.named_transformations and name.startswith("t_")
        allowed = is_named or name in self._allowed
        return {"name": name, "allowed_for_strict": allowed, "used": is_used, "named": is_named}

    def _known(self, said: str) -> str:
        """The transformation as it is listed: a name may come with its ``t_`` or without. Raises: RefusalError, 404."""
        for name in (said, f"t_{said}"):
            if name.startswith("t_") and name.removeprefix("t_") in self._cloud.named_transformations:
                return name
        if any(made.transformation == said for _, made in self._made()):
            return said
        raise RefusalError(HTTPStatus.NOT_FOUND, f"Transformation not found - {said}")

    def _made(self) -> Sequence[tuple[Resource, Derived]]:
        return [(one, made) for one in self._cloud.shelf.kept() for made in list(one.derived.values())]


def described(transformation: str) -> list[Mapping[str, object]]:
    """A transformation's steps with the long names of their keys."""
    return [{_LONG_NAMES.get(key, key): value for key, value in step.items()} for step in read_steps(transformation)]
