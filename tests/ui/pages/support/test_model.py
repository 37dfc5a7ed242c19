"""The two lists of the page as Qt sees them."""

from dataclasses import replace

from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.use_cases.find_customer import CustomerMatch
from tests.ui.pages.support.desk import AGNES, INES, customer, held
from ui.pages.support.model import MatchesModel, TimelineModel, TimelineRole
from ui.pages.support.rows import by_day, timeline_rows
from ui.widgets import EntryRole, StateMark

MATCHES = (
    CustomerMatch(customer=customer(), trouble=2, documents=1),
    CustomerMatch(customer=customer(AGNES, "Agnès Caron"), trouble=0, documents=0),
)


def test_matches_are_a_model(qtmodeltester: ModelTester) -> None:
    """Views read models in ways that a page never tries."""
    model = MatchesModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # untyped in pytest-qt

    model.set_matches(MATCHES)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # untyped in pytest-qt

    assert model.numbers == (INES, AGNES)


def test_a_match_says_what_support_should_know() -> None:
    """One would open ten customers to find the one who failed."""
    model = MatchesModel()
    model.set_matches(MATCHES)

    said = [(model.index(row).data(EntryRole.MARK), model.index(row).data(EntryRole.WORD)) for row in (0, 1)]

    assert said == [(StateMark.REJECTED, "2 failed"), (StateMark.APPROVED, "all fine")]
    assert model.index(0).data(EntryRole.DETAIL) == "HM-204881 · home, green-tariff"


def test_the_timeline_is_a_model(qtmodeltester: ModelTester) -> None:
    """As above."""
    model = TimelineModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # untyped in pytest-qt

    model.set_rows(by_day(timeline_rows(held())))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # untyped in pytest-qt

    assert model.row_of("handed over") == 1


def test_a_line_that_moved_on_is_changed_where_it_is(qtbot: QtBot) -> None:
    """The list would lose its place with every word of the outbox."""
    model = TimelineModel()
    rows = timeline_rows(held())
    model.set_rows(rows)
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))

    with qtbot.waitSignal(model.dataChanged):
        model.set_rows((replace(rows[0], word="bounced for good"), *rows[1:]))

    assert resets == []
    assert model.index(0).data(TimelineRole.ROW).word == "bounced for good"


def test_lines_are_found_by_key() -> None:
    """A reset would select a neighbour."""
    model = TimelineModel()
    model.set_rows(timeline_rows(held()))

    assert (model.row_of("gone"), model.find("gone"), model.rowCount(model.index(0))) == (-1, None, 0)
