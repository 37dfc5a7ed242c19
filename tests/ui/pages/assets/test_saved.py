"""Saved views: saved by name, picked from the menu and the palette, renamed, deleted."""

from collections.abc import Callable

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from app.records import SavedView
from tests.ui.pages.assets.driver import AssetsDriver
from tests.ui.pages.assets.fakes import NOW, FakeDesk
from ui.pages.assets.controller import AssetsController
from ui.pages.assets.saved import NameDialog
from ui.widgets import DeskDialog


class Person:
    """Uses the views."""

    def __init__(self, page: AssetsDriver, desk: FakeDesk) -> None:
        self.page, self.desk = page, desk
        controller = page.view.controller
        assert isinstance(controller, AssetsController)
        self.views = controller.views

    @property
    def menu(self) -> dict[str, bool]:
        """The views in the menu, and which is checked."""
        menu = self.views.menu()
        offered = {action.text(): action.isChecked() for action in menu.actions() if action.isCheckable()}
        menu.deleteLater()
        return offered

    async def answer(self, ask: Callable[[], None], name: str = "") -> DeskDialog:
        """Begin something, and answer the dialog that comes."""
        ask()
        await self.page.until(lambda: self.dialog is not None)
        dialog = self.dialog
        assert dialog is not None
        if isinstance(dialog, NameDialog):
            dialog.field.setText(name)
        dialog.confirm.click()
        await self.views._tasks.idle()
        return dialog

    @property
    def dialog(self) -> DeskDialog | None:
        """The dialog that is open."""
        window = self.page.view.window()
        return next((each for each in window.findChildren(DeskDialog) if each.isVisible()), None)


@pytest.fixture
def person(page: AssetsDriver, desk: FakeDesk) -> Person:
    """At the page, with nothing saved so far."""
    return Person(page, desk)


async def test_a_view_is_saved_and_picked_again(person: Person, qloop: qasync.QEventLoop) -> None:
    """The question of every morning is put together by hand."""
    person.page.choose("Locale", "de")
    await person.page.until(lambda: person.page.names == ["autumn-draft"])
    await person.answer(person.page.view.save_view.trigger, "German drafts")
    person.page.view.clear_filters.trigger()
    await person.page.until(lambda: len(person.page.names) == 4)

    before = person.menu
    person.views.pick(person.views.kept[0])
    await person.page.until(lambda: person.page.names == ["autumn-draft"])

    assert (before, person.menu) == ({"German drafts": False}, {"German drafts": True})
    assert person.page.chips == {"Locale": "de"}


async def test_words_and_order_are_part_of_it(person: Person, qloop: qasync.QEventLoop) -> None:
    """A view without its words shows something else."""
    view = SavedView(name="Motor", asks={"words": "motor", "order": "name"}, saved_at=NOW)

    person.page.view.show_subject(view)
    await person.page.until(lambda: person.page.names == ["motor-tile"])

    assert person.page.view.filters.words == "motor"
    assert person.desk.searches[-1].question.order == "name"


async def test_it_is_renamed_and_deleted_where_it_is_shown(person: Person, qloop: qasync.QEventLoop) -> None:
    """A misspelt name for ever."""
    person.desk.views = [SavedView(name="Motr", asks={"words": "motor"}, saved_at=NOW)]
    await person.views.refresh()
    person.views.pick(person.views.kept[0])
    await person.page.until(lambda: person.page.names == ["motor-tile"])

    await person.answer(person.page.view.rename_view.trigger, "Motor")
    renamed = person.menu
    await person.answer(person.page.view.drop_view.trigger)

    assert renamed == {"Motor": True}
    assert person.menu == {}
    assert person.page.names == ["motor-tile"]


async def test_a_name_that_is_taken_is_said_before_it_is_replaced(person: Person, qloop: qasync.QEventLoop) -> None:
    """Somebody's view is gone, and nobody asked."""
    dialog = NameDialog(person.page.view, "Save", confirm="Save view", taken=["Spring"], name="spring", replaces=True)
    words = dialog.confirm.text()
    dialog.field.setText("autumn")

    assert (words, dialog.confirm.text()) == ("Replace view", "Save view")
    dialog.drop()
    QApplication.sendPostedEvents()


async def test_only_what_narrows_can_be_saved(person: Person, qloop: qasync.QEventLoop) -> None:
    """“Everything” under a name is a view of nothing."""
    before = person.page.view.save_view.isEnabled()
    person.page.choose("Locale", "de")

    assert (before, person.page.view.save_view.isEnabled()) == (False, True)
