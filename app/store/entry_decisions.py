"""What is decided about entries of the outbox, mostly by a person: each a step with its audit row, whole or not at all.

As in :mod:`app.store.entries`, a step that finds another state than it expects changes nothing and answers None.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlite_utils import Database

from app.records import EntryId, EntryState, OutboxEntry, System
from app.store.entries import NewEntry, insert
from app.store.entry_lists import dependents
from app.store.entry_rows import OPEN, get
from app.store.entry_steps import UNHELD, step, tell
from app.store.rows import to_micros


def doubt_all(db: Database, *, sentence: str, now: datetime) -> Sequence[System]:
    """Let everything that waits be looked up before it leaves; the systems that it waits for.

    What may have left from elsewhere was tried once at least: whoever holds it back must look it up again after.
    """
    systems = [System(system) for (system,) in db.execute(f"SELECT DISTINCT system FROM outbox WHERE state IN {OPEN}")]  # noqa: S608 - a constant
    db.execute(
        "UPDATE outbox SET is_doubtful = 1, attempts = max(attempts, 1), changed_at = :now,"
        " sentence = iif(sentence = '', :sentence, sentence),"
        " state = iif(state = 'parked', state, 'unknown') WHERE state IN ('queued', 'sending', 'unknown', 'parked')",
        {"now": to_micros(now), "sentence": sentence},
    )
    return systems


def undo(db: Database, entry: EntryId, *, actor: str, now: datetime) -> OutboxEntry | None:
    """Take ``entry`` back before it ever left, with what needs it, and let the same thing be wished again."""
    undone = step(
        db,
        entry,
        "state = 'dropped', guard = NULL, sentence = 'Undone before it left.'",
        when=(EntryState.QUEUED,),
        and_also="attempts = 0 AND is_doubtful = 0",
        now=now,
    )
    if undone:
        tell(db, undone, "undone", actor=actor, now=now)
        _drop_dependents(db, undone, actor=actor, now=now)
    return undone


def retry(db: Database, entry: EntryId, *, actor: str, now: datetime) -> OutboxEntry | None:
    """Let a waiting or parked ``entry`` go now; one that may have arrived is looked up first."""
    again = step(
        db,
        entry,
        f"state = iif(is_doubtful, 'unknown', 'queued'), not_before = 0, {UNHELD}, only_look = 0, sentence = ''",
        when=(EntryState.PARKED, EntryState.UNKNOWN, EntryState.QUEUED),
        now=now,
    )
    if again:
        tell(db, again, "retried", actor=actor, now=now)
    return again


def look_only(db: Database, entry: EntryId, *, actor: str, now: datetime) -> OutboxEntry | None:
    """Let ``entry``, of which an attempt may have arrived, be looked up now and not be sent."""
    looking = step(
        db,
        entry,
        f"state = 'unknown', only_look = 1, not_before = 0, {UNHELD}",
        when=(EntryState.PARKED, EntryState.UNKNOWN, EntryState.QUEUED),
        and_also="is_doubtful = 1",
        now=now,
    )
    if looking:
        tell(db, looking, "looked up", actor=actor, now=now)
    return looking


def drop(db: Database, entry: EntryId, *, reason: str, actor: str, now: datetime) -> OutboxEntry | None:
    """Give ``entry`` up, with what needs it. What may have arrived keeps its guard: it must not go out unseen."""
    dropped = step(
        db,
        entry,
        "state = 'dropped', guard = iif(is_doubtful, guard, NULL), only_look = 0, sentence = :reason",
        when=(EntryState.QUEUED, EntryState.UNKNOWN, EntryState.PARKED),
        now=now,
        reason=reason,
    )
    if dropped:
        tell(db, dropped, "dropped", actor=actor, now=now, words={"reason": reason})
        _drop_dependents(db, dropped, actor=actor, now=now)
    return dropped


def _drop_dependents(db: Database, gone: OutboxEntry, *, actor: str, now: datetime) -> None:
    """Give up what needs ``gone``: nothing of it left from here. What a copy's original sent keeps its guard."""
    for each in dependents(db, gone.id):
        dropped = step(
            db,
            each.id,
            "state = 'dropped', guard = iif(is_doubtful, guard, NULL), only_look = 0, sentence = :sentence",
            when=(EntryState.QUEUED, EntryState.UNKNOWN, EntryState.PARKED),
            now=now,
            sentence=f"It needed “{gone.title}”, which was given up.",
        )
        if dropped:
            tell(db, dropped, "dropped", actor=actor, now=now, with_entry=str(gone.id))


def edit(
    db: Database, entry: EntryId, *, title: str, payload: Mapping[str, object], actor: str, now: datetime
) -> OutboxEntry | None:
    """Give a parked ``entry``, of which surely nothing arrived, another payload and let it go; its key stays."""
    edited = step(
        db,
        entry,
        f"state = 'queued', title = :title, payload = :payload, not_before = 0, {UNHELD}, sentence = ''",
        when=(EntryState.PARKED,),
        and_also="is_doubtful = 0",
        now=now,
        title=title,
        payload=msgspec.json.encode(payload).decode(),
    )
    if edited:
        tell(db, edited, "edited", actor=actor, now=now)
    return edited


def replace(db: Database, old: EntryId, new: NewEntry, *, reason: str, now: datetime) -> OutboxEntry | None:
    """Give a parked entry up for ``new``, which takes its place in every order; its guard stays with it.

    For one that may have arrived: its key must never carry another payload.
    """
    given_up = step(db, old, "state = 'dropped', sentence = :reason", when=(EntryState.PARKED,), now=now, reason=reason)
    if given_up is None:
        return None
    tell(db, given_up, "replaced", actor=new.actor, now=now, words={"reason": reason})
    entry = insert(db, new, now=now)
    db.execute(
        "UPDATE outbox SET replaces = :old, place = (SELECT place FROM outbox WHERE id = :old),"
        " waits_for = (SELECT waits_for FROM outbox WHERE id = :old) WHERE id = :entry",
        {"old": old, "entry": entry.id},
    )
    db.execute(
        f"UPDATE outbox SET waits_for = :entry WHERE waits_for = :old AND state IN {OPEN}",  # noqa: S608 - a constant
        {"old": old, "entry": entry.id},
    )
    return get(db, entry.id)
