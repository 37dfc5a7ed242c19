"""Streaming profiles, and the transformations that have a name or were used.

Source: contract §3.1 and §9.1. The profiles' names are CONFIRMED (PYT); what they consist of is left out.
"""

from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.delivery_path import read_steps
from connectors.sandbox.cloudinary.paging import MOST_ITEMS, Cursors, with_cursor
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError
from connectors.sandbox.cloudinary.state import Cloud

_PREDEFINED: Final = {
    "4k": "4K",
    "full_hd": "Full HD",
    "hd": "HD",
    "sd": "SD",
    "full_hd_wifi": "Full HD Wifi",
    "full_hd_lean": "Full HD Lean",
    "hd_lean": "HD Lean",
}


class ProfileCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud, cursors: Cursors) -> None:
        self._cloud = cloud
        self._cursors = cursors

    def profiles(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET streaming_profiles."""
        del parameters, path
        return {"data": [_profile(name) for name in _PREDEFINED]}

    def profile(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET streaming_profiles/{name}."""
        del parameters
        if path["name"] not in _PREDEFINED:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Streaming profile not found - {path['name']}")
        return {"data": {**_profile(path["name"]), "representations": []}}

    def transformations(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET transformations: the named ones, and unless only they are asked for, those that were used."""
        del path
        named = {f"t_{name}": False for name in self._cloud.named_transformations}
        used = Counter(
            made.transformation for one in list(self._cloud.resources.values()) for made in one.derived.values()
        )
        only_named = parameters.flag("named")
        names = sorted({*named, *([] if only_named else used)})
        size = parameters.number("max_results", default=10, low=1, high=MOST_ITEMS)
        page, after, _ = self._cursors.page(
            f"transformations {only_named}", size=size, cursor=parameters.text("next_cursor"), find=lambda: names
        )
        shown = [
            {"name": name, "allowed_for_strict": name in named, "used": used[name] > 0, "named": name in named}
            for name in page
        ]
        return with_cursor({"transformations": shown}, after)

    def create_transformation(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST transformations: a name for a transformation, which URLs then use as ``t_name``."""
        del path
        name, definition = parameters.required("name").removeprefix("t_"), parameters.required("transformation")
        if name in self._cloud.named_transformations:
            raise RefusalError(HTTPStatus.CONFLICT, f"Transformation {name} already exists")
        read_steps(definition)
        self._cloud.named_transformations[name] = definition
        return {"message": "created"}


def _profile(name: str) -> Answer:
    return {"name": name, "predefined": True, "display_name": _PREDEFINED[name]}
