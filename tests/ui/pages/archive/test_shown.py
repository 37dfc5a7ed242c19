"""What the right pane tells of a filing."""

from dataclasses import replace

from app.records import EntryState, OutboxEntry
from tests.ui.pages.archive.records import DAY, HASH, NOW, SHA, entry, receipt
from ui.pages.archive.entry_view import FilingShown
from ui.pages.archive.rows import rows_of
from ui.pages.archive.shown import filing_shown

NAMES = {field.key: field.name for field in (DAY, HASH)}


def shown(filed: OutboxEntry) -> FilingShown:
    return filing_shown(filed, rows_of((filed,), now=NOW)[0], field_names=NAMES)


def filed(*, sha256: str = SHA) -> OutboxEntry:
    """Filed with its hash in a field of the category, which the archive gives back as it does the bytes' own."""
    given = receipt(sha256=sha256)
    return entry(
        state=EntryState.DONE,
        values={DAY.key: "2026-11-21", HASH.key: SHA},
        receipt=replace(given, values={**given.values, "Hash": SHA}),
    )


def test_a_day_is_written_as_people_say_it() -> None:
    """One would take the day for the month."""
    told = shown(filed())

    assert ("Document date", "21 November 2026") in told.sent
    assert ("Document date", "21 November 2026") in told.read_back


def test_the_hash_is_said_once_and_that_it_is_equal() -> None:
    """One would compare 64 characters by eye, twice."""
    hashes = [value for name, value in shown(filed()).read_back if SHA in value]

    assert hashes == [f"equal · {SHA}"]


def test_another_hash_is_told_beside_the_one_that_was_filed() -> None:
    """The field says what was filed, and would be taken for the bytes."""
    other = "0" * 64

    told = [value for name, value in shown(filed(sha256=other)).read_back if name == "Hash"]

    assert told == [SHA, f"differs · {other}"]
