"""Events and exchanges as rows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.records import InboxState, Trust
from app.wording import THIN_SPACE
from tests.ui.pages.inbox.driver import NOW, call, event, refused
from ui.pages.inbox.model import (
    CallColumn,
    CallsModel,
    EventColumn,
    EventsModel,
    call_row,
    event_row,
)
from ui.pages.inbox.words import header_words, moment_of, no_match_words
from ui.widgets import CellRole, StateMark


def test_the_model_keeps_the_rules_of_qt(qtbot: QtBot) -> None:
    """A model that breaks them crashes the view that shows it."""
    model = CallsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    for numbers in ((), (2, 1), (4, 3, 2, 1), (5, 4, 3), (9, 8), (5, 9), ()):
        model.set_rows([call_row(call(number), now=NOW) for number in numbers])
        assert [model.index(row, 0).data(CellRole.KEY) for row in range(model.rowCount())] == [str(n) for n in numbers]

    assert tester.model() is model


def test_new_exchanges_are_put_on_top(qtbot: QtBot) -> None:
    """A reset every two seconds would scroll the list away from whoever reads it."""
    model = CallsModel()
    model.set_rows([call_row(call(number), now=NOW) for number in (2, 1)])

    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsInserted):
        model.set_rows([call_row(call(number), now=NOW) for number in (3, 2, 1)])

    assert model.row_of("1") == 2


def test_a_row_that_changed_is_read_anew(qtbot: QtBot) -> None:
    """A countdown that stands still is a lie."""
    model = EventsModel()
    model.set_rows([event_row(event("a"), now=NOW)])

    with qtbot.waitSignal(model.dataChanged):
        model.set_rows([event_row(event("a", times_seen=3), now=NOW)])

    assert model.index(0, EventColumn.FOLDED).data() == "×3"
    assert model.index(0, EventColumn.FOLDED).data(CellRole.STRONG) is True


def test_a_row_is_put_into_words_when_it_is_looked_at(qtbot: QtBot) -> None:
    """Five hundred rows are read for the dozen that is in sight: the window would stand still for the others."""
    rows = [event_row(event(f"e{number}"), now=NOW) for number in range(3)]
    model = EventsModel()

    model.set_rows(rows)
    model.index(1, EventColumn.WHEN).data()

    assert ["cells" in vars(row) for row in rows] == [False, True, False]


def test_the_next_day_rewrites_the_moments() -> None:
    """What came yesterday would be told by its time alone, as if it were of today."""
    assert event_row(event("a"), now=NOW) != event_row(event("a"), now=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("trust", "mark", "word"),
    [
        (Trust.VERIFIED, StateMark.PASSED, "verified"),
        (Trust.POLLED, StateMark.PASSED, "by poll"),
        (Trust.BAD_SIGNATURE, StateMark.REJECTED, "bad signature"),
        (Trust.STALE, StateMark.REJECTED, "too old"),
    ],
)
def test_trust_is_shape_and_word(trust: Trust, mark: StateMark, word: str) -> None:
    """Colour alone would not reach everybody."""
    cell = event_row(event("a", trust=trust), now=NOW).cells[EventColumn.TRUST]

    assert (cell.mark, cell.text) == (mark, word)


def test_a_refused_event_names_nobody() -> None:
    """A forged event must not speak in the name of the one it imitates."""
    row = event_row(refused("a"), now=NOW)

    assert row.cells[EventColumn.SENDER].text == "unknown sender"
    assert row.cells[EventColumn.STATE].text == "refused"


@pytest.mark.parametrize(
    ("source", "words"),
    [("sms-carrier", "SMS carrier"), ("email-gateway", "Email gateway"), ("extended_ecm", "Extended ECM")],
)
def test_a_sender_is_named_as_people_write_it(source: str, words: str) -> None:
    """A key of the configuration is no name."""
    row = event_row(event("a", source=source), now=NOW)

    assert row.cells[EventColumn.SENDER].text == words


def test_an_address_in_what_it_is_about_is_masked() -> None:
    """A table is on the screen all day."""
    row = event_row(event("a", about="ines.caron@lamer.example"), now=NOW)

    assert row.cells[EventColumn.ABOUT].text == "i•••@lamer.example"


def test_an_event_that_was_not_understood_says_why() -> None:
    """Somebody has to tell the sender."""
    failed = event("a", state=InboxState.FAILED, sentence="It is not a JSON object.")

    cell = event_row(failed, now=NOW).cells[EventColumn.STATE]

    assert (cell.text, cell.more) == ("not understood", "It is not a JSON object.")


def test_a_failed_exchange_stands_out() -> None:
    """One 503 among two hundred lines must be found at a glance."""
    row = call_row(call(1, outcome="VendorFaultError", status=503), now=NOW)

    assert row.cells[CallColumn.CODE].strong
    assert row.cells[CallColumn.STATE].text == "fault of its own"


@pytest.mark.parametrize("address", ["https://iconik.example/API/v1?id=7", "iconik.example:8443/API/v1?id=7"])
def test_an_exchange_leaves_out_what_its_system_says(address: str) -> None:
    """A host and a port would take the room of what was asked for; the tooltip has them."""
    cell = call_row(replace(call(7), address=address), now=NOW).cells[CallColumn.ADDRESS]

    assert cell.text == "/API/v1?id=7"
    assert address in cell.more


def test_fetched_history_is_told_by_when_it_happened() -> None:
    """A month of history would all be said to be of this second."""
    fetched = event("a", trust=Trust.POLLED, occurred_at=NOW - timedelta(days=1))

    cell = event_row(fetched, now=NOW).cells[EventColumn.WHEN]

    assert cell.text == moment_of(NOW - timedelta(days=1), now=NOW)


@pytest.mark.parametrize(
    ("counts", "shown", "said"),
    [
        ({}, 0, ""),
        ({InboxState.DONE: 1}, 1, "1 event"),
        ({InboxState.DONE: 40, InboxState.FAILED: 2}, 42, "42 events, 2 not done"),
        ({InboxState.DONE: 600}, 500, "600 events, 500 shown"),
    ],
)
def test_the_header_counts_all_that_came(counts: dict[InboxState, int], shown: int, said: str) -> None:
    """How many are listed is not how many there are."""
    assert header_words(counts, shown=shown) == said


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (500, "None of 500 events answers the filter."),
        (2_113, "None of the 500 that are listed, of 2,113 events, answers the filter."),
    ],
)
def test_a_filter_without_an_answer_says_how_much_it_looked_at(there: int, said: str) -> None:
    """An older event would be taken for one that never came."""
    assert no_match_words(500, there=there).replace(THIN_SPACE, ",") == said
