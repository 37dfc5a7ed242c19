"""The theme that is on: follows the desktop's light or dark, or is forced; changes while the program runs."""

from enum import StrEnum

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QFocusFrame, QToolTip, QWidget

from ui.theme.fonts import Type, font
from ui.theme.palette import palette_for, tokens_for
from ui.theme.style import DeskStyle
from ui.theme.tokens import Scheme, Tokens

RINGED_PROPERTY = "ringed"
"""Dynamic property of a control whose focus ring is drawn two pixels outside it, by a focus frame."""


class ThemeChoice(StrEnum):
    """What the person wants; kept in the settings by its value."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Dresses the application: style, fonts, palette, focus rings. One per application, built before any widget.

    Widgets need not listen to :attr:`changed`: Qt tells them of the new palette. It is for what lives outside them,
    such as a rendered page in a web view.
    """

    changed = Signal(object)
    """The new :class:`~ui.theme.tokens.Tokens`."""

    def __init__(self, application: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._scheme: Scheme | None = None
        self._ring: QFocusFrame | None = None
        application.setStyle(DeskStyle())
        application.setFont(font())
        QToolTip.setFont(font(Type.SECONDARY))
        application.styleHints().colorSchemeChanged.connect(self._on_desktop_changed)
        application.focusChanged.connect(self._on_focus_changed)
        self._apply()

    @property
    def choice(self) -> ThemeChoice:
        """What was chosen last."""
        return self._choice

    @property
    def tokens(self) -> Tokens:
        """The colours that are on."""
        return tokens_for(self._wanted())

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the desktop, or force one scheme, from now on."""
        self._choice = choice
        self._apply()

    def _wanted(self) -> Scheme:
        if self._choice is ThemeChoice.SYSTEM:
            dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return Scheme.DARK if dark else Scheme.LIGHT
        return Scheme(self._choice.value)

    def _apply(self) -> None:
        wanted = self._wanted()
        if wanted is self._scheme:
            return
        self._scheme = wanted
        tokens = tokens_for(wanted)
        palette = palette_for(tokens)
        self._application.setPalette(palette)
        QToolTip.setPalette(_tip_palette(palette))
        self.changed.emit(tokens)

    def _on_desktop_changed(self) -> None:
        self._apply()

    def _on_focus_changed(self, _left: QWidget | None, entered: QWidget | None) -> None:
        if self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None
        if entered is not None and entered.property(RINGED_PROPERTY):
            self._ring = ring_around(entered)


def ring_around(widget: QWidget) -> QFocusFrame:
    """Return a focus ring that follows ``widget`` until it is hidden or deleted; its layout must leave 4 px."""
    ring = QFocusFrame(widget.parentWidget())
    ring.setWidget(widget)
    return ring


def _tip_palette(palette: QPalette) -> QPalette:
    tip = QPalette(palette)
    tip.setColor(QPalette.ColorRole.Window, palette.toolTipBase().color())
    return tip
