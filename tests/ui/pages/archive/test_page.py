"""The page as it is met: its faces, its keys, and how bad input ends."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.connections import Connection
from app.errors import UserError
from app.records import Changes, ConnectionState, EntryState, System
from tests.ui.pages.archive.conftest import Opener
from tests.ui.pages.archive.desk import FakeDesk, status
from tests.ui.pages.archive.records import DAY, MARCHETTI, PDF, SIGNED, TAKEN, TYPE, entry
from ui.pages.archive import ArchivePage, FilingDraft
from ui.theme import Theme
from ui.widgets import Empty, Failed, Fresh, Stale, unnamed_widgets

DOWN = "Extended ECM cannot be reached."


async def test_everything_has_a_name(archive: Opener, desk: FakeDesk, bill: Path) -> None:
    """A person who does not see would meet silent controls."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence=TAKEN)]
    page = await archive.open()
    await page.fill_in(bill)
    in_form = unnamed_widgets(page.page)
    await page.select("bill.pdf")

    assert (in_form, unnamed_widgets(page.page)) == ([], [])


async def test_without_an_archive_the_way_leads_to_connections(archive: Opener, desk: FakeDesk) -> None:
    """A newcomer would stand before an empty table."""
    desk.status = None
    page = await archive.open()

    face = page.face
    page.page.connections.trigger()

    assert isinstance(face, Empty)
    assert (face.title, desk.visited) == ("No archive is connected", [("connections", None)])


async def test_an_archive_that_was_not_spoken_to_yet_is_not_called_missing(archive: Opener, desk: FakeDesk) -> None:
    """Every start would begin with a false alarm."""
    desk.status = None
    desk.archive.connections = (Connection(system=System.EXTENDED_ECM, base_url="http://127.0.0.1:1"),)

    page = await archive.open()

    assert isinstance(page.face, Empty)
    assert page.face.title == "Nothing waits to be filed"


async def test_a_stopped_reading_can_be_begun_again(archive: Opener, desk: FakeDesk) -> None:
    """Cancel would leave an empty page."""
    desk.archive.entries = [entry(1)]
    page = await archive.open()
    page.page.faces.cancel_wanted.emit()
    stopped = page.face

    await page.do(page.page.read_again)

    assert isinstance(stopped, Failed)
    assert isinstance(page.face, Fresh)


async def test_an_empty_queue_offers_to_file(archive: Opener) -> None:
    """An empty page would not say what fills it."""
    page = await archive.open()

    assert isinstance(page.face, Empty)
    assert page.face.action is page.page.choose


async def test_a_queue_says_when_the_archive_was_looked_at(archive: Opener, desk: FakeDesk) -> None:
    """Nobody could tell fresh rows from old ones."""
    desk.archive.entries = [entry(1)]
    page = await archive.open()

    page.tick(12)

    assert isinstance(page.face, Fresh)
    assert page.says("checked 12 s ago")


async def test_a_queue_that_was_just_read_is_not_called_old(archive: Opener, desk: FakeDesk) -> None:
    """One would wait for a filing that is on the page already."""
    desk.archive.entries = [entry(1)]

    page = await archive.open()

    assert page.says("checked just now")


async def test_the_archive_goes_down_and_the_rows_stay(archive: Opener, desk: FakeDesk) -> None:
    """A system that goes down later would take the queue out of sight."""
    desk.archive.entries = [entry(1)]
    page = await archive.open()

    desk.status = status(ConnectionState.UNREACHABLE, DOWN)
    page.tick(1)

    assert isinstance(page.face, Stale)
    assert (DOWN in page.face.sentence, "is kept" in page.face.sentence, len(page.states)) == (True, True, 1)


async def test_the_archive_is_down_at_the_start(archive: Opener, desk: FakeDesk) -> None:
    """An empty table would read as: nothing was ever filed."""
    desk.status = status(ConnectionState.UNREACHABLE, DOWN)

    page = await archive.open()

    assert isinstance(page.face, Failed)
    assert page.face.actions[0] is page.page.try_now


async def test_an_expired_sign_in_leads_to_connections(archive: Opener, desk: FakeDesk) -> None:
    """Trying again would fail again."""
    desk.archive.entries = [entry(1)]
    desk.status = status(ConnectionState.SIGNED_OUT, "Extended ECM refused the sign-in.")

    page = await archive.open()

    assert isinstance(page.face, Stale)
    assert page.face.action is page.page.connections


async def test_an_unreadable_queue_says_why(archive: Opener, desk: FakeDesk) -> None:
    """An unwritable data folder would look like an empty queue."""
    desk.archive.trouble["list_entries"] = UserError("The data folder cannot be read.", hint="Ask for the right.")

    page = await archive.open()

    assert isinstance(page.face, Failed)
    assert page.face.sentence == "The data folder cannot be read. Ask for the right."


async def test_categories_that_cannot_be_read_can_be_asked_for_again(
    archive: Opener, desk: FakeDesk, bill: Path
) -> None:
    """The form would end in a combo box with nothing in it."""
    page = await archive.open()
    desk.archive.trouble["list_categories"] = UserError("Extended ECM did not answer.")
    await page.choose_file(bill)
    await page.choose_workspace("Marchetti")
    was_told = page.says("Extended ECM did not answer.")

    desk.archive.trouble.clear()
    page.page.form.banner.acted.emit()
    await page.settled()

    assert (was_told, page.page.form.banner.isVisible(), bool(page.fields.keys)) == (True, False, True)


async def test_a_file_that_cannot_be_read_is_told_at_its_place(archive: Opener, tmp_path: Path) -> None:
    """A toast would be gone before it is read."""
    page = await archive.open()

    await page.choose_file(tmp_path / "gone.pdf")

    assert page.says("gone.pdf cannot be read.")


async def test_a_file_let_fall_on_the_page_is_taken(archive: Opener, bill: Path) -> None:
    """The dashed box would promise what does not work."""
    page = await archive.open()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(bill))])
    buttons, keys, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, buttons, keys)

    page.page.dragEnterEvent(enter)
    page.page.dropEvent(QDropEvent(QPointF(5, 5), copy, data, buttons, keys))
    await page.settled()

    assert (enter.isAccepted(), page.says("PDF 1.7")) == (True, True)


async def test_a_file_over_a_line_edit_is_not_typed_into_it(archive: Opener, bill: Path) -> None:
    """Its path would stand in the name, and the document be missing."""
    page = await archive.open()
    await page.fill_in(bill)

    lines = [line.acceptDrops() for line in page.page.form.findChildren(QLineEdit)]

    assert lines
    assert not any(lines)


async def test_tab_follows_the_reading_order(archive: Opener, bill: Path) -> None:
    """Generated fields come to life last, and would be reached last."""
    page = await archive.open()
    await page.fill_in(bill)
    form = page.page.form

    met: list[QWidget] = [form.category.control]
    while met[-1] is not form.name.control and (after := met[-1].nextInFocusChain()) is not None:
        met.append(after)

    assert [widget for widget in met if widget in form.fields.controls] == list(form.fields.controls)


async def test_several_files_are_not_taken(archive: Opener, bill: Path) -> None:
    """One of them would be filed and the others forgotten."""
    page = await archive.open()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(bill)), QUrl.fromLocalFile(str(bill))])
    enter = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    enter.ignore()

    page.page.dragEnterEvent(enter)

    assert not enter.isAccepted()


async def test_the_file_dialog_does_not_stop_the_page(archive: Opener, bill: Path) -> None:
    """A modal loop would stall every task on the loop."""
    page = await archive.open()

    page.page.ask_for_file()
    dialog = page.page.file_dialog
    assert dialog is not None
    dialog.fileSelected.emit(str(bill))
    dialog.reject()
    await page.settled()

    assert page.says("PDF 1.7")


async def test_a_search_in_vain_says_so(archive: Opener) -> None:
    """The person would wait for matches that never come."""
    page = await archive.open()

    await page.choose_workspace("nobody at all")

    assert page.page.form.workspace.error == "No customer has that name or number."


async def test_fields_follow_what_the_archive_says(archive: Opener, bill: Path) -> None:
    """A date would be typed as text, and a yes as a word."""
    page = await archive.open()
    await page.choose_file(bill)
    await page.choose_workspace("Marchetti")

    page.choose(SIGNED.key, "true")

    assert (page.is_date(DAY.key), page.controller.form.form.values[SIGNED.key]) == (True, "true")


async def test_j_and_k_walk_the_queue(archive: Opener, desk: FakeDesk) -> None:
    """A person would have to leave the keyboard."""
    desk.archive.entries = [entry(2, name="b.pdf"), entry(1, name="a.pdf")]
    page = await archive.open()

    page.page.next.trigger()
    page.page.next.trigger()
    last = page.page.table.current_key
    page.page.previous.trigger()

    assert (last, page.page.table.current_key, page.page.is_form_shown) == ("1", "2", False)


async def test_esc_leads_from_the_reason_to_the_filing_to_the_form(archive: Opener, desk: FakeDesk) -> None:
    """Esc would throw away more than one step."""
    desk.archive.entries = [entry(1, EntryState.PARKED, sentence=TAKEN)]
    page = await archive.open()
    await page.select("bill.pdf")
    page.page.drop.trigger()

    page.page.back.trigger()
    first = page.page.is_form_shown
    page.page.back.trigger()

    assert (first, page.page.is_form_shown) == (False, True)


async def test_only_what_is_possible_is_offered(archive: Opener, desk: FakeDesk) -> None:
    """A retry of what is filed would end in an error."""
    desk.archive.entries = [entry(1, EntryState.DONE)]
    page = await archive.open()

    await page.select("bill.pdf")

    offered = [page.page.retry.isEnabled(), page.page.drop.isEnabled(), page.page.rename.isEnabled()]
    assert offered == [False, False, False]


async def test_a_countdown_goes_on_without_a_reset(archive: Opener, desk: FakeDesk) -> None:
    """It would stand at ten seconds, or move the row under the mouse."""
    desk.archive.entries = [entry(1, leaves_in_s=8)]
    page = await archive.open()

    page.tick(3)

    assert page.states == ["leaves in 5 s"]


async def test_a_cursor_in_the_middle_of_a_name_stays(archive: Opener, bill: Path) -> None:
    """Typing into the middle of a name would jump to its end."""
    page = await archive.open()
    await page.fill_in(bill)
    control = page.page.form.name.control
    control.setCursorPosition(4)

    QTest.keyClicks(control, "ab")

    assert control.cursorPosition() == 6


async def test_a_closed_page_hears_no_more(qloop: object, theme: Theme, desk: FakeDesk) -> None:
    """A page in a window of its own would answer after it was closed, on widgets that are gone."""
    page = ArchivePage(desk.context, now=desk.time)
    await page.tasks.idle()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    desk.bridge.changed.emit(Changes(outbox=True))
    await page.tasks.idle()

    assert desk.notices.told == []


async def test_the_focus_goes_to_what_was_filed(archive: Opener, bill: Path) -> None:
    """The next key would close the pane that was just opened."""
    page = await archive.open()
    await page.fill_in(bill)

    await page.file()

    assert page.page.window().focusWidget() is page.page.table


async def test_a_document_handed_over_leads_to_what_is_left_to_do(archive: Opener) -> None:
    """One would look for the one field that the other page could not know."""
    page = await archive.open()

    await page.take(FilingDraft(content=PDF, media_type="application/pdf", name="proof.pdf", customer=MARCHETTI.number))

    assert page.page.window().focusWidget() is page.fields.field(TYPE.key).control
