"""The audit's rows as a forger leaves them: of any kind that SQLite keeps, in any column of any row."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from app.rules.chain import Kept, check
from app.store import audit
from app.store.schema import ledger_migrations

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
COLUMNS = ("at", "actor", "action", "reference", "detail", "personal", "seal", "salt", "subject", "words")
ROWS = 5
"""The one that begins it and four that somebody did; the third is about nobody."""
KINDS = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(max_size=8)
"""Everything that a column can hold."""


@contextmanager
def filled() -> Iterator[Database]:
    """An audit that its guards guard no more."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        db = Database(connection)
        ledger_migrations.apply(db)
        for number in range(2, ROWS + 1):
            audit.add(
                db,
                at=NOON,
                actor="anna",
                action="opened",
                reference=f"entry:{number}",
                detail={"verdict": "approved"},
                subject="" if number == 3 else "customer:HM-1",
                words={} if number == 3 else {"reason": "Größe 🙂"},
            )
        db.execute("DROP TRIGGER audit_is_only_erased")
        db.execute("DROP TRIGGER audit_is_never_cut")
        yield db


def as_stored(db: Database, row: int, column: str) -> tuple[str, bytes | None]:
    """The kind and the bytes of what lies there; no text is an empty one."""
    found = db.execute(f"SELECT typeof({column}), CAST({column} AS BLOB) FROM audit WHERE number = ?", [row])
    kind, raw = found.fetchone()
    return ("null", None) if (kind, raw) == ("text", b"") else (kind, raw)


def breaks_of(db: Database) -> list[int]:
    """The rows at which a check finds something."""
    return [each.number for each in check(audit.every(db), []).breaks]


@settings(max_examples=150, deadline=None)
@given(row=st.integers(1, ROWS), column=st.sampled_from(COLUMNS), value=KINDS, is_bytes_of_text=st.booleans())
def test_whatever_is_put_into_a_row_is_found_there(
    *, row: int, column: str, value: str | bytes | float | None, is_bytes_of_text: bool
) -> None:
    """“Verify” would pass over the one row that was changed, or end with a fault of its own instead of a place."""
    with filled() as db:
        before = as_stored(db, row, column)
        try:
            db.execute(f"UPDATE audit SET {column} = ? WHERE number = ?", [value, row])
            if is_bytes_of_text:  # text that is no UTF-8 is put there as bytes and called text
                db.execute(f"UPDATE audit SET {column} = CAST({column} AS TEXT) WHERE number = ?", [row])
        except (sqlite3.IntegrityError, UnicodeEncodeError):
            return  # it may not be empty, or is nothing that SQLite takes
        is_same = as_stored(db, row, column) == before
        found = breaks_of(db)

    assert is_same or row in found
    assert set(found) <= {row, row + 1}


def test_bytes_that_read_like_a_name_in_canonical_json_are_no_name() -> None:
    """“anna” is the Base64 of three bytes, and bytes are written as Base64: the row would name nobody, and be whole."""
    with filled() as db:
        db.execute("UPDATE audit SET actor = ? WHERE number = 4", [base64.b64decode("anna")])

        found = breaks_of(db)

    assert found == [4]


@pytest.mark.parametrize("number", [0, -7])
def test_a_row_before_the_first_is_told_as_one(number: int) -> None:
    """“Rows 1 to -1 are missing” sends nobody to the row that was added."""
    with filled() as db:
        db.execute(
            "INSERT INTO audit SELECT ?, at, actor, action, reference, detail, personal, seal, salt, subject, words"
            " FROM audit WHERE number = 2",
            [number],
        )

        verdict = check(audit.every(db), [])

    assert [each.sentence for each in verdict.breaks] == [f"Row {number} was added: the first is row 1."]
    assert verdict.rows == ROWS


@settings(max_examples=100, deadline=None)
@given(one=st.integers(1, ROWS), other=st.integers(1, ROWS))
def test_two_rows_that_changed_places_are_found(one: int, other: int) -> None:
    """Who approved first would be the other one."""
    with filled() as db:
        for number, to in ((one, -1), (other, one), (-1, other)):
            db.execute("UPDATE audit SET number = ? WHERE number = ?", [to, number])

        found = breaks_of(db)

    assert (not found) == (one == other)
    assert found[:1] in ([], [min(one, other)])


@pytest.mark.parametrize("column", ["detail", "seal", "action"])
def test_a_first_or_last_row_that_is_no_text_stops_nobody(column: str) -> None:
    """One byte that a disk turned would keep the desk from opening at all, or from ever adding a row again."""
    with filled() as db:
        db.execute(f"UPDATE audit SET {column} = CAST(x'ff' AS TEXT) WHERE number IN (1, ?)", [ROWS])

        name = audit.name(db)
        seals = audit.seals_of(db, [1])
        audit.add(db, at=NOON, actor="anna", action="opened", reference="entry:9")
        rows: list[Kept] = list(audit.every(db))

    assert (name == ("", 0)) is (column != "seal")
    assert seals.keys() == {1}
    assert (rows[-1].link.number, rows[-1].is_legible) == (ROWS + 1, True)
    assert [each.number for each in check(rows, []).breaks][:2] in ([1, ROWS], [1, 2])
