"""The contact card in a narrow pane and in a wide one."""

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from tests.ui.pages.support.desk import customer
from ui.pages.support.card import ContactCard
from ui.widgets import ElidedLabel, StateCell

REASON = "always, for contract notices"


@pytest.mark.parametrize(("width", "is_beside"), [(470, False), (900, True)])
def test_a_reason_stands_where_it_has_room(qtbot: QtBot, width: int, *, is_beside: bool) -> None:
    """Of why a letter is allowed there would be one word and dots."""
    card = ContactCard(QAction("Reveal addresses"), QAction("Close a channel…"))
    qtbot.addWidget(card)
    card.show_customer(customer())

    card.resize(width, 220)
    card.show()

    reason = next(each for each in card.findChildren(ElidedLabel) if each.text() == REASON)
    state = card.findChildren(StateCell)[-1]
    assert (reason.y() < state.geometry().bottom()) is is_beside
    assert reason.width() >= reason.sizeHint().width()
