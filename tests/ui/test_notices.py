"""Notices that stand where the eye is."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.notices import Fault, Level, Notices
from ui.notices import NoticeBoard, ShownNotice
from ui.theme import Theme
from ui.widgets import Button


def board(qtbot: QtBot) -> tuple[NoticeBoard, Notices]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    shown, notices = NoticeBoard(window), Notices()
    notices.listen(shown.show_notice)
    window.show()
    return shown, notices


def test_a_notice_is_updated_in_place(theme: Theme, qtbot: QtBot) -> None:
    """Ten steps of one job would be ten toasts."""
    shown, notices = board(qtbot)
    number = notices.tell("Filing 1 of 10")

    notices.tell("Filing 2 of 10", replaces=number)

    assert shown.sentences == ("Filing 2 of 10",)


def test_a_page_takes_its_own_notices(theme: Theme, qtbot: QtBot) -> None:
    """An error would stand in a corner, far from the row that it is about."""
    shown, notices = board(qtbot)
    taken: list[ShownNotice] = []
    shown.take_place("assets", taken.append)

    notices.tell("Core DAM did not answer", place="assets")

    assert ([notice.sentence for notice in taken], shown.sentences) == (["Core DAM did not answer"], ())


def test_a_flood_keeps_the_newest(theme: Theme, qtbot: QtBot) -> None:
    """Toasts would cover the work."""
    shown, notices = board(qtbot)

    for number in range(9):
        notices.tell(f"Trouble {number}", level=Level.ERROR)

    assert shown.sentences == ("Trouble 5", "Trouble 6", "Trouble 7", "Trouble 8")


def test_the_report_of_a_bug_can_be_asked_for(theme: Theme, qtbot: QtBot) -> None:
    """Those who look after the desk would never see what broke."""
    shown, notices = board(qtbot)
    wanted: list[int] = []
    shown.report_wanted.connect(wanted.append)
    number = notices.tell(
        "Something went wrong", level=Level.ERROR, fault=Fault(trace=("KeyError", "  wire.py:12 read"))
    )

    see = next(button for button in shown.findChildren(Button) if button.text() == "See the report…")
    see.click()

    assert wanted == [number]


def test_the_same_bug_is_apologised_for_once(theme: Theme, qtbot: QtBot) -> None:
    """A bug that comes back with every tick of a clock would bury the page in apologies."""
    shown, notices = board(qtbot)

    for _ in range(3):
        notices.tell("Something went wrong", level=Level.ERROR, fault=Fault(trace=("KeyError", "  wire.py:12 read")))

    assert shown.sentences == ("Something went wrong",)
