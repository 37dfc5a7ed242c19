"""The question before something reaches a customer once more: by which way, and what speaks against it.

Confirming does not close the dialog: it asks the page to send, and the page closes it or says here why not. Until then
a second click or Enter does nothing, and the offer's request key makes two of them one sending all the same.
"""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.records import Channel
from app.rules.channel_choice import ChannelWay, Openness
from app.rules.guards import GuardRow
from app.use_cases.resend import ResendOffer
from ui.pages.support.titles import document_title
from ui.theme import RADIUS, RINGED_PROPERTY, Role, Type, draw_panel, font, tokens_of
from ui.widgets import (
    Banner,
    DeskDialog,
    ElidedLabel,
    Label,
    SectionHeader,
    StateCell,
    StateMark,
    text_field,
)

_CARD = 44
_GUARD = 26
_TITLES = {
    Channel.EMAIL: "The same document by email",
    Channel.SMS: "The same document by SMS",
    Channel.PRINT: "The same document by letter",
    Channel.WEB: "The same document in the portal",
}
_CONFIRM = {
    Channel.EMAIL: "Send one email",
    Channel.SMS: "Send one SMS",
    Channel.PRINT: "Send one letter",
    Channel.WEB: "Put it in the portal once",
}


class WayCard(QAbstractButton):
    """One way to send, as a card with a ring; a closed one is grey and says why."""

    def __init__(self, way: ChannelWay, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.way = way
        self._note = _note(way)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setEnabled(not way.objection)
        self.setText(_TITLES[way.channel])
        self.setAccessibleName(f"{self.text()}, {self._note}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(RINGED_PROPERTY, True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def note(self) -> str:
        """The masked address, or why the way is closed."""
        return self._note

    def sizeHint(self) -> QSize:
        return QSize(200, _CARD)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        chosen = self.isChecked()
        draw_panel(
            painter,
            self.rect(),
            fill=tokens.selection if chosen else tokens.raised,
            edge=tokens.accent if chosen else tokens.line,
            radius=RADIUS,
        )
        ring = QRect(12, (self.height() - 16) // 2, 16, 16)
        is_open = self.isEnabled()
        draw_panel(painter, ring, edge=tokens.accent if chosen else tokens.edge, edge_width=1.5, radius=8)
        if chosen:
            draw_panel(painter, ring.adjusted(4, 4, -4, -4), fill=tokens.accent, radius=4)
        words = self.rect().adjusted(40, 4, -12, -4)
        half = words.height() // 2
        painter.setPen(tokens.text if is_open else tokens.muted)
        painter.setFont(font(Type.BODY))
        painter.drawText(words.adjusted(0, 0, 0, -half), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        use = font(Type.SECONDARY, tabular=True)
        note = QFontMetrics(use).elidedText(self._note, Qt.TextElideMode.ElideRight, words.width())
        painter.setPen(tokens.muted)
        painter.setFont(use)
        painter.drawText(words.adjusted(0, half, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), note)
        self.setToolTip(self._note if note != self._note else "")


def _note(way: ChannelWay) -> str:
    if way.objection:
        return f"closed: {way.objection.removeprefix('not possible: ')}"
    if way.openness is Openness.LATER and way.at is not None:
        at = way.at.astimezone()
        return f"to {way.to}, leaves at {at:%H:%M} on {at.day} {at:%b}"
    return f"to {way.to}"


class _Guards(QWidget):
    """What was looked at before it leaves: a shape, the question, the answer."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, 148)
        grid.setColumnStretch(1, 1)
        self._questions = [StateCell(StateMark.PASSED, " ", use=Type.BODY) for _ in range(rows)]
        self._answers = [ElidedLabel("", use=Type.SECONDARY, role=Role.MUTED, tabular=True) for _ in range(rows)]
        for at, (question, answer) in enumerate(zip(self._questions, self._answers, strict=True)):
            grid.setRowMinimumHeight(at, _GUARD)
            grid.addWidget(question, at, 0)
            grid.addWidget(answer, at, 1)

    def show_rows(self, rows: tuple[GuardRow, ...]) -> None:
        for at, row in enumerate(rows):
            mark = StateMark.REJECTED if row.is_blocking else StateMark.PASSED if row.is_fine else StateMark.WARNING
            self._questions[at].set_state(mark, row.question)
            self._answers[at].setText(row.answer)


class ResendContent(QWidget):
    """Ways, guards and, after a refusal, the reason for doing it all the same."""

    way_chosen = Signal()

    def __init__(self, offer: ResendOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.cards = [WayCard(way) for way in offer.plan.ways]
        for card in self.cards:
            self._group.addButton(card)
            column.addWidget(card)
        column.addSpacing(8)
        column.addWidget(SectionHeader("Before it leaves"))
        most = max((len(way.guards) for way in offer.plan.ways), default=0) + 1
        self._guards = _Guards(most)
        column.addWidget(self._guards)
        column.addSpacing(8)
        column.addWidget(SectionHeader("Why this way"))
        self.trail = [Label(sentence, use=Type.SECONDARY, role=Role.MUTED, wraps=True) for sentence in offer.plan.trail]
        for line in self.trail:
            column.addWidget(line)
        self.refusal = Banner(StateMark.REJECTED, "")
        self.refusal.hide()
        self.override = text_field("Send it once more all the same, because", note="Kept with the sending")
        self.override.hide()
        column.addSpacing(2)
        column.addWidget(self.refusal)
        column.addWidget(self.override)
        self._group.buttonToggled.connect(self._on_toggled)
        first = next((card for card in self.cards if card.isEnabled()), None)
        if first is not None:
            first.setChecked(True)
        elif offer.plan.ways:
            self._show_guards(offer.plan.ways[0])

    @property
    def way(self) -> ChannelWay | None:
        """The way that is chosen; None when all are closed."""
        card = self._group.checkedButton()
        return card.way if isinstance(card, WayCard) else None

    def choose(self, channel: Channel) -> None:
        """Choose a way that is open."""
        for card in self.cards:
            if card.way.channel is channel and card.isEnabled():
                card.setChecked(True)

    def refuse(self, sentence: str, hint: str, *, can_override: bool) -> None:
        """Say why it was not sent; ask for a reason where one opens the way."""
        self.refusal.say(StateMark.REJECTED, f"**{sentence}** {hint}".strip())
        self.refusal.show()
        self.override.setVisible(can_override or self.override.isVisibleTo(self))

    def _on_toggled(self, button: QAbstractButton, checked: bool) -> None:
        if checked and isinstance(button, WayCard):
            self._show_guards(button.way)
            self.refusal.hide()
            self.override.hide()
            self.override.control.clear()
            self.way_chosen.emit()

    def _show_guards(self, way: ChannelWay) -> None:
        once = GuardRow(
            question="Sent once",
            answer=f"key {str(self._offer.request_key)[:8]}, a second click cannot send again",
            is_fine=True,
        )
        self._guards.show_rows((*way.guards, once))


class ResendDialog(DeskDialog):
    """Asks once, sends at most once."""

    send_wanted = Signal()

    def __init__(self, window: QWidget, offer: ResendOffer, *, is_demo: bool) -> None:
        self.offer = offer
        self.content = ResendContent(offer)
        self._is_sending = False
        way = self.content.way
        super().__init__(
            window,
            f"Re-send “{document_title(offer.document)}” to {offer.customer.name}",
            self.content,
            confirm=_CONFIRM[way.channel] if way else "Send",
            warning="Reaches a demo customer" if is_demo else "Reaches a real customer",
            warning_role=Role.MUTED if is_demo else Role.NEGATIVE,
        )
        self.content.way_chosen.connect(self._dress)
        self.content.override.control.textChanged.connect(self._dress)
        self._dress()

    @property
    def override_reason(self) -> str:
        """Why it is sent although the same was sent already; empty while nobody had to say so."""
        asked = self.content.override.isVisibleTo(self.content)
        return self.content.override.control.text().strip() if asked else ""

    def accept(self) -> None:
        """Ask the page to send. The dialog stays until :meth:`sent` or :meth:`refuse`."""
        if self._is_sending or not self.confirm.isEnabled():
            return
        self._is_sending = True
        self._dress()
        self.send_wanted.emit()

    def sent(self) -> None:
        """It is queued: close."""
        super().accept()

    def refuse(self, sentence: str, hint: str, *, can_override: bool) -> None:
        """It was not queued: say why, in place."""
        self._is_sending = False
        self.content.refuse(sentence, hint, can_override=can_override)
        self._dress()
        self.open()
        if can_override:
            self.content.override.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self) -> None:
        way = self.content.way
        needs_reason = self.content.override.isVisibleTo(self.content) and not self.override_reason
        # Not while it is being sent: a button that is switched off loses the focus.
        self.confirm.setEnabled(way is not None and not needs_reason)
        if way is not None:
            self.confirm.setText("Sending…" if self._is_sending else _CONFIRM[way.channel])
            self.confirm.setAccessibleName(self.confirm.text())
            self.confirm.updateGeometry()
