"""Outbox entries in the ledger. Each function is one step that happens whole, with its audit row, or not at all.

A step that finds the entry in another state than it expects changes nothing and answers None: somebody was quicker.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

import msgspec
from sqlite_utils import Database

from app.records import EntryId, EntryState, OutboxEntry, Receipt, RequestKey, System, Verb
from app.store import audit
from app.store.rows import from_micros, json_list, pack, to_micros, unpack

RELAY: Final = "relay"
"""The actor of what no person did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What is known of an entry before it has a number."""

    request_key: RequestKey
    guard: str | None
    """What must not be done twice, as a hash; None when there is nothing of the kind."""
    system: System
    verb: Verb
    subject: str
    title: str
    payload: Mapping[str, object]
    actor: str
    leaves_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the relay of one system does next."""

    entry: OutboxEntry | None
    """SENDING: to be delivered. UNKNOWN: to be looked up. None: nothing is due."""
    next_at: datetime | None
    """When something will be due, if time alone decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much of one system's outbox is open."""

    waiting: int
    unknown: int
    parked: int
    oldest: datetime
    """When the oldest open entry was made."""

    @property
    def open(self) -> int:
        """All that has not come to an end."""
        return self.waiting + self.unknown + self.parked


def insert(db: Database, new: NewEntry, *, now: datetime) -> OutboxEntry:
    """Add an entry. Raises: sqlite3.IntegrityError when its request key or its guard is there already."""
    cursor = db.execute(
        """INSERT INTO outbox (request_key, guard, system, verb, subject, title, payload, actor, state, created_at,
               leaves_at, changed_at, not_before, attempts, is_doubtful, sentence)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, 0, 0, 0, '')""",
        [
            new.request_key,
            new.guard,
            new.system,
            new.verb,
            new.subject,
            new.title,
            msgspec.json.encode(new.payload).decode(),
            new.actor,
            to_micros(now),
            to_micros(new.leaves_at),
            to_micros(now),
        ],
    )
    entry = get(db, EntryId(cursor.lastrowid or 0))
    _tell(db, entry, "outbox.queued", actor=new.actor, now=now, verb=new.verb, system=new.system)
    return entry


def get(db: Database, entry: EntryId) -> OutboxEntry:
    """The entry ``entry``. Raises: LookupError."""
    row = db.execute(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", [entry]).fetchone()  # noqa: S608 - constant
    if row is None:
        raise LookupError(entry)
    return _entry(row)


def find_by_key(db: Database, request_key: RequestKey) -> OutboxEntry | None:
    """The entry that was made with ``request_key``."""
    row = db.execute(f"SELECT {_COLUMNS} FROM outbox WHERE request_key = ?", [request_key]).fetchone()  # noqa: S608
    return _entry(row) if row else None


def find_guarded(db: Database, guard: str) -> tuple[OutboxEntry, str] | None:
    """The entry that holds ``guard``, and who made it."""
    row = db.execute(f"SELECT {_COLUMNS}, actor FROM outbox WHERE guard = ?", [guard]).fetchone()  # noqa: S608
    return (_entry(row[:-1]), row[-1]) if row else None


def newest(db: Database, *, states: Collection[EntryState] = (), limit: int = 200) -> tuple[OutboxEntry, ...]:
    """The last entries in ``states`` (none given: in any), newest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?",  # noqa: S608
        [json_list(sorted(states or EntryState)), limit],
    )
    return tuple(_entry(row) for row in rows)


def open_about(db: Database, subjects: Collection[str]) -> tuple[OutboxEntry, ...]:
    """The open entries about any of ``subjects``, oldest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE subject IN (SELECT value FROM json_each(?))"  # noqa: S608
        " AND state IN ('queued', 'sending', 'unknown', 'parked') ORDER BY id",
        [json_list(sorted(subjects))],
    )
    return tuple(_entry(row) for row in rows)


_FORGOTTEN: Final = (
    "subject = 'forgotten', title = 'About somebody who was forgotten', sentence = '', receipt = NULL, payload ="
    " json_replace(payload, '$.customer', '', '$.workspace', 0, '$.name', 'Forgotten', '$.values', json('{}'),"
    " '$.reason', '', '$.trail', json('[]'))"
)
"""Pages still show the entry, so its payload keeps its shape."""


def forget_customer(db: Database, number: str) -> bool:
    """Forget what finished entries say of a customer; what was sent stays guarded. False when one is still open."""
    theirs = "json_extract(payload, '$.customer') = ?"
    is_open = "state IN ('queued', 'sending', 'unknown', 'parked')"
    if db.execute(f"SELECT 1 FROM outbox WHERE {theirs} AND {is_open} LIMIT 1", [number]).fetchone():  # noqa: S608 - constants
        return False
    db.execute(
        f"UPDATE outbox SET {_FORGOTTEN} WHERE {theirs}",  # noqa: S608 - constants
        [number],
    )
    return True


def depth(db: Database) -> Mapping[System, Depth]:
    """What is open, by system."""
    rows = db.execute(
        """SELECT system, sum(state IN ('queued', 'sending')), sum(state = 'unknown'), sum(state = 'parked'),
               min(created_at)
           FROM outbox WHERE state IN ('queued', 'sending', 'unknown', 'parked') GROUP BY system"""
    )
    return {
        System(system): Depth(waiting=waiting, unknown=unknown, parked=parked, oldest=from_micros(oldest))
        for system, waiting, unknown, parked, oldest in rows
    }


def take_next(db: Database, system: System, *, now: datetime) -> Turn:
    """The first entry of ``system`` that is due and has no open one of its subject before it.

    A queued one is SENDING from now on: whatever happens after this, it is not sent again without being looked up.
    One that was tried before is therefore looked up, even when the failure said that nothing had left: a verb may take
    several calls, and it may have been a later one that failed.
    """
    moment = to_micros(now)
    row = db.execute(
        """SELECT id, is_doubtful, max(leaves_at, not_before) AS due FROM outbox AS mine
           WHERE system = :system AND state IN ('queued', 'unknown') AND NOT EXISTS (
               SELECT 1 FROM outbox AS earlier
               WHERE earlier.system = mine.system AND earlier.subject = mine.subject AND earlier.id < mine.id
                   AND earlier.state IN ('queued', 'sending', 'unknown', 'parked'))
           ORDER BY due <= :now DESC, CASE WHEN due <= :now THEN id ELSE due END LIMIT 1""",
        {"system": system, "now": moment},
    ).fetchone()
    if row is None:
        return Turn(entry=None, next_at=None)
    entry, is_doubtful, due = row
    if due > moment:
        return Turn(entry=None, next_at=from_micros(due))
    if not is_doubtful:
        return Turn(entry=begin(db, entry, now=now), next_at=None)
    in_doubt = _step(db, entry, "state = 'unknown'", when=(EntryState.QUEUED, EntryState.UNKNOWN), now=now)
    return Turn(entry=in_doubt, next_at=None)


def begin(db: Database, entry: EntryId, *, now: datetime) -> OutboxEntry | None:
    """Note that ``entry`` is about to be sent: before the vendor is asked, never after."""
    return _step(
        db,
        entry,
        "state = 'sending', attempts = attempts + 1, is_doubtful = 1, sentence = ''",
        when=(EntryState.QUEUED, EntryState.UNKNOWN),
        now=now,
    )


def finish(db: Database, entry: EntryId, receipt: Receipt, *, now: datetime) -> OutboxEntry | None:
    """Note what the vendor did."""
    done = _step(
        db,
        entry,
        "state = 'done', is_doubtful = 0, sentence = '', receipt = :receipt",
        when=(EntryState.SENDING, EntryState.UNKNOWN),
        now=now,
        receipt=pack(receipt).decode(),
    )
    if done:
        _tell(db, done, "outbox.done", actor=RELAY, now=now, reference_there=receipt.reference)
    return done


def put_back(
    db: Database, entry: EntryId, *, state: EntryState, sentence: str, not_before: datetime, now: datetime
) -> OutboxEntry | None:
    """Let ``entry`` wait as ``state``, QUEUED or UNKNOWN. Either way it is looked up before it is sent again."""
    return _step(
        db,
        entry,
        "state = :state, sentence = :sentence, not_before = :not_before",
        when=(EntryState.SENDING, EntryState.UNKNOWN),
        now=now,
        state=state,
        sentence=sentence,
        not_before=to_micros(not_before),
    )


def hold_back(
    db: Database, entry: EntryId, *, sentence: str, not_before: datetime, now: datetime
) -> OutboxEntry | None:
    """Let ``entry``, of which nothing was sent, wait until ``not_before``: it may be undone as if it never left."""
    return _step(
        db,
        entry,
        "state = 'queued', is_doubtful = 0, attempts = max(attempts - 1, 0), sentence = :sentence,"
        " not_before = :not_before",
        when=(EntryState.SENDING,),
        now=now,
        sentence=sentence,
        not_before=to_micros(not_before),
    )


def park(db: Database, entry: EntryId, *, sentence: str, may_have_acted: bool, now: datetime) -> OutboxEntry | None:
    """Stop ``entry`` until a person decides."""
    parked = _step(
        db,
        entry,
        "state = 'parked', is_doubtful = :doubt, sentence = :sentence",
        when=(EntryState.SENDING, EntryState.UNKNOWN),
        now=now,
        doubt=may_have_acted,
        sentence=sentence,
    )
    if parked:
        _tell(db, parked, "outbox.parked", actor=RELAY, now=now)
    return parked


def recover(db: Database, system: System, *, now: datetime) -> int:
    """Whatever was being sent when the desk ended: not known to have arrived. How many there were."""
    return db.execute(
        "UPDATE outbox SET state = 'unknown', sentence = :sentence, not_before = 0, changed_at = :now"
        " WHERE system = :system AND state = 'sending'",
        {
            "system": system,
            "now": to_micros(now),
            "sentence": "The desk ended while this was being sent. It is looked up before anything is sent again.",
        },
    ).rowcount


def undo(db: Database, entry: EntryId, *, actor: str, now: datetime) -> OutboxEntry | None:
    """Take ``entry`` back before it ever left, and let the same thing be wished again."""
    undone = _step(
        db,
        entry,
        "state = 'dropped', guard = NULL, sentence = 'Undone before it left.'",
        when=(EntryState.QUEUED,),
        and_also="attempts = 0",
        now=now,
    )
    if undone:
        _tell(db, undone, "outbox.undone", actor=actor, now=now)
    return undone


def retry(db: Database, entry: EntryId, *, actor: str, now: datetime) -> OutboxEntry | None:
    """Let a waiting or parked ``entry`` go now; one that may have arrived is looked up first."""
    again = _step(
        db,
        entry,
        "state = iif(is_doubtful, 'unknown', 'queued'), not_before = 0, leaves_at = min(leaves_at, :now),"
        " sentence = ''",
        when=(EntryState.PARKED, EntryState.UNKNOWN, EntryState.QUEUED),
        now=now,
    )
    if again:
        _tell(db, again, "outbox.retried", actor=actor, now=now)
    return again


def drop(db: Database, entry: EntryId, *, reason: str, actor: str, now: datetime) -> OutboxEntry | None:
    """Give ``entry`` up. What may have arrived keeps its guard: it must not go out a second time unseen."""
    dropped = _step(
        db,
        entry,
        "state = 'dropped', guard = iif(is_doubtful, guard, NULL), sentence = :reason",
        when=(EntryState.QUEUED, EntryState.UNKNOWN, EntryState.PARKED),
        now=now,
        reason=reason,
    )
    if dropped:
        _tell(db, dropped, "outbox.dropped", actor=actor, now=now, words={"reason": reason})
    return dropped


_COLUMNS: Final = (
    "id, request_key, system, verb, subject, title, payload, state, created_at, leaves_at, changed_at, attempts,"
    " sentence, receipt"
)


def _step(
    db: Database,
    entry: EntryId,
    assignments: str,
    *,
    when: Collection[EntryState],
    now: datetime,
    and_also: str = "1",
    **values: str | int,
) -> OutboxEntry | None:
    changed = db.execute(
        f"UPDATE outbox SET {assignments}, changed_at = :now WHERE id = :entry AND {and_also}"  # noqa: S608 - constants
        " AND state IN (SELECT value FROM json_each(:states))",
        {**values, "entry": entry, "now": to_micros(now), "states": json_list(list(when))},
    )
    return get(db, entry) if changed.rowcount else None


def _tell(
    db: Database,
    entry: OutboxEntry,
    action: str,
    *,
    actor: str,
    now: datetime,
    words: Mapping[str, str] | None = None,
    **detail: str,
) -> None:
    audit.add(
        db,
        at=now,
        actor=actor,
        action=action,
        reference=f"entry:{entry.id}",
        detail={"request_key": entry.request_key, **detail},
        # Entries are ordered by what they change; whom they are about is in what they carry.
        subject=f"customer:{entry.payload['customer']}" if "customer" in entry.payload else "",
        words=words,
    )


_Row: TypeAlias = tuple[int, str, str, str, str, str, str, str, int, int, int, int, str, str | None]
"""What ``_COLUMNS`` selects."""


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
        receipt=unpack(receipt, Receipt) if receipt else None,
    )
