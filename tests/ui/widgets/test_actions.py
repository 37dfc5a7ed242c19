"""An action of a page hears its keys inside that page alone."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets import page_action


def test_keys_are_heard_in_the_page_and_not_beside_it(qtbot: QtBot) -> None:
    """A letter typed on one page would approve something on another."""
    window = QWidget()
    qtbot.addWidget(window)
    page, inside, outside = QWidget(), QPushButton("inside"), QPushButton("outside")
    QVBoxLayout(page).addWidget(inside)
    around = QVBoxLayout(window)
    around.addWidget(page)
    around.addWidget(outside)
    heard: list[bool] = []
    action = page_action(page, "Approve", "A", "")
    action.triggered.connect(lambda: heard.append(True))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()

    for focused in (inside, outside):
        focused.setFocus()
        QTest.keyClick(focused, Qt.Key.Key_A)

    assert heard == [True]
    assert [keys.toString() for keys in action.shortcuts()] == ["A"]
