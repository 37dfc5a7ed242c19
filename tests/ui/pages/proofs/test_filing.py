"""From a proof to the archive: the very letter that was composed, for the very customer."""

from datetime import UTC, datetime

import qasync
from PySide6.QtCore import Qt

from app.records import Channel, CustomerNumber, DriverRecord, Proof, ProofOutput, TemplateId
from tests.ui.pages.proofs.driver import ProofsDriver
from ui.pages.filing_draft import FilingDraft
from ui.pages.proofs.filing import letter_draft

LETTER = ProofOutput(
    channel=Channel.PRINT, media_type="application/pdf", content=b"%PDF-1.7", sha256="5e1b", took_s=0.1
)


def proof(*outputs: ProofOutput) -> Proof:
    """A renewal notice."""
    return Proof(
        template=TemplateId("t1"),
        template_name="Renewal notice",
        version=14,
        record="r1",
        composed_at=datetime(2026, 5, 12, 9, 41, tzinfo=UTC),
        outputs=outputs,
    )


def record(data: dict[str, object]) -> DriverRecord:
    """A test record."""
    return DriverRecord(id="r1", name="Inès Caron", data=data)


def test_the_letter_goes_with_its_customer_and_a_name_that_says_what_it_is() -> None:
    """A form that is not prefilled is filled in wrongly."""
    draft = letter_draft(proof(LETTER), record({"customer": {"number": "HM-204881"}}))

    assert draft == FilingDraft(
        content=b"%PDF-1.7",
        media_type="application/pdf",
        name="2026-05-12 Renewal notice HM-204881.pdf",
        customer=CustomerNumber("HM-204881"),
        channel=Channel.PRINT,
    )


def test_a_record_of_another_shape_leaves_the_customer_to_a_person() -> None:
    """A guessed customer would put a letter into somebody else's file."""
    draft = letter_draft(proof(LETTER), record({"konto": "204881"}))

    assert draft is not None
    assert draft.customer is None


def test_without_a_letter_there_is_nothing_to_file() -> None:
    """An empty document cannot be filed."""
    assert letter_draft(proof(), record({})) is None


async def test_the_page_hands_the_letter_to_the_archive(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A way that ends on this page is none."""
    await page.select("Renewal notice")
    await page.compose()

    page.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    ((where, draft),) = page.desk.went_to
    assert where == "archive"
    assert isinstance(draft, FilingDraft)


async def test_nothing_can_be_filed_before_it_is_composed(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A button that does nothing is worse than none."""
    await page.select("Renewal notice")

    assert not page.page.file_letter_action.isEnabled()
