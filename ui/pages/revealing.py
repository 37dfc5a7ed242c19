"""The question before personal values are shown: why, in a choice that names nobody."""

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.rules.roles import RevealReason
from ui.widgets import DeskDialog, Label, Segment, Segmented, ask

_WORDS: Final = {
    RevealReason.CONTACT: "In touch now",
    RevealReason.COMPLAINT: "A complaint",
    RevealReason.REQUEST: "They asked",
    RevealReason.CHECK: "Data is wrong",
}


class RevealDialog(DeskDialog):
    """Asks for a reason that names nobody, and says who will know of it."""

    def __init__(self, window: QWidget, title: str) -> None:
        self.reasons = Segmented([Segment(key=each, word=word) for each, word in _WORDS.items()], "Reason")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(
            Label("The audit keeps who looked, at what and why. They are masked again when you leave.", wraps=True)
        )
        column.addWidget(self.reasons)
        super().__init__(window, title, content, confirm="Reveal")

    @property
    def reason(self) -> RevealReason:
        """The one that is chosen."""
        return RevealReason(self.reasons.current)


async def ask_reason(window: QWidget, title: str) -> RevealReason | None:
    """Why somebody wants to see what ``title`` asks about; None: they do not."""
    dialog = RevealDialog(window, title)
    return dialog.reason if await ask(dialog) else None
