"""Personal data on screen: masked until a person reveals it, masked in the clipboard unless it is revealed."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import Icon, Type
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel


class MaskedText(QWidget):
    """``i•••@lamer.example`` with an eye. While masked, no tooltip and no accessible name has the whole value."""

    revealed = Signal()
    """A person looked: worth a row in the audit."""

    def __init__(
        self, masked: str, whole: str, parent: QWidget | None = None, *, name: str, use: Type = Type.SECONDARY
    ) -> None:
        super().__init__(parent)
        self._masked, self._whole, self._name = masked, whole, name
        self._is_revealed = False
        self._label = ElidedLabel(masked, use=use, tabular=True)
        self._eye = IconButton(Icon.REVEAL, f"Reveal {name}")
        self._eye.setFixedSize(20, 20)
        self._eye.clicked.connect(self._on_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._label, 1)
        row.addWidget(self._eye)

    @property
    def is_revealed(self) -> bool:
        """Whether the whole value is on the screen."""
        return self._is_revealed

    def text(self) -> str:
        """Return what is on the screen."""
        return self._label.text()

    def set_value(self, masked: str, whole: str) -> None:
        """Show another value, masked."""
        self._masked, self._whole = masked, whole
        self.conceal()

    def reveal(self) -> None:
        """Show the whole value."""
        self._show(revealed=True)
        self.revealed.emit()

    def conceal(self) -> None:
        """Hide it again."""
        self._show(revealed=False)

    def copy(self) -> None:
        """Copy what is on the screen: masked unless revealed."""
        QGuiApplication.clipboard().setText(self.text())

    def _show(self, *, revealed: bool) -> None:
        self._is_revealed = revealed
        self._label.setText(self._whole if revealed else self._masked)
        self._eye.set_icon(Icon.MASK if revealed else Icon.REVEAL)
        said = f"Mask {self._name}" if revealed else f"Reveal {self._name}"
        self._eye.setAccessibleName(said)
        self._eye.setToolTip(said)

    def _on_pressed(self) -> None:
        if self._is_revealed:
            self.conceal()
        else:
            self.reveal()
