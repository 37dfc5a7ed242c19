"""Tells a page that time went by, while it is in sight and at no other time."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget


class Moments(QObject):
    """Of one widget: when it comes into sight, and then every so often or when that is asked for."""

    passed = Signal()

    def __init__(self, widget: QWidget, *, every_ms: int | None = None) -> None:
        """``every_ms``: again and again; without it only as :meth:`wait` asks."""
        super().__init__(widget)
        self._widget = widget
        self._every_ms = every_ms
        self._clock = QTimer(self)
        self._clock.setSingleShot(every_ms is None)
        self._clock.timeout.connect(self.passed)
        widget.installEventFilter(self)

    def wait(self, milliseconds: int) -> None:
        """Tell once, in so many milliseconds or earlier; out of sight it does not matter."""
        is_sooner = not self._clock.isActive() or self._clock.remainingTime() > milliseconds
        if self._widget.isVisible() and is_sooner:
            self._clock.start(milliseconds)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.passed.emit()
            if self._every_ms is not None:
                self._clock.start(self._every_ms)
        elif event.type() == QEvent.Type.Hide:
            self._clock.stop()
        return super().eventFilter(watched, event)
