"""The form of one system, drawn from what :data:`app.connections.FORMS` declares."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.connections import FORMS, FormField
from app.records import System
from ui.theme import Icon
from ui.widgets import Field, IconButton, TextField, on_surface

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


class SystemForm(QWidget):
    """The fields of one system under each other. It complains beside a field and never loses what was typed."""

    field_left = Signal(str)
    """The key of the field that a person has just left."""
    submitted = Signal()
    """Enter was pressed in a field."""

    def __init__(self, system: System, parent: QWidget | None = None, *, has_kept_secrets: bool) -> None:
        super().__init__(parent)
        on_surface(self)
        self.system = system
        self._fields: dict[str, Field[TextField]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for declared in FORMS[system].fields:
            self._fields[declared.key] = field = _drawn(declared, is_kept=has_kept_secrets and declared.is_secret)
            field.control.editingFinished.connect(lambda key=declared.key: self.field_left.emit(key))
            field.control.returnPressed.connect(self.submitted)
            column.addWidget(field)

    @property
    def values(self) -> Mapping[str, str]:
        """What stands in the fields, by their keys."""
        return {key: field.control.text() for key, field in self._fields.items()}

    def fill(self, values: Mapping[str, str]) -> None:
        """Put ``values`` in; fields that are not named keep what they have."""
        for key, value in values.items():
            if key in self._fields:
                self._fields[key].control.setText(value)

    def field(self, key: str) -> Field[TextField]:
        """One field. Raises: KeyError."""
        return self._fields[key]

    def complain(self, complaints: Mapping[str, str]) -> None:
        """Say what is wrong beside each field; those that are not named are taken as right."""
        for key, field in self._fields.items():
            field.set_error(complaints.get(key, ""))
            field.control.setToolTip(complaints.get(key, ""))

    def complain_about(self, key: str, sentence: str) -> None:
        """Say what is wrong with one field, or that nothing is any more."""
        self._fields[key].set_error(sentence)
        self._fields[key].control.setToolTip(sentence)

    def go_to(self, key: str) -> None:
        """Put the focus into a field."""
        self._fields[key].control.setFocus()

    def go_to_first(self) -> None:
        """Put the focus into the first field that is still empty, or into the first."""
        empty = (key for key, field in self._fields.items() if not field.control.text())
        self.go_to(next(empty, next(iter(self._fields))))


def _drawn(declared: FormField, *, is_kept: bool) -> Field[TextField]:
    control = (
        SecretField(name=declared.label, placeholder=AS_BEFORE if is_kept else "")
        if declared.is_secret
        else TextField(declared.default, name=declared.label)
    )
    aside = "" if declared.is_required else "optional"
    field: Field[TextField] = Field(declared.label, control, note=declared.help, aside=aside)
    field.setFixedHeight(_FIELD_HEIGHT)
    column = field.layout()
    if isinstance(column, QVBoxLayout):
        column.addStretch(1)
    return field
