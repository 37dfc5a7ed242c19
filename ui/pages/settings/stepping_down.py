"""The question before an administrator gives the role away: what is lost in this window, and the way back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.rules.roles import Role
from ui.theme import Type
from ui.widgets import DeskDialog, Label


class StepDownDialog(DeskDialog):
    """Says it before it is done: nobody can take it back in this window."""

    def __init__(self, window: QWidget, role: Role, *, profile: str) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(
            Label(
                "Connections, settings and the role itself are the administrator’s alone: from now on none of them can"
                " be changed in this window. The way back is this command, in a terminal on this computer while the"
                " desk is closed:",
                wraps=True,
            )
        )
        self.way_back = Label(command(profile), use=Type.CODE, wraps=True)
        self.way_back.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column.addWidget(self.way_back)
        column.addWidget(Label("The audit keeps both, with your name.", wraps=True))
        article = "an" if role.value[0] in "aeiou" else "a"
        super().__init__(
            window, f"Use this profile as {article} {role.value}?", content, confirm=f"Become {article} {role.value}"
        )


def command(profile: str) -> str:
    """What brings the administrator back (:mod:`app.role`)."""
    named = f' --profile "{profile}"' if profile != "default" else ""
    return f'proofdesk role administrator{named} --reason "…"'
