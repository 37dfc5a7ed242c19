"""The first thing on the screen, and the last to go."""

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.frame import Frame


class Content(QWidget):
    """Something that does not want to be closed yet."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Harbour Mutual · DEMO – Proofdesk")
        self.setMinimumSize(1120, 640)
        self.asked = 0

    def closeEvent(self, event: QCloseEvent) -> None:
        self.asked += 1
        event.ignore()


def test_it_is_painted_before_it_holds_anything(qtbot: QtBot) -> None:
    """A start that waits for the shell shows nothing for twice as long."""
    frame = Frame()
    qtbot.addWidget(frame)

    frame.await_first_paint()

    assert frame.isVisible()


def test_it_takes_name_and_least_size_from_what_it_holds(qtbot: QtBot) -> None:
    """A window smaller than its content cuts every page off."""
    frame = Frame()
    qtbot.addWidget(frame)

    frame.hold(Content())

    assert frame.windowTitle() == "Harbour Mutual · DEMO – Proofdesk"
    assert frame.minimumWidth() == 1120


def test_closing_asks_what_it_holds(qtbot: QtBot) -> None:
    """A window that closes at once kills an upload half way."""
    frame, content = Frame(), Content()
    qtbot.addWidget(frame)
    frame.hold(content)
    frame.show()

    frame.close()

    assert frame.isVisible()
    assert content.asked == 1


def test_it_goes_when_all_has_ended(qtbot: QtBot) -> None:
    """Otherwise the desk could never be closed."""
    frame = Frame()
    qtbot.addWidget(frame)
    frame.hold(Content())
    frame.show()

    frame.end()

    assert not frame.isVisible()
