"""Entries in two lines."""

from pytestqt.qtbot import QtBot

from tests.ui.widgets.lists import Documents, Pictures
from ui.theme import LIGHT, Theme
from ui.widgets import ENTRY_HEIGHT, EntryList


def shown(qtbot: QtBot, *, pictures: bool) -> EntryList:
    entries = EntryList("Matches", pictures=pictures)
    qtbot.addWidget(entries)
    entries.setModel(Pictures(5))
    entries.resize(264, 320)
    entries.show()
    return entries


def test_entries_are_as_high_as_they_were_drawn(theme: Theme, qtbot: QtBot) -> None:
    """Two lines would be pressed into one."""
    entries = shown(qtbot, pictures=False)

    assert entries.rowHeight(0) == ENTRY_HEIGHT


def test_the_current_entry_has_its_bar(theme: Theme, qtbot: QtBot) -> None:
    """One would not see what the other panes are about."""
    entries = shown(qtbot, pictures=True)
    entries.select_key("p1")

    image = entries.viewport().grab().toImage()

    assert image.pixelColor(0, ENTRY_HEIGHT + 30) == LIGHT.accent
    assert image.pixelColor(0, 30) != LIGHT.accent


def test_entries_keep_their_place_like_rows(theme: Theme, qtbot: QtBot) -> None:
    """A refreshed search would jump back to its first match."""
    entries, model = EntryList("Matches"), Documents(("a", "b", "c"))
    qtbot.addWidget(entries)
    entries.setModel(model)
    entries.select_key("b")

    model.set_names(("b", "c"))

    assert entries.current_key == "b"
