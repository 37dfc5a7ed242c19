"""The page as a person uses it: by what it says and by its keys. A moved button changes this class and no test."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.pages.assets.fakes import FakeDesk
from ui.pages import assets
from ui.pages.assets.view import AssetsView
from ui.widgets import Face

_PATIENCE_S = 5.0


class AssetsDriver:
    """Opens the page in a window of its own."""

    def __init__(self, desk: FakeDesk, *, width: int = 1_224, height: int = 756) -> None:
        self.desk = desk
        page = assets.build(desk.context())
        assert isinstance(page, AssetsView)
        self.view = page
        page.resize(width, height)
        page.show()
        page.activateWindow()

    async def opened(self) -> "AssetsDriver":
        """Wait until the first answer is shown, its first asset was opened, and nothing is still under way."""
        await self.until(lambda: bool(self.names) and self.view.inspector.details is not None)
        await self.view.controller.settled()  # type: ignore[union-attr]  # the page has one
        return self

    async def until(self, holds: Callable[[], bool]) -> None:
        """Let the page work until something can be seen; fail after five seconds."""
        async with asyncio.timeout(_PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - what is seen has no event of its own
                await asyncio.sleep(0)

    def close(self) -> None:
        """Close the window; the page ends its work as when the desk closes it."""
        self.view.controller.leave()  # type: ignore[union-attr]  # the page has one
        self.view.close()
        self.view.deleteLater()

    @property
    def names(self) -> list[str]:
        """The names in the list, in order."""
        return [each.name for each in self.view.model.assets]

    @property
    def face(self) -> Face:
        """Which of the five faces is shown."""
        return self.view.faces.face

    @property
    def looked_at(self) -> str:
        """The name in the inspector; empty when it is empty."""
        details = self.view.inspector.details
        return details.name if details else ""

    @property
    def state(self) -> str:
        """The word of the state in the inspector."""
        details = self.view.inspector.details
        return details.word if details else ""

    @property
    def why_not(self) -> str:
        """Why the asset cannot be approved, as the disabled button explains it."""
        return "" if self.view.approve.isEnabled() else self.view.approve.toolTip()

    @property
    def sources(self) -> dict[str, str]:
        """What the source bar says, by library."""
        return {source.lead: source.text for source in self.view.sources.sources}

    def select(self, name: str) -> None:
        """Make the asset with this name current."""
        key = next(str(each.key) for each in self.view.model.assets if each.name == name)
        assert self.view.select(key)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is; on the list when it is nowhere."""
        focused = self.view.window().focusWidget() or self.view.grid
        QTest.keyClick(focused, key, modifiers)

    def type_words(self, words: str) -> None:
        """Type into the search field."""
        self.view.search.trigger()
        self.view.filters.set_words("")
        QTest.keyClicks(self.view.filters._search, words)

    def type_on(self, words: str) -> None:
        """Go on typing where the cursor stands in the search field."""
        QTest.keyClicks(self.view.filters._search, words)

    @property
    def text(self) -> str:
        """What stands in the search field."""
        return self.view.filters._search.text()

    @property
    def is_searching(self) -> bool:
        """Whether keys go into the search field."""
        return self.view.filters._search.hasFocus()

    @property
    def suggested(self) -> list[str]:
        """What lies below the search field; empty while nothing does."""
        return [row.text for row in self.view.filters._search.suggestions.rows]

    @property
    def suggestion(self) -> str:
        """The current suggestion; empty when none is."""
        suggestions = self.view.filters._search.suggestions
        return suggestions.rows[suggestions.current].text if suggestions.current >= 0 else ""

    @property
    def counts(self) -> dict[str, int]:
        """The numbers beside the suggestions, without those that are nought."""
        return {row.text: row.count for row in self.view.filters._search.suggestions.rows if row.count}

    @property
    def is_thinking(self) -> bool:
        """Whether what was typed is still to be asked for."""
        browsing = self.view.controller.browsing  # type: ignore[union-attr]  # the page has one
        return self.view.filters._typing.isActive() or browsing._ask_libraries.isActive()

    def click_suggestion(self, text: str) -> None:
        """Click one of them."""
        inner = self.view.filters._search.suggestions._list
        index = inner.model().index(self.suggested.index(text), 0)
        place = inner.visualRect(index).center()
        QTest.mouseClick(inner.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    @property
    def complaint(self) -> str:
        """What stands beside the search field; empty while nothing does."""
        shown = self.view.filters._complaint
        return shown._sentence.text() if shown.isVisible() else ""

    @property
    def chips(self) -> dict[str, str]:
        """The facets that narrow, with their values."""
        return {chip._facet: chip._value for chip in self.view.filters._chips.values()}

    def drop_chip(self, facet: str) -> None:
        """Take a facet away."""
        next(chip for chip in self.view.filters._chips.values() if chip._facet == facet).dropped.emit()

    def choose(self, facet: str, option: str) -> None:
        """Choose or leave one option in the menu of filters, by the words in it."""
        menu = self.view.filters.menu()
        for action in menu.actions():
            inner = action.menu()
            if inner is not None and action.text() == facet:
                for each in inner.actions():  # type: ignore[attr-defined]  # typed as QObject
                    if each.text().partition("\t")[0] == option:
                        each.trigger()
        menu.deleteLater()

    def offered(self, facet: str) -> dict[str, str]:
        """The options of a facet with their counts."""
        menu = self.view.filters.menu()
        inner = next(action.menu() for action in menu.actions() if action.text() == facet)
        found = dict(each.text().split("\t") for each in inner.actions())  # type: ignore[attr-defined]
        menu.deleteLater()
        return found

    def approve(self) -> None:
        """Approve what is looked at."""
        self.view.approve.trigger()

    def reject(self, reason: str) -> None:
        """Reject it and send the reason."""
        self.view.reject.trigger()
        self.view.inspector.reason._edit.setPlainText(reason)
        self.view.inspector.reason._on_sent()
