"""Whose turn it is to send: a number that grows with every desk that opens the ledger, and is asked before each step.

The profile's lock keeps two desks apart. Where a lock lies (its file was deleted or replaced, the disk is a network's
that does not lock), the desk that opened last has the term, and the other one's steps are refused.
"""

from dataclasses import dataclass
from typing import Final

import msgspec
from sqlite_utils import Database

from app.store import settings_values

_MET: Final = "outbox.contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The time of one desk with one ledger."""

    number: int
    is_same_file: bool
    """Whether the ledger is the file that the last desk had; another one is a copy, or came from a backup."""


def begin(db: Database, *, file: str) -> Term:
    """A new term: all earlier ones are over. ``file`` names the ledger's file as the system knows it."""
    row = db.execute("SELECT term, file FROM outbox_relay").fetchone()
    last, known = row if row is not None else (0, file)
    db.execute(
        "INSERT INTO outbox_relay (one, term, file) VALUES (1, :term, :file)"
        " ON CONFLICT (one) DO UPDATE SET term = :term, file = :file",
        {"term": last + 1, "file": file},
    )
    return Term(number=last + 1, is_same_file=known == file)


def meet(db: Database, contradiction: str) -> bool:
    """Whether this ledger meets ``contradiction`` for the first time, and was not taken over with it before.

    One without a name is always met for the first time.
    """
    known = settings_values.every(db).get(_MET)
    settings_values.put(db, _MET, msgspec.json.encode(contradiction).decode())
    return not contradiction or known is None or msgspec.json.decode(known) != contradiction


def holds(db: Database, number: int) -> bool:
    """Whether the term ``number`` is not over."""
    row = db.execute("SELECT term FROM outbox_relay").fetchone()
    return row is not None and row[0] == number
