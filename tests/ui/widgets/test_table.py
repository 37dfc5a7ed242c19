"""Tables that keep their place and give their rows away."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.ui.widgets.lists import Documents, Index
from ui.theme import LIGHT, Theme
from ui.widgets import Column, DeskTable

COLUMNS = (Column(flexible=True), Column(width=120), Column(width=80, right=True))


def shown(qtbot: QtBot, model: Documents, *, multiple: bool = False) -> DeskTable:
    table = DeskTable("Documents", multiple=multiple)
    qtbot.addWidget(table)
    table.setModel(model)
    table.set_columns(COLUMNS)
    table.resize(480, 240)
    table.show()
    return table


def test_the_model_of_these_tests_is_a_model(qtmodeltester: ModelTester) -> None:
    """The other tests would prove nothing."""
    qtmodeltester.check(Documents(("a", "b")))  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped


def test_a_filled_table_has_a_current_row(theme: Theme, qtbot: QtBot) -> None:
    """Someone without a mouse would have nowhere to start."""
    table = shown(qtbot, Documents(("a", "b")))

    assert table.current_key == "a"


def test_a_reset_keeps_the_current_record(theme: Theme, qtbot: QtBot) -> None:
    """A refresh would throw the person to another row, and the next key would judge the wrong one."""
    model = Documents(("a", "b", "c"))
    table = shown(qtbot, model)
    table.select_key("b")

    model.set_names(("x", "y", "b", "c"))

    assert table.current_key == "b"


def test_a_reset_without_the_current_record_stays_near(theme: Theme, qtbot: QtBot) -> None:
    """After the last approval of a queue the eye would be sent to its top."""
    model = Documents(("a", "b", "c"))
    table = shown(qtbot, model)
    table.select_key("c")

    model.set_names(("a", "b"))

    assert table.current_key == "b"


def test_an_emptied_table_has_no_key(theme: Theme, qtbot: QtBot) -> None:
    """The inspector would go on showing a record that is gone."""
    model = Documents(("a",))
    table = shown(qtbot, model)
    heard: list[str] = []
    table.current_moved.connect(heard.append)

    model.set_names(())

    assert heard[-1] == ""


def test_copied_rows_are_text_and_csv(theme: Theme, qtbot: QtBot) -> None:
    """What is in a table could not leave it."""
    table = shown(qtbot, Documents(("a", "b, c")), multiple=True)
    table.selectAll()

    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    copied = QGuiApplication.clipboard().mimeData()
    assert copied.text() == "a\tapproved\t1 204\nb, c\tapproved\t1 204"
    assert bytes(copied.data("text/csv").data()).decode().splitlines()[2] == '"b, c",approved,1 204'


def test_markdown_has_a_head(theme: Theme, qtbot: QtBot) -> None:
    """A pasted table would not be one."""
    table = shown(qtbot, Documents(("a|b",)))

    lines = table.as_markdown().splitlines()

    assert lines == ["| Document | State | Items |", "| --- | --- | --- |", "| a\\|b | approved | 1 204 |"]


@pytest.mark.parametrize(("key", "row"), [(Qt.Key.Key_End, "c"), (Qt.Key.Key_Home, "a")])
def test_home_and_end_go_to_the_ends_of_the_list(theme: Theme, qtbot: QtBot, key: Qt.Key, row: str) -> None:
    """They would go from cell to cell of a row that is one thing, which looks like nothing at all."""
    table = shown(qtbot, Documents(("a", "b", "c")))
    table.select_key("b")

    QTest.keyClick(table, key)

    assert (table.current_key, table.selected_keys) == (row, (row,))


def test_shift_end_selects_to_the_end(theme: Theme, qtbot: QtBot) -> None:
    """Many records would have to be gone through one by one."""
    table = shown(qtbot, Documents(("a", "b", "c")), multiple=True)
    table.select_key("b")

    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)

    assert table.selected_keys == ("b", "c")


def test_an_empty_table_has_no_ends(theme: Theme, qtbot: QtBot) -> None:
    """A key on nothing would be a fault."""
    table = shown(qtbot, Documents(()))

    QTest.keyClick(table, Qt.Key.Key_End)

    assert table.current_key == ""


def test_enter_opens_the_current_record(theme: Theme, qtbot: QtBot) -> None:
    """Opening would need a mouse."""
    table = shown(qtbot, Documents(("a", "b")))
    table.select_key("b")

    with qtbot.waitSignal(table.opened) as opened:
        QTest.keyClick(table, Qt.Key.Key_Return)

    assert opened.args == ["b"]


class CheckedDocuments(Documents):
    """Documents with a check box."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(names)
        self.checked: set[int] = set()

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = 0) -> object:
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            return Qt.CheckState.Checked if index.row() in self.checked else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: object, role: int = 0) -> bool:
        self.checked ^= {index.row()}
        return True


def test_space_checks_the_current_row(theme: Theme, qtbot: QtBot) -> None:
    """Rows could be chosen only with a mouse."""
    model = CheckedDocuments(("a", "b"))
    table = shown(qtbot, model)
    table.select_key("b")

    QTest.keyClick(table, Qt.Key.Key_Space)

    assert model.checked == {1}


def test_a_click_on_the_box_checks_and_one_beside_it_does_not(theme: Theme, qtbot: QtBot) -> None:
    """Choosing a row would mark it, or its box would be dead."""
    model = CheckedDocuments(("a", "b"))
    table = shown(qtbot, model)

    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(24, 15))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(120, 45))

    assert model.checked == {0}


def test_a_state_is_painted_as_a_shape(theme: Theme, qtbot: QtBot) -> None:
    """States would be words alone: Qt hands an enum of words back as a plain string."""
    table = shown(qtbot, Documents(("a",)))
    table.clearSelection()

    image = table.viewport().grab().toImage()

    assert _counts(image.pixelColor(x, y) for x in range(image.width()) for y in range(30))[LIGHT.positive.name()] > 20


def _counts(colours: object) -> dict[str, int]:
    counts: dict[str, int] = {LIGHT.positive.name(): 0}
    assert hasattr(colours, "__iter__")
    for colour in colours:
        assert isinstance(colour, QColor)
        counts[colour.name()] = counts.get(colour.name(), 0) + 1
    return counts
