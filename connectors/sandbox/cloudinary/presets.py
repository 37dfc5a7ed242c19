"""Upload presets and upload mappings: settings that uploads start from, and folders that are filled from elsewhere.

The contract lists neither; calls and messages are what the vendor's Python client asks and reads, answers beyond that
are CHOSEN.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.paging import MOST_ITEMS, Cursors, with_cursor
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError
from connectors.sandbox.cloudinary.state import Cloud

_OF_PRESET: Final = frozenset({"name", "unsigned", "disallow_public_id", "live"})
_OPEN_TO_ALL: Final = frozenset(
    {
        *(
            "file",
            "upload_preset",
            "public_id",
            "folder",
            "asset_folder",
            "display_name",
            "tags",
            "context",
            "metadata",
        ),
        *("filename_override", "source", "resource_type", "callback", "batch_id", "timestamp"),
    }
)
"""What an unsigned upload may say itself; everything else is the preset's (CHOSEN subset)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Parameters under a name; an unsigned one may be used without credentials."""

    name: str
    is_unsigned: bool
    settings: Mapping[str, object]


class Presets:
    """The calls on upload presets, and what a preset does to an upload."""

    def __init__(self, cloud: Cloud, cursors: Cursors) -> None:
        self._cloud = cloud
        self._cursors = cursors
        self._held: dict[str, Preset] = {}

    def list_presets(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET upload_presets."""
        del path
        size = parameters.number("max_results", default=10, low=1, high=MOST_ITEMS)
        cursor = parameters.text("next_cursor")
        page, after, _ = self._cursors.page("presets", size=size, cursor=cursor, find=lambda: sorted(self._held))
        shown = [_shown(self._held[name]) for name in page if name in self._held]
        return with_cursor({"presets": shown}, after)

    def preset(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET upload_presets/{name}."""
        del parameters
        return _shown(self._known(path["name"]))

    def create(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST upload_presets; without a name it is given one."""
        del path
        name = parameters.text("name") or self._cloud.mint("preset")[:8]
        if name in self._held:
            raise RefusalError(HTTPStatus.CONFLICT, f"Upload preset {name} already exists")
        self._held[name] = Preset(
            name=name, is_unsigned=parameters.flag("unsigned"), settings=_settings(parameters.values)
        )
        return {"message": "created", "name": name}

    def change(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT upload_presets/{name}: what is given replaces, the rest stays."""
        known = self._known(path["name"])
        self._held[known.name] = replace(
            known,
            is_unsigned=parameters.flag("unsigned", default=known.is_unsigned),
            settings={**known.settings, **_settings(parameters.values)},
        )
        return {"message": "updated"}

    def delete(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE upload_presets/{name}."""
        del parameters
        del self._held[self._known(path["name"]).name]
        return {"message": "deleted"}

    def completed(self, parameters: Parameters, *, is_signed: bool) -> Parameters:
        """``parameters`` with what their ``upload_preset`` adds.

        A signed call's own values win; an unsigned call needs a preset that allows it, whose values win.
        Raises: RefusalError, 400.
        """
        name = parameters.text("upload_preset")
        if not name:
            if is_signed:
                return parameters
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Upload preset must be specified when using unsigned upload")
        preset = self._held.get(name)
        if preset is None:
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Upload preset not found")
        if is_signed:
            return replace(parameters, values={**preset.settings, **parameters.values})
        if not preset.is_unsigned:
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Upload preset must be whitelisted for unsigned uploads")
        for given in parameters.values.keys() - _OPEN_TO_ALL:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"{given} parameter is not allowed when using unsigned upload")
        return replace(parameters, values={**parameters.values, **preset.settings})

    def _known(self, name: str) -> Preset:
        preset = self._held.get(name)
        if preset is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Can't find upload preset with name {name}")
        return preset


class Mappings:
    """The calls on upload mappings. What is missing below a mapped folder is fetched when it is first delivered."""

    def __init__(self, cloud: Cloud, cursors: Cursors) -> None:
        self._cloud = cloud
        self._cursors = cursors
        self._held: dict[str, str] = {}

    def list_or_one(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """GET upload_mappings, all or that of one ``folder``."""
        del path
        folder = parameters.text("folder")
        if folder:
            return {"folder": self._known(folder), "template": self._held[folder]}
        size = parameters.number("max_results", default=10, low=1, high=MOST_ITEMS)
        cursor = parameters.text("next_cursor")
        page, after, _ = self._cursors.page("mappings", size=size, cursor=cursor, find=lambda: sorted(self._held))
        shown = [{"folder": one, "template": self._held[one]} for one in page if one in self._held]
        return with_cursor({"mappings": shown}, after)

    def create(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST upload_mappings."""
        del path
        folder = parameters.required("folder")
        if folder in self._held:
            raise RefusalError(HTTPStatus.CONFLICT, f"Upload mapping for folder {folder} already exists")
        self._held[folder] = parameters.required("template")
        return {"message": "created", "folder": folder}

    def change(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """PUT upload_mappings."""
        del path
        self._held[self._known(parameters.required("folder"))] = parameters.required("template")
        return {"message": "updated"}

    def delete(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """DELETE upload_mappings."""
        del path
        del self._held[self._known(parameters.required("folder"))]
        return {"message": "deleted"}

    def source_of(self, public_id: str) -> str | None:
        """Where an asset that is not here may be fetched; None when no mapping covers it."""
        for folder, template in self._held.items():
            if public_id.startswith(f"{folder}/"):
                return template + public_id.removeprefix(f"{folder}/")
        return None

    def _known(self, folder: str) -> str:
        if folder not in self._held:
            raise RefusalError(HTTPStatus.NOT_FOUND, f"Can't find upload mapping with folder {folder}")
        return folder


def _settings(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if key not in _OF_PRESET}


def _shown(preset: Preset) -> Answer:
    return {"name": preset.name, "unsigned": preset.is_unsigned, "settings": dict(preset.settings)}
