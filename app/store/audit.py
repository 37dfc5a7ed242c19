"""The audit: who did or saw what when, in sealed rows that are only ever added.

What names a person, and what somebody typed, lies beside the chain and can be erased; the chain holds a salted hash of
it (domain-rules 3.17), so that erasing breaks no seal.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

import msgspec
from sqlite_utils import Database

from app.rules.chain import START, Kept, Link, personal_seal
from app.store.rows import from_micros, to_micros

_SALT_BYTES: Final = 16
_COLUMNS: Final = "number, at, actor, action, reference, detail, personal, seal, salt, subject, words"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One thing that was done or seen."""

    number: int
    at: datetime
    actor: str
    """Who: a person's account name, or ``relay``."""
    action: str
    """``outbox.queued``, ``document.opened`` …"""
    reference: str
    """What it was done to: ``entry:12``, ``node:4711``."""
    detail: Mapping[str, str] = field(default_factory=dict)
    """Codes and keys, never a person's words."""
    subject: str = field(default="", repr=False)
    """Whom it is about: ``customer:HM-204881``; empty when nobody, or erased."""
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What somebody typed, such as a reason; empty when nothing, or erased."""


def add(
    db: Database,
    *,
    at: datetime,
    actor: str,
    action: str,
    reference: str,
    detail: Mapping[str, str] | None = None,
    subject: str = "",
    words: Mapping[str, str] | None = None,
) -> None:
    """Add and seal one row, in the transaction of what it tells of."""
    number, previous = end(db)
    said = dict(words or {})
    salt = secrets.token_bytes(_SALT_BYTES) if subject or said else None
    link = Link(
        number=number + 1,
        at_us=to_micros(at),
        actor=actor,
        action=action,
        reference=reference,
        detail=dict(detail or {}),
        personal=personal_seal(salt, subject=subject, words=said) if salt else "",
    )
    insert(db, Kept(link=link, seal=link.sealed(previous), salt=salt, subject=subject, words=said))


def insert(db: Database, row: Kept) -> None:
    """Write a row that is sealed already."""
    link = row.link
    db.execute(
        f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        [
            *(link.number, link.at_us, link.actor, link.action, link.reference, _packed(link.detail)),
            *(link.personal, row.seal, row.salt, row.subject or None, _packed(row.words) if row.words else None),
        ],
    )


def end(db: Database) -> tuple[int, str]:
    """The number and the seal of the last row: what an anchor remembers, and the next row is sealed with."""
    found = db.execute("SELECT number, seal FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return found or (0, START)


def seal_of(db: Database, number: int) -> str:
    """The seal that lies beside a row; empty when there is no such row."""
    found = db.execute("SELECT seal FROM audit WHERE number = ?", [number]).fetchone()
    return found[0] if found else ""


def every(db: Database) -> Iterator[Kept]:
    """All rows from the first, for a check."""
    return (_kept(row) for row in db.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY number"))  # noqa: S608 - a constant


def of(db: Database, reference: str) -> tuple[AuditRow, ...]:
    """All that was done to ``reference``, oldest first."""
    return _rows(db, "reference = ? ORDER BY number", [reference])


def about(db: Database, subject: str) -> tuple[AuditRow, ...]:
    """All that was done or seen about ``subject``, oldest first."""
    return _rows(db, "subject = ? ORDER BY number", [subject])


def newest(db: Database, *, limit: int = 100) -> tuple[AuditRow, ...]:
    """The last ``limit`` rows, newest first."""
    return _rows(db, "1 ORDER BY number DESC LIMIT ?", [limit])


def erase(db: Database, subject: str) -> int:
    """Forget whom rows were about and what was typed in them; how many rows there were. The chain stays whole."""
    done = db.execute("UPDATE audit SET subject = NULL, words = NULL, salt = NULL WHERE subject = ?", [subject])
    return done.rowcount


_Row: TypeAlias = tuple[int, int, str, str, str, str, str, str, bytes | None, str | None, str | None]
"""What ``_COLUMNS`` selects."""


def _rows(db: Database, where: str, values: list[str | int]) -> tuple[AuditRow, ...]:
    found = db.execute(f"SELECT {_COLUMNS} FROM audit WHERE {where}", values)  # noqa: S608 - constants
    return tuple(_row(_kept(row)) for row in found)


def _row(kept: Kept) -> AuditRow:
    link = kept.link
    return AuditRow(
        number=link.number,
        at=from_micros(link.at_us),
        actor=link.actor,
        action=link.action,
        reference=link.reference,
        detail=link.detail,
        subject=kept.subject,
        words=kept.words,
    )


def _kept(row: _Row) -> Kept:
    number, at_us, actor, action, reference, detail, personal, seal, salt, subject, words = row
    return Kept(
        link=Link(
            number=number,
            at_us=at_us,
            actor=actor,
            action=action,
            reference=reference,
            detail=_unpacked(detail),
            personal=personal,
        ),
        seal=seal,
        salt=salt,
        subject=subject or "",
        words=_unpacked(words) if words else {},
    )


def _packed(values: Mapping[str, str]) -> str:
    return msgspec.json.encode(values, order="sorted").decode()


def _unpacked(packed: str) -> dict[str, str]:
    return msgspec.json.decode(packed, type=dict[str, str])
