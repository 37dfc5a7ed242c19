"""The fields of a category as controls, made from what the archive says about them."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.records import CategoryField
from ui.pages.archive.form import HASH
from ui.theme import Type
from ui.widgets import ChoiceField, DateField, ElidedLabel, Field, TextField

_SHORT_TEXT = 64
"""Characters: ids fit into half a row, and what is longer scrolls within it."""
_NO_DATE = QDate(1752, 9, 14)
"""The earliest that a date edit takes; shown as words, it stands for an empty field."""

_NO_HASH = "–"


class HashFact(ElidedLabel):
    """The hash of the chosen document: a fact, nothing to be typed. Its beginning and its end tell it from others."""

    def __init__(self) -> None:
        super().__init__(_NO_HASH, use=Type.CODE, mode=Qt.TextElideMode.ElideMiddle)


Control = Field[TextField] | Field[ChoiceField] | Field[DateField] | Field[HashFact]


class CategoryFields(QWidget):
    """Two columns: short fields stand in pairs, long ones take the whole width. Rebuilt only for another category."""

    edited = Signal(str, str)
    """The key of a field and what a person put into it: dates as ``2026-05-12``, yes and no as ``true``, ``false``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[CategoryField, ...] = ()
        self._controls: dict[str, Control] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def show_fields(self, fields: Sequence[CategoryField]) -> bool:
        """Stand for ``fields``, and say whether they are others than before."""
        if tuple(fields) == self._fields:
            return False
        self._fields = tuple(fields)
        for control in self._controls.values():
            self._grid.removeWidget(control)
            control.hide()
            control.deleteLater()
        self._controls = {field.key: self._make(field) for field in fields}
        self._place()
        self.setVisible(bool(fields))
        return True

    def show_values(self, values: Mapping[str, str], objections: Mapping[str, str]) -> None:
        """Show what is filled in, and beside each field what is wrong with it. A cursor in the middle stays there."""
        for key, field in self._controls.items():
            _put(field.control, values.get(key, ""))
            field.set_error(objections.get(key, ""))

    def field(self, key: str) -> Control:
        """The field with ``key``. Raises: KeyError."""
        return self._controls[key]

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What can be filled in, in reading order."""
        return tuple(each.control for each in self._controls.values() if not isinstance(each.control, HashFact))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, in reading order."""
        return tuple(self._controls)

    def _make(self, field: CategoryField) -> Control:
        label = f"{field.name} *" if field.is_required else field.name

        def tell(value: str) -> None:
            self.edited.emit(field.key, value)

        made = _maker_of(field)(field, label, tell)
        made.control.setAccessibleName(f"{field.name}, required" if field.is_required else field.name)
        return made

    def _place(self) -> None:
        row = column = 0
        for field in self._fields:
            if not _is_short(field) and column:
                row, column = row + 1, 0
            width = 1 if _is_short(field) else 2
            # Aligned, for a field with an error below it is higher than its neighbour.
            self._grid.addWidget(self._controls[field.key], row, column, 1, width, Qt.AlignmentFlag.AlignTop)
            column += width
            if column > 1:
                row, column = row + 1, 0


def _is_short(field: CategoryField) -> bool:
    if field.name.casefold() == HASH:
        return False
    return field.kind != "text" or (field.max_length is not None and field.max_length <= _SHORT_TEXT)


def _maker_of(field: CategoryField) -> Callable[[CategoryField, str, Callable[[str], None]], Control]:
    if field.name.casefold() == HASH:
        return _hash
    if field.choices:
        return _choice
    return {"date": _date, "boolean": _yes_or_no}.get(field.kind, _text)


def _text(_field: CategoryField, label: str, tell: Callable[[str], None]) -> Control:
    control = TextField()
    control.textEdited.connect(tell)
    return Field(label, control)


def _hash(_field: CategoryField, label: str, _tell: Callable[[str], None]) -> Control:
    return Field(label, HashFact(), aside="of the document")


def _choice(field: CategoryField, label: str, tell: Callable[[str], None]) -> Control:
    nothing = "Choose…" if field.is_required else "–"
    return _chooser(label, [("", nothing), *((choice, choice) for choice in field.choices)], tell)


def _yes_or_no(_field: CategoryField, label: str, tell: Callable[[str], None]) -> Control:
    return _chooser(label, [("", "–"), ("true", "Yes"), ("false", "No")], tell)


def _chooser(label: str, choices: Sequence[tuple[str, str]], tell: Callable[[str], None]) -> Control:
    control = ChoiceField(choices)
    control.currentIndexChanged.connect(lambda _: tell(control.key))
    return Field(label, control)


def _date(_field: CategoryField, label: str, tell: Callable[[str], None]) -> Control:
    control = DateField(_NO_DATE)
    control.setMinimumDate(_NO_DATE)
    control.setSpecialValueText("no date")
    control.dateChanged.connect(lambda day: tell(_written(day)))
    return Field(label, control)


def _written(day: QDate) -> str:
    return "" if day == _NO_DATE else f"{day.year():04}-{day.month():02}-{day.day():02}"


def _put(control: TextField | ChoiceField | DateField | HashFact, value: str) -> None:
    blocked = control.blockSignals(True)
    if isinstance(control, HashFact):
        control.setText(value or _NO_HASH)
    elif isinstance(control, ChoiceField):
        control.set_key(value)
    elif isinstance(control, DateField):
        day = QDate.fromString(value, "yyyy-MM-dd")
        control.setDate(day if day.isValid() else _NO_DATE)
    elif control.text() != value:
        control.setText(value)
        # The beginning of a name says more than its end.
        control.setCursorPosition(0)
    control.blockSignals(blocked)
