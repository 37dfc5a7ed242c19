"""The desk's window before there is anything in it: its place, its title, its colour, painted at once.

Theme, shell and everything behind them are read after this window is on the screen. Nothing but Qt is imported here.
"""

from PySide6.QtCore import QEventLoop, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

USUAL_SIZE = (1440, 900)
PATIENCE_MS = 300
"""A window that nobody can see, such as a minimised one, is never painted; the desk opens all the same."""


class Frame(QWidget):
    """The top-level window. What it holds decides when it closes."""

    painted = Signal()
    """Once, when it was painted for the first time."""

    def __init__(self) -> None:
        super().__init__()
        self._content: QWidget | None = None
        self._was_painted = False
        self.setWindowTitle("Proofdesk")
        self.resize(*USUAL_SIZE)

    def await_first_paint(self) -> None:
        """Show the window and return when it is on the screen. Only before any coroutine runs: it turns Qt's loop."""
        waiting = QEventLoop()
        self.painted.connect(waiting.quit)
        QTimer.singleShot(PATIENCE_MS, waiting.quit)
        self.show()
        waiting.exec()

    def hold(self, content: QWidget) -> None:
        """Let ``content`` fill the window, name it, and be asked when it is to be closed."""
        self._content = content
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(content)
        self.setMinimumSize(content.minimumSize())
        self.setWindowTitle(content.windowTitle())
        content.windowTitleChanged.connect(self.setWindowTitle)

    def end(self) -> None:
        """Close without asking: what was held has ended."""
        self._content = None
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            # After this event: the picture is on its way to the screen only then.
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._content is not None:
            event.ignore()
            self._content.close()
