"""The queue's rows as Qt sees them."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.modeltest import ModelTester

from app.records import EntryState
from tests.ui.pages.archive.records import NOW, TAKEN, entry
from ui.pages.archive.model import QueueColumn, QueueModel
from ui.pages.archive.rows import rows_of
from ui.widgets import CellRole, StateMark

WAITING = rows_of([entry(2), entry(1, EntryState.PARKED, sentence=TAKEN)], now=NOW)
FILED = rows_of([entry(2, EntryState.DONE), entry(1, EntryState.PARKED, sentence=TAKEN)], now=NOW)


def test_the_model_keeps_qts_rules_under_every_mutator(qtmodeltester: ModelTester) -> None:
    """A view would crash, or show rows that are not there."""
    model = QueueModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt has none
    model.set_rows(WAITING)
    model.put_row(FILED[0])
    model.put_row(rows_of([entry(3)], now=NOW)[0])
    model.set_rows(FILED[:1])

    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt has none


def test_a_tick_resets_nothing() -> None:
    """The selection and the scroll position would jump once a second."""
    model = QueueModel()
    model.set_rows(WAITING)
    resets, changes = QSignalSpy(model.modelReset), QSignalSpy(model.dataChanged)

    model.set_rows(FILED)

    assert (resets.count(), changes.count()) == (0, 1)


def test_a_new_filing_stands_on_top() -> None:
    """What was just done would have to be searched for."""
    model = QueueModel()
    model.set_rows(WAITING)

    model.put_row(rows_of([entry(3)], now=NOW)[0])

    assert [row.key for row in model.rows] == ["3", "2", "1"]


def test_a_state_is_shape_and_word() -> None:
    """Colour alone would carry it."""
    model = QueueModel()
    model.set_rows(WAITING)

    cell = model.index(1, QueueColumn.STATE)

    assert (cell.data(CellRole.MARK), cell.data()) == (StateMark.REJECTED, "refused: already has an item of that name")


def test_a_row_is_read_aloud_with_its_state() -> None:
    """A person who does not see would hear names and nothing of how they stand."""
    model = QueueModel()
    model.set_rows(WAITING)

    said = model.index(1, QueueColumn.DOCUMENT).data(Qt.ItemDataRole.AccessibleTextRole)

    assert said == "bill.pdf · Helena Marchetti, refused: already has an item of that name"
