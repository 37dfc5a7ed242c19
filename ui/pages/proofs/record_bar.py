"""Which test record the panes show: chosen from the list, or the one before or after."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from ui.theme import Icon, Role, Type
from ui.widgets import Badge, ButtonKind, ChoiceField, IconButton, Label

_FIELD_WIDTH = 280


class _RecordField(ChoiceField):
    """Gives way in a narrow pane, whatever the longest name needs."""

    def __init__(self) -> None:
        super().__init__((), name="Record")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(_FIELD_WIDTH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room - 4)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def sizeHint(self) -> QSize:
        return QSize(_FIELD_WIDTH, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())


class RecordBar(QWidget):
    """36 px below the header; it stays in every face."""

    chosen = Signal(str)
    """The id of the record that a person chose."""

    def __init__(self, previous: QAction, following: QAction) -> None:
        super().__init__()
        self._field = _RecordField()
        self._field.activated.connect(self._on_activated)
        self._count = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._steps: list[IconButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 8)
        row.setSpacing(4)
        row.addWidget(Label("Record", use=Type.SECONDARY, role=Role.MUTED))
        row.addSpacing(4)
        row.addWidget(self._field, 1)
        for action, icon in ((previous, Icon.ARROW_UP), (following, Icon.ARROW_DOWN)):
            step = IconButton(icon, action.text(), kind=ButtonKind.OUTLINED)
            step.clicked.connect(action.trigger)
            self._steps.append(step)
            row.addWidget(step)
        row.addSpacing(4)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(Badge("PROOF, cannot be sent"))
        self.setFixedHeight(40)
        self.set_records((), "")

    @property
    def current(self) -> str:
        """The id of the record that is chosen; empty when there is none."""
        return self._field.key

    @property
    def label(self) -> str:
        """How the chosen record is written."""
        return self._field.currentText()

    def set_records(self, records: Sequence[tuple[str, str]], current: str) -> None:
        """Offer (id, label) pairs with one of them chosen. Tells nobody."""
        self._field.set_choices(records)
        self.choose(current)
        self._count.setText(f"of {len(records)}" if records else "")
        for part in (self._field, *self._steps):
            part.setEnabled(bool(records))

    def choose(self, record: str) -> None:
        """Choose a record. Tells nobody."""
        self._field.set_key(record)
        self._field.setToolTip(self._field.currentText())

    def _on_activated(self, _row: int) -> None:
        self.chosen.emit(self._field.key)
