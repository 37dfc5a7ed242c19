"""The left column: templates by group, a field that narrows them, and how many stand in which state."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.pages.proofs.delegate import TemplateDelegate
from ui.pages.proofs.model import TemplatesModel
from ui.theme import Icon, draw_line, tokens_of
from ui.widgets import Column, DeskTable, PageHeader, StateCell, StateMark, TextField, on_surface

_STATES_PER_ROW = 2


class _TemplateTable(DeskTable):
    """Keeps the arrow keys for itself: elsewhere on the page they change the record."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                event.accept()
                return True
        return super().event(event)


class _StateFoot(QWidget):
    """How many templates stand in each state, two to a row."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 9, 16, 8)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._shown: Sequence[tuple[StateMark, str]] = ()

    def set_counts(self, counts: Sequence[tuple[StateMark, str]]) -> None:
        if counts == self._shown:
            return
        self._shown = counts
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (mark, word) in enumerate(counts):
            row, column = divmod(at, _STATES_PER_ROW)
            self._grid.addWidget(StateCell(mark, word), row, column, Qt.AlignmentFlag.AlignLeft)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shown:
            top = self.rect()
            top.setHeight(1)
            draw_line(QPainter(self), top, tokens_of(self.palette()).line)


class TemplateList(QWidget):
    """Shows the model and tells which template a person chose."""

    chosen = Signal(str)
    """The id of the template that is now current."""

    def __init__(self, model: TemplatesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self._model = model
        self._header = PageHeader("Proofs")
        self.field = TextField(placeholder="Find a template", icon=Icon.SEARCH, keys="/")
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_return)
        self.table = _TemplateTable("Templates", header=False)
        self.table.setItemDelegate(TemplateDelegate(self.table))
        self.table.setModel(model)
        self.table.set_columns((Column(flexible=True),))
        self.table.current_moved.connect(self._on_moved)
        model.modelReset.connect(self._leave_groups)
        self._foot = _StateFoot()
        field_place = QWidget()
        around = QVBoxLayout(field_place)
        around.setContentsMargins(16, 0, 16, 8)
        around.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header, field_place):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addWidget(self._foot)
        self.setMinimumWidth(180)

    def set_counts(self, total: int, counts: Sequence[tuple[StateMark, str]]) -> None:
        """Say how many templates there are, and in which states."""
        self._header.set_aside(str(total) if total else "")
        self._foot.set_counts(counts)

    def select(self, template: str) -> bool:
        """Make a template current, taking away what hides it. Returns whether it is there."""
        if self._model.row_of(template) < 0 and self.field.text():
            self.field.clear()
        return self.table.select_key(template)

    def _on_typed(self, words: str) -> None:
        self._model.narrow(words)

    def _on_return(self) -> None:
        if self._model.first_key:
            self.select(self._model.first_key)
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _leave_groups(self) -> None:
        # The table keeps the place of a row that is gone: the name of a group may have come there.
        if not self.table.current_key and self._model.first_key:
            self.table.select_key(self._model.first_key)

    def _on_moved(self, key: str) -> None:
        if key:
            self.chosen.emit(key)
