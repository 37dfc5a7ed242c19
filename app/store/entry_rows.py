"""How an entry of the outbox is read out of its row, with what it waits for beside it."""

from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec
from sqlite_utils import Database

from app.records import EntryId, EntryState, OutboxEntry, Predecessor, Receipt, RequestKey, System, Verb
from app.store.rows import from_micros, unpack

OPEN: Final = "('queued', 'sending', 'unknown', 'parked')"
"""``EntryState.is_open``. The indexes are only used where a query says it letter by letter."""

_SELECT: Final = (
    "SELECT mine.id, mine.request_key, mine.system, mine.verb, mine.subject, mine.title, mine.payload, mine.state,"
    " mine.created_at, mine.leaves_at, mine.changed_at, mine.attempts, mine.sentence, mine.receipt, mine.actor,"
    " mine.is_doubtful, mine.replaces, first.id, first.title, first.state, first.receipt"
    " FROM outbox AS mine LEFT JOIN outbox AS first ON first.id = mine.waits_for WHERE "
)

_Row: TypeAlias = tuple[
    int,
    str,
    str,
    str,
    str,
    str,
    str,
    str,
    int,
    int,
    int,
    int,
    str,
    str | None,
    str,
    int,
    int | None,
    int | None,
    str | None,
    str | None,
    str | None,
]
"""What ``_SELECT`` selects."""


def read(db: Database, where: str, values: Iterable[object] | dict[str, object] = ()) -> tuple[OutboxEntry, ...]:
    """The entries that the constant ``where`` selects; it calls the table ``mine``."""
    given = values if isinstance(values, dict) else list(values)
    return tuple(_entry(row) for row in db.execute(_SELECT + where, given))


def get(db: Database, entry: EntryId) -> OutboxEntry:
    """The entry ``entry``. Raises: LookupError."""
    for found in read(db, "mine.id = ?", [entry]):
        return found
    raise LookupError(entry)


def _entry(row: _Row) -> OutboxEntry:
    (
        id_,
        request_key,
        system,
        verb,
        subject,
        title,
        payload,
        state,
        created_at,
        leaves_at,
        changed_at,
        attempts,
        sentence,
        receipt,
        actor,
        is_doubtful,
        replaces,
        first,
        first_title,
        first_state,
        first_receipt,
    ) = row
    return OutboxEntry(
        id=EntryId(id_),
        request_key=RequestKey(request_key),
        system=System(system),
        verb=Verb(verb),
        subject=subject,
        title=title,
        payload=msgspec.json.decode(payload, type=dict[str, object]),
        state=EntryState(state),
        created_at=from_micros(created_at),
        leaves_at=from_micros(leaves_at),
        changed_at=from_micros(changed_at),
        attempts=attempts,
        sentence=sentence,
        receipt=_receipt(receipt),
        actor=actor,
        is_doubtful=bool(is_doubtful),
        needs=_predecessor(first, first_title, first_state, first_receipt),
        replaces=EntryId(replaces) if replaces is not None else None,
    )


def _predecessor(id_: int | None, title: str | None, state: str | None, receipt: str | None) -> Predecessor | None:
    if id_ is None:
        return None
    return Predecessor(
        id=EntryId(id_), title=title or "", state=EntryState(state or EntryState.DROPPED), receipt=_receipt(receipt)
    )


def _receipt(packed: str | None) -> Receipt | None:
    return unpack(packed, Receipt) if packed else None
