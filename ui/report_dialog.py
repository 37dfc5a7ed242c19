"""The report of a bug, whole and before anything is done with it. A person copies it, saves it, or leaves it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.whole_file import save_whole
from ui.theme import Role, Type, font
from ui.widgets import Button, DeskDialog, Label, TextArea

TITLE = "Report of a fault"
INTRO = "This is the whole report, and it was not sent anywhere. Read it before you give it to anybody."
_WIDTH = 760
_HEIGHT = 380


class ReportDialog(DeskDialog):
    """Shows ``text``. Copying keeps it open, so that one sees what was copied."""

    def __init__(self, window: QWidget, text: str) -> None:
        self.text = TextArea(text, name="The report")
        self.text.setReadOnly(True)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setFont(font(Type.CODE))
        self.text.setFixedHeight(_HEIGHT)
        self.save = Button("Save report…")
        self._told = Label("", use=Type.SECONDARY, role=Role.MUTED)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Label(INTRO, wraps=True))
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.save)
        row.addWidget(self._told, 1)
        column.addLayout(row)
        super().__init__(window, TITLE, content, confirm="Copy report", leave="Close", width=_WIDTH)

    def tell(self, words: str) -> None:
        """Say what was done with it."""
        self._told.setText(words)
        self._told.setAccessibleName(words)

    def accept(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.tell("Copied.")


async def save_report(dialog: ReportDialog, ask_where: Callable[[QWidget, str], Awaitable[Path | None]]) -> None:
    """Ask where, and write the report there; what went wrong is said in the dialog."""
    import asyncio  # noqa: PLC0415 - there by now, and not needed to read a report

    path = await ask_where(dialog.window(), "proofdesk-report.txt")
    if path is None:
        return
    await asyncio.to_thread(save_whole, path, dialog.text.toPlainText().encode())
    dialog.tell(f"Saved as {path.name}.")
