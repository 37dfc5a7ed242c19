"""The audit: who did or saw what when, in sealed rows that are only ever added.

What names a person, and what somebody typed, lies beside the chain and can be erased; the chain holds a salted hash of
it (domain-rules 3.17), so that erasing breaks no seal.
"""

import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

import msgspec
from sqlite_utils import Database

from app.rules.chain import BEGUN, ERASED, START, UNVOUCHED, Kept, Link, name_in, personal_seal
from app.store.rows import from_micros, json_list, to_micros

DESK: Final = "desk"
"""The actor of what the desk does for the audit itself."""
_SALT_BYTES: Final = 16
_NAME_BYTES: Final = 16
_MOST_DIGITS: Final = 18
_COLUMNS: Final = "number, at, actor, action, reference, detail, personal, seal, salt, subject, words"
_TEXTS: Final = ("actor", "action", "reference", "detail", "personal", "subject", "words")
_RAW: Final = ", ".join(
    (
        "number, CASE typeof(at) WHEN 'integer' THEN at END",
        " || ' ' || ".join(f"typeof({each})" for each in ("at", "seal", "salt", *_TEXTS)),
        *(f"CAST({each} AS BLOB)" for each in ("seal", "salt", *_TEXTS)),
    )
)
"""What lies in a row and of which kinds it is. Nothing is read as text: bytes that are none would stop the reading."""
_AS_WRITTEN: Final = re.compile(r"integer text (blob|null)( text){5}( (text|null)){2}")
"""The kinds that a desk writes. A text is the same in canonical JSON as the bytes that it may be Base64 of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One thing that was done or seen."""

    number: int
    at: datetime
    actor: str
    """Who: a person's account name, ``relay`` or ``desk``."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """One thing that was done or seen, before it has a number and a seal."""

    at_us: int
    """Microseconds since 1970 UTC."""
    actor: str
    action: str
    reference: str
    detail: Mapping[str, str] = field(default_factory=dict)
    subject: str = field(default="", repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)


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
    new = NewRow(
        at_us=to_micros(at),
        actor=actor,
        action=action,
        reference=reference,
        detail=detail or {},
        subject=subject,
        words=words or {},
    )
    add_all(db, [new])


def add_all(db: Database, rows: Iterable[NewRow]) -> None:
    """Add and seal ``rows`` in their order; they may be many, and are never all in memory."""
    db.conn.executemany(
        f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        _sealed(rows, after=end(db)),
    )


def begin(db: Database, *, at_us: int, found: int) -> None:
    """Add the first row of an audit: the name of its own, and how many rows of an unsealed one follow."""
    detail = {"audit": secrets.token_hex(_NAME_BYTES), "found": str(found)}
    add_all(db, [NewRow(at_us=at_us, actor=DESK, action=BEGUN, reference="audit", detail=detail)])


def end(db: Database) -> tuple[int, str]:
    """The number and the seal of the last row: what an anchor remembers, and the next row is sealed with."""
    found = db.execute("SELECT number, CAST(seal AS BLOB) FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return (found[0], _seal(found[1])) if found else (0, START)


def name(db: Database) -> tuple[str, int]:
    """What the audit calls itself, and how many rows of it were there before it was one.

    Empty and 0 when its first row is gone, or is not what the desk writes.
    """
    first = next(_checked(db, "number = 1"), None)
    if first is None or not first.is_legible:
        return "", 0
    found = first.link.detail.get("found", "")
    return name_in(first.link.action, first.link.detail), int(found) if found.isdecimal() and len(
        found
    ) <= _MOST_DIGITS else 0


def note_unvouched(db: Database, *, at: datetime) -> None:
    """Note that the desk opened on rows without an anchor: who removed the anchors cannot remove that too."""
    add(db, at=at, actor=DESK, action=UNVOUCHED, reference="audit")


def seals_of(db: Database, numbers: Collection[int]) -> Mapping[int, str]:
    """The seals that lie beside rows; those that are not there, or cannot be read, are left out."""
    found = db.execute(
        "SELECT number, CAST(seal AS BLOB) FROM audit WHERE number IN (SELECT value FROM json_each(?))",
        [json_list(list(numbers))],
    )
    return {number: _seal(raw) for number, raw in found}


def every(db: Database) -> Iterator[Kept]:
    """All rows from the first, for a check: also what no desk wrote, as whoever changes the file may leave anything."""
    return _checked(db, "1")


def of(db: Database, reference: str) -> tuple[AuditRow, ...]:
    """All that was done to ``reference``, oldest first."""
    return _rows(db, "reference = ? ORDER BY number", [reference])


def about(db: Database, subject: str) -> tuple[AuditRow, ...]:
    """All that was done or seen about ``subject``, oldest first."""
    return _rows(db, "subject = ? ORDER BY number", [subject])


def newest(db: Database, *, limit: int = 100) -> tuple[AuditRow, ...]:
    """The last ``limit`` rows, newest first."""
    return _rows(db, "1 ORDER BY number DESC LIMIT ?", [limit])


def erase(db: Database, subject: str, *, at: datetime, actor: str) -> int:
    """Forget whom rows were about and what was typed in them; how many rows there were. The chain stays whole.

    A row says that it was done, and names nobody but who asked for it: an erasure without one is a forgery.
    """
    found = [str(number) for (number,) in db.execute("SELECT number FROM audit WHERE subject = ?", [subject])]
    if found:
        db.execute("UPDATE audit SET subject = NULL, words = NULL, salt = NULL WHERE subject = ?", [subject])
        add(db, at=at, actor=actor, action=ERASED, reference="audit", detail={"rows": " ".join(found)})
    return len(found)


def erase_all(db: Database, *, at: datetime, actor: str) -> int:
    """As :func:`erase`, for everybody: nothing but the chain is left."""
    found = [str(number) for (number,) in db.execute("SELECT number FROM audit WHERE salt IS NOT NULL")]
    if found:
        db.execute("UPDATE audit SET subject = NULL, words = NULL, salt = NULL WHERE salt IS NOT NULL")
        add(db, at=at, actor=actor, action=ERASED, reference="audit", detail={"rows": " ".join(found)})
    return len(found)


def _sealed(rows: Iterable[NewRow], *, after: tuple[int, str]) -> Iterator[tuple[object, ...]]:
    last, previous = after
    for number, new in enumerate(rows, start=last + 1):
        salt = secrets.token_bytes(_SALT_BYTES) if new.subject or new.words else None
        link = Link(
            number=number,
            at_us=new.at_us,
            actor=new.actor,
            action=new.action,
            reference=new.reference,
            detail=new.detail,
            personal=personal_seal(salt, subject=new.subject, words=new.words) if salt else "",
        )
        previous = link.sealed(previous)
        yield (
            *(number, new.at_us, new.actor, new.action, new.reference, _packed(new.detail)),
            *(link.personal, previous, salt, new.subject or None, _packed(new.words) if new.words else None),
        )


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


def _checked(db: Database, where: str) -> Iterator[Kept]:
    """Rows in their order, each as it lies there or told to be illegible; nothing that lies there raises."""
    rows = db.execute(f"SELECT {_RAW} FROM audit WHERE {where} ORDER BY number")  # noqa: S608 - constants
    for number, at_us, kinds, seal, salt, *texts in rows:
        kept = _legible(number, at_us, seal, salt, texts) if _AS_WRITTEN.fullmatch(kinds) else None
        nothing = Link(number=number, at_us=0, actor="", action="", reference="")
        yield kept or Kept(link=nothing, seal=_seal(seal), is_legible=False)


def _legible(number: int, at_us: int, seal: bytes, salt: bytes | None, texts: Sequence[bytes | None]) -> Kept | None:
    """The row with these ``_TEXTS``; None when they are not UTF-8, or not JSON where they should be."""
    try:
        actor, action, reference, detail, personal, subject, words = [(each or b"").decode() for each in texts]
        return _kept((number, at_us, actor, action, reference, detail, personal, _seal(seal), salt, subject, words))
    except (UnicodeDecodeError, msgspec.DecodeError):
        return None


def _seal(raw: bytes) -> str:
    """As it lies there; one that is no text is no row's, and the next row is sealed with what can be read of it."""
    return raw.decode(errors="replace")


def _packed(values: Mapping[str, str]) -> str:
    return msgspec.json.encode(values, order="sorted").decode()


def _unpacked(packed: str) -> dict[str, str]:
    return msgspec.json.decode(packed, type=dict[str, str])
