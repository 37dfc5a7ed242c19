"""The frame of the Activity page: one header with the choice of parts, and the part that was chosen.

Each part is a whole page below the same header, so it is handed a header of its own that has the choice in it already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.pages.context import PageContext
from ui.widgets import PageHeader, Segment, Segmented

_KEPT = "activity/part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One choice. ``build`` puts the header it is given at its top; what it returns may have ``show_subject``."""

    key: str
    word: str
    build: Callable[[PageContext, PageHeader], QWidget]


class ActivityPage(QWidget):
    """Shows one part at a time and remembers which."""

    part_shown = Signal(str)

    def __init__(self, context: PageContext, parts: Sequence[Part], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._parts = {part.key: part for part in parts}
        self._built: dict[str, QWidget] = {}
        self._choices: dict[str, Segmented] = {}
        self._stack = QStackedWidget(self)
        self.setAccessibleName("Activity")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        kept = context.memory.get(_KEPT)
        self.show_part(kept if isinstance(kept, str) and kept in self._parts else next(iter(self._parts)))

    @property
    def current(self) -> str:
        """The key of the part in sight."""
        return next(key for key, part in self._built.items() if part is self._stack.currentWidget())

    def part(self, key: str) -> QWidget:
        """A part, built when it was never shown. Raises: KeyError for an unknown key."""
        if key not in self._built:
            header = PageHeader("Activity")
            if len(self._parts) > 1:
                segments = [Segment(key=part.key, word=part.word) for part in self._parts.values()]
                choice = Segmented(segments, "Part of the activity")
                choice.set_current(key)
                choice.chosen.connect(self.show_part)
                header.add(choice)
                self._choices[key] = choice
            built = self._parts[key].build(self._context, header)
            self._built[key] = built
            self._stack.addWidget(built)
        return self._built[key]

    def show_part(self, key: str) -> None:
        """Bring a part into sight; who was choosing goes on choosing. Raises: KeyError for an unknown key."""
        left = self._choices.get(self.current) if self._built else None
        was_choosing = left is not None and left.hasFocus()
        part = self.part(key)
        if left is not None:
            left.set_current(self.current)
        self._stack.setCurrentWidget(part)
        self.setFocusProxy(part)
        if was_choosing:
            self._choices[key].setFocus(Qt.FocusReason.OtherFocusReason)
        self._context.memory.set(_KEPT, key)
        self.part_shown.emit(key)

    def show_subject(self, subject: object) -> None:
        """Show a part by its key, or with ``(key, subject)`` something on it."""
        key, inner = subject if isinstance(subject, tuple) and len(subject) == 2 else (subject, None)  # noqa: PLR2004 - a pair
        if not isinstance(key, str) or key not in self._parts:
            return
        self.show_part(key)
        show = getattr(self._built[key], "show_subject", None)
        if inner is not None and show is not None:
            show(inner)

    def actions(self) -> list[QAction]:
        """What can be done with the part in sight: the palette and the sheet of keys ask for it."""
        return [*super().actions(), *self._built[self.current].actions()]
