"""How much of an asset a call wants: ``load_type`` and ``data_load_request`` (core-dam 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from connectors.sandbox.core_dam.bodies import json_parameter
from connectors.sandbox.core_dam.errors import malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What an answer carries beside the plain keys of an asset."""

    metadata: bool = False
    content: bool = True
    renditions: bool = True
    links: bool = False
    policies: bool = False
    path: bool = False
    languages: bool = False
    """The texts of every language, where a field has several."""
    fields: frozenset[str] = frozenset()
    """Metadata fields to keep; empty for all."""


_BY_TYPE: Final[Mapping[str, Load]] = {
    "": Load(),
    "full": Load(metadata=True, links=True, policies=True, path=True, languages=True),
    "system": Load(renditions=False),
    "metadata": Load(metadata=True),
    "inherited_metadata": Load(metadata=True),
}


def read_load(parameters: Mapping[str, str]) -> Load:
    """What ``parameters`` ask for. Raises: OtmmError for an unknown ``load_type`` or an unreadable request."""
    load_type = parameters.get("load_type", "").strip().lower()
    if load_type == "custom":
        load = _custom(json_parameter(parameters, "data_load_request"))
    elif load_type in _BY_TYPE:
        load = _BY_TYPE[load_type]
    else:
        raise malformed("load_type")
    wanted = (part.strip() for part in parameters.get("metadata_to_return", "").split(","))
    return replace(
        load,
        fields=frozenset(part for part in wanted if part),
        languages=load.languages or parameters.get("load_multilingual_values", "").strip().lower() == "true",
    )


def _custom(request: Mapping[str, object]) -> Load:
    # Flags travel as JSON booleans or as the words "true" and "false" (CONFIRMED).
    on = {flag for flag, value in request.items() if value is True or str(value).lower() == "true"}
    return Load(
        metadata=bool(on & {"load_metadata", "load_inherited_metadata"}),
        content="load_asset_content_info" in on,
        renditions=bool(on & {"load_thumbnail_info", "load_preview_info", "load_pdf_preview_info"}),
        links="load_destination_links" in on,
        policies="load_security_policies" in on,
        path="load_path" in on,
        languages="load_multilingual_field_values" in on,
    )
