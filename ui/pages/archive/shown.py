"""An entry of the outbox as the right pane tells it: what was sent, and what the archive gave back."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from app.records import OutboxEntry
from app.systems.filing import FilingOrder
from app.wording import day_and_time
from ui.pages.archive.entry_view import FilingShown
from ui.pages.archive.rows import ADVICE, FilingRow, Phase

_SHA: Final = "sha256"
_HASH: Final = "Hash"
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00)?")
"""The archive gives days back as moments (contract extended-ecm, dates: INFERRED)."""


def filing_shown(entry: OutboxEntry, row: FilingRow, *, field_names: Mapping[str, str]) -> FilingShown:
    """``field_names``: the names of the categories' fields by key, as far as the archive has told them."""
    order = FilingOrder.from_payload(entry.payload)
    proof, is_proven = _proof(entry, order)
    return FilingShown(
        name=order.name,
        mark=row.mark,
        word=_state_word(entry, row),
        sentence="" if row.phase is Phase.DROPPED else entry.sentence,
        advice=ADVICE.get(row.phase, ""),
        is_trouble=row.is_stuck,
        sent=(
            ("Customer", entry.title.removeprefix(order.name).removeprefix(" · ") or str(order.customer)),
            ("Number", str(order.customer)),
            ("Workspace", f"node {order.workspace}"),
            *_values(order, field_names),
            *([("Retention", order.series.name)] if order.series else []),
            ("Queued", day_and_time(entry.created_at)),
            ("Tries", str(entry.attempts)),
        ),
        read_back=tuple(_read_back(entry, order)),
        can_undo=row.phase is Phase.LEAVING,
        proof=proof,
        is_proven=is_proven,
    )


def _state_word(entry: OutboxEntry, row: FilingRow) -> str:
    """The state alone where the whole sentence stands below it; a dropped one keeps its reason."""
    if entry.sentence and row.phase is not Phase.DROPPED:
        return row.phase.value
    return row.word


def _values(order: FilingOrder, field_names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What was filled in, and the hash unless one of the fields says it."""
    named = tuple((field_names[key], _worded(value)) for key, value in order.values.items() if key in field_names)
    return named if order.sha256 in dict(named).values() else (*named, (_HASH, order.sha256))


def _worded(value: str) -> str:
    """``21 November 2026`` for a day as the archive writes it; any other value as it is."""
    written = _DAY.fullmatch(value)
    try:
        day = date.fromisoformat(written[1]) if written else None
    except ValueError:
        return value
    return f"{day.day} {day:%B %Y}" if day else value


def _proof(entry: OutboxEntry, order: FilingOrder) -> tuple[str, bool]:
    if entry.receipt is None or not (given := entry.receipt.values.get(_SHA)):
        return "", False
    if given == order.sha256:
        return "The archive gives back the same bytes", True
    return "The archive gives back other bytes", False


def _read_back(entry: OutboxEntry, order: FilingOrder) -> Iterator[tuple[str, str]]:
    """What the archive holds now. The hash of the bytes comes last, and a field that says the same is left out."""
    if entry.receipt is None:
        return
    given = entry.receipt.values.get(_SHA, "")
    if entry.receipt.reference:
        yield "Node", entry.receipt.reference
    yield "Filed", day_and_time(entry.changed_at)
    for name, value in entry.receipt.values.items():
        if name != _SHA and value != given:
            yield name, _worded(value)
    if given:
        yield _HASH, f"equal · {given}" if given == order.sha256 else f"differs · {given}"
