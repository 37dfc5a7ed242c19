"""Layouts that are found again in the morning."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.widgets.lists import Documents
from ui.shell import SessionMemory, remember_columns, remember_splitter
from ui.theme import Theme
from ui.widgets import Column, DeskTable, Splitter


def panes(qtbot: QtBot) -> Splitter:
    splitter = Splitter()
    qtbot.addWidget(splitter)
    splitter.addWidget(QLabel("left"))
    splitter.addWidget(QLabel("right"))
    splitter.resize(601, 200)
    splitter.show()
    return splitter


def test_panes_stand_as_they_were_drawn(theme: Theme, qtbot: QtBot) -> None:
    """Every start would undo how a person works."""
    memory, first = SessionMemory(), panes(qtbot)
    remember_splitter(first, memory, "assets/panes")
    first.moveSplitter(400, 1)

    second = panes(qtbot)
    remember_splitter(second, memory, "assets/panes")

    assert second.sizes() == first.sizes()


def test_a_folded_pane_comes_back_as_wide(theme: Theme, qtbot: QtBot) -> None:
    """Folding the inspector away would cost its width."""
    splitter = panes(qtbot)
    splitter.moveSplitter(400, 1)
    before = splitter.sizes()

    splitter.set_folded(1, folded=True)
    qtbot.waitUntil(lambda: splitter.sizes() == [601, 0])
    splitter.set_folded(1, folded=False)

    qtbot.waitUntil(lambda: splitter.sizes() == before)


def test_columns_are_as_wide_as_they_were_drawn(theme: Theme, qtbot: QtBot) -> None:
    """Long names would have to be uncovered every day."""
    memory, widths = SessionMemory(), []
    for _ in range(2):
        table = DeskTable("Documents")
        qtbot.addWidget(table)
        table.setModel(Documents(("a",)))
        table.set_columns((Column(flexible=True), Column(width=120), Column(width=80)))
        remember_columns(table.horizontalHeader(), memory, "archive/columns")
        widths.append(table.columnWidth(1))
        table.horizontalHeader().resizeSection(1, 200)

    assert widths == [120, 200]
