"""What happens on the page: filing, undoing, retrying, dropping, filing again."""

from pathlib import Path

from app.errors import UserError
from app.records import EntryState
from app.rules.filing import NAME_FIELD
from tests.ui.pages.archive.conftest import Opener
from tests.ui.pages.archive.desk import FakeDesk
from tests.ui.pages.archive.records import ACCOUNT, MARCHETTI, PDF, TAKEN, TYPE, entry, receipt
from ui.pages.archive import FilingDraft
from ui.pages.archive.rows import Filter


async def test_a_document_is_filed_with_what_was_filled_in(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """The page's one job would not be done."""
    page = await archive.open()
    await page.fill_in(bill)

    await page.file()

    [wish] = desk.archive.wishes
    assert (wish.customer, wish.name, wish.content, wish.values[TYPE.key], wish.values[ACCOUNT.key]) == (
        MARCHETTI,
        "2026-11-21 Bill HM-207551.pdf",
        PDF,
        "Bill",
        "HM-207551",
    )


async def test_two_keys_are_one_filing(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """The second would be refused for its name, or filed twice."""
    page = await archive.open()
    await page.fill_in(bill)

    page.page.file.trigger()
    page.page.file.trigger()
    await page.settled()

    assert len(desk.archive.wishes) == 1


async def test_nothing_is_filed_while_a_field_is_to_fix(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """The upload would be refused, and cost a name."""
    page = await archive.open()
    await page.fill_in(bill)

    page.type_value(ACCOUNT.key, "")
    await page.file()

    assert (page.can_file, page.says("1 field to fix"), desk.archive.wishes) == (False, True, [])


async def test_a_filing_appears_at_once_and_can_be_undone(archive: Opener, bill: Path) -> None:
    """The person would not know whether it was taken."""
    page = await archive.open()
    await page.fill_in(bill)

    await page.file()

    assert (page.states, page.page.undo_bar.isVisible()) == (["leaves in 10 s"], True)


async def test_undo_brings_everything_back_into_the_form(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """One wrong letter would cost the whole form."""
    page = await archive.open()
    await page.fill_in(bill)
    await page.file()

    await page.do(page.page.undo)

    assert (desk.archive.undone, page.value(TYPE.key), page.can_file) == ([1], "Bill", True)


async def test_what_was_undone_can_be_filed_again(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """The same request key would answer with the entry that was undone."""
    page = await archive.open()
    await page.fill_in(bill)
    await page.file()
    await page.do(page.page.undo)

    await page.file()

    first, second = desk.archive.wishes
    assert first.request_key != second.request_key


async def test_the_undo_bar_goes_when_the_filing_has_left(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """It would promise what is no longer possible."""
    page = await archive.open()
    await page.fill_in(bill)
    await page.file()

    desk.archive.entries = [entry(1, EntryState.SENDING)]
    await page.changes()

    assert not page.page.undo_bar.isVisible()


async def test_a_refusal_about_a_field_stands_beside_it(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """A toast far away would name no field."""
    page = await archive.open()
    await page.fill_in(bill)
    desk.archive.trouble["file_document"] = UserError("A colon is not allowed in a name.", field=NAME_FIELD)

    await page.file()

    assert (page.page.form.name.error, page.can_file) == ("A colon is not allowed in a name.", False)


async def test_a_full_disk_keeps_the_form(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """The person would fill it in once more, to lose it again."""
    page = await archive.open()
    await page.fill_in(bill)
    desk.archive.trouble["file_document"] = UserError(
        "The document could not be kept for sending.", hint="No space left on device. Make room, then try again."
    )

    await page.file()

    assert (page.says("No space left on device"), page.value(TYPE.key), page.can_file) == (True, "Bill", True)


async def test_a_filing_is_retried(archive: Opener, desk: FakeDesk) -> None:
    """What is stuck would stay so."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence=TAKEN)]
    page = await archive.open()
    await page.select("bill.pdf")

    await page.do(page.page.retry)

    assert desk.archive.retried == [1]


async def test_a_filing_is_dropped_with_its_reason(archive: Opener, desk: FakeDesk) -> None:
    """Nobody could say later why it is not in the archive."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence=TAKEN)]
    page = await archive.open()
    await page.select("bill.pdf")

    await page.drop("filed by post")

    assert (desk.archive.dropped, page.states) == ([(1, "filed by post")], ["dropped: filed by post"])


async def test_a_drop_without_a_reason_is_asked_for_one(archive: Opener, desk: FakeDesk) -> None:
    """It would be gone without a word in the audit."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence=TAKEN)]
    page = await archive.open()
    await page.select("bill.pdf")

    await page.drop("")

    assert page.page.entry.reason.error.startswith("Say why it is dropped.")


async def test_another_name_reopens_the_form_as_it_was(archive: Opener, desk: FakeDesk) -> None:
    """A name that is taken would cost the whole form."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence=TAKEN)]
    desk.archive.there = ("bill.pdf",)
    page = await archive.open()
    await page.select("bill.pdf")

    await page.do(page.page.rename)

    assert (page.page.form.name.control.text(), page.value(TYPE.key), page.says("instead of bill.pdf")) == (
        "bill (2).pdf",
        "Bill",
        True,
    )


async def test_filing_under_another_name_drops_the_refused_one(archive: Opener, desk: FakeDesk) -> None:
    """The refused one comes first in its workspace, and would hold the new one back for ever."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence=TAKEN)]
    page = await archive.open()
    await page.select("bill.pdf")
    await page.do(page.page.rename)

    await page.file()

    assert (desk.archive.wishes[0].name, desk.archive.dropped) == (
        "bill (2).pdf",
        [(1, "Filed again as bill (2).pdf")],
    )


async def test_a_cleared_form_replaces_nothing(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """A filing of something else would drop the refused one."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence=TAKEN)]
    page = await archive.open()
    await page.select("bill.pdf")
    await page.do(page.page.rename)
    await page.do(page.page.clear)

    await page.fill_in(bill)
    await page.file()

    assert desk.archive.dropped == []


async def test_the_archives_word_is_shown_after_filing(archive: Opener, desk: FakeDesk) -> None:
    """Nothing would prove that the archive holds what was sent."""
    desk.archive.entries = [entry(1, EntryState.DONE, attempts=1, receipt=receipt())]
    page = await archive.open()

    await page.select("bill.pdf")

    assert (page.says("The archive gives back the same bytes"), page.says("2207431")) == (True, True)


async def test_other_bytes_are_not_called_the_same(archive: Opener, desk: FakeDesk) -> None:
    """A changed document would carry the badge of a proven one."""
    desk.archive.entries = [entry(1, EntryState.DONE, attempts=1, receipt=receipt(sha256="0" * 64))]
    page = await archive.open()

    await page.select("bill.pdf")

    assert page.says("The archive gives back other bytes")


async def test_another_page_hands_a_document_over(archive: Opener) -> None:
    """A proof would be saved to a file first, only to be chosen here."""
    page = await archive.open()

    await page.take(
        FilingDraft(
            content=PDF,
            media_type="application/pdf",
            name="proof.pdf",
            customer=MARCHETTI.number,
            document_type="claim decision",
        )
    )

    assert (page.value(TYPE.key), page.can_file) == ("Claim decision", True)


async def test_an_unknown_customer_of_a_draft_is_told_in_the_field(archive: Opener, desk: FakeDesk) -> None:
    """The form would stand there without a word."""
    desk.archive.customers = ()
    page = await archive.open()

    await page.take(FilingDraft(content=PDF, media_type="application/pdf", name="a.pdf", customer=MARCHETTI.number))

    assert page.page.form.workspace.error == "This customer is not known here."


async def test_the_filter_is_remembered(archive: Opener, desk: FakeDesk) -> None:
    """Every start would show everything again."""
    desk.archive.entries = [entry(2, EntryState.DONE), entry(1, EntryState.PARKED, sentence=TAKEN)]
    page = await archive.open()

    page.page.filter_chosen.emit(Filter.REFUSED.value)

    assert (page.states, desk.memory.get("archive/filter")) == (
        ["refused: already has an item of that name"],
        "refused",
    )
