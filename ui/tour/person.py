"""The person at the desk: real clicks and keys, and eyes that wait for what is to be seen rather than for time."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count, takewhile
from time import perf_counter
from typing import TypeVar

from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QWidget

from ui.widgets import ElidedLabel

LOOK_EVERY_S = 0.02
PATIENCE_S = 20.0

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")


class NotSeenError(Exception):
    """Something that should be in the window is not there."""


class Person:
    """Works in one window. Waits on the loop, so that the window lives on meanwhile."""

    def __init__(self, window: QWidget, *, patience_s: float = PATIENCE_S) -> None:
        self._top = window
        self._patience_s = patience_s

    # What a person does

    async def attend(self) -> None:
        """Turn to the window: a desktop takes the focus from one that is drawn anew, as with its first web page."""
        if QApplication.activeWindow() is None and QApplication.activePopupWidget() is None:
            self._top.activateWindow()
            await self.until(self._top.isActiveWindow, "the window to take the keys")

    async def press(self, keys: str, *, on: QWidget | None = None) -> None:
        """Press a key or a combination: on ``on``, else where the focus is."""
        await self.attend()
        target = on or QApplication.focusWidget() or self._top.focusWidget() or self._top
        QTest.keySequence(target, QKeySequence(keys))
        await asyncio.sleep(0)

    async def enter(self, words: str, *, into: QLineEdit) -> None:
        """Replace what stands in a field, letter by letter."""
        await self.attend()
        into.setFocus()
        into.selectAll()
        for letter in words:
            QTest.keyClicks(into, letter)
            await asyncio.sleep(0)

    async def click(self, widget: QWidget) -> None:
        """Click in the middle with the left button. Raises: NotSeenError when it does not become clickable."""
        await self.until(lambda: widget.isVisible() and widget.isEnabled(), f"“{name_of(widget)}” to be clickable")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, widget.rect().center())
        await asyncio.sleep(0)

    async def click_button(self, name: str, *, inside: QWidget | None = None) -> None:
        """Click the button called ``name``. Raises: NotSeenError."""
        await self.click(await self.seen(lambda: self.button(name, inside=inside), f"the button “{name}”"))

    async def click_row(self, view: QAbstractItemView, index: QModelIndex) -> None:
        """Click a row or a tile of a view."""
        view.scrollTo(index)
        QTest.mouseClick(
            view.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            view.visualRect(index).center(),
        )
        await asyncio.sleep(0)

    async def drop_file(self, path: str, *, on: QWidget) -> None:
        """Let a file fall onto a widget, as from the desktop."""
        carried = QMimeData()
        carried.setUrls([QUrl.fromLocalFile(path)])
        place = on.rect().center()
        how = (Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(on, QDragEnterEvent(place, *how))
        QApplication.sendEvent(on, QDropEvent(QPointF(place), *how))
        await asyncio.sleep(0)

    # What a person sees

    async def until(self, is_so: Callable[[], object], what: str, *, patience_s: float | None = None) -> None:
        """Wait until ``is_so``. Raises: NotSeenError naming ``what`` when it does not come."""
        patience = self._patience_s if patience_s is None else patience_s
        end = perf_counter() + patience
        while not is_so():
            if perf_counter() > end:
                raise NotSeenError(f"waited {patience:g} s for {what}")
            await asyncio.sleep(LOOK_EVERY_S)

    async def until_told(
        self, ask: Callable[[], Awaitable[object]], what: str, *, patience_s: float | None = None
    ) -> None:
        """Ask again and again until the answer is yes. Raises: NotSeenError naming ``what`` when it never is."""
        patience = self._patience_s if patience_s is None else patience_s
        end = perf_counter() + patience
        while not await ask():
            if perf_counter() > end:
                raise NotSeenError(f"waited {patience:g} s for {what}")
            await asyncio.sleep(LOOK_EVERY_S)

    async def seen(self, look: Callable[[], T | None], what: str, *, patience_s: float | None = None) -> T:
        """Wait until ``look`` finds something, and return that. Raises: NotSeenError."""
        found: list[T] = []

        def is_there() -> bool:
            got = look()
            if got is not None:
                found.append(got)
            return bool(found)

        await self.until(is_there, what, patience_s=patience_s)
        return found[0]

    def visible(self, kind: type[W], *, inside: QWidget | None = None) -> list[W]:
        """Every visible widget of a kind."""
        return [each for each in (inside or self._top).findChildren(kind) if each.isVisible()]

    def button(self, name: str, *, inside: QWidget | None = None) -> QAbstractButton | None:
        """A visible button by the words on it or by its accessible name."""
        return next((each for each in self.visible(QAbstractButton, inside=inside) if name in names_of(each)), None)

    def field(self, name: str, *, inside: QWidget | None = None) -> QLineEdit | None:
        """A visible field by its accessible name or its placeholder."""
        fields = self.visible(QLineEdit, inside=inside)
        return next((each for each in fields if name in {each.accessibleName(), each.placeholderText()}), None)

    def words(self, *, inside: QWidget | None = None) -> str:
        """The texts of the visible labels, one a line."""
        plain = [label.text() for label in self.visible(QLabel, inside=inside)]
        elided = [label.text() for label in self.visible(ElidedLabel, inside=inside)]
        return "\n".join(text for text in (*plain, *elided) if text)


def row_with(view: QAbstractItemView, words: str) -> QModelIndex | None:
    """The first cell of a view with ``words`` in it, row after row; None when there is none."""
    model = view.model()
    for row in range(model.rowCount(view.rootIndex())):
        for column, said in enumerate(cells_of(view, row)):
            if words.casefold() in said.casefold():
                return model.index(row, column)
    return None


def cells_of(view: QAbstractItemView, row: int) -> list[str]:
    """What stands in the cells of a row."""
    # Lists keep columnCount to themselves.
    cells = takewhile(QModelIndex.isValid, (view.model().index(row, column) for column in count()))
    return [str(cell.data()) for cell in cells]


def names_of(widget: QAbstractButton) -> set[str]:
    """What a person or a screen reader would call a button."""
    return {widget.text().replace("&", ""), widget.accessibleName()}


def name_of(widget: QWidget) -> str:
    """The best name there is."""
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.text()
    return widget.accessibleName() or type(widget).__name__
