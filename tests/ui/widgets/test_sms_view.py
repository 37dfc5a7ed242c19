"""The text message: what made it dear is seen, even where it leaves no ink."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.widgets.sms_view import SmsView, SmsWords


def _shown(qtbot: QtBot, text: str, *, driver_at: int) -> tuple[SmsView, QLabel]:
    view = SmsView()
    qtbot.addWidget(view)
    view.show_message(SmsWords(text=text, segments=2, share=0.5, cost="**2 segments**", driver_at=driver_at))
    (bubble,) = (label for label in view.findChildren(QLabel) if label.accessibleName() == f"Text message: {text}")
    return view, bubble


@pytest.mark.parametrize("driver", ["’", "\u00a0", "\u200b"])
def test_the_driver_is_what_gets_selected(qtbot: QtBot, driver: str) -> None:
    """A finding that leads one character aside sends a person to correct the wrong one."""
    view, bubble = _shown(qtbot, f"318,40{driver}€", driver_at=6)

    view.point_at_driver()

    assert bubble.selectedText() == driver


def test_a_space_that_made_it_dear_is_bracketed(qtbot: QtBot) -> None:
    """A coloured gap looks like a fault of the page and names no character."""
    _, bubble = _shown(qtbot, "318,40\u00a0€", driver_at=6)

    bubble.setSelection(6, 3)

    assert bubble.selectedText() == "[\u00a0]"
