"""One line of the Settings page: what it is, what it does, and the control that changes it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.settings import Chosen, Setting
from ui.theme import Role, Type
from ui.widgets import ChoiceField, Label, Segment, Segmented, TextField

CONTROL_WIDTH = 260
_NUMBER_WIDTH = 88
_YES, _NO = "yes", "no"

AnySetting = Setting[bool] | Setting[int] | Setting[str]


class Line(QWidget):
    """Name and sentence at the left, a control at the right, and below it why it cannot be changed or what is wrong."""

    def __init__(self, name: str, sentence: str, control: QWidget, *, unit: str = "") -> None:
        super().__init__()
        self.control = control
        self._sentence = sentence
        self._below = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._below.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, use=Type.BODY))
        words.addWidget(Label(sentence, use=Type.SECONDARY, role=Role.MUTED, wraps=True))
        words.addWidget(self._below)
        words.addStretch(1)
        holder = QWidget()
        holder.setFixedWidth(CONTROL_WIDTH)
        right = QHBoxLayout(holder)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(control)
        if unit:
            right.addWidget(Label(unit, use=Type.SECONDARY, role=Role.MUTED))
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 0, 10)
        row.setSpacing(24)
        row.addLayout(words, 1)
        row.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        control.setAccessibleName(name)
        control.setAccessibleDescription(sentence)

    def explain(self, objection: str, *, is_said_above: bool = False) -> None:
        """Say why it cannot be changed; empty: it can. What the page says for all lines is not repeated in each."""
        self.control.setEnabled(not objection)
        self.control.setToolTip(objection)
        self._say("" if is_said_above else objection, Role.MUTED)
        self.control.setAccessibleDescription(objection or self._sentence)

    def complain(self, sentence: str) -> None:
        """Say what is wrong with what was typed; empty: nothing."""
        self._say(sentence, Role.NEGATIVE)

    def note(self, sentence: str) -> None:
        """Say how things are, where nothing else is said below."""
        if not self.said:
            self._say(sentence, Role.MUTED)
            self.control.setAccessibleDescription(f"{self._sentence} {sentence}")

    @property
    def said(self) -> str:
        """What stands below."""
        return self._below.text() if not self._below.isHidden() else ""

    def _say(self, sentence: str, role: Role) -> None:
        self._below.setText(sentence)
        self._below.set_role(role)
        self._below.setVisible(bool(sentence))
        self.control.setAccessibleDescription(sentence or self._sentence)


class SettingLine(Line):
    """One declared setting."""

    changed = Signal(str, object)
    """Its key, and the value that a person chose, of the setting's own kind where that could be read."""

    def __init__(self, setting: AnySetting) -> None:
        self.setting = setting
        self._shown: Chosen = setting.default
        self._field = _field(setting)
        super().__init__(setting.label, setting.sentence, self._field, unit=setting.unit)
        if isinstance(self._field, Segmented):
            self._field.chosen.connect(self._on_chosen)
        else:
            self._field.editingFinished.connect(self._on_typed)

    def show_value(self, value: Chosen) -> None:
        """Show what counts."""
        self._shown = value
        if isinstance(self._field, Segmented):
            self._field.set_current(_key_of(value))
        else:
            self._field.setText(str(value))

    def _on_chosen(self, key: str) -> None:
        value: Chosen = key == _YES if isinstance(self.setting.default, bool) else key
        self.changed.emit(self.setting.key, value)

    def _on_typed(self) -> None:
        assert isinstance(self._field, TextField)  # noqa: S101 - the other kind is chosen, not typed
        typed = self._field.text().strip()
        value: Chosen = int(typed) if isinstance(self.setting.default, int) and typed.isdecimal() else typed
        if objection := self.setting.objection(value):
            self.complain(objection)
        elif value != self._shown:
            self.complain("")
            self.changed.emit(self.setting.key, value)
        else:
            self.complain("")


class RoleLine(Line):
    """The role that the profile is used in."""

    chosen = Signal(str)

    def __init__(self, roles: Sequence[tuple[str, str]]) -> None:
        self._choice = ChoiceField(roles)
        self._choice.setFixedWidth(CONTROL_WIDTH)
        super().__init__(
            "Role",
            "What can be done and seen with this profile here. What your accounts may do, each system decides.",
            self._choice,
        )
        self._choice.activated.connect(lambda _: self.chosen.emit(self._choice.key))

    def show_role(self, role: str) -> None:
        """Show which one counts."""
        self._choice.set_key(role)


def _field(setting: AnySetting) -> Segmented | TextField:
    if isinstance(setting.default, bool):
        return Segmented([Segment(key=_YES, word="Yes"), Segment(key=_NO, word="No")], setting.label)
    if setting.choices:
        words = setting.words or tuple(str(each) for each in setting.choices)
        segments = [Segment(key=str(key), word=word) for key, word in zip(setting.choices, words, strict=True)]
        return Segmented(segments, setting.label)
    field = TextField(name=setting.label)
    field.setFixedWidth(_NUMBER_WIDTH if isinstance(setting.default, int) else CONTROL_WIDTH)
    return field


def _key_of(value: Chosen) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    return str(value)
