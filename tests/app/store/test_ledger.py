"""The audit can only grow."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.records import RequestKey, System, Verb
from app.rules.chain import check
from app.store import audit, entries, entry_decisions
from app.store.entries import NewEntry
from app.store.schema import ledger_migrations
from tests.app.store.assets_made import NOW


@pytest.mark.parametrize(
    "deed", ["UPDATE audit SET actor = 'bob'", "DELETE FROM audit", "REPLACE INTO audit SELECT * FROM audit"]
)
def test_the_audit_cannot_be_edited_or_cut(ledger_db: Database, deed: str) -> None:
    """Whoever sent it twice could say that nobody did."""
    audit.add(ledger_db, at=NOW, actor="ada", action="outbox.queued", reference="entry:1", detail={"b": "2", "a": "1"})

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        ledger_db.execute(deed)

    row, _begun = audit.newest(ledger_db)
    assert (row.actor, row.at, row.detail) == ("ada", NOW, {"a": "1", "b": "2"})


def test_an_audit_begins_with_a_name_of_its_own(ledger_db: Database) -> None:
    """Anchors could not be told from those of a profile that had the same name before."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        other = Database(connection)
        ledger_migrations.apply(other)

        names = {audit.name(ledger_db), audit.name(other)}

    assert len(names) == 2
    assert all(name and not found for name, found in names)


def test_what_is_done_for_a_customer_is_about_that_customer(ledger_db: Database) -> None:
    """A filing is ordered by its workspace; the reason that somebody typed for it could not be erased."""
    filing = NewEntry(
        request_key=RequestKey("a"),
        guard=None,
        system=System.EXTENDED_ECM,
        verb=Verb.FILE_DOCUMENT,
        subject="workspace:1",
        title="a.pdf",
        payload={"customer": "HM-204881"},
        actor="ada",
        leaves_at=NOW,
    )

    entry = entries.insert(ledger_db, filing, now=NOW)
    entry_decisions.drop(ledger_db, entry.id, reason="Ines called", actor="ada", now=NOW)

    told = audit.about(ledger_db, "customer:HM-204881")
    assert [row.action for row in told] == ["outbox.queued", "outbox.dropped"]
    assert told[1].words == {"reason": "Ines called"}


def test_rows_of_before_are_sealed_about_whom_their_entries_were(tmp_path: Path) -> None:
    """What was done before the audit was a chain could never be erased, or would be out of order."""
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        db = Database(connection)
        ledger_migrations.apply(db, stop_before="m0002_audit_sealed")
        for entry, payload in ((1, '{"customer":"HM-1"}'), (2, "{}")):
            db.execute(
                "INSERT INTO outbox VALUES (?1, ?1, NULL, 'iconik', 'judge-asset', '', '', ?2, 'ada', 'done', 0, 0, 0,"
                " 0, 0, 0, '', NULL)",
                [entry, payload],
            )
        for at, reference, detail in ((5, "entry:1", '{"reason":"Ines"}'), (6, "entry:2", "{}"), (7, "system:x", "{}")):
            db.execute(
                "INSERT INTO audit (at, actor, action, reference, detail) VALUES (?, 'ada', 'done', ?, ?)",
                [at, reference, detail],
            )

        ledger_migrations.apply(db)

        verdict = check(audit.every(db), [])
        about, told = audit.about(db, "customer:HM-1"), audit.newest(db)
        name, found = audit.name(db)
    assert verdict.is_whole
    assert [(row.reference, row.words) for row in about] == [("entry:1", {"reason": "Ines"})]
    assert [(row.number, row.reference, row.subject) for row in told[:-2]] == [(4, "system:x", ""), (3, "entry:2", "")]
    assert (bool(name), found) == (True, 3)


def test_sealing_what_was_there_looks_for_the_end_once(tmp_path: Path) -> None:
    """A desk of some years would not start for a minute after the update."""
    asked: list[str] = []
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as connection:
        db = Database(connection)
        ledger_migrations.apply(db, stop_before="m0002_audit_sealed")
        db.conn.executemany(
            "INSERT INTO audit (at, actor, action, reference, detail) VALUES (?, 'ada', 'done', 'entry:1', '{}')",
            [[at] for at in range(50)],
        )

        connection.set_trace_callback(asked.append)
        ledger_migrations.apply(db)

    assert len([each for each in asked if "ORDER BY number DESC LIMIT 1" in each]) == 2
