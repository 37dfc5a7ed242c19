"""The form of one system, drawn from what :data:`app.connections.FORMS` declares."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.connections import FORMS
from app.form_fields import FieldKind, FormField
from app.records import System
from ui.theme import Icon
from ui.widgets import Button, ButtonKind, ChoiceField, Field, IconButton, TextField, on_surface

AS_BEFORE = "as before"
_FIELD_HEIGHT = 72
"""Px of a label, its control and the line below, which is reserved for a note or a complaint."""


class SecretField(TextField):
    """Masked until a person asks to see it; the eye stands inside its right end."""

    def __init__(self, parent: QWidget | None = None, *, name: str, placeholder: str = "") -> None:
        super().__init__("", parent, placeholder=placeholder, name=name)
        self._name = name
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setTextMargins(6, 0, 28, 0)
        self._eye = IconButton(Icon.REVEAL, f"Reveal {name}", self)
        self._eye.clicked.connect(self._on_eye)

    @property
    def is_revealed(self) -> bool:
        """Whether what was typed can be read."""
        return self.echoMode() is QLineEdit.EchoMode.Normal

    def _on_eye(self) -> None:
        revealed = not self.is_revealed
        self.setEchoMode(QLineEdit.EchoMode.Normal if revealed else QLineEdit.EchoMode.Password)
        self._eye.set_icon(Icon.MASK if revealed else Icon.REVEAL)
        said = f"{'Mask' if revealed else 'Reveal'} {self._name}"
        self._eye.setAccessibleName(said)
        self._eye.setToolTip(said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._eye.setGeometry(self.width() - 28, 0, 28, self.height())


class FileField(TextField):
    """The name of a file, typed or chosen; what chooses it stands inside its right end."""

    def __init__(self, parent: QWidget | None = None, *, name: str, placeholder: str = "") -> None:
        super().__init__("", parent, placeholder=placeholder, name=name)
        self._name = name
        self.setTextMargins(6, 0, 28, 0)
        self._choose = IconButton(Icon.DOCUMENT, f"Choose {name}", self)
        self._choose.clicked.connect(self.ask)

    def ask(self) -> QFileDialog:
        """Let the person choose; the answer lands in the field."""
        dialog = QFileDialog(self, f"Choose {self._name}", str(Path(self.text()).parent) if self.text() else "")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _on_chosen(self, path: str) -> None:
        self.setText(path)
        self.editingFinished.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose.setGeometry(self.width() - 28, 0, 28, self.height())


Control = TextField | ChoiceField


class SystemForm(QWidget):
    """The fields of one system under each other. It complains beside a field and never loses what was typed.

    What most people never need is folded away, and opens by itself where something stands in it or is wrong with it.
    """

    field_left = Signal(str)
    """The key of the field that a person has just left."""
    submitted = Signal()
    """Enter was pressed in a field."""

    def __init__(self, system: System, parent: QWidget | None = None, *, has_kept_secrets: bool) -> None:
        super().__init__(parent)
        on_surface(self)
        self.system = system
        self._fields: dict[str, Field[Control]] = {}
        self._is_open = False
        self._fold = Button("Advanced", kind=ButtonKind.QUIET, icon=Icon.CHEVRON_RIGHT)
        self._fold.clicked.connect(lambda: self.open_advanced(not self._is_open))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        is_fold_there = False
        self._declared = tuple(each for each in FORMS[system].fields if each.is_drawn)
        for declared in self._declared:
            if declared.is_advanced and not is_fold_there:
                column.addWidget(self._fold_row())
                is_fold_there = True
            self._fields[declared.key] = field = _drawn(declared, is_kept=has_kept_secrets and _may_stay(declared))
            self._listen(declared.key, field.control)
            column.addWidget(field)
        self._show_what_counts()

    def _fold_row(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(self._fold)
        row.addStretch(1)
        return holder

    def _listen(self, key: str, control: Control) -> None:
        if isinstance(control, ChoiceField):
            control.currentIndexChanged.connect(lambda _: self._on_chosen(key))
        else:
            control.editingFinished.connect(lambda: self.field_left.emit(key))
            control.returnPressed.connect(self.submitted)

    @property
    def values(self) -> Mapping[str, str]:
        """What stands in the fields, by their keys."""
        return {key: _value(field.control) for key, field in self._fields.items()}

    @property
    def is_advanced_open(self) -> bool:
        """Whether what most people never need is to be seen."""
        return self._is_open

    def open_advanced(self, is_open: bool) -> None:
        """Show what most people never need, or fold it away."""
        self._is_open = is_open
        self._fold.set_icon(Icon.CHEVRON_DOWN if is_open else Icon.CHEVRON_RIGHT)
        self._fold.setAccessibleDescription("open" if is_open else "folded away")
        self._show_what_counts()

    def fill(self, values: Mapping[str, str]) -> None:
        """Put ``values`` in; fields that are not named keep what they have."""
        for key, value in values.items():
            if key in self._fields:
                _put(self._fields[key].control, value)
        if any(values.get(each.key) for each in FORMS[self.system].fields if each.is_advanced):
            self.open_advanced(True)
        self._show_what_counts()

    def field(self, key: str) -> Field[Control]:
        """One field. Raises: KeyError."""
        return self._fields[key]

    def text_field(self, key: str) -> TextField:
        """What is typed into. Raises: KeyError; TypeError for one that is chosen."""
        control = self._fields[key].control
        if not isinstance(control, TextField):
            raise TypeError(key)
        return control

    def complain(self, complaints: Mapping[str, str]) -> None:
        """Say what is wrong beside each field; those that are not named are taken as right."""
        for key in self._fields:
            self.complain_about(key, complaints.get(key, ""))

    def complain_about(self, key: str, sentence: str) -> None:
        """Say what is wrong with one field, or that nothing is any more."""
        field = self._fields[key]
        field.set_error(sentence)
        field.control.setToolTip(sentence)
        if sentence and field.isHidden():
            self.open_advanced(True)

    def go_to(self, key: str) -> None:
        """Put the focus into a field."""
        self._fields[key].control.setFocus()

    def go_to_first(self) -> None:
        """Put the focus into the first field that is still empty, or into the first."""
        shown = [key for key, field in self._fields.items() if not field.isHidden()]
        empty = (key for key in shown if not _value(self._fields[key].control))
        self.go_to(next(empty, shown[0]))

    def _on_chosen(self, key: str) -> None:
        self._show_what_counts()
        self.field_left.emit(key)

    def _show_what_counts(self) -> None:
        counting = {each.key for each in FORMS[self.system].asked(self.values)}
        for declared in self._declared:
            is_shown = declared.key in counting and (self._is_open or not declared.is_advanced)
            self._fields[declared.key].setVisible(is_shown)


def _drawn(declared: FormField, *, is_kept: bool) -> Field[Control]:
    aside = "" if declared.is_required or declared.kind is FieldKind.CHOICE else "optional"
    field: Field[Control] = Field(declared.label, _control(declared, is_kept), note=declared.help, aside=aside)
    field.setFixedHeight(_FIELD_HEIGHT)
    column = field.layout()
    if isinstance(column, QVBoxLayout):
        column.addStretch(1)
    return field


def _control(declared: FormField, is_kept: bool) -> Control:
    placeholder = AS_BEFORE if is_kept else ""
    match declared.kind:
        case FieldKind.CHOICE:
            return ChoiceField(declared.choices, name=declared.label)
        case FieldKind.SECRET:
            return SecretField(name=declared.label, placeholder=placeholder)
        case FieldKind.FILE | FieldKind.SECRET_FILE:
            return FileField(name=declared.label, placeholder=placeholder)
        case _:
            return TextField(declared.default, name=declared.label)


def _may_stay(declared: FormField) -> bool:
    """Whether leaving it empty means: as before."""
    return declared.is_secret or declared.is_file


def _value(control: Control) -> str:
    return control.key if isinstance(control, ChoiceField) else control.text()


def _put(control: Control, value: str) -> None:
    if isinstance(control, ChoiceField):
        control.set_key(value)
    else:
        control.setText(value)
