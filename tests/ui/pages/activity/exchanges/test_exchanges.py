"""The part of the Activity page that shows every exchange with the systems."""

from datetime import timedelta

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.pages.activity.exchanges.driver import ExchangesDriver, call
from ui.pages.activity.exchanges.model import CallColumn, CallsModel
from ui.pages.activity.exchanges.words import Shelf
from ui.shell import SessionMemory
from ui.theme import Theme
from ui.widgets import Empty, unnamed_widgets

FAILED = call(2, status=503, outcome="VendorFaultError", took=timedelta(seconds=5), entry=12)


@pytest.fixture
def memory() -> SessionMemory:
    return SessionMemory()


@pytest.fixture
def part(theme: Theme, qtbot: QtBot, memory: SessionMemory) -> ExchangesDriver:
    made = ExchangesDriver(call(1), FAILED, call(3), memory=memory)
    qtbot.addWidget(made.view)
    made.view.resize(1200, 700)
    made.view.show()
    return made


def test_the_newest_stands_on_top(part: ExchangesDriver) -> None:
    """What was just said would be looked for at the end of two thousand rows."""
    assert part.numbers == [3, 2, 1]
    assert part.text(1, CallColumn.CODE) == "503"
    assert part.text(1, CallColumn.STATE) == "fault of its own"


def test_what_comes_is_put_on_top_and_the_chosen_one_stays(part: ExchangesDriver) -> None:
    """A live list must not take away what is being read."""
    part.select(2)

    part.come(call(4), call(5))

    assert part.numbers == [5, 4, 3, 2, 1]
    assert part.view.table.current_key == "2"


def test_a_search_narrows_the_list_and_what_comes_later(part: ExchangesDriver) -> None:
    """A search that forgets itself with the next call would be useless on a live list."""
    part.search("outcome:failed")
    part.come(call(4), call(5, status=None, outcome="UnansweredError"))

    assert part.numbers == [5, 2]


def test_what_cannot_be_understood_is_underlined_and_explained(part: ExchangesDriver) -> None:
    """A list that is not narrowed, without a word, looks like an answer."""
    part.search("get status:600 ")

    assert part.view.complaint == "“600” is no status. Try 404, 5xx or none."
    assert part.view.field.marked == "600"
    assert part.numbers == [3, 2, 1]


@pytest.mark.parametrize(
    ("shelf", "numbers"),
    [(Shelf.ALL, [3, 2, 1]), (Shelf.FAILED, [2]), (Shelf.SLOW, [2]), (Shelf.WRITES, [2])],
)
def test_the_usual_questions_are_one_click(part: ExchangesDriver, shelf: Shelf, numbers: list[int]) -> None:
    """Nobody should have to learn a language to see what went wrong."""
    part.shelf(shelf)

    assert part.numbers == numbers


def test_a_search_without_an_answer_can_be_taken_back(part: ExchangesDriver) -> None:
    """An empty page would be taken for a desk that says nothing."""
    part.search("nothing-like-it")
    assert isinstance(part.view.faces.face, Empty)

    part.view.clear_action.trigger()
    part.search("")

    assert part.numbers == [3, 2, 1]


def test_a_search_is_remembered(part: ExchangesDriver, memory: SessionMemory, qtbot: QtBot) -> None:
    """Whoever hunts a fault for a week would type the same words each morning."""
    part.search("status:5xx")
    again = ExchangesDriver(call(1), FAILED, memory=memory)
    qtbot.addWidget(again.view)

    assert again.view.field.text() == "status:5xx"
    assert again.numbers == [2]


def test_a_copy_says_what_is_shown_and_no_more(part: ExchangesDriver) -> None:
    """A ticket needs the request's id; it must not get the customer's letter."""
    part.select(2)

    part.view.copy_action.trigger()

    [copied] = part.copied
    assert copied.startswith("GET list assets\nAddress: app.iconik.io/API/assets/v1/assets/?page=2\nSystem: iconik\n")
    assert "Request id: 7f3a20c400000002" in copied
    assert "Status: 503" in copied
    assert "Entry: #12" in copied


def test_a_call_leads_to_the_entry_that_it_was_made_for(part: ExchangesDriver) -> None:
    """What failed is mended in the outbox, not here."""
    part.select(2)

    part.view.entry_action.trigger()

    assert part.went == [("activity", ("outbox", 12))]


def test_a_call_that_only_read_leads_to_no_entry(part: ExchangesDriver) -> None:
    """A button that leads nowhere teaches not to press buttons."""
    part.select(1)

    assert not part.view.entry_action.isVisible()


def test_all_calls_of_one_kind_are_one_click(part: ExchangesDriver) -> None:
    """Whether it fails always or sometimes is the first question."""
    part.come(call(4, call="read asset"))
    part.select(2)

    part.view.same_action.trigger()

    assert part.numbers == [3, 2, 1]
    assert part.view.field.text() == 'system:iconik call:"list assets"'


def test_nothing_said_yet_is_said(theme: Theme, qtbot: QtBot) -> None:
    """An empty table looks broken."""
    made = ExchangesDriver()
    qtbot.addWidget(made.view)

    assert isinstance(made.view.faces.face, Empty)


def test_everything_has_a_name(part: ExchangesDriver) -> None:
    """A screen reader would say “button”."""
    assert unnamed_widgets(part.view) == []


def test_the_model_keeps_qts_rules_whatever_comes_and_goes(qapp: QApplication) -> None:
    """A view on a model that breaks them crashes."""
    model = CallsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows = [call(number) for number in range(9, 0, -1)]

    for shown in (rows[5:], rows[2:7], rows, rows[1:3], [], rows[3:], rows[3:6]):
        model.set_rows(shown)
        assert [row.number for row in model.rows] == [row.number for row in shown]
    assert tester.model() is model
