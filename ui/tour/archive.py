"""The archive: a document goes into a customer's workspace with its category, and what lies there is proven."""

from pathlib import Path

from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication, QListView, QWidget

from app.records import CustomerNumber, EntryState, OutboxEntry, Verb
from ui.pages.archive.page import ArchivePage
from ui.tour.guide import Guide
from ui.tour.person import NotSeenError, cells_of, row_with
from ui.widgets import ChoiceField, TextField

NUMBER = CustomerNumber("HM-900212")
FILE_NAME = "Renewal letter of the tour.pdf"
FILED_S = 30.0
REQUIRED = ", required"


async def fill_in(guide: Guide) -> None:
    """A file falls onto the page; workspace and required fields are typed, and the form can be filed."""
    page = await archive_page(guide)
    letter = guide.work / FILE_NAME
    write_letter(letter)
    await guide.drop_file(str(letter), on=page)
    await guide.until(lambda: FILE_NAME in page.form.drop_area.accessibleName(), "the document in the form")
    workspace = page.form.workspace.control
    await guide.enter(str(NUMBER), into=workspace)
    matches = await guide.seen(_matches, "the matching workspaces")
    row = await guide.seen(lambda: row_with(matches, ""), "a matching workspace")
    await guide.click_row(matches, row)
    await guide.until(lambda: page.form.fields.keys, "the fields of the category")
    for key in page.form.fields.keys:
        await _fill(guide, page.form.fields.field(key).control)
    await guide.enter(FILE_NAME, into=page.form.name.control)
    await guide.until(page.file.isEnabled, "a form with nothing left to fix")


async def file(guide: Guide) -> None:
    """It leaves after the time to undo; the archive names its node and gives the same bytes back."""
    page = await archive_page(guide)
    await guide.press("Ctrl+Return", on=page)
    await guide.until(page.undo_bar.isVisible, "the undo bar")
    row = await guide.seen(lambda: row_with(page.table, FILE_NAME), "the filing in the queue")
    await guide.click_row(page.table, row)
    entry = await _filed(guide)
    node = entry.receipt.reference if entry.receipt else ""
    await guide.until(lambda: f"filed,node{node}" in _row_words(page), f"“filed, node {node}” in the queue")
    await guide.until(
        lambda: guide.button("passed: The archive gives back the same bytes", inside=page), "an equal hash"
    )


async def archive_page(guide: Guide) -> ArchivePage:
    """The page, in sight."""
    return await guide.page("archive", "Ctrl+4", ArchivePage)


def write_letter(path: Path) -> None:
    """A letter of one page, as a PDF."""
    writer = QPdfWriter(str(path))
    writer.setTitle("Renewal letter")
    painter = QPainter(writer)
    painter.drawText(400, 800, f"Harbour Mutual · {NUMBER} · your policy goes on.")
    painter.end()


async def _fill(guide: Guide, control: QWidget) -> None:
    """Answer a required field that the form could not fill by itself."""
    if not control.accessibleName().endswith(REQUIRED):
        return
    match control:
        case TextField() if not control.text():
            await guide.enter("Filed on the tour", into=control)
        case ChoiceField() if not control.key:
            control.setFocus()
            await guide.press("Down", on=control)
        case _:
            pass


async def _filed(guide: Guide) -> OutboxEntry:
    """The entry once the archive has given a receipt for it."""
    found: list[OutboxEntry] = []

    async def is_filed() -> bool:
        entries = await guide.ask(guide.desk.use.list_entries)
        found[:] = [each for each in entries if each.verb is Verb.FILE_DOCUMENT and FILE_NAME in each.title]
        return bool(found) and found[0].state in {EntryState.DONE, EntryState.PARKED}

    await guide.until_told(is_filed, "the archive to take the document", patience_s=FILED_S)
    if found[0].state is not EntryState.DONE:
        raise NotSeenError(f"the document was not filed: {found[0].sentence}")
    return found[0]


def _matches() -> QListView | None:
    popup = QApplication.activePopupWidget()
    return popup if isinstance(popup, QListView) and popup.model().rowCount() else None


def _row_words(page: ArchivePage) -> str:
    """What the queue says of the filing, without its spaces: numbers may be grouped."""
    index = row_with(page.table, FILE_NAME)
    return "" if index is None else "".join("".join(cells_of(page.table, index.row())).split())
