"""Draws notices: at the page that they belong to when it takes them, else as toasts at the window's lower right."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.notices import Fault, Level
from ui.widgets import StateMark, Toast

_LIVES_MS = 6_000
_MOST = 4
_MARGIN = 16
_ABOVE_FOOTER = 72
"""Px from the bottom: toasts must not lie on the actions at the foot of a pane."""
_WIDTH = 344

MARKS: dict[Level, StateMark] = {
    Level.INFO: StateMark.IN_REVIEW,
    Level.DONE: StateMark.APPROVED,
    Level.WARNING: StateMark.WARNING,
    Level.ERROR: StateMark.REJECTED,
}


class ShownNotice(Protocol):
    """What is drawn of a notice: :class:`app.notices.Notice` is one."""

    @property
    def id(self) -> int:
        """The same id again updates the notice in place."""
        ...

    @property
    def level(self) -> Level:
        """How much it matters."""
        ...

    @property
    def sentence(self) -> str:
        """What happened."""
        ...

    @property
    def hint(self) -> str:
        """What to do."""
        ...

    @property
    def place(self) -> str:
        """The key of the page; empty for the whole desk."""
        ...

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def fault(self) -> Fault | None:
        """What is reported of it, for a bug of ours."""
        ...


class NoticeBoard(QWidget):
    """Lies over the lower right of its window. What is done or merely told goes by itself; trouble stays."""

    report_wanted = Signal(int)
    """Somebody wants to read the report of the notice with this id."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._toasts: dict[int, Toast] = {}
        self._faults: dict[int, Fault] = {}
        self._places: dict[str, Callable[[ShownNotice], None]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.setFixedWidth(_WIDTH)
        self.hide()
        window.installEventFilter(self)

    def take_place(self, place: str, show: Callable[[ShownNotice], None]) -> None:
        """Let a page draw the notices of its own ``place`` where the eye is."""
        self._places[place] = show

    def leave_place(self, place: str) -> None:
        """Let its notices be toasts again: the page is not in sight any more."""
        self._places.pop(place, None)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the toasts say, oldest first."""
        return tuple(toast.sentence for toast in self._toasts.values())

    def show_notice(self, notice: ShownNotice) -> None:
        """Draw a notice, or update the one with the same id."""
        own = self._places.get(notice.place) if notice.place else None
        if own is not None:
            own(notice)
            return
        if notice.fault is not None and notice.fault in self._faults.values():
            return  # the same bug again, as on every tick of a clock: it was apologised for
        mark = MARKS[notice.level]
        known = self._toasts.get(notice.id)
        if known is not None:
            known.say(mark, notice.sentence, hint=notice.hint)
        else:
            self._add(notice, mark)
        self._settle()

    def _add(self, notice: ShownNotice, mark: StateMark) -> None:
        while len(self._toasts) >= _MOST:
            self.close_notice(next(iter(self._toasts)))
        toast = Toast(
            mark,
            notice.sentence,
            self,
            hint=notice.hint,
            action="See the report…" if notice.fault else "",
            closable=True,
        )
        number = notice.id
        if notice.fault is not None:
            self._faults[number] = notice.fault
        toast.acted.connect(lambda: self.report_wanted.emit(number))
        toast.closed.connect(lambda: self.close_notice(number))
        self._toasts[number] = toast
        self._column.addWidget(toast)
        toast.show()
        if notice.level in (Level.INFO, Level.DONE):
            QTimer.singleShot(_LIVES_MS, toast, lambda: self.close_notice(number))

    def close_notice(self, number: int) -> None:
        """Take a toast away; an unknown number is no error, for it may have gone by itself."""
        self._faults.pop(number, None)
        toast = self._toasts.pop(number, None)
        if toast is not None:
            toast.hide()
            self._column.removeWidget(toast)
            toast.deleteLater()
            self._settle()

    def _settle(self) -> None:
        self.setVisible(bool(self._toasts))
        height = self._column.heightForWidth(_WIDTH) if self._column.hasHeightForWidth() else self.sizeHint().height()
        self.resize(_WIDTH, height)
        self.move(self._window.width() - _WIDTH - _MARGIN, self._window.height() - height - _ABOVE_FOOTER)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self._toasts:
            self._settle()
        return False
