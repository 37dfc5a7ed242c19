"""Why a proof shows the assets it shows: version, language, rights and size of each, and what would go instead."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.records import BillItem, Proof
from ui.pages.proofs import words
from ui.theme import Role, Type
from ui.widgets import DeskDialog, Label, Scroll, SectionHeader, StateCell, StateMark

_MOST_HEIGHT = 520


class WhyDialog(DeskDialog):
    """One section for each asset of the bill."""

    def __init__(self, window: QWidget, proof: Proof) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(4)
        self.lines: list[str] = []
        for item in proof.bill:
            if self.lines:
                column.addSpacing(10)
            column.addWidget(
                SectionHeader(item.name or item.slot, aside=" · ".join(filter(None, (item.version, item.slot))))
            )
            for mark, line in _lines(item):
                self.lines.append(line)
                if mark is None:
                    column.addWidget(Label(line, use=Type.SECONDARY, role=Role.MUTED, wraps=True))
                else:
                    column.addWidget(StateCell(mark, line))
        column.addStretch(1)
        scroll = Scroll(content)
        scroll.setMinimumHeight(min(_MOST_HEIGHT, max(160, content.sizeHint().height())))
        super().__init__(
            window, f"Why these assets · {proof.template_name}", scroll, confirm="Close", width=720, asks=False
        )


def _lines(item: BillItem) -> list[tuple[StateMark | None, str]]:
    mark, word = words.asset_state(item.state)
    lines: list[tuple[StateMark | None, str]] = [(mark, word if item.key else "not traced to a library")]
    lines += [(StateMark.REJECTED, each.removesuffix(".")) for each in item.objections]
    lines += [(None, each) for each in item.why]
    return lines
