"""What customers said about being written to, once each, and what closes or opens a channel of theirs."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlite_utils import Database

from app.records import Channel, CustomerNumber, CustomerWord, DeliveryEvent, SendingWish
from app.rules.suppression_list import ARRIVED, CLOSING
from app.store import deliveries
from app.store.rows import from_micros, json_list, to_micros


def keep(db: Database, words: Iterable[CustomerWord]) -> frozenset[CustomerNumber]:
    """Take ``words`` in, each event once, and say whose they are."""
    taken = list(words)
    db.conn.executemany(
        "INSERT INTO customer_words (id, customer, channel, wish, at, source, scope, by_carrier)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        [
            (
                word.id,
                word.customer,
                word.channel,
                word.wish,
                to_micros(word.at),
                word.source,
                word.scope,
                word.is_kept_by_carrier,
            )
            for word in taken
        ],
    )
    return frozenset(CustomerNumber(word.customer) for word in taken)


def of_customer(db: Database, customer: CustomerNumber) -> tuple[CustomerWord, ...]:
    """What ``customer`` said, oldest first."""
    rows = db.execute(
        "SELECT id, customer, channel, wish, at, source, scope, by_carrier FROM customer_words"
        " WHERE customer = ? ORDER BY at, id",
        [customer],
    )
    return tuple(
        CustomerWord(
            id=id_,
            customer=whose,
            channel=Channel(channel),
            wish=SendingWish(wish),
            at=from_micros(at),
            source=source,
            scope=scope,
            is_kept_by_carrier=bool(by_carrier),
        )
        for id_, whose, channel, wish, at, source, scope, by_carrier in rows
    )


def closing_claims(db: Database, customer: CustomerNumber) -> tuple[DeliveryEvent, ...]:
    """What was claimed of ``customer``'s communications that may close a channel, oldest first."""
    return deliveries.claims_of(db, customer, CLOSING)


def last_arrivals(db: Database, customer: CustomerNumber) -> Mapping[Channel, datetime]:
    """When something surely reached ``customer`` last, by channel; never later than it was told of."""
    rows = db.execute(
        """SELECT e.channel, max(min(e.at, e.received_at)) FROM deliveries AS d JOIN delivery_events AS e
               ON e.communication = d.communication AND e.channel = d.channel
           WHERE d.customer = ? AND e.state IN (SELECT value FROM json_each(?)) GROUP BY e.channel""",
        [customer, json_list(ARRIVED)],
    )
    return {Channel(channel): from_micros(at) for channel, at in rows}


def forget_customers(db: Database, numbers: str) -> None:
    """Forget what these customers, a JSON list, said; the list of suppressions keeps what follows from it."""
    db.execute("DELETE FROM customer_words WHERE customer IN (SELECT value FROM json_each(?))", [numbers])


def closed_by(db: Database, source: str) -> frozenset[CustomerNumber]:
    """Those of whom ``source`` claimed anything that may close a channel."""
    rows = db.execute(
        """SELECT DISTINCT d.customer FROM delivery_events AS e JOIN deliveries AS d
               ON d.communication = e.communication AND d.channel = e.channel
           WHERE lower(e.source) = lower(?) AND e.state IN (SELECT value FROM json_each(?))""",
        [source, json_list(CLOSING)],
    )
    return frozenset(CustomerNumber(number) for (number,) in rows if number)


def closing_events(db: Database, customers: Collection[CustomerNumber]) -> frozenset[str]:
    """The events that may close or open a channel of any of ``customers``."""
    rows = db.execute(
        """SELECT id FROM customer_words WHERE customer IN (SELECT value FROM json_each(:those))
           UNION ALL SELECT e.id FROM deliveries AS d JOIN delivery_events AS e
               ON e.communication = d.communication AND e.channel = d.channel
           WHERE d.customer IN (SELECT value FROM json_each(:those))
               AND e.state IN (SELECT value FROM json_each(:closing))""",
        {"those": json_list(sorted(customers)), "closing": json_list(CLOSING)},
    )
    return frozenset(event for (event,) in rows)


def affected(db: Database, customers: Collection[CustomerNumber]) -> tuple[CustomerNumber, ...]:
    """Those of ``customers`` about whom there is anything that may close or open a channel."""
    rows = db.execute(
        """SELECT value FROM json_each(:those) WHERE EXISTS (SELECT 1 FROM customer_words WHERE customer = value)
               OR EXISTS (
                   SELECT 1 FROM deliveries AS d JOIN delivery_events AS e
                       ON e.communication = d.communication AND e.channel = d.channel
                   WHERE d.customer = value AND e.state IN (SELECT value FROM json_each(:closing)))""",
        {"those": json_list(sorted(customers)), "closing": json_list(CLOSING)},
    )
    return tuple(CustomerNumber(number) for (number,) in rows)
