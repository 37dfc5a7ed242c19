"""Contact and consent: how the open customer can be reached, and how they may be.

Addresses are masked until somebody reveals them; then they are on the screen and nowhere else.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.records import Channel, ChannelConsent, ContactPoint, Customer, Restriction
from app.rules.erasure import wait_for
from app.rules.suppression_list import Listed
from app.wording import day_and_time
from ui.pages.support.timeline_row import CHANNEL_ICONS
from ui.theme import Icon, Role, Type
from ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    ElidedLabel,
    Facts,
    IconButton,
    IconLabel,
    Label,
    PageHeader,
    StateCell,
    StateMark,
    on_surface,
)

_NAMES = {Channel.EMAIL: "Email", Channel.SMS: "Mobile", Channel.PRINT: "Post", Channel.WEB: "Portal"}
_MESSAGES = {Channel.EMAIL: "mail", Channel.SMS: "text messages", Channel.PRINT: "letters", Channel.WEB: "portal pages"}
_LANGUAGES = {"en": "English", "fr": "French", "de": "German", "es": "Spanish", "it": "Italian", "nl": "Dutch"}
_ROW = 24
_BESIDE = 600
"""Px from which a consent's reason has room beside it; below, it stands under it."""
_ORDER = (Channel.EMAIL, Channel.SMS, Channel.PRINT, Channel.WEB)


def language_name(locale: str) -> str:
    """``French``; the locale itself for a language without a name here."""
    return _LANGUAGES.get(locale.partition("-")[0].lower(), locale)


class _Point(QWidget):
    """An address, masked or as it is written, and in words when the last delivery to it failed for good."""

    def __init__(self, point: ContactPoint, plain: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        address = ElidedLabel(plain or point.masked, use=Type.SECONDARY, tabular=True)
        row.addWidget(address, 0 if point.is_bad else 1)
        if point.is_bad:
            row.addWidget(Label("bad", use=Type.STRONG, role=Role.NEGATIVE))
            row.addStretch(1)
            self.setToolTip("The last delivery to it failed for good.")


def suppression_words(listed: Listed) -> str:
    """Why nothing is sent, since when, and who asked that it end, such as ``No mail: … · since 3 May``."""
    said = listed.suppression
    parts = [f"No {_MESSAGES[said.channel]}: {said.sentence}", f"since {day_and_time(said.since)}"]
    if listed.lift_asked_by:
        parts.append(f"{listed.lift_asked_by} asked to lift it")
    return " · ".join(parts)


class _Suppressed(QWidget):
    """One reason why nothing is sent, and the button that asks to lift it."""

    def __init__(self, listed: Listed) -> None:
        super().__init__()
        self.lift = Button("Lift…", kind=ButtonKind.ACCENT, name=f"Lift: {suppression_words(listed)}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(StateCell(StateMark.REJECTED, "closed"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(suppression_words(listed), use=Type.SECONDARY, wraps=True), 1)
        row.addWidget(self.lift, 0, Qt.AlignmentFlag.AlignTop)


class ContactCard(QWidget):
    """One customer's contact points, consents and suppressions, and where that is known from."""

    lift_wanted = Signal(str)
    """The event that a suppression is known by."""

    def __init__(self, reveal: QAction, close_channel: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self._shown: Customer | None = None
        self._plain: Mapping[Channel, str] = {}
        self._header = PageHeader("Contact and consent", use=Type.PANE)
        self._source = Label("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._reveal = IconButton(Icon.REVEAL, _tip(reveal))
        self._reveal.clicked.connect(reveal.trigger)
        reveal.changed.connect(self._follow_reveal)
        self._reveal_action = reveal
        self._header.add(self._source, self._reveal)
        self._facts = Facts(name_width=64, row_height=_ROW)
        self._consents = QWidget()
        self._grid = QGridLayout(self._consents)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(3, 1)
        self._rows: list[tuple[IconLabel, Label, StateCell, ElidedLabel]] = []
        self._is_wide = False
        columns = QHBoxLayout()
        columns.setContentsMargins(16, 0, 16, 12)
        columns.setSpacing(20)
        for part, share in ((self._facts, 5), (self._consents, 4)):
            inner = QVBoxLayout()
            inner.addWidget(part)
            if part is self._consents:
                inner.addWidget(Button.of(close_channel, self, kind=ButtonKind.ACCENT), 0, Qt.AlignmentFlag.AlignLeft)
            inner.addStretch(1)
            columns.addLayout(inner, share)
        self._listed: tuple[Listed, ...] = ()
        self._restricted = Banner(StateMark.ON_HOLD, "")
        self._restricted.hide()
        self._suppressed = QVBoxLayout()
        self._suppressed.setContentsMargins(16, 0, 16, 0)
        self._suppressed.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._restricted)
        column.addLayout(self._suppressed)
        column.addLayout(columns)

    def say_source(self, words: str) -> None:
        """Say where it is known from, and how long ago that was."""
        self._source.setText(words)

    @property
    def source(self) -> str:
        """Where it is known from."""
        return self._source.text()

    def show_customer(self, customer: Customer) -> None:
        """Show another customer, or the same as it is now."""
        if customer == self._shown:
            return
        if self._shown is not None and customer.number != self._shown.number:
            self._plain = {}
        self._shown = customer
        self._show_facts(customer)
        self._show_consents(sorted(customer.consents, key=lambda each: _ORDER.index(each.channel)))

    def reveal(self, addresses: Mapping[Channel, str]) -> None:
        """Show the addresses of the customer who is shown as they are written."""
        self._plain = dict(addresses)
        self._refresh_facts()

    def conceal(self) -> None:
        """Mask them again, and forget them."""
        if self._plain:
            self._plain = {}
            self._refresh_facts()

    @property
    def is_revealed(self) -> bool:
        """Whether an address can be read."""
        return bool(self._plain)

    def _refresh_facts(self) -> None:
        self._reveal.set_icon(Icon.MASK if self._plain else Icon.REVEAL)
        if self._shown is not None:
            self._show_facts(self._shown)

    def _show_facts(self, customer: Customer) -> None:
        points = sorted(customer.contact_points, key=lambda point: _ORDER.index(point.channel))
        facts: list[tuple[str, str | QWidget]] = [
            (_NAMES[point.channel], _Point(point, self._plain.get(point.channel, ""))) for point in points
        ]
        if customer.locale:
            facts.append(("Language", language_name(customer.locale)))
        if customer.preferred:
            words = [
                channel.label if channel is Channel.SMS else channel.label.lower() for channel in customer.preferred
            ]
            facts.append(("Prefers", ", then ".join(words)))
        self._facts.set_facts(facts)

    def show_restriction(self, restriction: Restriction | None) -> None:
        """Say that the customer is to be forgotten and what keeps them; None: they are not."""
        self._restricted.setVisible(restriction is not None)
        if restriction is not None:
            why = " ".join(each.sentence for each in restriction.obstacles)
            self._restricted.say(
                StateMark.ON_HOLD,
                f"**Restricted since {day_and_time(restriction.asked_at)}.** They are to be forgotten. {why}"
                f" {wait_for(restriction.obstacles)}",
            )

    @property
    def is_restricted(self) -> bool:
        """Whether it says so."""
        return self._restricted.isVisibleTo(self)

    def show_suppressions(self, listed: Sequence[Listed]) -> None:
        """Say who is not written to, a line for each reason, each with the way to end it."""
        if tuple(listed) == self._listed:
            return
        self._listed = tuple(listed)
        while (item := self._suppressed.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for each in self._listed:
            row = _Suppressed(each)
            row.lift.clicked.connect(lambda _=False, event=each.event: self.lift_wanted.emit(event))
            self._suppressed.addWidget(row)
        self._suppressed.setContentsMargins(16, 0, 16, 8 if self._listed else 0)

    @property
    def suppressions(self) -> tuple[str, ...]:
        """What is said of them."""
        return tuple(map(suppression_words, self._listed))

    def _follow_reveal(self) -> None:
        self._reveal.setAccessibleName(_tip(self._reveal_action))
        self._reveal.setToolTip(_tip(self._reveal_action))

    def _show_consents(self, consents: Sequence[ChannelConsent]) -> None:
        for widget in (each for row in self._rows for each in row):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._rows = [_consent_row(consent) for consent in consents]
        self._place_consents()

    def _place_consents(self) -> None:
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
        at = 0
        for icon, channel, state, reason in self._rows:
            self._grid.setRowMinimumHeight(at, _ROW)
            for column, widget in enumerate((icon, channel, state)):
                self._grid.addWidget(widget, at, column)
            if self._is_wide:
                self._grid.addWidget(reason, at, 3)
            elif reason.text():
                at += 1
                self._grid.setRowMinimumHeight(at, _ROW)
                self._grid.addWidget(reason, at, 1, 1, 3)
            reason.setVisible(bool(reason.text()))
            at += 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _BESIDE
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._place_consents()


def _tip(action: QAction) -> str:
    keys = action.shortcut().toString()
    return f"{action.text()} ({keys})" if keys else action.text()


def _consent_row(consent: ChannelConsent) -> tuple[IconLabel, Label, StateCell, ElidedLabel]:
    mark = StateMark.APPROVED if consent.is_allowed else StateMark.REJECTED
    return (
        IconLabel(CHANNEL_ICONS[consent.channel]),
        Label(consent.channel.label, use=Type.SECONDARY),
        StateCell(mark, "allowed" if consent.is_allowed else "closed"),
        ElidedLabel(_reason(consent), use=Type.SECONDARY, role=Role.MUTED, tabular=True),
    )


def _reason(consent: ChannelConsent) -> str:
    # That it is allowed, and that the archive says so, stands on the card already.
    said = consent.reason.removesuffix(", says the archive")
    since = f"since {day_and_time(consent.since)}" if consent.since else ""
    return " · ".join(part for part in ("" if said == "allowed" else said, since) if part)
