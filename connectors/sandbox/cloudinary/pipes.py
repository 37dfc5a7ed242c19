"""The pipe syntax of context and metadata, read: ``key=value|key2=["a","b"]``.

Source: contract §3.2 and §4.2: a backslash takes the meaning from ``=``, ``|`` and ``"``.
"""

import json
import re
from typing import Final

from connectors.sandbox.cloudinary.refusals import bad_value

_PAIR_BREAK: Final = re.compile(r"(?<!\\)\|")
_KEY_BREAK: Final = re.compile(r"(?<!\\)=")
_ESCAPED: Final = re.compile(r'\\([=|"])')
_ESCAPED_IN_SET: Final = re.compile(r"\\([=|])")


def read_pairs(name: str, text: str) -> dict[str, str]:
    """The pairs of parameter ``name``; a JSON object is taken too. Raises: RefusalError, 400."""
    if text.startswith("{"):
        return _from_json(name, text)
    pairs: dict[str, str] = {}
    for part in filter(None, _PAIR_BREAK.split(text)):
        key, *value = _KEY_BREAK.split(part, maxsplit=1)
        if not key.strip() or not value:
            raise bad_value(name, text)
        escaped = _ESCAPED_IN_SET if value[0].startswith("[") else _ESCAPED
        pairs[_ESCAPED.sub(r"\1", key.strip())] = escaped.sub(r"\1", value[0])
    return pairs


def _from_json(name: str, text: str) -> dict[str, str]:
    try:
        held = json.loads(text)
    except ValueError:
        raise bad_value(name, text) from None
    return {str(key): value if isinstance(value, str) else json.dumps(value) for key, value in held.items()}
