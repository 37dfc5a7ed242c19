"""Delivery events, once each however often they are reported, and where each communication stands."""

from collections.abc import Collection, Iterable
from typing import Final, TypeAlias

from sqlite_utils import Database

from app.records import Channel, CustomerNumber, DeliveryEvent, DeliveryState
from app.rules.delivery import Standing, standing
from app.store.rows import from_micros, json_list, to_micros
from app.store.schema import IN_TROUBLE


def fold(db: Database, events: Iterable[DeliveryEvent], *, is_replay: bool = False) -> frozenset[CustomerNumber]:
    """Take ``events`` in and say whose timelines are different now.

    An event that is known already counts as seen once more and keeps the moment of its first arrival. A replay is not
    one more sighting: it corrects what was understood wrongly before.
    """
    taken = list(events)
    ids = json_list([event.id for event in taken])
    # By what is kept under the ids, not by what the events say now: a second one may contradict the first.
    touched = _kept_under(db, ids)
    known = _CORRECT if is_replay else _SEEN_AGAIN
    db.conn.executemany(f"{_INSERT} ON CONFLICT (id) DO UPDATE SET {known}", [_columns(event) for event in taken])
    touched |= _kept_under(db, ids)
    return frozenset(customer for each in touched if (customer := _stand_again(db, *each)))


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
    for communication, channel in told_by_others:
        _stand_again(db, communication, channel)


def timeline(db: Database, customer: CustomerNumber, *, limit: int = 500) -> tuple[DeliveryEvent, ...]:
    """What happened to a customer's communications, by event time, newest first.

    An event whose source does not name the customer belongs to the customer of its communication.
    """
    rows = db.execute(
        """SELECT e.id, e.communication, d.customer, e.channel, e.state, iif(e.title = '', d.title, e.title), e.at,
               e.received_at, e.source, e.times_seen, e.code, e.detail, e.run
           FROM deliveries AS d JOIN delivery_events AS e
               ON e.communication = d.communication AND e.channel = d.channel
           WHERE d.customer = ? ORDER BY e.at DESC, e.id DESC LIMIT ?""",
        [customer, limit],
    )
    return tuple(_event(row) for row in rows)


def events_of(db: Database, communication: str) -> tuple[DeliveryEvent, ...]:
    """What happened to one communication on all channels, oldest first."""
    rows = db.execute(
        """SELECT id, communication, customer, channel, state, title, at, received_at, source, times_seen, code, detail,
               run
           FROM delivery_events WHERE communication = ? ORDER BY at, id""",
        [communication],
    )
    return tuple(_event(row) for row in rows)


def claims_of(db: Database, customer: CustomerNumber, states: Collection[DeliveryState]) -> tuple[DeliveryEvent, ...]:
    """What was claimed of a customer's communications in any of ``states``, oldest first."""
    rows = db.execute(
        """SELECT e.id, e.communication, d.customer, e.channel, e.state, e.title, e.at, e.received_at, e.source,
               e.times_seen, e.code, e.detail, e.run
           FROM deliveries AS d JOIN delivery_events AS e
               ON e.communication = d.communication AND e.channel = d.channel
           WHERE d.customer = ? AND e.state IN (SELECT value FROM json_each(?)) ORDER BY e.at, e.id""",
        [customer, json_list(list(states))],
    )
    return tuple(_event(row) for row in rows)


def standings(db: Database, customer: CustomerNumber) -> tuple[Standing, ...]:
    """Where each of a customer's communications stands, newest first."""
    rows = db.execute(
        "SELECT communication, channel, customer, title, state, at, run, attempts FROM deliveries"
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


_INSERT: Final = """
    INSERT INTO delivery_events (id, communication, customer, channel, state, title, at, received_at, source,
        times_seen, code, detail, run)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SEEN_AGAIN: Final = "times_seen = times_seen + excluded.times_seen"
_CORRECT: Final = """
    communication = excluded.communication, customer = excluded.customer, channel = excluded.channel,
    state = excluded.state, title = excluded.title, at = excluded.at, code = excluded.code, detail = excluded.detail,
    run = excluded.run"""

_EventRow: TypeAlias = tuple[str, str, str, str, str, str, int, int, str, int, str, str, str]
_StandingRow: TypeAlias = tuple[str, str, str, str, str, int, str, int]


def _kept_under(db: Database, ids: str) -> set[tuple[str, str]]:
    rows = db.execute(
        "SELECT DISTINCT communication, channel FROM delivery_events WHERE id IN (SELECT value FROM json_each(?))",
        [ids],
    )
    return set(rows)


def _stand_again(db: Database, communication: str, channel: str) -> CustomerNumber | None:
    """Fold all that is kept about a communication; whose it is, when that is known."""
    rows = db.execute(
        """SELECT id, communication, customer, channel, state, title, at, received_at, source, times_seen, code, detail,
               run
           FROM delivery_events WHERE communication = ? AND channel = ?""",
        [communication, channel],
    )
    claims = [_event(row) for row in rows]
    if not claims:
        db.execute("DELETE FROM deliveries WHERE communication = ? AND channel = ?", [communication, channel])
        return None
    at_last = standing(claims)
    db.execute(
        """INSERT OR REPLACE INTO deliveries (communication, channel, customer, title, state, at, run, attempts)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            at_last.communication,
            at_last.channel,
            at_last.customer,
            at_last.title,
            at_last.state,
            to_micros(at_last.at),
            at_last.run,
            at_last.attempts,
        ],
    )
    return CustomerNumber(at_last.customer) if at_last.customer else None


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
        event.detail,
        event.run,
    )


def _event(row: _EventRow) -> DeliveryEvent:
    id_, communication, customer, channel, state, title, at, received_at, source, times_seen, code, detail, run = row
    return DeliveryEvent(
        id=id_,
        communication=communication,
        customer=customer,
        channel=Channel(channel),
        state=DeliveryState(state),
        title=title,
        at=from_micros(at),
        received_at=from_micros(received_at),
        source=source,
        times_seen=times_seen,
        code=code,
        detail=detail,
        run=run,
    )


def _standing(row: _StandingRow) -> Standing:
    communication, channel, customer, title, state, at, run, attempts = row
    return Standing(
        communication=communication,
        channel=Channel(channel),
        customer=customer,
        title=title,
        state=DeliveryState(state),
        at=from_micros(at),
        run=run,
        attempts=attempts,
    )
