"""Entries of the outbox as lists, counts and histories. Reads only."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlite_utils import Database

from app.records import (
    Depth,
    EntryFilter,
    EntryId,
    EntryPage,
    EntryPlace,
    EntryState,
    EntryStep,
    OutboxEntry,
    OutboxPause,
    System,
)
from app.store import audit
from app.store.entry_rows import OPEN, read
from app.store.rows import from_micros, json_list

ACTION: Final = "outbox."
"""What the actions of entries begin with in the audit."""


def newest(db: Database, *, states: Collection[EntryState] = (), limit: int = 200) -> tuple[OutboxEntry, ...]:
    """The last entries in ``states`` (none given: in any), newest first."""
    return read(
        db,
        "mine.state IN (SELECT value FROM json_each(?)) ORDER BY mine.id DESC LIMIT ?",
        [json_list(sorted(states or EntryState)), limit],
    )


def open_about(db: Database, subjects: Collection[str]) -> tuple[OutboxEntry, ...]:
    """The open entries about any of ``subjects``, in the order in which they leave."""
    return read(
        db,
        f"mine.subject IN (SELECT value FROM json_each(?)) AND mine.state IN {OPEN} ORDER BY mine.place, mine.id",  # noqa: S608 - a constant
        [json_list(sorted(subjects))],
    )


def page(db: Database, wanted: EntryFilter, *, after: EntryPlace | None = None, limit: int = 200) -> EntryPage:
    """The entries that ``wanted`` asks for, open ones first, newest first in both; at most ``limit`` from ``after``."""
    found: list[OutboxEntry] = []
    for is_closed in (False, True):
        if after is not None and after.is_closed and not is_closed:
            continue
        below = after.entry if after is not None and after.is_closed is is_closed else None
        found += _stretch(db, wanted, is_closed=is_closed, below=below, limit=limit + 1 - len(found))
    shown = found[:limit]
    if len(found) <= limit:
        return EntryPage(entries=tuple(shown), next_after=None)
    last = shown[-1]
    return EntryPage(entries=tuple(shown), next_after=EntryPlace(is_closed=not last.state.is_open, entry=last.id))


def _stretch(
    db: Database, wanted: EntryFilter, *, is_closed: bool, below: EntryId | None, limit: int
) -> tuple[OutboxEntry, ...]:
    conditions = [f"mine.state {'NOT IN' if is_closed else 'IN'} {OPEN}"]
    values: list[object] = []
    if below is not None:
        conditions.append("mine.id < ?")
        values.append(below)
    if wanted.states:
        conditions.append("mine.state IN (SELECT value FROM json_each(?))")
        values.append(json_list(sorted(wanted.states)))
    if wanted.systems:
        conditions.append("mine.system IN (SELECT value FROM json_each(?))")
        values.append(json_list(sorted(wanted.systems)))
    for word in wanted.words.split():
        conditions.append("instr(lower(mine.title || ' ' || mine.actor || ' ' || mine.sentence), lower(?)) > 0")
        values.append(word)
    return read(db, f"{' AND '.join(conditions)} ORDER BY mine.id DESC LIMIT ?", [*values, limit])


def history(db: Database, entry: EntryId) -> tuple[EntryStep, ...]:
    """What happened to ``entry``, oldest first."""
    return tuple(
        EntryStep(at=row.at, actor=row.actor, action=row.action.removeprefix(ACTION), words=row.words.get("reason", ""))
        for row in audit.of(db, f"entry:{entry}")
    )


def dependents(db: Database, entry: EntryId) -> tuple[OutboxEntry, ...]:
    """The open entries that cannot leave without ``entry``, directly or by way of others, oldest first."""
    later = (
        "WITH RECURSIVE later(id) AS (SELECT id FROM outbox WHERE waits_for = ?"
        " UNION SELECT outbox.id FROM outbox JOIN later ON outbox.waits_for = later.id) SELECT id FROM later"
    )
    return read(db, f"mine.state IN {OPEN} AND mine.id IN ({later}) ORDER BY mine.id", [entry])


def systems_waiting_for(db: Database, entry: EntryId) -> frozenset[System]:
    """The systems of the open entries that need ``entry`` itself."""
    rows = db.execute(f"SELECT DISTINCT system FROM outbox WHERE waits_for = ? AND state IN {OPEN}", [entry])  # noqa: S608 - a constant
    return frozenset(System(system) for (system,) in rows)


def depth(db: Database) -> Mapping[System, Depth]:
    """What is open, by system."""
    rows = db.execute(
        f"""SELECT system, sum(state IN ('queued', 'sending')), sum(state = 'unknown'), sum(state = 'parked'),
               min(created_at)
           FROM outbox WHERE state IN {OPEN} GROUP BY system"""  # noqa: S608 - a constant
    )
    return {
        System(system): Depth(waiting=waiting, unknown=unknown, parked=parked, oldest=from_micros(oldest))
        for system, waiting, unknown, parked, oldest in rows
    }


def count_doubtful(db: Database) -> int:
    """How many open entries may have arrived."""
    (many,) = db.execute(f"SELECT count(*) FROM outbox WHERE is_doubtful AND state IN {OPEN}").fetchone()  # noqa: S608 - a constant
    return int(many)


def pauses(db: Database) -> Mapping[System, OutboxPause]:
    """The systems that somebody paused."""
    rows = db.execute("SELECT system, actor, reason, at FROM outbox_pauses ORDER BY system")
    return {
        System(system): OutboxPause(system=System(system), actor=actor, reason=reason, at=from_micros(at))
        for system, actor, reason, at in rows
    }
