"""The bill says what is newer, what speaks against a picture, and why it is the one that is shown."""

from dataclasses import replace

import qasync
from PySide6.QtCore import Qt

from app.records import AssetKey, AssetState, Changes, System
from app.use_cases.compose_proof import Composition
from tests.ui.pages.proofs.driver import ProofsDriver
from tests.ui.pages.proofs.fakes import BANNER, proof_of, record
from ui.pages.proofs.explaining import WhyDialog
from ui.pages.proofs.words import bill_remark
from ui.widgets import unnamed_widgets

ITEM = replace(proof_of(Composition(template="t", record=record("r"))).bill[0], state=AssetState.APPROVED)  # type: ignore[arg-type]  # any name will do


def test_what_speaks_against_it_comes_before_what_is_newer() -> None:
    """A picture without rights would only look old."""
    assert bill_remark(ITEM) == ""
    assert bill_remark(replace(ITEM, newer="v10")) == "newer approved v10"
    assert bill_remark(replace(ITEM, newer="v10", objections=("Its rights ended.",))) == "Its rights ended"
    assert bill_remark(replace(ITEM, objections=("It is draft, not approved.",))) == ""


async def test_a_newer_version_is_said_without_composing_again(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """The owner would sign off a proof that is out of date, or pay for another preview to see it."""
    await page.select("Renewal notice")
    await page.compose()
    page.desk.newer = "v10"

    page.desk.publish(Changes(assets=frozenset({BANNER})))
    await page.settle()

    assert page.page.side.bill_lines[0].row.remark == "newer approved v10"
    assert "newer approved v10" in page.page.side.bill_lines[0].accessibleName()
    assert len(page.desk.wishes) == 1


async def test_what_other_assets_did_is_not_asked_about(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """Every round of a library would cost calls for nothing."""
    await page.select("Renewal notice")
    await page.compose()

    page.desk.publish(Changes(assets=frozenset({AssetKey(System.CLOUDINARY, "x")})))
    page.desk.publish(Changes(libraries=frozenset({System.CLOUDINARY})))
    await page.settle()

    assert page.desk.judged == 0


async def test_why_is_one_key_away(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """“Why this banner?” would be asked of the developers."""
    await page.select("Renewal notice")
    before = page.page.why_action.isEnabled()
    await page.compose()

    page.press(Qt.Key.Key_W)
    (dialog,) = (each for each in page.page.window().findChildren(WhyDialog) if each.isVisible())
    lines, unnamed = dialog.lines, unnamed_widgets(dialog)
    dialog.reject()

    assert not before
    assert lines == ["in review", "not traced to a library"]
    assert unnamed == []
