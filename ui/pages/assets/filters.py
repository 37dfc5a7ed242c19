"""The filter bar: the search field, a chip per facet that narrows, and the menu of facets with their counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.rules.asset_query import Condition, QueryKey
from app.wording import count
from ui.pages.assets.searching import SearchField
from ui.theme import Icon, Role, Type
from ui.widgets import CHIP_HEIGHT, AddChip, Button, ButtonKind, ElidedLabel, FacetChip, Flow, IconLabel

_TYPING_MS = 120
_NAMED = 2
_WIDEST_VIEW = 160
_GAP = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetOption:
    """One value with the number of assets it would leave."""

    key: str
    word: str
    count: int | None
    """None where it is not counted."""
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One way to narrow, with what there is to choose from."""

    key: str
    query_key: QueryKey
    """What it is called in the search field."""
    title: str
    options: tuple[FacetOption, ...]

    @property
    def chosen(self) -> str:
        """The chosen values in words: ``fr``, ``approved, draft``, ``approved, draft + 2``; empty when none is."""
        on = [option.word for option in self.options if option.is_on]
        more = f" + {len(on) - _NAMED}" if len(on) > _NAMED else ""
        return ", ".join(on[:_NAMED]) + more


class _Complaint(QWidget):
    """What is wrong in the search field, beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sentence = ElidedLabel("", use=Type.SECONDARY, role=Role.WARNING)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel(Icon.WARNING, size_px=14, role=Role.WARNING, name="Not understood"))
        row.addWidget(self._sentence, 1)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        self._sentence.setText(sentence)
        self.setVisible(bool(sentence))


class FilterBar(QWidget):
    """36 px, and more where the chips need more than one row."""

    words_changed = Signal(str)
    """What is searched for, once typing has paused; nothing while something in the field cannot be understood."""
    conditions_given = Signal(tuple)
    """Conditions that were typed, as :data:`~app.rules.asset_query.Condition`."""
    left = Signal()
    """The search field was left for the list."""
    option_toggled = Signal(str, str, bool)
    """Facet, value, whether it narrows now."""
    facet_dropped = Signal(str)

    def __init__(
        self, *, clear: QAction, add: QAction, save: QAction, pick: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._facets: tuple[Facet, ...] = ()
        self._is_narrowed = self._has_current = False
        self._chips: dict[str, FacetChip] = {}
        self._search = SearchField()
        self._search.textChanged.connect(self._on_typed)
        self._search.conditions_given.connect(self._on_conditions_given)
        self._search.complained.connect(self._on_complained)
        self._search.left.connect(self.left)
        self._flow = Flow(CHIP_HEIGHT)
        self._complaint = _Complaint(self._flow)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._on_typing_paused)
        self._add = AddChip("Filter", self._flow, keys=add.shortcut())
        self._add.clicked.connect(add.trigger)
        self._clear = Button("Clear all", self, kind=ButtonKind.WORDS, name=clear.text())
        self._clear.clicked.connect(clear.trigger)
        self._clear.hide()
        self._save = Button("Save view", self, kind=ButtonKind.ACCENT, name=save.text())
        self._save.clicked.connect(save.trigger)
        self._save.hide()
        self._views = Button("Views", self, kind=ButtonKind.WORDS, name=pick.text())
        self._views.clicked.connect(pick.trigger)
        self._views.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(_GAP)
        beside = QVBoxLayout()
        beside.setContentsMargins(0, 2, 0, 2)
        beside.addWidget(self._flow)
        row.addWidget(self._search, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        for button in (self._clear, self._save, self._views):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._place_chips()

    @property
    def words(self) -> str:
        """What is searched for."""
        return self._search.words

    def set_words(self, words: str) -> None:
        """Put words into the field without telling anybody."""
        self._search.set_words(words)
        self._typing.stop()

    def type_words(self) -> None:
        """Bring the focus into the search field, its words selected."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def show_narrowed(self, is_narrowed: bool) -> None:
        """Offer to clear all and to save it, when there is something to clear."""
        self._is_narrowed = is_narrowed
        self._clear.setVisible(is_narrowed)
        self._show_save()

    def show_views(self, *, are_there: bool, current: str) -> None:
        """Offer the kept views, when there are any; ``current`` is the one that is shown, empty when none is."""
        self._has_current = bool(current)
        self._views.setVisible(are_there)
        metrics = QFontMetrics(self._views.font())
        shown = metrics.elidedText(current, Qt.TextElideMode.ElideRight, _WIDEST_VIEW)
        self._views.setText(f"View: {shown}" if current else "Views")
        self._views.setToolTip(current if shown != current else "")
        self._show_save()

    def _show_save(self) -> None:
        self._save.setVisible(self._is_narrowed and not self._has_current)

    @property
    def below_views(self) -> QPoint:
        """Where a menu of views opens, on the screen."""
        return self._views.mapToGlobal(QPoint(0, self._views.height() + 4))

    def show_facets(self, facets: Sequence[Facet]) -> None:
        """A chip for each facet that narrows; the counts are used when the menu opens."""
        self._facets = tuple(facets)
        self._search.set_counts(
            {
                facet.query_key: {option.key: option.count for option in facet.options if option.count is not None}
                for facet in facets
            }
        )
        wanted = {facet.key: facet for facet in facets if facet.chosen}
        spoken = {key: f"{facet.title} {facet.chosen}" for key, facet in wanted.items()}
        if {key: chip.text() for key, chip in self._chips.items()} == spoken:
            return
        for chip in self._chips.values():
            chip.hide()
            chip.deleteLater()
        self._chips = {}
        for key, facet in wanted.items():
            chip = FacetChip(facet.title, facet.chosen, self._flow)
            chip.show()
            chip.clicked.connect(lambda _=False, key=key: self._open_facet(key))
            chip.dropped.connect(partial(self.facet_dropped.emit, key))
            self._chips[key] = chip
        self._place_chips()

    def _place_chips(self) -> None:
        self._flow.place((self._complaint, *self._chips.values(), self._add))
        QWidget.setTabOrder(self._search, self._complaint)
        for before, after in pairwise((self._add, self._clear, self._save, self._views)):
            QWidget.setTabOrder(before, after)

    def menu(self) -> QMenu:
        """The menu of all facets. It deletes itself when it closes."""
        menu = QMenu("Filter", self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for facet in self._facets:
            if facet.options:
                self._fill(menu.addMenu(facet.title), facet)
        return menu

    def open_menu(self) -> QMenu:
        """Pop the menu up below its chip."""
        menu = self.menu()
        menu.popup(self._add.mapToGlobal(QPoint(0, self._add.height() + 4)))
        return menu

    def _open_facet(self, key: str) -> None:
        facet = next((each for each in self._facets if each.key == key), None)
        if facet is None:
            return
        menu = QMenu(facet.title, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, facet)
        chip = self._chips[key]
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))

    def _fill(self, menu: QMenu, facet: Facet) -> None:
        for option in facet.options:
            # What follows the tab stands at the right, as a key would.
            counted = "" if option.count is None else f"\t{count(option.count)}"
            action = menu.addAction(option.word.replace("&", "&&") + counted)
            action.setCheckable(True)
            action.setChecked(option.is_on)
            action.toggled.connect(partial(self.option_toggled.emit, facet.key, option.key))

    def _on_typed(self) -> None:
        self._typing.start()

    def _on_conditions_given(self, conditions: tuple[Condition, ...]) -> None:
        self.conditions_given.emit(conditions)
        self._typing.start()

    def _on_complained(self, sentence: str) -> None:
        self._complaint.say(sentence)
        self._place_chips()
        self._typing.start()

    def _on_typing_paused(self) -> None:
        if not self._search.complaint:
            self.words_changed.emit(self.words)
