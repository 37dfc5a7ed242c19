"""Buttons, fields, chips, bars: what they do, and that nothing of them is nameless."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.gallery import build_gallery
from ui.theme import Theme
from ui.widgets import (
    Button,
    FacetChip,
    MaskedText,
    Segment,
    Segmented,
    StateCell,
    StateMark,
    UndoBar,
    key_words,
    plain_words,
    strong_words,
    text_field,
    unnamed_widgets,
)


def test_everything_in_the_gallery_has_a_name(theme: Theme, qtbot: QtBot) -> None:
    """A person who does not see would meet silent controls."""
    gallery = build_gallery()
    qtbot.addWidget(gallery)
    gallery.show()

    assert unnamed_widgets(gallery) == []


def test_a_nameless_field_is_found(theme: Theme, qtbot: QtBot) -> None:
    """The check above would pass whatever is in the window."""
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(QLineEdit())
    window.show()

    assert unnamed_widgets(window) == ["QLineEdit < QWidget"]


def test_a_button_follows_its_action(theme: Theme, qtbot: QtBot) -> None:
    """Button, key and palette would disagree about what is possible."""
    window = QWidget()
    qtbot.addWidget(window)
    action = QAction("Approve", window)
    button = Button.of(action, window)

    action.setEnabled(False)
    action.setToolTip("Page 1 has an error")

    assert (button.isEnabled(), button.toolTip()) == (False, "Page 1 has an error")


def test_a_button_triggers_its_action_once(theme: Theme, qtbot: QtBot) -> None:
    """One click would send two letters."""
    window = QWidget()
    qtbot.addWidget(window)
    action = QAction("Send", window)
    sent: list[str] = []
    action.triggered.connect(lambda: sent.append("letter"))
    button = Button.of(action, window)

    button.click()

    assert sent == ["letter"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("Ctrl+K", "Ctrl K"),
        ("Ctrl+Return", "Ctrl ↵"),
        ("Esc", "Esc"),
        ("A", "A"),
        ("", ""),
        ("+", "+"),
        ("Ctrl++", "Ctrl +"),
        ("Ctrl+-", "Ctrl −"),
    ],
)
def test_keys_are_written_as_on_a_cap(keys: str, words: str) -> None:
    """People would look for a key named Return+Ctrl."""
    assert key_words(QKeySequence(keys)) == words


def test_an_error_stands_at_its_field(theme: Theme, qtbot: QtBot) -> None:
    """A person would search a form for what is wrong in it."""
    field = text_field("Account", note="Customer or policy number")
    qtbot.addWidget(field)

    field.set_error("There is no such account")
    said = field.error
    field.set_error("")

    assert (said, field.error) == ("There is no such account", "")


def test_delete_drops_a_filter(theme: Theme, qtbot: QtBot) -> None:
    """Filters could be taken away only with a mouse."""
    chip = FacetChip("Locale", "fr")
    qtbot.addWidget(chip)

    with qtbot.waitSignal(chip.dropped):
        QTest.keyClick(chip, Qt.Key.Key_Delete)


def test_arrows_choose_a_segment(theme: Theme, qtbot: QtBot) -> None:
    """The control would need a mouse."""
    control = Segmented([Segment(key="grid", word="Grid"), Segment(key="table", word="Table")], "View")
    qtbot.addWidget(control)

    with qtbot.waitSignal(control.chosen) as chosen:
        QTest.keyClick(control, Qt.Key.Key_Right)

    assert chosen.args == ["table"]


def test_masked_text_is_copied_masked(theme: Theme, qtbot: QtBot) -> None:
    """An address would leave the desk although nobody revealed it."""
    text = MaskedText("i•••@lamer.example", "ines@lamer.example", name="address")
    qtbot.addWidget(text)

    text.copy()

    assert QGuiApplication.clipboard().text() == "i•••@lamer.example"


def test_a_look_at_a_masked_value_is_told(theme: Theme, qtbot: QtBot) -> None:
    """The audit would not know who looked."""
    text = MaskedText("i•••@lamer.example", "ines@lamer.example", name="address")
    qtbot.addWidget(text)

    with qtbot.waitSignal(text.revealed):
        text.reveal()

    assert text.text() == "ines@lamer.example"


def test_an_undo_is_wanted_only_once(theme: Theme, qtbot: QtBot) -> None:
    """A second press would undo what came before."""
    bar = UndoBar()
    qtbot.addWidget(bar)
    bar.start(lambda left: f"Approved. Written in **{left} s**.")
    undo = bar.findChild(Button)
    assert undo is not None

    with qtbot.waitSignal(bar.undo_wanted):
        undo.click()

    assert (bar.isVisible(), bar.seconds_left) == (False, 0)


def test_an_undo_runs_out(theme: Theme, qtbot: QtBot) -> None:
    """The bar would promise what the relay has already sent."""
    bar = UndoBar()
    qtbot.addWidget(bar)

    with qtbot.waitSignal(bar.expired, timeout=10_000):
        bar.start(lambda left: f"{left}", seconds=1)

    assert not bar.isVisible()


def test_markup_in_a_sentence_is_shown_as_typed() -> None:
    """A customer's name could draw in the window."""
    assert (
        strong_words("**<b>Ines</b>** & co") == '<span style="font-weight:600">&lt;b&gt;Ines&lt;/b&gt;</span> &amp; co'
    )
    assert plain_words("**v7** is live") == "v7 is live"


@pytest.mark.parametrize("mark", list(StateMark))
def test_every_state_is_drawn_and_said(theme: Theme, qtbot: QtBot, mark: StateMark) -> None:
    """A state would be an empty place."""
    cell = StateCell(mark)
    qtbot.addWidget(cell)
    cell.resize(cell.sizeHint())

    image = cell.grab().toImage()

    colours = {image.pixelColor(x, y).name() for x in range(12) for y in range(20)}
    assert len(colours) > 1
    assert cell.accessibleName() == mark.value
