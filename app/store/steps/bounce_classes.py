"""Failed deliveries with the provider's class of them and ours beside the raw code (domain rule 3.2)."""

from sqlite_utils import Database

from app.records import DeliveryState
from app.rules.bounces import bounce_of


def apply(db: Database) -> None:
    """Two more columns; what failed before is judged as it is found. No provider's verdict was kept until now."""
    db.execute("ALTER TABLE delivery_events ADD COLUMN provider_verdict TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE delivery_events ADD COLUMN bounce TEXT NOT NULL DEFAULT ''")
    db.conn.create_function("bounce_of", 3, _judged, deterministic=True)
    db.execute(
        """UPDATE delivery_events SET bounce = bounce_of(state, code, detail)
           WHERE state IN ('bounced', 'deferred', 'failed')"""
    )


def _judged(state: str, code: str, detail: str) -> str:
    return bounce_of(DeliveryState(state), code, detail, "") or ""
