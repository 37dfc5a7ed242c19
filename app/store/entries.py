"""Outbox entries in the ledger, and what the relay does to them. Each function is one step that happens whole, or not.

A step that finds the entry in another state than it expects changes nothing and answers None: somebody was quicker.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlite_utils import Database

from app.records import EntryId, EntryState, OutboxEntry, Receipt, RequestKey, System, Verb
from app.store import outbox_uploads
from app.store.entry_rows import OPEN, get, read
from app.store.entry_steps import UNHELD, step, tell
from app.store.rows import from_micros, json_list, pack, to_micros

RELAY: Final = "relay"
"""The actor of what no person did."""
CLOCK_TOLERANCE: Final = timedelta(seconds=5)
"""A clock that is set back by less is taken for one that runs."""


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
    needs: EntryId | None = None
    """What must be done before it."""
    is_override: bool = False
    """Whether a person said why it is done a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the relay of one system does next."""

    entry: OutboxEntry | None
    """SENDING: to be delivered. UNKNOWN: to be looked up. None: nothing is due."""
    next_at: datetime | None
    """When something will be due, if time alone decides."""


def insert(db: Database, new: NewEntry, *, now: datetime) -> OutboxEntry:
    """Add an entry. Raises: sqlite3.IntegrityError when its request key or its guard is there already."""
    cursor = db.execute(
        """INSERT INTO outbox (request_key, guard, system, verb, subject, title, payload, actor, state, created_at,
               leaves_at, changed_at, not_before, attempts, is_doubtful, sentence, waits_for)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, 0, 0, 0, '', ?)""",
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
            new.needs,
        ],
    )
    db.execute("UPDATE outbox SET place = id WHERE id = ?", [cursor.lastrowid])
    entry = get(db, EntryId(cursor.lastrowid or 0))
    tell(db, entry, "queued", actor=new.actor, now=now, verb=new.verb, system=new.system)
    return entry


def keys_of(db: Database, customer: str) -> tuple[RequestKey, ...]:
    """The wishes about ``customer``, whatever became of them."""
    rows = db.execute("SELECT request_key FROM outbox WHERE json_extract(payload, '$.customer') = ?", [customer])
    return tuple(RequestKey(key) for (key,) in rows)


def known_of(db: Database, keys: Collection[RequestKey]) -> tuple[RequestKey, ...]:
    """Those of ``keys`` that a wish was made with, whatever became of it."""
    rows = db.execute(
        "SELECT request_key FROM outbox WHERE request_key IN (SELECT value FROM json_each(?))", [json_list(list(keys))]
    )
    return tuple(RequestKey(key) for (key,) in rows)


def find_by_key(db: Database, request_key: RequestKey) -> OutboxEntry | None:
    """The entry that was made with ``request_key``."""
    return next(iter(read(db, "mine.request_key = ?", [request_key])), None)


def find_guarded(db: Database, guard: str) -> OutboxEntry | None:
    """The entry that holds ``guard``."""
    return next(iter(read(db, "mine.guard = ?", [guard])), None)


_TWIN: Final = (
    "mine.subject = :subject AND mine.verb = :verb AND mine.guard IS NOT NULL"
    f" AND mine.state IN {OPEN}"
    " AND mine.payload ->> '$.communication' IS :payload ->> '$.communication'"
    " AND mine.payload ->> '$.channel' IS :payload ->> '$.channel'"
    " AND mine.payload ->> '$.reason' IS :payload ->> '$.reason'"
)


def find_waiting_twin(db: Database, new: NewEntry) -> OutboxEntry | None:
    """An open entry that sends the same by the same way for the same reason, whichever day it was wished on.

    What waits for the morning was wished yesterday, and the day's guard does not know it any more.
    """
    payload = msgspec.json.encode(new.payload).decode()
    return next(iter(read(db, _TWIN, {"subject": new.subject, "verb": new.verb, "payload": payload})), None)


_FORGOTTEN: Final = (
    "subject = 'forgotten', title = 'About somebody who was forgotten', sentence = '', receipt = NULL, payload ="
    " json_replace(payload, '$.customer', '', '$.workspace', 0, '$.name', 'Forgotten', '$.values', json('{}'),"
    " '$.reason', '', '$.trail', json('[]'))"
)
"""Pages still show the entry, so its payload keeps its shape."""


def forget_customer(db: Database, number: str) -> bool:
    """Forget what finished entries say of a customer; what was sent stays guarded. False when one is still open."""
    theirs = "json_extract(payload, '$.customer') = ?"
    if db.execute(f"SELECT 1 FROM outbox WHERE {theirs} AND state IN {OPEN} LIMIT 1", [number]).fetchone():  # noqa: S608 - constants
        return False
    db.execute(
        f"UPDATE outbox SET {_FORGOTTEN} WHERE {theirs}",  # noqa: S608 - constants
        [number],
    )
    return True


_FREE: Final = """
    NOT EXISTS (SELECT 1 FROM outbox_pauses WHERE outbox_pauses.system = mine.system)
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS earlier
        WHERE earlier.system = mine.system AND earlier.subject = mine.subject
            AND (earlier.place, earlier.id) < (mine.place, mine.id)
            AND earlier.state IN ('queued', 'sending', 'unknown', 'parked'))
    AND (mine.waits_for IS NULL
        OR EXISTS (SELECT 1 FROM outbox AS first WHERE first.id = mine.waits_for AND first.state = 'done'))"""
"""Nothing but time keeps an entry: no pause, no open one of its subject before it, nothing that it needs."""


_NOT_BUSY: Final = "mine.id NOT IN (SELECT value FROM json_each(:busy))"


def take_next(db: Database, system: System, *, now: datetime, busy: Collection[EntryId] = ()) -> Turn:
    """The first entry of ``system`` that is due and free.

    ``busy`` are those that the vendor is asked about just now: they stand as UNKNOWN until the answer is there, and a
    second look-up beside the first would be out of date by the time that the first one sends.

    A queued one is SENDING from now on: whatever happens after this, it is not sent again without being looked up.
    One that was tried before is therefore looked up, even when the failure said that nothing had left: a verb may take
    several calls, and it may have been a later one that failed.
    """
    values = {"system": system, "now": to_micros(now), "busy": json_list(list(busy))}
    row = db.execute(
        f"""SELECT mine.id, mine.is_doubtful FROM outbox AS mine
           WHERE mine.system = :system AND mine.state IN ('queued', 'unknown') AND {_NOT_BUSY}
               AND mine.leaves_at <= :now AND mine.not_before <= :now AND {_FREE}
           ORDER BY mine.place, mine.id LIMIT 1""",  # noqa: S608 - constants
        values,
    ).fetchone()
    if row is None:
        return Turn(entry=None, next_at=_next_due(db, values))
    entry, is_doubtful = row
    if not is_doubtful:
        return Turn(entry=begin(db, entry, now=now), next_at=None)
    in_doubt = step(db, entry, "state = 'unknown'", when=(EntryState.QUEUED, EntryState.UNKNOWN), now=now)
    return Turn(entry=in_doubt, next_at=None)


def take(
    db: Database, system: System, *, now: datetime, limit: int, busy: Collection[EntryId] = ()
) -> tuple[Turn, ...]:
    """As :func:`take_next`, up to ``limit`` times in one go; the last one may have no entry."""
    taken, turns = list(busy), list[Turn]()
    while len(turns) < limit:
        turn = take_next(db, system, now=now, busy=taken)
        turns.append(turn)
        if turn.entry is None:
            break
        taken.append(turn.entry.id)
    return tuple(turns)


def _next_due(db: Database, values: Mapping[str, object]) -> datetime | None:
    ((due,),) = db.execute(
        f"""SELECT min(max(mine.leaves_at, mine.not_before)) FROM outbox AS mine
           WHERE mine.system = :system AND mine.state IN ('queued', 'unknown') AND {_NOT_BUSY}
               AND {_FREE}""",  # noqa: S608 - constants
        dict(values),
    )
    return from_micros(due) if due is not None else None


def mend_clock(db: Database, *, now: datetime) -> int:
    """Let no entry wait longer because the computer's clock was set back: how many would have.

    What was last touched in the future was touched just now.
    """
    return db.execute(
        """UPDATE outbox SET leaves_at = leaves_at - (changed_at - :now), not_before = not_before - (changed_at - :now),
               changed_at = :now
           WHERE state IN ('queued', 'unknown') AND changed_at > :future""",
        {"now": to_micros(now), "future": to_micros(now + CLOCK_TOLERANCE)},
    ).rowcount


def begin(db: Database, entry: EntryId, *, now: datetime) -> OutboxEntry | None:
    """Note that ``entry`` is about to be sent: before the vendor is asked, never after."""
    return step(
        db,
        entry,
        "state = 'sending', attempts = attempts + 1, is_doubtful = 1, sentence = ''",
        when=(EntryState.QUEUED, EntryState.UNKNOWN),
        and_also="only_look = 0",
        now=now,
    )


def finish(db: Database, entry: EntryId, receipt: Receipt, *, now: datetime) -> OutboxEntry | None:
    """Note what the vendor did."""
    done = step(
        db,
        entry,
        "state = 'done', is_doubtful = 0, only_look = 0, sentence = '', receipt = :receipt",
        when=(EntryState.SENDING, EntryState.UNKNOWN),
        now=now,
        receipt=pack(receipt).decode(),
    )
    if done:
        outbox_uploads.forget(db, done.request_key)
        tell(db, done, "done", actor=RELAY, now=now, reference_there=receipt.reference)
    return done


def put_back(
    db: Database,
    entry: EntryId,
    *,
    state: EntryState,
    sentence: str,
    not_before: datetime,
    now: datetime,
    is_no_try: bool = False,
) -> OutboxEntry | None:
    """Let ``entry`` wait as ``state``, QUEUED or UNKNOWN. Either way it is looked up before it is sent again.

    ``is_no_try``: its system was not reached or did not listen, as far as is known; of the tries the first one stays.
    """
    return step(
        db,
        entry,
        "state = :state, sentence = :sentence, not_before = :not_before,"
        f" attempts = iif(:is_no_try AND state = 'sending', max(attempts - 1, 1), attempts), {UNHELD}",
        when=(EntryState.SENDING, EntryState.UNKNOWN),
        now=now,
        state=state,
        sentence=sentence,
        not_before=to_micros(not_before),
        is_no_try=is_no_try,
    )


def hold_back(
    db: Database, entry: EntryId, *, sentence: str, not_before: datetime, now: datetime
) -> OutboxEntry | None:
    """Let ``entry``, of which nothing was sent this time, wait until ``not_before``.

    One that was never tried before may be undone as if it never left. Of an earlier try the vendor showed nothing when
    it was asked last; by the time that it goes on it may, so it is asked again.
    """
    return step(
        db,
        entry,
        "state = 'queued', is_doubtful = attempts > 1, attempts = max(attempts - 1, 0), sentence = :sentence,"
        f" not_before = :not_before, {UNHELD}",
        when=(EntryState.SENDING,),
        now=now,
        sentence=sentence,
        not_before=to_micros(not_before),
    )


def park(db: Database, entry: EntryId, *, sentence: str, may_have_acted: bool, now: datetime) -> OutboxEntry | None:
    """Stop ``entry`` until a person decides."""
    parked = step(
        db,
        entry,
        "state = 'parked', is_doubtful = :doubt, only_look = 0, sentence = :sentence",
        when=(EntryState.SENDING, EntryState.UNKNOWN),
        now=now,
        doubt=may_have_acted,
        sentence=sentence,
    )
    if parked:
        tell(db, parked, "parked", actor=RELAY, now=now)
    return parked


def park_unsent(db: Database, entry: EntryId, *, sentence: str, now: datetime) -> OutboxEntry | None:
    """Park ``entry``, of which nothing was sent this time: it was not tried, and is as much in doubt as before."""
    parked = step(
        db,
        entry,
        "state = 'parked', is_doubtful = attempts > 1, attempts = max(attempts - 1, 0), only_look = 0,"
        " sentence = :sentence",
        when=(EntryState.SENDING,),
        now=now,
        sentence=sentence,
    )
    if parked:
        tell(db, parked, "parked", actor=RELAY, now=now)
    return parked


def park_absent(db: Database, entry: EntryId, *, sentence: str, now: datetime) -> OutboxEntry | None:
    """Park ``entry`` when somebody wanted it looked up and no more, and nothing of it was found. Else None."""
    parked = step(
        db,
        entry,
        "state = 'parked', is_doubtful = 0, only_look = 0, sentence = :sentence",
        when=(EntryState.UNKNOWN,),
        and_also="only_look = 1",
        now=now,
        sentence=sentence,
    )
    if parked:
        tell(db, parked, "found absent", actor=RELAY, now=now)
    return parked


def park_ended(
    db: Database, entry: EntryId, *, sentence: str, references: Collection[str], now: datetime
) -> OutboxEntry | None:
    """Park ``entry``, which arrived and came to nothing; its payload remembers in ``ended`` what to look past."""
    parked = step(
        db,
        entry,
        "state = 'parked', is_doubtful = 0, only_look = 0, sentence = :sentence, payload = json_set(payload, '$.ended',"
        " (SELECT json_group_array(value) FROM (SELECT value FROM json_each(payload, '$.ended')"
        " UNION SELECT value FROM json_each(:references))))",
        when=(EntryState.SENDING, EntryState.UNKNOWN),
        now=now,
        sentence=sentence,
        references=json_list(list(references)),
    )
    if parked:
        tell(db, parked, "ended there", actor=RELAY, now=now)
    return parked


def recover(db: Database, system: System, *, now: datetime, settling: timedelta = timedelta(0)) -> int:
    """Whatever was being sent when the desk ended: not known to have arrived. How many there were.

    ``settling``: how long after its last step an entry may still be on its way to the vendor, whoever sent it.
    """
    return db.execute(
        "UPDATE outbox SET state = 'unknown', sentence = :sentence, not_before = min(changed_at, :now) + :settling,"  # noqa: S608 - a constant
        f" {UNHELD}, changed_at = :now WHERE system = :system AND state = 'sending'",
        {
            "system": system,
            "now": to_micros(now),
            "settling": settling // timedelta(microseconds=1),
            "sentence": "The desk ended while this was being sent. It is looked up before anything is sent again.",
        },
    ).rowcount
