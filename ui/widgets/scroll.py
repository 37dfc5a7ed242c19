"""A pane that scrolls upright: what goes on below fades out, and what has the focus stays wholly in sight."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from ui.theme import tokens_of
from ui.widgets.fields import Field
from ui.widgets.headers import on_surface

FADE_HEIGHT = 28
_ABOVE = 8
"""Kept free above what is brought into sight from above."""
_MOVING = frozenset({QEvent.Type.Move, QEvent.Type.Resize})


class _Fade(QWidget):
    """The content going out at the lower edge, so that a row cut in half reads as scrolled and not as broken."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground = tokens_of(self.palette()).surface
        clear = QColor(ground)
        clear.setAlpha(0)
        shade = QLinearGradient(0, 0, 0, self.height())
        shade.setColorAt(0, clear)
        shade.setColorAt(1, ground)
        QPainter(self).fillRect(self.rect(), shade)


class Scroll(QScrollArea):
    """A pane that scrolls upright and never across. What goes on below its lower edge fades out there.

    What gets the focus in it, by whatever way, comes wholly into sight, and stays there when the form or the window
    changes around it, until a person scrolls away from it.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content
        self._follows = True
        self._watch: QObject | None = None
        self.setWidget(content)
        on_surface(content)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self._fade = _Fade(self)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._place_fade)
        bar.rangeChanged.connect(self._on_range)
        bar.actionTriggered.connect(self._on_scrolled_by_hand)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def bring(self, widget: QWidget) -> None:
        """Scroll as little as brings ``widget`` wholly into sight, above what fades out; with a field, its words."""
        self.verticalScrollBar().setValue(self._value_for(widget, self.verticalScrollBar().value()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_fade()
        self._follow()

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 64)

    def _focused(self) -> QWidget | None:
        focused = self.window().focusWidget()
        return focused if focused is not None and self._content.isAncestorOf(focused) else None

    def _on_focus(self, _left: QWidget | None, entered: QWidget | None) -> None:
        if entered is None or not self._content.isAncestorOf(entered):
            return
        self._follows = True
        if self._watch is not None:
            self._watch.deleteLater()
        self._watch = _Watch(self, entered, self._content)
        # What moves between press and release is not pressed: a click is followed when it is done.
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._follow()

    def on_moved(self) -> None:
        """What has the focus lies elsewhere in the content, or has another size."""
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._follow()

    def on_released(self) -> None:
        """A click on what has the focus is over; the widget itself learns of it first."""
        QTimer.singleShot(0, self, self._follow)

    def _on_range(self) -> None:
        self._place_fade()
        self._follow()

    def _on_scrolled_by_hand(self) -> None:
        focused = self._focused()
        # The bar stands there already; its value follows.
        going_to = self.verticalScrollBar().sliderPosition()
        self._follows = focused is not None and self._value_for(focused, going_to) == going_to

    def _follow(self) -> None:
        focused = self._focused()
        if focused is not None and self._follows:
            self.bring(focused)

    def _value_for(self, widget: QWidget, value: int) -> int:
        """Where the bar has to stand for ``widget`` to be in sight, nearest to ``value``."""
        # QScrollArea.ensureWidgetVisible looks at the cursor alone, and is content with a field cut in half below it.
        room = self.viewport().height() - FADE_HEIGHT - _ABOVE
        place = self._place_of(widget, room)
        if place is None:
            return value
        bar = self.verticalScrollBar()
        lowest = place.bottom() + 1 + FADE_HEIGHT - self.viewport().height()
        highest = place.top() - _ABOVE
        # At the end nothing fades, and there is no more to scroll; the bar sees to that.
        return max(bar.minimum(), min(max(value, lowest), highest, bar.maximum()))

    def _place_of(self, widget: QWidget, room: int) -> QRect | None:
        """Where in the content that lies which has to be seen: a field with its words, or the most that has room."""
        around: QWidget | None = widget
        while around is not None and around is not self._content and not isinstance(around, Field):
            around = around.parentWidget()
        for each in (around, widget):
            if isinstance(each, QWidget) and each is not self._content and each.height() <= room:
                return QRect(each.mapTo(self._content, QPoint()), each.size())
        cursor = widget.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
        if isinstance(cursor, QRect) and 0 < cursor.height() <= room:
            return QRect(widget.mapTo(self._content, cursor.topLeft()), cursor.size())
        return None

    def _place_fade(self) -> None:
        seen = self.viewport().geometry()
        self._fade.setGeometry(seen.left(), seen.bottom() + 1 - FADE_HEIGHT, seen.width(), FADE_HEIGHT)
        bar = self.verticalScrollBar()
        self._fade.setVisible(bar.value() < bar.maximum())
        self._fade.raise_()


class _Watch(QObject):
    """Tells a pane when the widget with the focus moves in its content: by itself, or with what holds it."""

    def __init__(self, scroll: Scroll, entered: QWidget, content: QWidget) -> None:
        super().__init__(scroll)
        self._scroll = scroll
        self._entered = entered
        each: QWidget | None = entered
        while each is not None and each is not content:
            each.installEventFilter(self)
            each = each.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVING:
            self._scroll.on_moved()
        elif event.type() is QEvent.Type.MouseButtonRelease and watched is self._entered:
            self._scroll.on_released()
        return False
