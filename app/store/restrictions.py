"""Who is restricted: asked to be forgotten, and kept for the sake of something else. In the ledger, nameless there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlite_utils import Database

from app.records import CustomerNumber, Obstacle, ObstacleKind, Restriction
from app.rules import erasure
from app.store import audit
from app.store.rows import from_micros, to_micros
from app.store.suppressions import hashed


def put(
    db: Database,
    customer: CustomerNumber,
    *,
    obstacles: Sequence[Obstacle],
    reason: str,
    actor: str,
    now: datetime,
) -> None:
    """Restrict ``customer``; who is restricted already stays so since then, for what there is now."""
    db.execute(
        "INSERT INTO restrictions (who, asked_at, holds) VALUES (?, ?, ?)"
        " ON CONFLICT (who) DO UPDATE SET holds = excluded.holds",
        [hashed(db, customer), to_micros(now), msgspec.json.encode(obstacles).decode()],
    )
    counts = {kind: sum(each.kind is kind for each in obstacles) for kind in ObstacleKind}
    audit.add(
        db,
        at=now,
        actor=actor,
        action="customer.restricted",
        reference="customer",
        detail={"reason": reason, **{kind.value: str(number) for kind, number in counts.items() if number}},
        subject=f"customer:{customer}",
        # A matter is often called after the people in it.
        words={"why": "\n".join(each.sentence for each in obstacles)},
    )


def of(db: Database, customers: Collection[CustomerNumber]) -> Mapping[CustomerNumber, Restriction]:
    """Those of ``customers`` that are restricted."""
    kept = {
        who: (asked_at, holds) for who, asked_at, holds in db.execute("SELECT who, asked_at, holds FROM restrictions")
    }
    if not kept:
        return {}
    return {
        number: Restriction(asked_at=from_micros(kept[who][0]), obstacles=_read(kept[who][1]))
        for number in customers
        if (who := hashed(db, number)) in kept
    }


def lift(db: Database, customer: CustomerNumber) -> None:
    """Nothing keeps ``customer`` any more."""
    db.execute("DELETE FROM restrictions WHERE who = ?", [hashed(db, customer)])


def _read(kept: str) -> tuple[Obstacle, ...]:
    # Earlier versions knew of holds alone, and kept the matter's name.
    return tuple(
        erasure.held_by(each) if isinstance(each, str) else each
        for each in msgspec.json.decode(kept, type=tuple[str | Obstacle, ...])
    )
