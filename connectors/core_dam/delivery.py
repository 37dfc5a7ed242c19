"""Public delivery addresses: which asset one shows, and the address of another size (core-dam 7.6).

The address forms and parameter names are CONFIRMED as strings; what the parameters mean is INFERRED.
"""

import re
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from connectors.core_dam.models import OriginalId

_IN_PATH: Final = re.compile(r"/adaptivemedia/rendition/id_([^/]+)/name_[^/]+$")
_BY_QUERY: Final = re.compile(r"/adaptivemedia/rendition(/[^/]+)?$")


def original_id_in(address: str) -> OriginalId | None:
    """The asset that a delivery address shows, whatever its host; None when it is not such an address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if in_path := _IN_PATH.search(parts.path):
        return OriginalId(in_path[1])
    if not _BY_QUERY.search(parts.path):
        return None
    said = parse_qs(parts.query).get("id", [""])[0]
    return OriginalId(said) if said else None


def resized(
    address: str,
    *,
    width_px: int | None = None,
    height_px: int | None = None,
    preset: str = "",
    picture_format: str = "",
) -> str:
    """``address`` asking for a picture that fits into the given box, or into ``preset`` (``515Wx515H``).

    ``picture_format`` is ``webp`` or another word that the host knows. Other parameters are kept.
    """
    parts = urlsplit(address)
    replaced = {"wd", "ht", "width", "height", "prid"} | ({"format"} if picture_format else set())
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in replaced]
    asked = {"wd": width_px, "ht": height_px, "prid": preset, "format": picture_format}
    wanted = [(key, str(value)) for key, value in asked.items() if value]
    return urlunsplit(parts._replace(query=urlencode(kept + wanted)))
