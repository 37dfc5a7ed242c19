"""A PDF page by page, drawn in its own thread."""

import pytest
from PySide6.QtCore import QPoint, QSizeF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.pages.proofs.fakes import pdf
from ui.theme import Theme, ThemeChoice
from ui.widgets import pdf_view
from ui.widgets.pdf_pages import UnreadablePdfError, page_sizes, paper_name
from ui.widgets.pdf_view import PdfView


@pytest.fixture
def letter(theme: Theme) -> bytes:
    """A document of three pages."""
    return pdf(3)


@pytest.fixture
def view(letter: bytes, qtbot: QtBot) -> PdfView:
    """A view with a document of three pages."""
    made = PdfView("Print")
    made.resize(420, 400)
    qtbot.addWidget(made)
    made.show()
    made.show_document(letter)
    qtbot.waitUntil(lambda: made.page_count == 3 and made.is_drawn)
    return made


def test_it_says_the_paper_and_the_page(view: PdfView) -> None:
    """Whether a letter is on A4 is the first question of whoever prints it."""
    assert view.aside == "A4, page 1 of 3"


def test_keys_turn_the_pages_and_stop_at_the_ends(view: PdfView) -> None:
    """A reader without a mouse would see the first page alone."""
    paper = view.focusProxy()
    assert paper is not None
    for _ in range(4):
        QTest.keyClick(paper, Qt.Key.Key_PageDown)
    at_end = view.aside

    QTest.keyClick(paper, Qt.Key.Key_PageUp)

    assert (at_end, view.page) == ("A4, page 3 of 3", 1)


def test_the_next_document_opens_at_the_same_page(view: PdfView, qtbot: QtBot) -> None:
    """Whoever compares page 2 of two records would have to turn the pages each time."""
    view.set_page(2)

    with qtbot.waitSignal(view.page_changed):
        view.show_document(pdf(2))

    assert view.aside == "A4, page 2 of 2"


def test_paper_is_white_in_the_dark(view: PdfView, theme: Theme, qtbot: QtBot) -> None:
    """A letter is printed on paper, whatever the desk looks like."""
    theme.choose(ThemeChoice.DARK)

    def middle() -> str:
        return QColor(view.grab().toImage().pixelColor(QPoint(178, 330))).name()

    qtbot.waitUntil(lambda: middle() == "#ffffff")


def test_a_page_that_was_drawn_is_not_drawn_again(
    view: PdfView, letter: bytes, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going up and down through records would draw the same letters for ever."""
    with qtbot.waitSignal(view.page_changed):
        view.show_document(pdf(1))
    drawn: list[int] = []
    monkeypatch.setattr(pdf_view, "page_picture", lambda _content, page, _size: drawn.append(page))

    with qtbot.waitSignal(view.page_changed):
        view.show_document(letter)
    view.grab()

    assert drawn == []


def test_words_take_the_place_of_a_document(view: PdfView) -> None:
    """The letter of the record before would stand beside the mail of this one."""
    view.show_words("Storm advice has no letter.")

    assert (view.words, view.page_count, view.aside) == ("Storm advice has no letter.", 0, "")


def test_what_is_no_pdf_is_refused() -> None:
    """The error page of a gateway is not a letter."""
    with pytest.raises(UnreadablePdfError):
        page_sizes(b"<html>502 Bad Gateway</html>")


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (QSizeF(595, 842), "A4"),
        (QSizeF(842, 595), "A4 landscape"),
        (QSizeF(612, 792), "Letter"),
        (QSizeF(595, 281), "210 × 99 mm"),
    ],
)
def test_papers_have_names(points: QSizeF, name: str) -> None:
    """A size in points says nothing to a printer."""
    assert paper_name(points) == name
