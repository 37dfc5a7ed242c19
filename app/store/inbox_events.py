"""Events as they came in: one row each, however often they arrive, with the sealed bytes that came over the wire."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from sqlite_utils import Database

from app.records import InboxEvent, InboxState, Trust
from app.rules.event_filter import EventFilter
from app.store.rows import from_micros, json_list, maybe_micros, maybe_moment, to_micros
from app.store.schema import HAS_BYTES, LISTED_AT

KEPT_REFUSED: Final = 1000
"""Refused events that are kept, newest first: anybody may knock, and must not fill the disk by it."""


def record(db: Database, events: Sequence[InboxEvent]) -> frozenset[str]:
    """Keep ``events``, each id once; those whose id was here before were seen once more, and are answered."""
    (last,) = db.execute("SELECT coalesce(max(row_id), 0) FROM inbox").fetchone()
    added = db.conn.executemany(_INSERT, map(_columns, events))
    if added.rowcount == len(events):
        return frozenset()
    seen_before = known(db, [event.id for event in events], until=last)
    db.conn.executemany(
        "UPDATE inbox SET times_seen = times_seen + ? WHERE id = ?",
        [(event.times_seen, event.id) for event in events if event.id in seen_before],
    )
    return seen_before


def known(db: Database, ids: Collection[str], *, until: int = 2**63 - 1) -> frozenset[str]:
    """Those of ``ids`` that are here, in rows up to ``until``."""
    rows = db.execute(
        "SELECT id FROM inbox WHERE id IN (SELECT value FROM json_each(?)) AND row_id <= ?",
        [json_list(list(ids)), until],
    )
    return frozenset(id_ for (id_,) in rows)


def without_bytes(db: Database, ids: Collection[str]) -> frozenset[str]:
    """Those of ``ids`` whose bytes were forgotten, or never were any."""
    rows = db.execute(
        f"SELECT id FROM inbox WHERE id IN (SELECT value FROM json_each(?)) AND NOT {HAS_BYTES}",  # noqa: S608 - a constant
        [json_list(list(ids))],
    )
    return frozenset(id_ for (id_,) in rows)


def latest(db: Database, ids: Collection[str]) -> datetime | None:
    """When the last of ``ids`` occurred; None where none says so."""
    rows = db.execute(
        "SELECT max(occurred_at) FROM inbox WHERE id IN (SELECT value FROM json_each(?))", [json_list(list(ids))]
    )
    return maybe_moment(rows.fetchone()[0])


def settle(db: Database, events: Iterable[InboxEvent]) -> None:
    """Note what ``events``, which are here, came to mean after all."""
    db.conn.executemany(
        "UPDATE inbox SET type = ?, about = ?, occurred_at = ?, state = ?, sentence = ? WHERE id = ?",
        [
            (event.type, event.about, maybe_micros(event.occurred_at), event.state, event.sentence, event.id)
            for event in events
        ],
    )


def forget_source(db: Database, source: str) -> None:
    """Forget all that came from ``source``, however it is capitalised."""
    db.execute("DELETE FROM inbox WHERE lower(source) = lower(?)", [source])


def forget_customers(db: Database, numbers: str) -> None:
    """Forget the bytes of events about these customers, a JSON list, and about what was sent to them.

    So are those that were refused or not understood, where a customer's number or a communication of theirs is in them.
    """
    those = "(SELECT value FROM json_each(:numbers))"
    db.execute(
        f"UPDATE inbox SET raw = sealed(''), about = '' WHERE about IN {those} OR about IN"  # noqa: S608 - constants
        f" (SELECT communication FROM deliveries WHERE customer IN {those})",
        {"numbers": numbers},
    )
    # What was refused or not understood is about nobody as far as anybody knows, and may name them all the same.
    words = db.execute(
        f"""SELECT CAST(value AS BLOB) FROM json_each(:numbers) WHERE value <> ''
            UNION SELECT CAST(communication AS BLOB) FROM deliveries
            WHERE customer IN {those} AND communication <> ''""",  # noqa: S608 - constants
        {"numbers": numbers},
    ).fetchall()
    unread = db.execute(
        f"SELECT row_id, unsealed(raw) FROM inbox WHERE state IN ('refused', 'failed') AND {HAS_BYTES}"  # noqa: S608 - constants
    )
    named = [row_id for row_id, content in unread if any(word in content for (word,) in words)]
    db.execute("UPDATE inbox SET raw = sealed('') WHERE row_id IN (SELECT value FROM json_each(?))", [json_list(named)])


def prune_refused(db: Database) -> None:
    """Forget refused events beyond the newest :data:`KEPT_REFUSED`."""
    db.execute(
        "DELETE FROM inbox WHERE state = 'refused' AND row_id <= coalesce("
        "(SELECT row_id FROM inbox WHERE state = 'refused' ORDER BY row_id DESC LIMIT 1 OFFSET ?), -1)",
        [KEPT_REFUSED],
    )


def drop_before(db: Database, *, before: datetime, most: int) -> int:
    """Drop up to ``most`` of the oldest events that came before then, ids and all; how many were dropped.

    Rows stand in the order of their arrival, so the oldest are looked at and no others.
    """
    dropped = db.execute(
        """DELETE FROM inbox WHERE received_at < ?
               AND row_id IN (SELECT row_id FROM inbox ORDER BY row_id LIMIT ?)""",
        [to_micros(before), most],
    )
    return int(dropped.rowcount)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Some events in the order of their arrival."""

    events: tuple[InboxEvent, ...]
    after: int
    """The row to go on after."""
    is_last: bool


def last_row(db: Database) -> int:
    """The row of the event that arrived last; 0 without any."""
    return int(db.execute("SELECT coalesce(max(row_id), 0) FROM inbox").fetchone()[0])


def page(db: Database, wanted: EventFilter, *, after: int, until: int, most: int) -> EventPage:
    """What of ``most`` rows after row ``after``, up to row ``until``, answers ``wanted``; with its bytes."""
    conditions = ["row_id > :after", "row_id <= :until"]
    chosen: dict[str, object] = {"after": after, "until": until, "most": most}
    if wanted.ids is not None:
        conditions.append("id IN (SELECT value FROM json_each(:ids))")
        chosen["ids"] = json_list(sorted(wanted.ids))
    rows = db.execute(
        f"SELECT row_id, {_SELECTED} FROM inbox WHERE {' AND '.join(conditions)} ORDER BY row_id LIMIT :most",  # noqa: S608 - constants
        chosen,
    ).fetchall()
    events = tuple(event for row in rows if wanted.takes(event := _event(row[1:])))
    return EventPage(events=events, after=rows[-1][0] if rows else until, is_last=len(rows) < most)


def find(db: Database, event: str) -> InboxEvent | None:
    """The event ``event``."""
    row = db.execute(f"SELECT {_SELECTED} FROM inbox WHERE id = ?", [event]).fetchone()  # noqa: S608 - constant
    return _event(row) if row else None


def newest(db: Database, *, states: Collection[InboxState] = (), limit: int = 200) -> tuple[InboxEvent, ...]:
    """The last events in ``states`` (none given: in any), newest first by ``listed_at``."""
    # SQLite knows nothing of how many a state has. The few in a rare one are sorted; else the list is walked until the
    # page is full. Only what is listed is unsealed.
    those = json_list(sorted(states or InboxState))
    counted = db.execute(
        "SELECT count(*) FROM (SELECT 1 FROM inbox WHERE state IN (SELECT value FROM json_each(?)) LIMIT ?)",
        [those, _SORTED_AT_MOST + 1],
    )
    walked = "INDEXED BY inbox_listed" if counted.fetchone()[0] > _SORTED_AT_MOST else "INDEXED BY inbox_by_state"
    rows = db.execute(
        f"SELECT {_SELECTED} FROM (SELECT row_id AS listed, {LISTED_AT} AS listed_at FROM inbox {walked}"  # noqa: S608 - constants
        " WHERE state IN (SELECT value FROM json_each(?)) ORDER BY listed_at DESC, row_id DESC LIMIT ?)"
        " CROSS JOIN inbox ON inbox.row_id = listed ORDER BY listed_at DESC, listed DESC",
        [those, limit],
    )
    return tuple(_event(row) for row in rows)


def counts(db: Database) -> dict[InboxState, int]:
    """How many events are in each state."""
    rows = db.execute("SELECT state, count(*) FROM inbox GROUP BY state")
    return {InboxState(state): many for state, many in rows}


_SORTED_AT_MOST: Final = 5_000
_COLUMNS: Final = (
    "id, source, type, about, received_at, occurred_at, trust, state, times_seen, sentence, raw, media_type"
)
_INSERT: Final = (
    f"INSERT INTO inbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, sealed(?), ?)"  # noqa: S608 - a constant
    " ON CONFLICT (id) DO NOTHING"
)
_SELECTED: Final = _COLUMNS.replace("raw", "unsealed(raw)")
_Row: TypeAlias = tuple[str, str, str, str, int, int | None, str, str, int, str, bytes, str]
"""What ``_SELECTED`` selects."""


def _columns(event: InboxEvent) -> tuple[object, ...]:
    return (
        event.id,
        event.source,
        event.type,
        event.about,
        to_micros(event.received_at),
        maybe_micros(event.occurred_at),
        event.trust,
        event.state,
        event.times_seen,
        event.sentence,
        event.raw,
        event.media_type,
    )


def _event(row: _Row) -> InboxEvent:
    id_, source, type_, about, received_at, occurred_at, trust, state, times_seen, sentence, raw, media_type = row
    return InboxEvent(
        id=id_,
        source=source,
        type=type_,
        about=about,
        received_at=from_micros(received_at),
        occurred_at=maybe_moment(occurred_at),
        trust=Trust(trust),
        state=InboxState(state),
        times_seen=times_seen,
        sentence=sentence,
        raw=raw,
        media_type=media_type,
    )
