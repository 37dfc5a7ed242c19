"""The list of those who are not written to, in the ledger: no cache that is lost opens a channel again.

It is about hashes of customers and addresses, never about either.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlite_utils import Database

from app.records import Channel, CustomerNumber
from app.rules.suppression import Suppression, SuppressionReason, SuppressionScope
from app.rules.suppression_list import Listed
from app.store import audit
from app.store.rows import from_micros, to_micros

DESK = "desk"


def add(
    db: Database,
    customer: CustomerNumber,
    listed: Iterable[Listed],
    *,
    addresses: Mapping[Channel, str],
    now: datetime,
    actor: str = DESK,
    reason: str = "",
) -> int:
    """List what is not listed yet, each with its audit row; how many were new.

    ``actor`` and ``reason`` are those of a person; nobody's where an event brought it.

    ``addresses``: masked, by channel. Only a bounce is bound to one: a customer's own word and a complaint close the
    channel, however the archive comes to write their number, and to whatever address they move.
    """
    who, new = hashed(db, customer), 0
    for each in listed:
        said = each.suppression
        cursor = db.execute(
            "INSERT INTO suppressions (event, who, channel, reason, scope, since, source, address, by_carrier)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event) DO NOTHING",
            [
                each.event,
                who,
                said.channel,
                said.reason,
                said.scope,
                to_micros(said.since),
                said.source,
                hashed(db, addresses[said.channel]) if said.reason.is_bounce and said.channel in addresses else "",
                said.is_kept_by_carrier,
            ],
        )
        if cursor.rowcount:
            new += 1
            audit.add(
                db,
                at=now,
                actor=actor,
                action="suppression.listed",
                reference=f"suppression:{cursor.lastrowid}",
                detail={"channel": said.channel, "reason": said.reason, "scope": said.scope},
                subject=f"customer:{customer}",
                words={"reason": reason} if reason else None,
            )
    return new


def of_customer(db: Database, customer: CustomerNumber) -> tuple[tuple[Listed, ...], frozenset[str]]:
    """What is listed for ``customer``, oldest first, and the events whose suppressions were lifted."""
    rows = db.execute(
        "SELECT event, channel, reason, scope, since, source, address, by_carrier, lift_asked_by, lifted_at"
        " FROM suppressions WHERE who = ? ORDER BY since, event",
        [hashed(db, customer)],
    ).fetchall()
    listed = tuple(
        Listed(
            event=event,
            suppression=Suppression(
                channel=Channel(channel),
                reason=SuppressionReason(reason),
                scope=SuppressionScope(scope),
                since=from_micros(since),
                source=source,
                # Earlier releases bound every kind to the address of its day.
                address=address if SuppressionReason(reason).is_bounce else "",
                is_kept_by_carrier=bool(by_carrier),
            ),
            lift_asked_by=asked_by,
        )
        for event, channel, reason, scope, since, source, address, by_carrier, asked_by, lifted_at in rows
        if lifted_at is None
    )
    return listed, frozenset(row[0] for row in rows if row[-1] is not None)


def ask_to_lift(db: Database, event: str, *, customer: CustomerNumber, actor: str, reason: str, now: datetime) -> None:
    """Note that ``actor`` asks for it; somebody else has to agree."""
    db.execute("UPDATE suppressions SET lift_asked_by = ? WHERE event = ?", [actor, event])
    _tell(db, event, "suppression.lift_asked", customer=customer, actor=actor, reason=reason, now=now)


def lift(
    db: Database,
    event: str,
    *,
    left: SuppressionScope | None,
    customer: CustomerNumber,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    """Lift it, wholly when nothing is ``left``."""
    if left is None:
        db.execute("UPDATE suppressions SET lifted_at = ? WHERE event = ?", [to_micros(now), event])
    else:
        db.execute("UPDATE suppressions SET scope = ?, lift_asked_by = '' WHERE event = ?", [left, event])
    _tell(db, event, "suppression.lifted", customer=customer, actor=actor, reason=reason, now=now)


def end(db: Database, event: str, *, now: datetime) -> None:
    """The customer took it back: it counts no more."""
    db.execute("UPDATE suppressions SET lifted_at = ? WHERE event = ? AND lifted_at IS NULL", [to_micros(now), event])


def hashed(db: Database, said: str) -> str:
    """``said`` as the list knows it."""
    (salt,) = db.execute("SELECT salt FROM suppression_salt").fetchone()
    return hashlib.sha256(bytes(salt) + said.casefold().encode()).hexdigest()


def _tell(
    db: Database, event: str, action: str, *, customer: CustomerNumber, actor: str, reason: str, now: datetime
) -> None:
    (number,) = db.execute("SELECT number FROM suppressions WHERE event = ?", [event]).fetchone()
    audit.add(
        db,
        at=now,
        actor=actor,
        action=action,
        reference=f"suppression:{number}",
        subject=f"customer:{customer}",
        words={"reason": reason},
    )
