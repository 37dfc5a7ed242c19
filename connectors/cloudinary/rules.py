"""Who may see an asset and when: its publication window.

Source: wire contract "Cloudinary" §3.2 and §10, CONFIRMED: the rules travel as a JSON *string*, the asset is served if
any of them is valid, and an empty list lifts them (INFERRED).
"""

import json
from collections.abc import Sequence
from datetime import datetime

from connectors.cloudinary.models import AccessRule


def window(start: datetime | None, end: datetime | None) -> AccessRule:
    """Open to everybody from ``start`` to ``end`` (aware); None is open."""
    return AccessRule(access_type="anonymous", start=start, end=end)


TOKEN_ONLY = AccessRule(access_type="token")
"""Open to whoever has an auth token."""


def written_rules(rules: Sequence[AccessRule]) -> str:
    """``rules`` as one field of a form or of an update's body."""
    return json.dumps([_written(rule) for rule in rules], separators=(",", ":"))


def _written(rule: AccessRule) -> dict[str, str]:
    said = {
        "access_type": rule.access_type,
        "start": rule.start.isoformat() if rule.start else None,
        "end": rule.end.isoformat() if rule.end else None,
        "key": rule.key,
        "path": rule.path,
    }
    return {name: value for name, value in said.items() if value}
