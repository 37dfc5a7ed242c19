"""Delivery events, once each however often they are reported, and where each communication stands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

from sqlite_utils import Database

from app.records import BounceKind, Channel, CustomerNumber, DeliveryEvent, DeliveryState
from app.rules.delivery import Standing, continued, may_follow, standing
from app.store.rows import from_micros, json_list, to_micros
from app.store.schema import IN_TROUBLE


def fold(db: Database, events: Iterable[DeliveryEvent], *, is_replay: bool = False) -> frozenset[CustomerNumber]:
    """Take ``events`` in and say whose timelines are different now.

    An event that is known already counts as seen once more and keeps the moment of its first arrival. A replay is not
    one more sighting: it corrects what was understood wrongly before.
    """
    if is_replay:
        return _corrected(db, list(events))
    taken = _once_each(events)
    known = _add(db, taken)
    fresh: dict[_Sent, list[DeliveryEvent]] = {}
    for event in taken:
        if event.id not in known:
            fresh.setdefault((event.communication, event.channel), []).append(event)
    return _move(db, fresh) | _customers_of(db, set(known.values()))


def forget_source(db: Database, source: str) -> None:
    """Forget what ``source`` claimed, however it is capitalised; communications stand where others say they do."""
    told_by_others = db.execute(
        """SELECT DISTINCT communication, channel FROM delivery_events AS other
           WHERE lower(source) <> lower(?) AND EXISTS (
               SELECT 1 FROM delivery_events AS gone WHERE gone.communication = other.communication
                   AND gone.channel = other.channel AND lower(gone.source) = lower(?))""",
        [source, source],
    ).fetchall()
    db.execute("DELETE FROM delivery_events WHERE lower(source) = lower(?)", [source])
    db.execute(
        """DELETE FROM deliveries WHERE NOT EXISTS (
               SELECT 1 FROM delivery_events AS kept WHERE kept.communication = deliveries.communication
                   AND kept.channel = deliveries.channel)"""
    )
    _stand_again(db, set(told_by_others))


def timeline(db: Database, customer: CustomerNumber, *, limit: int = 500) -> tuple[DeliveryEvent, ...]:
    """What happened to a customer's communications, by event time, newest first.

    An event whose source does not name the customer belongs to the customer of its communication. Communications are
    read from the one that moved last, as far as ``limit`` needs: of a customer with more, a late word that moved
    nothing may stand further back.
    """
    moved = db.execute(
        "SELECT communication, channel, title, at FROM deliveries WHERE customer = ? ORDER BY at DESC", [customer]
    )
    found: list[DeliveryEvent] = []
    while chunk := moved.fetchmany(_READ_AT_ONCE):
        if len(found) == limit and to_micros(found[-1].at) > chunk[0][-1]:
            break
        rows = db.execute(_TIMELINE, [customer, json_list([each[:3] for each in chunk]), limit])
        found = sorted([*found, *map(_event, rows)], key=lambda each: (each.at, each.id), reverse=True)[:limit]
    return tuple(found)


def events_of(db: Database, communication: str) -> tuple[DeliveryEvent, ...]:
    """What happened to one communication on all channels, oldest first."""
    rows = db.execute(
        f"SELECT {_EVENT} FROM delivery_events WHERE communication = ? ORDER BY at, id",  # noqa: S608 - a constant
        [communication],
    )
    return tuple(_event(row) for row in rows)


def claims_under(db: Database, ids: Collection[str]) -> dict[str, DeliveryEvent]:
    """What is kept under these ids of events, by id."""
    rows = db.execute(
        f"SELECT {_EVENT} FROM delivery_events WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608 - a constant
        [json_list(list(ids))],
    )
    return {row[0]: _event(row) for row in rows}


def customers_of(db: Database, communications: Collection[str]) -> dict[str, CustomerNumber]:
    """Whose these communications are, by communication, where it is known."""
    rows = db.execute(
        "SELECT communication, customer FROM deliveries"
        " WHERE customer <> '' AND communication IN (SELECT value FROM json_each(?))",
        [json_list(sorted(communications))],
    )
    return {communication: CustomerNumber(customer) for communication, customer in rows}


def claims_of(db: Database, customer: CustomerNumber, states: Collection[DeliveryState]) -> tuple[DeliveryEvent, ...]:
    """What was claimed of a customer's communications in any of ``states``, oldest first."""
    rows = db.execute(
        """SELECT e.id, e.communication, d.customer, e.channel, e.state, e.title, e.at, e.received_at, e.source,
               e.times_seen, e.code, e.provider_verdict, e.bounce, e.detail, e.run
           FROM deliveries AS d JOIN delivery_events AS e
               ON e.communication = d.communication AND e.channel = d.channel
           WHERE d.customer = ? AND e.state IN (SELECT value FROM json_each(?)) ORDER BY e.at, e.id""",
        [customer, json_list(list(states))],
    )
    return tuple(_event(row) for row in rows)


def standings(db: Database, customer: CustomerNumber) -> tuple[Standing, ...]:
    """Where each of a customer's communications stands, newest first."""
    rows = db.execute(
        f"SELECT {_STANDS} FROM deliveries"  # noqa: S608 - a constant
        " WHERE customer = ? ORDER BY at DESC, communication, channel",
        [customer],
    )
    return tuple(_standing(row) for row in rows)


def trouble_of(db: Database, customers: Collection[CustomerNumber]) -> dict[CustomerNumber, int]:
    """How many communications of each of ``customers`` a person should look at; who has none is left out."""
    rows = db.execute(
        f"SELECT customer, count(*) FROM deliveries WHERE customer <> '' AND {IN_TROUBLE}"  # noqa: S608 - a constant
        " AND customer IN (SELECT value FROM json_each(?)) GROUP BY customer",
        [json_list(sorted(customers))],
    )
    return {CustomerNumber(customer): many for customer, many in rows}


def most_troubled(db: Database, *, limit: int) -> tuple[CustomerNumber, ...]:
    """The customers with the most communications that a person should look at."""
    rows = db.execute(
        f"SELECT customer FROM deliveries WHERE customer <> '' AND {IN_TROUBLE}"  # noqa: S608 - a constant
        " GROUP BY customer ORDER BY count(*) DESC, max(at) DESC, customer LIMIT ?",
        [limit],
    )
    return tuple(CustomerNumber(customer) for (customer,) in rows)


_EVENT: Final = (
    "id, communication, customer, channel, state, title, at, received_at, source, times_seen, code, provider_verdict,"
    " bounce, detail, run"
)
_INSERT: Final = f"INSERT INTO delivery_events ({_EVENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
_READ_AT_ONCE: Final = 60
"""Communications of a customer that are looked into together."""
_TIMELINE: Final = """
    SELECT e.id, e.communication, ?, e.channel, e.state, iif(e.title = '', moved.value ->> 2, e.title), e.at,
        e.received_at, e.source, e.times_seen, e.code, e.provider_verdict, e.bounce, e.detail, e.run
    FROM json_each(?) AS moved CROSS JOIN delivery_events AS e
        ON e.communication = moved.value ->> 0 AND e.channel = moved.value ->> 1
    ORDER BY e.at DESC, e.id DESC LIMIT ?"""
_BEFORE: Final = {
    claim: "".join(f"|{state}|" for state in DeliveryState if may_follow(state, claim)) for claim in DeliveryState
}
"""For each claim, the states that it moves a communication on from."""
_CONTINUE: Final = """
    UPDATE deliveries SET at = iif(instr(?, '|' || state || '|'), ?, at),
        state = iif(instr(?, '|' || state || '|'), ?, state),
        customer = coalesce(nullif(?, ''), customer), title = coalesce(nullif(?, ''), title), last_at = ?
    WHERE communication = ? AND channel = ? AND last_at < ? AND ? IN ('', run) RETURNING customer"""
_STANDS: Final = "communication, channel, customer, title, state, at, run, attempts, last_at"
_PUT: Final = """
    INSERT INTO deliveries (communication, channel, customer, title, state, at, run, attempts, last_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET customer = excluded.customer, title = excluded.title, state = excluded.state,
        at = excluded.at, run = excluded.run, attempts = excluded.attempts, last_at = excluded.last_at"""
_CORRECT: Final = """
    communication = excluded.communication, customer = excluded.customer, channel = excluded.channel,
    state = excluded.state, title = excluded.title, at = excluded.at, code = excluded.code,
    provider_verdict = excluded.provider_verdict, bounce = excluded.bounce, detail = excluded.detail,
    run = excluded.run"""

_EventRow: TypeAlias = tuple[str, str, str, str, str, str, int, int, str, int, str, str, str, str, str]
_StandingRow: TypeAlias = tuple[str, str, str, str, str, int, str, int, int | None]
_CHANNELS: Final = {each.value: each for each in Channel}
_STATES: Final = {each.value: each for each in DeliveryState}
"""Millions of rows are read: asking the enumeration takes three times as long."""
_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
_Sent: TypeAlias = tuple[str, str]
"""A communication on one channel."""


def _once_each(events: Iterable[DeliveryEvent]) -> list[DeliveryEvent]:
    """Each event once, as it was told first, with all its sightings."""
    told: dict[str, DeliveryEvent] = {}
    for event in events:
        first = told.get(event.id)
        told[event.id] = replace(first, times_seen=first.times_seen + event.times_seen) if first else event
    return list(told.values())


def _add(db: Database, taken: Sequence[DeliveryEvent]) -> Mapping[str, _Sent]:
    """Add what is new; what was known before is counted as seen again, and answered with what is kept under its id."""
    (last,) = db.execute("SELECT coalesce(max(rowid), 0) FROM delivery_events").fetchone()
    added = db.conn.executemany(f"{_INSERT} ON CONFLICT (id) DO NOTHING", [_columns(event) for event in taken])
    if added.rowcount == len(taken):
        return {}
    # By what is kept under the ids, not by what the events say now: a second one may contradict the first.
    rows = db.execute(
        "SELECT id, communication, channel FROM delivery_events"
        " WHERE id IN (SELECT value FROM json_each(?)) AND rowid <= ?",
        [json_list([event.id for event in taken]), last],
    )
    known = {id_: (communication, channel) for id_, communication, channel in rows}
    db.conn.executemany(
        "UPDATE delivery_events SET times_seen = times_seen + ? WHERE id = ?",
        [(event.times_seen, event.id) for event in taken if event.id in known],
    )
    return known


def _move(db: Database, fresh: Mapping[_Sent, Sequence[DeliveryEvent]]) -> frozenset[CustomerNumber]:
    """Let communications stand where ``fresh``, which is added already, puts them; whose they are."""
    whose: set[str] = set()
    others: dict[_Sent, Sequence[DeliveryEvent]] = {}
    for sent, news in fresh.items():
        continued_by = _continue(db, news[0]) if len(news) == 1 else None
        if continued_by is None:
            others[sent] = news
        else:
            whose.add(continued_by)
    known = _standings(db, others.keys())
    moved: list[Standing] = []
    again: set[_Sent] = set()
    for sent, news in others.items():
        after = continued(known[sent], news) if sent in known else standing(news)
        if after is None:
            again.add(sent)
        else:
            moved.append(after)
    return _put(db, moved) | _stand_again(db, again) | {CustomerNumber(each) for each in whose if each}


def _continue(db: Database, news: DeliveryEvent) -> str | None:
    """Do in the file what :func:`~app.rules.delivery.continued` says of one event: whose the communication is.

    None, and nothing done, where that says None, or where nothing stands yet. Most events are such a single step, and
    this is one look at one row.
    """
    at = to_micros(news.at)
    row = db.conn.execute(
        _CONTINUE,
        (
            _BEFORE[news.state],
            at,
            _BEFORE[news.state],
            news.state,
            news.customer,
            news.title,
            at,
            news.communication,
            news.channel,
            at,
            news.run,
        ),
    ).fetchone()
    return None if row is None else str(row[0])


def _corrected(db: Database, events: Sequence[DeliveryEvent]) -> frozenset[CustomerNumber]:
    ids = json_list([event.id for event in events])
    touched = _kept_under(db, ids)
    db.conn.executemany(f"{_INSERT} ON CONFLICT (id) DO UPDATE SET {_CORRECT}", [_columns(event) for event in events])
    touched |= _kept_under(db, ids)
    return _stand_again(db, touched)


def _kept_under(db: Database, ids: str) -> set[_Sent]:
    rows = db.execute(
        "SELECT DISTINCT communication, channel FROM delivery_events WHERE id IN (SELECT value FROM json_each(?))",
        [ids],
    )
    return set(rows)


def _standings(db: Database, sent: Collection[_Sent]) -> Mapping[_Sent, Standing]:
    rows = db.execute(
        f"SELECT {_STANDS} FROM deliveries WHERE communication IN (SELECT value FROM json_each(?))",  # noqa: S608 - a constant
        [json_list([communication for communication, _ in sent])],
    )
    return {(row[0], row[1]): _standing(row) for row in rows}


def _customers_of(db: Database, sent: Collection[_Sent]) -> frozenset[CustomerNumber]:
    if not sent:
        return frozenset()
    rows = db.execute(
        "SELECT communication, channel, customer FROM deliveries"
        " WHERE communication IN (SELECT value FROM json_each(?))",
        [json_list([communication for communication, _ in sent])],
    )
    return frozenset(
        CustomerNumber(customer)
        for communication, channel, customer in rows
        if customer and (communication, channel) in sent
    )


def _stand_again(db: Database, sent: Collection[_Sent]) -> frozenset[CustomerNumber]:
    """Fold all that is kept about these communications; whose they are, where that is known."""
    if not sent:
        return frozenset()
    rows = db.execute(
        f"SELECT {_EVENT} FROM delivery_events WHERE communication IN (SELECT value FROM json_each(?))",  # noqa: S608 - a constant
        [json_list(sorted({communication for communication, _ in sent}))],
    )
    claims: dict[_Sent, list[DeliveryEvent]] = {each: [] for each in sent}
    for row in rows:
        if (each := (row[1], row[3])) in claims:
            claims[each].append(_event(row))
    gone = [each for each, told in claims.items() if not told]
    db.conn.executemany("DELETE FROM deliveries WHERE communication = ? AND channel = ?", gone)
    return _put(db, [standing(told) for told in claims.values() if told])


def _put(db: Database, standings: Collection[Standing]) -> frozenset[CustomerNumber]:
    db.conn.executemany(_PUT, map(_stands, standings))
    return frozenset(CustomerNumber(each.customer) for each in standings if each.customer)


def _stands(each: Standing) -> tuple[object, ...]:
    return (
        each.communication,
        each.channel,
        each.customer,
        each.title,
        each.state,
        to_micros(each.at),
        each.run,
        each.attempts,
        to_micros(each.last_at),
    )


def _columns(event: DeliveryEvent) -> tuple[object, ...]:
    return (
        event.id,
        event.communication,
        event.customer,
        event.channel,
        event.state,
        event.title,
        to_micros(event.at),
        to_micros(event.received_at),
        event.source,
        event.times_seen,
        event.code,
        event.provider_verdict,
        event.bounce or "",
        event.detail,
        event.run,
    )


def _event(row: _EventRow) -> DeliveryEvent:
    id_, communication, customer, channel, state, title, at, received_at, source, times_seen, code, *said = row
    verdict, bounce, detail, run = said
    return DeliveryEvent(
        id=id_,
        communication=communication,
        customer=customer,
        channel=_CHANNELS[channel],
        state=_STATES[state],
        title=title,
        at=from_micros(at),
        received_at=from_micros(received_at),
        source=source,
        times_seen=times_seen,
        code=code,
        provider_verdict=verdict,
        bounce=BounceKind(bounce) if bounce else None,
        detail=detail,
        run=run,
    )


def _standing(row: _StandingRow) -> Standing:
    communication, channel, customer, title, state, at, run, attempts, last_at = row
    return Standing(
        communication=communication,
        channel=_CHANNELS[channel],
        customer=customer,
        title=title,
        state=_STATES[state],
        at=from_micros(at),
        run=run,
        attempts=attempts,
        # An earlier release did not note it; nothing happens after the end of time, so all is folded again.
        last_at=_END_OF_TIME if last_at is None else from_micros(last_at),
    )
