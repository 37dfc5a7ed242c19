"""The tenant's metadata: which fields exist, which views select them, and what the world says about an asset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from babel import Locale, UnknownLocaleError

from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.records import AssetRecord
from connectors.sandbox.library import RepeatedAssets
from connectors.sandbox.world import AssetStanding, World, WorldAsset

_LIFECYCLE: Final = tuple(standing.value for standing in AssetStanding)
_CHANNELS: Final = ("print", "email", "web", "sms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One metadata field. A type is the vendor's word for it."""

    name: str
    label: str
    field_type: str
    multi: bool = False
    required: bool = False
    read_only: bool = False
    use_as_facet: bool = False
    options: tuple[str, ...] = ()

    def label_of(self, option: str) -> str:
        """What people read for an option: a language's own name in English, or its words."""
        if self.name == "Language":
            try:
                return Locale.parse(option, sep="-").english_name or option
            except (UnknownLocaleError, ValueError):
                return "No language"
        return option.replace("_", " ").capitalize()

    def write(self, *, with_type: bool) -> dict[str, Any]:
        """As the vendor shows it; lists of views leave the type out (CONFIRMED)."""
        shown: dict[str, Any] = {
            "name": self.name,
            "label": self.label,
            "multi": self.multi,
            "required": self.required,
            "read_only": self.read_only,
            "auto_set": False,
            "hide_if_not_set": False,
            "representative": False,
            "sortable": not self.multi,
            "use_as_facet": self.use_as_facet,
            "min_value": None,
            "max_value": None,
            "source_url": None,
            "external_id": None,
            "options": [{"value": option, "label": self.label_of(option)} for option in self.options],
        }
        return {**shown, "field_type": self.field_type} if with_type else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A named selection of fields, in order."""

    id: str
    name: str
    description: str
    fields: tuple[Field, ...]
    made_at: datetime

    def write(self, *, with_types: bool) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "date_created": stamp(self.made_at),
            "date_modified": stamp(self.made_at),
            "view_fields": [field.write(with_type=with_types) for field in self.fields],
        }


SEPARATOR: Final = Field(name="__separator__", label="Rights", field_type="string", read_only=True)
"""A heading inside a view (CONFIRMED in a public import tool)."""


def fields_of(world: World) -> dict[str, Field]:
    """Every field of the tenant, by name."""
    locales = tuple(sorted({asset.locale for asset in _originals(world)} | {"und"}))
    fields = (
        Field(
            name="Language", label="Language", field_type="drop_down", required=True, use_as_facet=True, options=locales
        ),
        Field(name="Keywords", label="Keywords", field_type="tag_cloud", multi=True, use_as_facet=True),
        Field(name="AltText", label="Alternative text", field_type="text"),
        Field(name="Owner", label="Owner", field_type="string_exact", use_as_facet=True),
        Field(name="Lifecycle", label="Lifecycle", field_type="drop_down", use_as_facet=True, options=_LIFECYCLE),
        Field(
            name="Channels",
            label="Licensed channels",
            field_type="drop_down",
            multi=True,
            use_as_facet=True,
            options=_CHANNELS,
        ),
        Field(name="Product", label="Product", field_type="string", use_as_facet=True),
        Field(name="Region", label="Region", field_type="string", use_as_facet=True),
        Field(name="RightsEnd", label="Rights end", field_type="date"),
    )
    return {field.name: field for field in fields}


def _originals(world: World) -> Sequence[WorldAsset]:
    """Repetitions speak the languages of their originals."""
    return world.assets.originals if isinstance(world.assets, RepeatedAssets) else world.assets


def stored_at_first(asset: AssetRecord) -> dict[str, list[str]]:
    """What the world says about a seeded asset; a draft that nobody described has nothing stored at all."""
    seeded = asset.seeded
    if seeded is None or (seeded.standing is AssetStanding.DRAFT and not (seeded.tags or seeded.alt_text)):
        return {}
    values = {
        "Language": [seeded.locale],
        "Keywords": list(seeded.tags),
        "AltText": [seeded.alt_text],
        "Owner": [seeded.owner],
        "Lifecycle": [seeded.standing.value],
        "Channels": list(seeded.channels),
        "Product": [seeded.product],
        "Region": [seeded.region],
        "RightsEnd": [seeded.rights_end.isoformat()] if seeded.rights_end else [],
    }
    return {name: [entry for entry in entries if entry] for name, entries in values.items() if any(entries)}
