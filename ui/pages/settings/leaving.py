"""The question before a profile is wiped: what goes, what stays, and what becomes of what has not left yet."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.records import System
from app.use_cases.sign_out import waiting_words
from ui.widgets import Banner, ButtonKind, DeskDialog, Label, Segment, Segmented, StateMark

SEND, DROP = "send", "drop"
_LEAVE, _STAY = "Sign out", "See what waits"
_GOES: Final = (
    "Passwords and tokens are deleted from the keyring; the cache, files that wait to be uploaded, the outbox and the"
    " log from this computer. What the systems hold stays there. The audit is kept outside the profile: what was done,"
    " sealed, and not to whom. Then Proofdesk closes."
)


class SignOutDialog(DeskDialog):
    """Asks once. While something waits, doing nothing is what is chosen."""

    def __init__(self, window: QWidget, waiting: Mapping[System, int]) -> None:
        self.decision = Segmented(
            [Segment(key=SEND, word="Stay, and send it first"), Segment(key=DROP, word="Drop it")],
            "What becomes of it",
        )
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Label(_GOES, wraps=True))
        if waiting:
            column.addWidget(Banner(StateMark.WARNING, f"{waiting_words(waiting)}."))
            column.addWidget(self.decision)
        else:
            self.decision.set_current(DROP)
        super().__init__(window, "Sign out and wipe this profile?", content, confirm=_LEAVE, kind=ButtonKind.DANGER)
        self.decision.chosen.connect(lambda _: self._say_what_happens())
        self._say_what_happens()

    def _say_what_happens(self) -> None:
        self.confirm.setText(_STAY if self.stays else _LEAVE)
        self.confirm.set_kind(ButtonKind.FILLED if self.stays else ButtonKind.DANGER)
        self.confirm.updateGeometry()

    @property
    def stays(self) -> bool:
        """Whether what waits is to be sent first."""
        return self.decision.current == SEND
