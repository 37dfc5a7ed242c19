"""Cloudinary's pipe syntax for context and metadata: ``key=value|key2=value2``.

Source: wire contract "Cloudinary" §3.2 and §4.2, CONFIRMED: ``=``, ``|`` and ``"`` are escaped by a backslash; a set
of values is a JSON array, in which the quotes stay as JSON writes them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

MetadataValue: TypeAlias = "str | int | date | Sequence[str]"
"""Text or an option's external id, a number, a day, or the external ids of a set."""

_SPECIAL_IN_TEXT: Final = re.compile(r'([=|"])')
_SPECIAL_IN_SET: Final = re.compile(r"([=|])")


def written(values: Mapping[str, MetadataValue]) -> str:
    """``values`` as one field of a form or of an update's body."""
    return "|".join(f"{key}={_value(value)}" for key, value in values.items())


def _value(value: MetadataValue) -> str:
    match value:
        case str():
            return _SPECIAL_IN_TEXT.sub(r"\\\1", value)
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            return _SPECIAL_IN_SET.sub(r"\\\1", json.dumps(list(value), ensure_ascii=False))
