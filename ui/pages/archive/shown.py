"""An entry of the outbox as the right pane tells it: what was sent, and what the archive gave back."""

from collections.abc import Mapping

from app.records import OutboxEntry
from app.systems.filing import FilingOrder
from app.wording import day_and_time
from ui.pages.archive.entry_view import FilingShown
from ui.pages.archive.rows import ADVICE, FilingRow, Phase

_SHA = "sha256"
_MIDNIGHT = "T00:00:00"
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
            ("Queued", day_and_time(entry.created_at)),
            ("Tries", str(entry.attempts)),
        ),
        read_back=_read_back(entry),
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
    named = tuple((field_names[key], value) for key, value in order.values.items() if key in field_names)
    return named if order.sha256 in dict(named).values() else (*named, (_SHA, order.sha256))


def _proof(entry: OutboxEntry, order: FilingOrder) -> tuple[str, bool]:
    if entry.receipt is None or not (given := entry.receipt.values.get(_SHA)):
        return "", False
    if given == order.sha256:
        return "The archive gives back the same bytes", True
    return "The archive gives back other bytes", False


def _read_back(entry: OutboxEntry) -> tuple[tuple[str, str], ...]:
    if entry.receipt is None:
        return ()
    node = (("Node", entry.receipt.reference),) if entry.receipt.reference else ()
    values = ((name, value.removesuffix(_MIDNIGHT)) for name, value in entry.receipt.values.items())
    return (*node, ("Filed", day_and_time(entry.changed_at)), *values)
