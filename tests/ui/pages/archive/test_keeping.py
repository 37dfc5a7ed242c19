"""Holds and retention are two things, read when they are looked at and never told out of a cache."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.errors import UserError
from app.records import EntryState, Receipt
from app.rules.retention import Hold, KeptDocument, RetentionSchedule, disposal
from tests.ui.pages.archive.conftest import Opener
from tests.ui.pages.archive.desk import FakeDesk
from tests.ui.pages.archive.records import NOW, SHA, entry
from ui.pages.archive.keeping import keeping_shown
from ui.widgets import unnamed_widgets

TODAY = NOW.date()
TEN_YEARS = RetentionSchedule(name="CLM-10", years=10)
AUDIT = Hold(id="1", name="Regulator request 26-114", placed_at=NOW - timedelta(days=20), placed_by="A. Berg")
FILED = Receipt(sentence="Filed as node 2207431.", reference="2207431", values={"sha256": SHA})


def kept(*holds: Hold, filed_on: date = TODAY, schedule: RetentionSchedule | None = TEN_YEARS) -> KeptDocument:
    return KeptDocument(filed_on=filed_on, schedule=schedule, holds=holds, read_at=NOW)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (kept(AUDIT), "Deleting is blocked by both. Lifting one keeps the other."),
        (kept(AUDIT, filed_on=date(2010, 1, 1)), "Deleting is blocked by a hold, although its retention is over."),
        (kept(), "Deleting is blocked by its retention. No hold is needed for that."),
        (kept(schedule=None), "Nobody may say that it can be deleted: no retention is known."),
        (kept(filed_on=date(2010, 1, 1)), "Nothing keeps it, as the archive says this minute."),
    ],
)
def test_what_follows_for_deleting(document: KeptDocument, says: str) -> None:
    """A hold would look like a retention that has not ended, or the other way round."""
    told = disposal(document, now=NOW, today=TODAY)

    assert keeping_shown(document, told, today=TODAY).holds_say == says


def test_a_minute_later_nobody_says_that_nothing_keeps_it() -> None:
    """A hold that was placed since would be overlooked."""
    document = kept(filed_on=date(2010, 1, 1))
    told = disposal(document, now=NOW + timedelta(minutes=2), today=TODAY)

    assert "has to be asked again" in keeping_shown(document, told, today=TODAY).holds_say


@pytest.mark.parametrize(
    ("document", "says", "has_line"),
    [
        (kept(), "CLM-10 keeps it until 2036-11-21: 10 years from 2026-11-21.", True),
        (
            kept(schedule=replace(TEN_YEARS, event="the claim is closed")),
            "CLM-10 keeps it for 10 years; this starts when the claim is closed.",
            False,
        ),
        (kept(schedule=None), "The archive names no retention for it, so nobody can say when it ends.", False),
        (kept(schedule=replace(TEN_YEARS, is_permanent=True)), "CLM-10 keeps it for good.", False),
    ],
)
def test_how_a_retention_is_told(document: KeptDocument, says: str, *, has_line: bool) -> None:
    """A line with a made-up end would be believed."""
    shown = keeping_shown(document, disposal(document, now=NOW, today=TODAY), today=TODAY)

    assert (shown.retention_says, shown.line is not None) == (says, has_line)


async def test_a_filed_document_shows_both(archive: Opener, desk: FakeDesk) -> None:
    """“Filed” would be all that anybody sees."""
    desk.archive.entries = [entry(1, EntryState.DONE, receipt=FILED)]
    desk.archive.keeping = kept(AUDIT)
    page = await archive.open()

    await page.select("bill.pdf")

    assert desk.archive.asked_about == [2207431]
    assert page.page.keeping.isVisible()
    assert "Regulator request 26-114" in page.page.keeping.words
    assert "Schedule CLM-10, 10 years" in page.page.keeping.words
    assert unnamed_widgets(page.page.keeping) == []


async def test_an_archive_that_does_not_answer_leaves_nothing_to_believe(archive: Opener, desk: FakeDesk) -> None:
    """An old reading would be taken for today's."""
    desk.archive.entries = [entry(1, EntryState.DONE, receipt=FILED)]
    desk.archive.trouble["read_keeping"] = UserError("Extended ECM cannot be reached.")
    page = await archive.open()

    await page.select("bill.pdf")
    before = page.page.keeping.words
    del desk.archive.trouble["read_keeping"]
    page.page.keeping.again.click()
    await page.settled()

    assert before == ("What keeps this document is not known now. Extended ECM cannot be reached.",)
    assert "No hold" not in before[0]
    assert desk.archive.asked_about == [2207431, 2207431]


async def test_what_is_not_filed_is_kept_by_nothing(archive: Opener, desk: FakeDesk) -> None:
    """The pane would speak of a document that is not there."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence="Refused.")]
    page = await archive.open()

    await page.select("bill.pdf")

    assert desk.archive.asked_about == []
    assert not page.page.keeping.isVisible()
