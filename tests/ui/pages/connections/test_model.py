"""The last hour as rows."""

from datetime import timedelta

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.activity import CallRow, Health
from app.records import System
from tests.ui.pages.connections.driver import NOW
from ui.pages.connections.model import HealthColumn, HealthModel, HealthRow
from ui.widgets import CellRole


def _health(calls: int, errors: int) -> Health:
    return Health(system=System.ICONIK, calls=calls, errors=errors, slowest=timedelta(seconds=1), budget=None)


def _call(outcome: str) -> CallRow:
    return CallRow(
        number=1,
        system="iconik",
        call="search",
        method="GET",
        address="https://iconik.example/",
        at=NOW,
        took=timedelta(seconds=1),
        status=503,
        outcome=outcome,
        request_id="",
    )


def test_the_model_keeps_the_rules_of_qt(qtbot: QtBot) -> None:
    """A model that breaks them crashes the view that shows it."""
    model = HealthModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    model.set_rows([HealthRow.of(_health(3, 0), None)])
    model.set_rows([HealthRow.of(_health(4, 1), None)])
    model.set_rows([])

    assert tester.model() is model
    assert model.rowCount() == 0


def test_counts_change_in_place(qtbot: QtBot) -> None:
    """A reset at every call would take the current row from under the person's hands."""
    model = HealthModel()
    model.set_rows([HealthRow.of(_health(3, 0), None)])

    with qtbot.waitSignal(model.dataChanged):
        model.set_rows([HealthRow.of(_health(4, 0), None)])

    assert model.index(0, HealthColumn.CALLS).data() == "4"


def test_errors_are_heavier(qtbot: QtBot) -> None:
    """The eye must find the system that fails."""
    model = HealthModel()

    model.set_rows([HealthRow.of(_health(9, 2), None)])

    assert model.index(0, HealthColumn.ERRORS).data(CellRole.STRONG) is True


@pytest.mark.parametrize(
    ("health", "newest", "meaning"),
    [
        (_health(0, 0), None, "not called"),
        (_health(9, 0), _call("done"), "normal"),
        (_health(9, 2), _call("done"), "errors before, works now"),
        (_health(9, 2), _call("VendorFaultError"), "last call: fault of its own"),
        (_health(9, 2), _call("SomethingNewError"), "last call: failed"),
    ],
)
def test_an_hour_is_put_into_words(health: Health, newest: CallRow | None, meaning: str) -> None:
    """Numbers alone do not say whether anything has to be done."""
    row = HealthRow.of(health, newest)

    assert row.cells[HealthColumn.MEANING] == meaning
