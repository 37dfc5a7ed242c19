"""A window with plain pages, for tests of the frame."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.shell import LayoutMemory, MainWindow, PageEntry, Provider, SessionMemory
from ui.tasks import Tasks
from ui.theme import Icon, Theme

TITLES = ("Assets", "Proofs", "Support")


class PlainPage(QWidget):
    """A page with a field and one action with the key A."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.approved = 0
        self.field = QLineEdit()
        self.field.setAccessibleName(f"Search in {title}")
        QVBoxLayout(self).addWidget(self.field)
        approve = QAction(f"Approve in {title}", self)
        approve.setShortcut("A")
        approve.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        approve.triggered.connect(self._on_approve)
        self.addAction(approve)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)

    def _on_approve(self) -> None:
        self.approved += 1


class Desk:
    """The window and the pages that it has built so far."""

    def __init__(
        self,
        theme: Theme,
        tasks: Tasks,
        memory: LayoutMemory | None = None,
        providers: tuple[Provider, ...] = (),
    ) -> None:
        self.built: list[str] = []
        icons = (Icon.ASSETS, Icon.PROOFS, Icon.SUPPORT)
        entries = [
            PageEntry(
                key=title.lower(),
                title=title,
                icon=icons[at],
                build=lambda title=title: self._build(title),  # type: ignore[misc]  # bound now, not at the call
                shortcut=f"Ctrl+{at + 1}",
            )
            for at, title in enumerate(TITLES)
        ]
        self.memory: LayoutMemory = memory if memory is not None else SessionMemory()
        self.window = MainWindow(entries, theme=theme, tasks=tasks, memory=self.memory, providers=providers)

    def _build(self, title: str) -> PlainPage:
        self.built.append(title)
        return PlainPage(title)

    def page(self, key: str) -> PlainPage:
        page = self.window.page(key)
        assert isinstance(page, PlainPage)
        return page
