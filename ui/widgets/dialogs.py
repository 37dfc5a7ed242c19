"""Dialogs that confirm what reaches a customer or cannot be undone. They lie inside their window and never stop a task.

``answer = await ask(dialog)`` opens one and waits for it; nothing here, and nothing elsewhere, calls ``exec``.
"""

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import DIALOG_RADIUS, Icon, Role, Scheme, Type, draw_line, draw_panel, tokens_of
from ui.widgets.buttons import Button, ButtonKind, IconButton
from ui.widgets.labels import Label
from ui.widgets.states import StateCell, StateMark

_DIM = 0.16
_DIM_IN_DARK = 0.6
_SHADOW_REACH = 16
_PRODUCTION_STRIP = 3


def draw_shadow(painter: QPainter, rect: QRect, *, radius: float = DIALOG_RADIUS) -> None:
    """Draw a soft shadow around ``rect``: only dialogs and the command palette have one."""
    for reach in range(_SHADOW_REACH, 0, -2):
        shade = QColor(0, 0, 0, round(5 * (1 - reach / _SHADOW_REACH)) + 2)
        draw_panel(painter, rect.adjusted(-reach, -reach + 4, reach, reach + 4), fill=shade, radius=radius + reach)


class Backdrop(QWidget):
    """Lies over a window (below ``top`` px) and keeps keys and the mouse away from what is under it.

    ``dims`` lets what is under it recede: for the palette, not for a dialog about something that one still reads.
    """

    resized = Signal()
    """The window has another size: what lies here has to find its place anew."""

    def __init__(self, window: QWidget, *, top: int = 0, dims: bool = False) -> None:
        super().__init__(window)
        self._covered = window
        self._top = top
        self._dims = dims
        self._framed: QWidget | None = None
        self._came_from = window.focusWidget()
        self.hide()
        window.installEventFilter(self)

    def frame(self, widget: QWidget) -> None:
        """Draw the shadow around ``widget``, a child of this backdrop."""
        self._framed = widget

    def cover(self) -> None:
        """Lie over the whole window."""
        self.setGeometry(self._covered.rect().adjusted(0, self._top, 0, 0))
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Go out of sight and give the focus back to where it was."""
        self.hide()
        came_from = self._came_from
        if came_from is not None and _is_alive(came_from) and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._covered and event.type() == QEvent.Type.Resize and self.isVisible():
            self.cover()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        # The page's keys must not act while something lies over it: an overridden shortcut stays a key press.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab inside: the chain wraps from the last to the first control."""
        inside = [
            widget
            for widget in self.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not inside:
            return True
        now = self.window().focusWidget()
        at = inside.index(now) if now in inside else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        inside[(at + (1 if forward else -1)) % len(inside)].setFocus(reason)
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        if self._dims:
            is_dark = tokens.scheme is Scheme.DARK
            dim = QColor(tokens.window if is_dark else tokens.text)
            dim.setAlphaF(_DIM_IN_DARK if is_dark else _DIM)
            painter.fillRect(self.rect(), dim)
        if self._framed is not None:
            draw_shadow(painter, self._framed.geometry())


class DeskDialog(QDialog):
    """Title, content, and a footer with Cancel (or what ``leave`` calls it) and the one thing that it asks about.

    Ctrl+Enter confirms from anywhere inside, Enter presses the button that has the focus, Esc cancels. In production
    the dialog has a strip at its top and says beside its buttons that a real customer is reached.
    """

    def __init__(
        self,
        window: QWidget,
        title: str,
        content: QWidget,
        *,
        confirm: str,
        leave: str = "Cancel",
        kind: ButtonKind = ButtonKind.FILLED,
        width: int = 528,
        is_production: bool = False,
        warning: str = "",
        warning_role: Role = Role.NEGATIVE,
        asks: bool = True,
    ) -> None:
        """``asks``: whether there is something to cancel; a dialog that only tells has one button."""
        self._backdrop = Backdrop(window.window())
        super().__init__(self._backdrop)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setFixedWidth(width)
        self.setAccessibleName(title)
        self._is_production = is_production
        self._is_kept = False
        self._backdrop.frame(self)
        self._backdrop.resized.connect(self._on_room_changed)
        self.confirm = Button(confirm, kind=kind, keys=QKeySequence("Ctrl+Return"))
        self.confirm.clicked.connect(self.accept)
        self._content = content
        cancel = self._cancel = Button(leave, keys="Esc")
        cancel.clicked.connect(self.reject)
        # A stray Return must not do what cannot be taken back.
        self._first = cancel if kind is ButtonKind.DANGER else self.confirm
        close = IconButton(Icon.CLOSE, "Close")
        close.clicked.connect(self.reject)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.addWidget(Label(title, use=Type.PANE), 1)
        head.addWidget(close)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.setSpacing(12)
        if warning:
            said = StateCell(StateMark.WARNING, warning, use=Type.STRONG, word_role=warning_role)
            foot.addWidget(said)
        foot.addStretch(1)
        foot.addWidget(cancel)
        cancel.setVisible(asks)
        foot.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 14)
        column.setSpacing(0)
        column.addLayout(head)
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 8, 16, 16)
        inner.addWidget(content)
        column.addLayout(inner)
        column.addSpacing(14)
        column.addLayout(foot)
        self._foot_height = 56
        self.finished.connect(self._on_finished)

    def open(self) -> None:
        """Come up in the middle of the window with the focus on the confirming button; on Cancel where it destroys."""
        self._backdrop.cover()
        self.show()
        self._fit()
        self._centre()
        self.raise_()
        self._focus_first()
        QTimer.singleShot(0, self, self._centre)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            # A refusal came up inside, say. It grows downwards, so that nothing moves from under the pointer.
            self._fit()
            if self.geometry().bottom() > self._backdrop.rect().bottom():
                self._centre()
            self._backdrop.update()
        return handled

    def _fit(self) -> None:
        self.adjustSize()
        if self.hasHeightForWidth():
            # The wish of a layout with wrapped sentences is a guess: what they need at this width counts.
            self.resize(self.width(), self.heightForWidth(self.width()))

    def _focus_first(self) -> None:
        # What cannot be confirmed yet wants something first: a choice, a reason.
        asked = (each for each in (self._content, *self._content.findChildren(QWidget)) if _takes_keys(each))
        target = self._first if self._first.isEnabled() else next(asked, self._cancel)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _centre(self) -> None:
        room = self._backdrop.rect()
        self.move(QPoint((room.width() - self.width()) // 2, max(28, (room.height() - self.height()) * 2 // 5)))
        self._backdrop.update()

    def _on_room_changed(self) -> None:
        if self.isVisible():
            self._centre()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.confirm.click()
            return
        focused = self.window().focusWidget()
        if is_enter and isinstance(focused, Button):
            focused.click()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return self._backdrop.focusNextPrevChild(forward)

    def keep(self) -> None:
        """Stay readable after the answer, until :meth:`drop`."""
        self._is_kept = True

    def drop(self) -> None:
        """Be deleted; a second call, or one after the window is gone, does nothing."""
        if _is_alive(self):
            self._backdrop.deleteLater()

    def _on_finished(self) -> None:
        self._backdrop.leave()
        if not self._is_kept:
            self.drop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(painter, self.rect(), fill=tokens.raised, edge=tokens.edge, radius=DIALOG_RADIUS)
        if self._is_production:
            painter.fillRect(
                QRect(DIALOG_RADIUS, 0, self.width() - 2 * DIALOG_RADIUS, _PRODUCTION_STRIP), tokens.negative
            )
        draw_line(painter, QRect(1, self.height() - self._foot_height, self.width() - 2, 1), tokens.line)


async def ask(dialog: DeskDialog) -> bool:
    """Open ``dialog`` and return whether it was accepted. Other tasks go on; a cancelled caller closes it.

    The asking task may read the dialog's fields afterwards: it is deleted when that task ends.
    """
    import asyncio  # noqa: PLC0415  # 30 ms that the first window does not need

    dialog.keep()
    asking = asyncio.current_task()
    if asking is not None:
        asking.add_done_callback(lambda _: dialog.drop())
    answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def on_finished(result: int) -> None:
        if not answered.done():
            answered.set_result(result == QDialog.DialogCode.Accepted)

    dialog.finished.connect(on_finished)
    dialog.open()
    try:
        return await answered
    except asyncio.CancelledError:
        # The window may be gone, and the dialog with it: that is how most askers are cancelled.
        if _is_alive(dialog):
            dialog.reject()
        raise


def _takes_keys(widget: QWidget) -> bool:
    can = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return can and widget.isVisible() and widget.isEnabled()


def _is_alive(widget: QWidget) -> bool:
    return bool(shiboken6.isValid(widget))
