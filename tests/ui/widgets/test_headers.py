"""Headers of pages and panes, and the facts under them."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.widgets import ElidedLabel, Facts, Label


def worded(facts: Facts) -> list[tuple[str, str]]:
    """Names and values as they are seen, from the top."""

    def texts(kind: type[Label] | type[ElidedLabel]) -> list[str]:
        seen = [each for each in facts.findChildren(kind) if each.isVisibleTo(facts)]
        return [each.text() for each in sorted(seen, key=lambda each: each.y())]

    facts.grab()
    return list(zip(texts(Label), texts(ElidedLabel), strict=True))


def test_other_facts_are_said(theme: Theme, qtbot: QtBot) -> None:
    """The pane would show the document that was looked at before."""
    facts = Facts()
    qtbot.addWidget(facts)
    facts.set_facts([("Owner", "Mira"), ("Size", "2 MB"), ("Node", "4711")])

    facts.set_facts([("Owner", "Ada"), ("Hash", "ab12")])

    assert worded(facts) == [("Owner", "Ada"), ("Hash", "ab12")]


def test_words_of_the_same_facts_are_changed_in_place(theme: Theme, qtbot: QtBot) -> None:
    """Walking through a list would make and destroy dozens of widgets with each key."""
    facts = Facts()
    qtbot.addWidget(facts)
    facts.set_facts([("Owner", "Mira"), ("Size", "2 MB")])
    before = facts.findChildren(QWidget)

    facts.set_facts([("Owner", "Ada"), ("Size", "3 MB")])

    assert facts.findChildren(QWidget) == before
    assert worded(facts) == [("Owner", "Ada"), ("Size", "3 MB")]


def test_a_fact_may_be_a_widget_and_words_again(theme: Theme, qtbot: QtBot) -> None:
    """A warning would stay beside the next asset, or hide its fact."""
    facts = Facts()
    qtbot.addWidget(facts)
    warning = QWidget()

    facts.set_facts([("Alt text", warning)])
    is_shown = warning.isVisibleTo(facts)
    facts.set_facts([("Alt text", "A harbour")])

    assert is_shown
    assert worded(facts) == [("Alt text", "A harbour")]
    assert not warning.isVisibleTo(facts)
