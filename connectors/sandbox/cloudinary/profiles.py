"""Streaming profiles: those that every cloud has, and its own.

Source: contract §3.1 and §9.1: the names of the predefined ones are CONFIRMED (PYT), their sizes are CHOSEN. Creating,
changing and deleting are asked as the vendor's Python client does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.delivery_path import read_steps
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, missing
from connectors.sandbox.cloudinary.transformations import described

_PREDEFINED: Final = {
    "4k": ("4K", (3840, 2160, 1440, 1080, 720, 540)),
    "full_hd": ("Full HD", (1920, 1280, 960, 640, 480)),
    "hd": ("HD", (1280, 960, 640, 480)),
    "sd": ("SD", (960, 640, 480)),
    "full_hd_wifi": ("Full HD Wifi", (1920, 1280, 960)),
    "full_hd_lean": ("Full HD Lean", (1920, 960, 640)),
    "hd_lean": ("HD Lean", (1280, 640)),
}
"""Display name, and the widths of the representations in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profile:
    name: str
    display_name: str
    representations: Sequence[str]
    """A transformation each."""


class ProfileCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self) -> None:
        self._held = {name: _predefined(name) for name in _PREDEFINED}

    def profiles(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET streaming_profiles."""
        del parameters, path
        return {"data": [_summary(one) for one in self._held.values()]}

    def profile(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET streaming_profiles/{name}."""
        del parameters
        return {"data": _whole(self._known(path["name"]))}

    def create(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST streaming_profiles."""
        del path
        name = parameters.required("name")
        if name in self._held:
            raise RefusalError(HTTPStatus.CONFLICT, f"Streaming profile {name} already exists")
        made = _representations(parameters)
        if not made:
            raise missing("representations")
        self._held[name] = _Profile(
            name=name, display_name=parameters.text("display_name") or name, representations=made
        )
        return {"message": "created", "data": _whole(self._held[name])}

    def change(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT streaming_profiles/{name}; a predefined one may be changed too."""
        known = self._known(path["name"])
        self._held[known.name] = replace(
            known,
            display_name=parameters.text("display_name") or known.display_name,
            representations=_representations(parameters) or known.representations,
        )
        return {"message": "updated", "data": _whole(self._held[known.name])}

    def delete(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE streaming_profiles/{name}: a predefined one becomes what it was."""
        del parameters
        known = self._known(path["name"])
        if known.name in _PREDEFINED:
            self._held[known.name] = _predefined(known.name)
            return {"message": "reverted", "data": _whole(self._held[known.name])}
        del self._held[known.name]
        return {"message": "deleted"}

    def _known(self, name: str) -> _Profile:
        profile = self._held.get(name)
        if profile is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Streaming profile not found - {name}")
        return profile


def _predefined(name: str) -> _Profile:
    display_name, widths = _PREDEFINED[name]
    return _Profile(
        name=name,
        display_name=display_name,
        representations=[f"c_limit,h_{width * 9 // 16},w_{width}" for width in widths],
    )


def _representations(parameters: Parameters) -> Sequence[str]:
    """Each is ``{"transformation": text}``; the list arrives as JSON text or as JSON."""
    said = parameters.values.get("representations")
    if said is None:
        return []
    try:
        listed = json.loads(said) if isinstance(said, str) else said
    except ValueError:
        raise bad_value("representations", said) from None
    if not isinstance(listed, list):
        raise bad_value("representations", said)
    try:
        made = [str(one["transformation"]) for one in listed]
    except (TypeError, KeyError):
        raise bad_value("representations", said) from None
    for one in made:
        read_steps(one)
    return made


def _summary(profile: _Profile) -> Answer:
    return {
        "name": profile.name,
        "predefined": profile.name in _PREDEFINED,
        "display_name": profile.display_name,
    }


def _whole(profile: _Profile) -> Answer:
    shown = [{"transformation": described(one)} for one in profile.representations]
    return {**_summary(profile), "representations": shown}
