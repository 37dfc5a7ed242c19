"""The audit can only grow."""

import sqlite3

import pytest
from sqlite_utils import Database

from app.store import audit
from tests.app.store.assets_made import NOW


@pytest.mark.parametrize(
    "deed", ["UPDATE audit SET actor = 'bob'", "DELETE FROM audit", "REPLACE INTO audit SELECT * FROM audit"]
)
def test_the_audit_cannot_be_edited_or_cut(ledger_db: Database, deed: str) -> None:
    """Whoever sent it twice could say that nobody did."""
    audit.add(ledger_db, at=NOW, actor="ada", action="outbox.queued", reference="entry:1", detail={"b": "2", "a": "1"})

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        ledger_db.execute(deed)

    (row,) = audit.newest(ledger_db)
    assert (row.actor, row.at, row.detail) == ("ada", NOW, {"a": "1", "b": "2"})
