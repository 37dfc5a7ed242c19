"""Communications of which nothing is told any more: found by looking at where all of them stand, never by a timer.

A silence ends by itself: what stands elsewhere by now, or was told of since, is no silence whatever is noted here. One
that somebody dismissed is noted, and neither told nor asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from operator import itemgetter
from typing import Final, TypeAlias

from sqlite_utils import Database

from app.records import Channel, CustomerNumber, DeliveryState, Silence
from app.rules.expectations import Expected
from app.store.rows import from_micros, json_list, maybe_moment, to_micros

Noted: TypeAlias = tuple[str, str, str, int]
"""Communication, channel, its last word, and when that was told, in microseconds."""
LOOKED_AT_ONCE: Final = 25_000
"""Standings that are looked at in one reading of the store: some 20 ms."""
MOST: Final = 5_000
"""Silences that are noted at once, the longest first; whoever has more has another trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What was found among the next standings, and where to go on."""

    told: frozenset[Channel] = frozenset()
    """The channels on which something is said to have arrived."""
    silent: frozenset[Noted] = frozenset()
    behind: tuple[str, str] | None = None
    """The last communication and channel that were looked at; None after the last one."""


def look_on(db: Database, wanted: Sequence[Expected], *, after: datetime, behind: tuple[str, str] | None) -> Stretch:
    """Look at the next :data:`LOOKED_AT_ONCE` standings: which of them are silent by ``wanted``, the longest first.

    Nothing that was told before ``after`` is taken for a silence. All standings are many: whoever waits for the store
    comes in between two stretches.
    """
    start = behind or ("", "")
    end = db.execute(
        "SELECT communication, channel FROM deliveries WHERE (communication, channel) > (?, ?)"
        " ORDER BY communication, channel LIMIT 1 OFFSET ?",
        [*start, LOOKED_AT_ONCE - 1],
    ).fetchone()
    those, bounds = "(communication, channel) > (?, ?)", list(start)
    if end is not None:
        those, bounds = f"{those} AND (communication, channel) <= (?, ?)", [*start, *end]
    told = db.execute(
        f"SELECT DISTINCT channel FROM deliveries WHERE {those} AND state = 'delivered'",  # noqa: S608 - constants
        bounds,
    )
    return Stretch(
        told=frozenset(Channel(channel) for (channel,) in told),
        silent=_silent(db, wanted, after, those, bounds) if wanted else frozenset(),
        behind=None if end is None else (end[0], end[1]),
    )


def longest_of(found: Iterable[Noted]) -> frozenset[Noted]:
    """The :data:`MOST` that last longest."""
    return frozenset(nsmallest(MOST, found, key=itemgetter(3)))


def _silent(
    db: Database, wanted: Sequence[Expected], after: datetime, those: str, bounds: Sequence[str]
) -> frozenset[Noted]:
    late = "(channel = ? AND state IN (SELECT value FROM json_each(?)) AND coalesce(last_at, at) < ?)"
    values = [each for one in wanted for each in (one.channel, json_list(one.states), to_micros(one.before))]
    rows = db.execute(
        f"""SELECT communication, channel, state, coalesce(last_at, at) FROM deliveries
            WHERE {those} AND coalesce(last_at, at) >= ? AND ({" OR ".join([late] * len(wanted))})
            ORDER BY coalesce(last_at, at) LIMIT ?""",  # noqa: S608 - constants
        [*bounds, to_micros(after), *values, MOST],
    )
    return frozenset(rows)


def note(db: Database, found: frozenset[Noted], *, now: datetime) -> bool:
    """Note that these are silent and no others; whether there are others to be told than before.

    What a source said when it was asked is kept as long as the silence lasts, and that somebody dismissed it as long as
    nothing else is told: hours that are set higher and lower again bring nothing back.
    """
    noted = db.execute("SELECT communication, channel, state, since, dismissed_at IS NOT NULL FROM silences").fetchall()
    before = frozenset(row[:4] for row in noted if not row[4])
    dismissed = frozenset(row[:4] for row in noted if row[4])
    db.conn.executemany(
        f"DELETE FROM silences AS s WHERE {_THIS} AND (s.dismissed_at IS NULL OR NOT EXISTS (SELECT 1 {_STANDS}))",  # noqa: S608 - constants
        (before | dismissed) - found,
    )
    db.conn.executemany(
        "INSERT INTO silences (communication, channel, state, since, noticed_at, asked_at, answer)"
        " VALUES (?, ?, ?, ?, ?, NULL, '')",
        [(*each, to_micros(now)) for each in found - before - dismissed],
    )
    return found - dismissed != before


def is_one(db: Database, silence: Silence) -> bool:
    """Whether ``silence`` still is this one: nothing was told of it since, and nobody dismissed it."""
    return db.execute(f"SELECT 1 {_STILL} AND {_THIS}", _this(silence)).fetchone() is not None


def dismiss(db: Database, silence: Silence, *, now: datetime) -> bool:
    """Let nobody look at ``silence`` any more, as long as it is this one; False when it is over or dismissed."""
    if not is_one(db, silence):
        return False
    db.execute(f"UPDATE silences AS s SET dismissed_at = ? WHERE {_THIS}", [to_micros(now), *_this(silence)])  # noqa: S608 - a constant
    return True


def asked(db: Database, silences: Iterable[Silence], *, answer: str, now: datetime) -> None:
    """Note what the source of ``silences`` said of them."""
    db.conn.executemany(
        "UPDATE silences SET asked_at = ?, answer = ? WHERE communication = ? AND channel = ?",
        [(to_micros(now), answer, each.communication, each.channel) for each in silences],
    )


def to_ask(db: Database, *, again_before: datetime, now: datetime, limit: int) -> tuple[Silence, ...]:
    """Silences whose source was not asked yet, or not since ``again_before``; the longest first.

    An answer out of the future was noted while the clock was wrong, and counts for none.
    """
    rows = db.execute(
        f"{_SELECT} AND (s.asked_at IS NULL OR s.asked_at < ? OR s.asked_at > ?)"
        " ORDER BY s.since, s.communication LIMIT ?",
        [to_micros(again_before), to_micros(now), limit],
    )
    return tuple(map(_silence, rows))


def longest(db: Database, *, limit: int) -> tuple[Silence, ...]:
    """All of them, the longest first."""
    return tuple(map(_silence, db.execute(f"{_SELECT} ORDER BY s.since, s.communication LIMIT ?", [limit])))


def of_customer(db: Database, customer: CustomerNumber) -> tuple[Silence, ...]:
    """Those of one customer, the longest first."""
    rows = db.execute(f"{_SELECT} AND d.customer = ? ORDER BY s.since, s.communication", [customer])
    return tuple(map(_silence, rows))


def count(db: Database) -> int:
    """How many there are."""
    return int(db.execute(f"SELECT count(*) {_STILL}").fetchone()[0])


_THIS: Final = "s.communication = ? AND s.channel = ? AND s.state = ? AND s.since = ?"
_SAME: Final = """d.communication = s.communication AND d.channel = s.channel
    AND coalesce(d.last_at, d.at) = s.since AND d.state = s.state"""
_STANDS: Final = f"FROM deliveries AS d WHERE {_SAME}"
_STILL: Final = f"FROM silences AS s JOIN deliveries AS d ON {_SAME} WHERE s.dismissed_at IS NULL"
_SELECT: Final = f"""
    SELECT d.communication, d.channel, d.customer, d.title, d.state, s.since, d.run, s.noticed_at, s.asked_at, s.answer
    {_STILL}"""
_Row: TypeAlias = tuple[str, str, str, str, str, int, str, int, int | None, str]


def _this(silence: Silence) -> tuple[str, str, str, int]:
    return silence.communication, silence.channel, silence.state, to_micros(silence.since)


def _silence(row: _Row) -> Silence:
    communication, channel, customer, title, state, since, run, noticed_at, asked_at, answer = row
    return Silence(
        communication=communication,
        channel=Channel(channel),
        customer=customer,
        title=title,
        state=DeliveryState(state),
        since=from_micros(since),
        run=run,
        noticed_at=from_micros(noticed_at),
        asked_at=maybe_moment(asked_at),
        answer=answer,
    )
