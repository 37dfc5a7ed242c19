"""Saved views: a question under a name, picked from a menu or the palette, renamed, deleted, and there tomorrow."""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.records import SavedView
from app.use_cases.saved_views import LONGEST_NAME, ViewWish
from ui.pages.assets import narrowing
from ui.pages.assets.browsing import Browsing
from ui.pages.assets.view import AssetsView
from ui.pages.context import PageContext
from ui.tasks import Tasks
from ui.theme import Role, Type
from ui.widgets import ButtonKind, DeskDialog, Label, TextField, ask


class NameDialog(DeskDialog):
    """Asks for a name. One that is taken replaces its view, where that ``replaces``, and cannot be given otherwise."""

    def __init__(
        self, window: QWidget, title: str, *, confirm: str, taken: Collection[str], name: str = "", replaces: bool
    ) -> None:
        self._taken = {each.casefold() for each in taken}
        self._replaces = replaces
        self._confirm_words = confirm
        self.field = TextField(placeholder="Such as: rights end in June", name="Name of the view")
        self.field.setMaxLength(LONGEST_NAME)
        self._said = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label("Name", use=Type.SECONDARY))
        column.addWidget(self.field)
        column.addWidget(self._said)
        super().__init__(window, title, content, confirm=confirm, width=416)
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self.confirm.click)
        self.field.setText(name)
        self._on_typed()

    @property
    def name(self) -> str:
        """What was typed, with single blanks."""
        return " ".join(self.field.text().split())

    @property
    def is_taken(self) -> bool:
        """Whether there is a view of that name."""
        return self.name.casefold() in self._taken

    def open(self) -> None:
        """Come up with the focus in the field."""
        super().open()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _on_typed(self) -> None:
        replaces = self.is_taken and self._replaces
        self.confirm.setText("Replace view" if replaces else self._confirm_words)
        self.confirm.setEnabled(bool(self.name) and (not self.is_taken or self._replaces))
        says = "There is a view of that name; saving replaces it." if replaces else "There is a view of that name."
        self._said.setText(says if self.is_taken else "It keeps the words, the filters and the order.")


class SavedViews:
    """The kept views beside the filters."""

    def __init__(self, view: AssetsView, *, context: PageContext, tasks: Tasks, browsing: Browsing) -> None:
        self._view = view
        self._context = context
        self._tasks = tasks
        self._browsing = browsing
        self.kept: tuple[SavedView, ...] = ()
        browsing.asked_anew = self._show
        view.save_view.triggered.connect(self._on_save)
        view.pick_view.triggered.connect(self.open_menu)
        view.rename_view.triggered.connect(self._on_rename)
        view.drop_view.triggered.connect(self._on_drop)
        self._show()

    @property
    def current(self) -> SavedView | None:
        """The view that is shown just now."""
        asked = narrowing.asks_of(self._browsing.narrowing)
        return next((each for each in self.kept if narrowing.asks_of(narrowing.asked_by(each.asks)) == asked), None)

    async def refresh(self) -> None:
        """Read them again."""
        self.kept = tuple(await self._context.run(self._context.use.list_views))
        self._show()

    def pick(self, view: SavedView) -> None:
        """Show what a view asks for."""
        self._browsing.ask_view(narrowing.asked_by(view.asks))

    def menu(self) -> QMenu:
        """The menu of views. It deletes itself when it closes."""
        menu = QMenu("Views", self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        current = self.current
        for each in self.kept:
            action = menu.addAction(each.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(each is current)
            action.triggered.connect(partial(self.pick, each))
        if current is not None:
            menu.addSeparator()
            menu.addAction(self._view.rename_view)
            menu.addAction(self._view.drop_view)
        return menu

    def open_menu(self) -> None:
        """Pop the menu up below its button."""
        if self.kept:
            self.menu().popup(self._view.filters.below_views)

    def _show(self) -> None:
        current = self.current
        is_narrowed = narrowing.is_narrowed(self._browsing.narrowing)
        self._view.filters.show_views(are_there=bool(self.kept), current=current.name if current else "")
        self._view.save_view.setEnabled(is_narrowed and current is None)
        self._view.pick_view.setEnabled(bool(self.kept))
        for action in (self._view.rename_view, self._view.drop_view):
            action.setVisible(current is not None)

    def _on_save(self) -> None:
        self._tasks.start(self._save(), name="save a view")

    async def _save(self) -> None:
        asks = narrowing.asks_of(self._browsing.narrowing)
        taken = [each.name for each in self.kept]
        dialog = NameDialog(self._view, "Save this view", confirm="Save view", taken=taken, replaces=True)
        if await ask(dialog):
            wish = ViewWish(name=dialog.name, asks=asks, replaces=dialog.is_taken)
            await self._context.run(self._context.use.save_view, wish)

    def _on_rename(self) -> None:
        if (current := self.current) is not None:
            self._tasks.start(self._rename(current), name="rename a view")

    async def _rename(self, view: SavedView) -> None:
        taken = [each.name for each in self.kept if each is not view]
        dialog = NameDialog(
            self._view, f"Rename “{view.name}”", confirm="Rename", taken=taken, name=view.name, replaces=False
        )
        if await ask(dialog):
            await self._context.run(self._context.use.rename_view, view.name, dialog.name)

    def _on_drop(self) -> None:
        if (current := self.current) is not None:
            self._tasks.start(self._drop(current), name="delete a view")

    async def _drop(self, view: SavedView) -> None:
        said = Label("The assets stay as they are; only this way to look at them goes.", wraps=True)
        dialog = DeskDialog(
            self._view, f"Delete “{view.name}”?", said, confirm="Delete view", kind=ButtonKind.DANGER, width=416
        )
        if await ask(dialog):
            await self._context.run(self._context.use.drop_view, view.name)
