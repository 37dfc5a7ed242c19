"""The four panes of one composition: the letter, the mail, the web page, the text message. Each has its own state."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.records import Channel
from ui.theme import Icon
from ui.widgets import ChoiceField, PaneHeader, Segment, Segmented, Splitter, StateMark, ToggleChip, on_surface
from ui.widgets.html_page import Appearance
from ui.widgets.html_view import HtmlView
from ui.widgets.pdf_view import PdfView
from ui.widgets.sms_view import SmsView

MAIL_WIDTHS = ("320", "375", "600")
WEB_WIDTH_PX = 360
_ICONS = {Channel.PRINT: Icon.PRINT, Channel.EMAIL: Icon.MAIL, Channel.WEB: Icon.MOBILE, Channel.SMS: Icon.SMS}
_NAMES = {Channel.WEB: "Web and mobile"}


class Pane(QWidget):
    """A header with what the pane is and how it fares, perhaps a bar of controls, and the output below."""

    def __init__(self, channel: Channel, body: QWidget, *, bar: QWidget | None = None) -> None:
        super().__init__()
        name = _NAMES.get(channel, channel.label)
        self.header = PaneHeader(_ICONS[channel], name)
        on_surface(self.header)
        # Outputs are paper and lie on the desk: the body is window, whatever the page around it is.
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAutoFillBackground(True)
        self._parts: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        if bar is not None:
            column.addWidget(bar)
        column.addWidget(body, 1)
        self.setAccessibleName(name)

    @property
    def aside(self) -> str:
        """What is said beside the pane's name."""
        return " · ".join(self._parts)

    def set_aside(self, *parts: str) -> None:
        """Say scale, width and the like beside the pane's name."""
        self._parts = [part for part in parts if part]
        self.header.set_aside(self.aside)


_SHORT_WIDTH = 96
_APPEARANCES = ((Appearance.LIGHT, "Light"), (Appearance.DARK, "Dark"), (Appearance.INVERTED, "Dark 2"))
_APPEARANCE_HINT = (
    "Dark: as the mail's author styled it. Dark 2: as programs show it that turn every colour round. "
    "Simulated, not a screenshot."
)


class MailBar(QWidget):
    """How the mail is looked at: width, light or dark, with its pictures or without."""

    width_chosen = Signal(int)
    appearance_chosen = Signal(str)
    pictures_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.widths = Segmented([Segment(key=width, word=width) for width in MAIL_WIDTHS], "Width in px")
        self.widths.set_current("600")
        self.appearances = Segmented([Segment(key=key, word=word) for key, word in _APPEARANCES], "Appearance")
        self._short = ChoiceField(_APPEARANCES, name="Appearance")
        for control in (self.appearances, self._short):
            control.setToolTip(_APPEARANCE_HINT)
        self._short.setFixedWidth(_SHORT_WIDTH)
        self._short.hide()
        self.pictures = ToggleChip("Images", on=True)
        self.pictures.setAccessibleName("Show images")
        self.widths.chosen.connect(self._on_width)
        self.appearances.chosen.connect(self._on_appearance)
        self._short.activated.connect(self._on_short)
        self.pictures.toggled.connect(self.pictures_chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 0)
        row.setSpacing(8)
        for control in (self.widths, self.appearances, self._short):
            row.addWidget(control)
        row.addStretch(1)
        row.addWidget(self.pictures)
        self.setFixedHeight(36)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 36)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = (self.widths, self.appearances, self.pictures)
        is_tight = self.width() < sum(control.sizeHint().width() for control in wide) + 2 * 12 + 2 * 8
        self.appearances.setHidden(is_tight)
        self._short.setVisible(is_tight)

    def set_appearance(self, key: str) -> None:
        """Mark an appearance as chosen. Tells nobody."""
        self.appearances.set_current(key)
        self._short.set_key(key)

    def _on_width(self, key: str) -> None:
        self.width_chosen.emit(int(key))

    def _on_short(self, _row: int) -> None:
        self._on_appearance(self._short.key)

    def _on_appearance(self, key: str) -> None:
        self.set_appearance(key)
        self.appearance_chosen.emit(key)


class ProofPanes(QWidget):
    """Two by two, each movable against the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.letter = PdfView("Print")
        self.mail = HtmlView("Email", width_px=600)
        self.web = HtmlView("Web and mobile", width_px=WEB_WIDTH_PX)
        self.text = SmsView()
        self.mail_bar = MailBar()
        self.panes = {
            Channel.PRINT: Pane(Channel.PRINT, self.letter),
            Channel.EMAIL: Pane(Channel.EMAIL, self.mail, bar=self.mail_bar),
            Channel.WEB: Pane(Channel.WEB, self.web),
            Channel.SMS: Pane(Channel.SMS, self.text),
        }
        self._mail_width_px = 600
        self._blocked = {Channel.EMAIL: 0, Channel.WEB: 0}
        self.upper_row = Splitter(Qt.Orientation.Horizontal)
        self.lower_row = Splitter(Qt.Orientation.Horizontal)
        self.rows = Splitter(Qt.Orientation.Vertical)
        for splitter, channels in (
            (self.upper_row, (Channel.PRINT, Channel.EMAIL)),
            (self.lower_row, (Channel.WEB, Channel.SMS)),
        ):
            for channel in channels:
                splitter.addWidget(self.panes[channel])
            splitter.setSizes([420, 420])
            self.rows.addWidget(splitter)
        self.rows.setSizes([416, 356])
        self.mail_bar.width_chosen.connect(self.set_mail_width)
        self.mail_bar.appearance_chosen.connect(self._on_appearance)
        self.mail_bar.pictures_chosen.connect(self.mail.set_pictures_on)
        self.mail.scaled.connect(self._say_mail)
        self.mail.blocked.connect(self._on_mail_blocked)
        self.web.scaled.connect(self._say_web)
        self.web.blocked.connect(self._on_web_blocked)
        self.letter.page_changed.connect(self._say_letter)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.rows)

    def set_state(self, channel: Channel, mark: StateMark, word: str) -> None:
        """Show how one channel fares."""
        self.panes[channel].header.set_state(mark, word)

    def prepare(self) -> None:
        """Start what draws mails and pages: a composition is under way, and the person waits for it."""
        self.mail.prepare()

    def show_words(self, channel: Channel, words: str) -> None:
        """Say why a pane has no output."""
        if channel is Channel.EMAIL:
            self.mail_bar.hide()
        {
            Channel.PRINT: self.letter.show_words,
            Channel.EMAIL: self.mail.show_words,
            Channel.WEB: self.web.show_words,
            Channel.SMS: self.text.show_words,
        }[channel](words)

    def show_page(self, channel: Channel, content: bytes, *, allowed: frozenset[str]) -> None:
        """Show the mail or the web page. ``allowed`` are the exact addresses of pictures that it may fetch."""
        if channel is Channel.EMAIL:
            self.mail_bar.show()
        (self.mail if channel is Channel.EMAIL else self.web).show_page(content, allowed=allowed)

    def set_mail_width(self, width_px: int) -> None:
        """Show the mail as a window of this width would."""
        self._mail_width_px = width_px
        self.mail_bar.widths.set_current(str(width_px))
        self.mail.set_page_width(width_px)

    def _on_appearance(self, key: str) -> None:
        self.mail.set_appearance(Appearance(key))

    def _on_mail_blocked(self, count: int) -> None:
        self._blocked[Channel.EMAIL] = count
        self._say_mail()

    def _on_web_blocked(self, count: int) -> None:
        self._blocked[Channel.WEB] = count
        self._say_web()

    def _say_letter(self) -> None:
        self.panes[Channel.PRINT].set_aside(self.letter.aside)

    def _say_mail(self) -> None:
        self.panes[Channel.EMAIL].set_aside(
            _blocked_words(self._blocked[Channel.EMAIL]), _at_scale(self._mail_width_px, self.mail.zoom)
        )

    def _say_web(self) -> None:
        self.panes[Channel.WEB].set_aside(
            _blocked_words(self._blocked[Channel.WEB]), _at_scale(WEB_WIDTH_PX, self.web.zoom)
        )


def _at_scale(width_px: int, zoom: float) -> str:
    percent = round(zoom * 100)
    return f"{width_px} px" if percent == 100 else f"{width_px} px · {percent} %"  # noqa: PLR2004


def _blocked_words(count: int) -> str:
    if not count:
        return ""
    return "1 request blocked" if count == 1 else f"{count} requests blocked"
