"""The questions that the outbox asks: a reason, other words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.use_cases.edit_entry import EditField
from ui.widgets import ButtonKind, DeskDialog, Field, Label, TextField, ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What a person typed."""

    values: Mapping[str, str]
    reason: str


async def ask_reason(
    window: QWidget, *, question: str, sentence: str, confirm: str, kind: ButtonKind = ButtonKind.FILLED
) -> str | None:
    """A reason that is not empty; None when the person thinks better of it."""
    field = TextField(name="Reason")
    content = _column(Label(sentence, wraps=True), Field("Reason", field, note="Kept in the audit."))
    dialog = DeskDialog(window, question, content, confirm=confirm, kind=kind)
    dialog.confirm.setEnabled(False)
    field.textChanged.connect(lambda typed: dialog.confirm.setEnabled(bool(typed.strip())))
    return field.text() if await ask(dialog) else None


async def ask_edit(window: QWidget, *, title: str, fields: Sequence[EditField], is_doubtful: bool) -> Edited | None:
    """Other words for an entry, and why when it may have arrived as it was; None when it stays as it is."""
    controls = {field.key: TextField(field.value, name=field.label) for field in fields}
    reason = TextField(name="Reason")
    parts: list[QWidget] = [Field(field.label, controls[field.key]) for field in fields]
    if is_doubtful:
        words = (
            "It may have arrived as it is. A new entry takes its place, and both may arrive. "
            "Look it up first if its system can tell."
        )
        parts = [Label(words, wraps=True), *parts, Field("Reason", reason, note="Kept in the audit.")]
    dialog = DeskDialog(window, f"Change “{title}”", _column(*parts), confirm="Change and send")
    if is_doubtful:
        dialog.confirm.setEnabled(False)
        reason.textChanged.connect(lambda typed: dialog.confirm.setEnabled(bool(typed.strip())))
    first = next(iter(controls.values()))
    QTimer.singleShot(0, first, first.setFocus)
    if not await ask(dialog):
        return None
    return Edited(values={key: control.text() for key, control in controls.items()}, reason=reason.text())


def _column(*widgets: QWidget) -> QWidget:
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for widget in widgets:
        column.addWidget(widget)
    return content
