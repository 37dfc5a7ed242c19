"""Who is restricted: asked to be forgotten, and kept for the sake of a hold. In the ledger, and nameless there."""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec
from sqlite_utils import Database

from app.records import CustomerNumber, Restriction
from app.store import audit
from app.store.rows import from_micros, to_micros
from app.store.suppressions import hashed


def put(
    db: Database, customer: CustomerNumber, *, holds: Collection[str], reason: str, actor: str, now: datetime
) -> None:
    """Restrict ``customer``; who is restricted already stays so since then, for the holds that there are now."""
    db.execute(
        "INSERT INTO restrictions (who, asked_at, holds) VALUES (?, ?, ?)"
        " ON CONFLICT (who) DO UPDATE SET holds = excluded.holds",
        [hashed(db, customer), to_micros(now), msgspec.json.encode(sorted(holds)).decode()],
    )
    audit.add(
        db,
        at=now,
        actor=actor,
        action="customer.restricted",
        reference="customer",
        detail={"reason": reason, "holds": str(len(holds))},
        subject=f"customer:{customer}",
        # A matter is often called after the people in it.
        words={"holds": "\n".join(sorted(holds))},
    )


def of(db: Database, customers: Collection[CustomerNumber]) -> Mapping[CustomerNumber, Restriction]:
    """Those of ``customers`` that are restricted."""
    kept = {
        who: (asked_at, holds) for who, asked_at, holds in db.execute("SELECT who, asked_at, holds FROM restrictions")
    }
    if not kept:
        return {}
    return {
        number: Restriction(
            asked_at=from_micros(kept[who][0]), holds=msgspec.json.decode(kept[who][1], type=tuple[str, ...])
        )
        for number in customers
        if (who := hashed(db, number)) in kept
    }


def lift(db: Database, customer: CustomerNumber) -> None:
    """Nothing keeps ``customer`` any more."""
    db.execute("DELETE FROM restrictions WHERE who = ?", [hashed(db, customer)])
