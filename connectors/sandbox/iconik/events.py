"""What webhooks are told: a write as an event (wire contract "iconik", §14; shape CONFIRMED by two public receivers).

Which writes make which events is read off their paths, for no list of them is published (INFERRED).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_PATH: Final = re.compile(r"/API/(?P<service>[\w-]+)/v\d/(?P<type>assets|collections)(?:/(?P<rest>.+))?")
_OPERATIONS: Final = {"POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
_REALMS: Final = frozenset(
    {"contents", "segments", "shares", "versions", "formats", "file_sets", "files", "proxies", "keyframes", "relations"}
    | {"approvals", "history"}
)
_COMPARISON: Final = re.compile(r"\s*([\w.]+)\s*(=|!=|>=|<=|>|<)\s*(\"[^\"]*\"|[\w.+-]+)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened."""

    event_type: str
    realm: str
    operation: str
    object_id: str
    """Of the share, segment … itself; the asset's is in ``data`` then."""
    about: str
    """The id of the asset or collection."""
    data: Mapping[str, Any]


def event_of(method: str, path: str, answer: object) -> Event | None:
    """The event that a successful call makes; None for one that makes none."""
    found = _PATH.fullmatch(path)
    operation = _OPERATIONS.get(method)
    if found is None or operation is None:
        return None
    steps = (found["rest"] or "").split("/") if found["rest"] else []
    data: Mapping[str, Any] = answer if isinstance(answer, dict) else {}
    about = steps[0] if steps else str(data.get("id") or "")
    realm = "entity"
    if found["service"] == "metadata":
        realm = "metadata"
    elif len(steps) > 1 and steps[1] in _REALMS:
        realm = steps[1]
    elif len(steps) > 1 and steps[1] == "restore":
        operation = "restore"
    elif len(steps) > 1:
        return None
    own = str(data.get("id") or "") if realm not in {"entity", "metadata"} else ""
    shown = {"id": own or about, "object_id": about, "object_type": found["type"], **data}
    return Event(
        event_type=found["type"],
        realm=realm,
        operation=operation,
        object_id=own or about,
        about=about,
        data=shown,
    )


def fits(query: str, payload: Mapping[str, Any]) -> bool:
    """Whether a payload meets a webhook's query of comparisons under AND and OR.

    Brackets and expressions in slashes are not read here; such a query is met by nothing (CHOSEN).
    """
    return any(
        all(_holds(part, payload) for part in re.split(r"\bAND\b", option)) for option in re.split(r"\bOR\b", query)
    )


def _holds(comparison: str, payload: Mapping[str, Any]) -> bool:
    found = _COMPARISON.fullmatch(comparison)
    if found is None:
        return False
    value: Any = payload
    for step in found[1].split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    wanted = found[3].strip('"')
    if found[2] in {"=", "!="}:
        same = str(value).lower() == wanted.lower() if isinstance(value, bool) else str(value) == wanted
        return same is (found[2] == "=")
    try:
        difference = float(value) - float(wanted)
    except (TypeError, ValueError):
        return False
    return {">": difference > 0, "<": difference < 0, ">=": difference >= 0, "<=": difference <= 0}[found[2]]
