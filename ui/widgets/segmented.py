"""A segmented control: one of a few ways of looking at the same thing. Arrow keys move, the choice follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import (
    CONTROL_HEIGHT,
    RADIUS,
    RINGED_PROPERTY,
    Icon,
    Type,
    draw_icon,
    draw_line,
    draw_panel,
    font,
    saved,
    tokens_of,
)

_SIDE = 12
_ICON = 16
_ICON_GAP = 6
_COUNT_GAP = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One choice. ``count`` stands after the word in the weight of what is current; None shows none."""

    key: str
    word: str
    icon: Icon | None = None
    count: int | None = None


class Segmented(QWidget):
    """Exactly one of its segments is chosen."""

    chosen = Signal(str)
    """The key of the segment that a person chose."""

    def __init__(self, segments: Sequence[Segment], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = tuple(segments)
        self._current = 0
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(RINGED_PROPERTY, True)
        self._tell()

    @property
    def current(self) -> str:
        """The key of the chosen segment."""
        return self._segments[self._current].key

    def set_current(self, key: str) -> None:
        """Choose a segment without telling anybody. Raises: ValueError for an unknown key."""
        self._current = [segment.key for segment in self._segments].index(key)
        self._tell()
        self.update()

    def set_segments(self, segments: Sequence[Segment]) -> None:
        """Replace the segments, keeping the choice when its key is still there."""
        key = self.current
        self._segments = tuple(segments)
        keys = [segment.key for segment in self._segments]
        self._current = keys.index(key) if key in keys else 0
        self._tell()
        self.updateGeometry()
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._name}: {self._segments[self._current].word}")

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(font(Type.STRONG))
        return [
            2 * _SIDE
            + metrics.horizontalAdvance(segment.word)
            + (_ICON + _ICON_GAP if segment.icon else 0)
            + (_COUNT_GAP + metrics.horizontalAdvance(str(segment.count)) if segment.count is not None else 0)
            for segment in self._segments
        ]

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()), CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = 0
        for index, width in enumerate(self._widths()):
            if left <= event.position().x() < left + width:
                self._choose(index)
                return
            left += width

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._choose((self._current + step) % len(self._segments))

    def _choose(self, index: int) -> None:
        if index == self._current:
            return
        self._current = index
        self._tell()
        self.update()
        self.chosen.emit(self.current)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        draw_panel(painter, self.rect(), fill=tokens.raised)
        outline = QPainterPath()
        outline.addRoundedRect(self.rect().adjusted(1, 1, -1, -1).toRectF(), RADIUS - 1, RADIUS - 1)
        left = 0
        for index, (segment, width) in enumerate(zip(self._segments, self._widths(), strict=True)):
            cell = QRect(left, 0, width, self.height())
            is_current = index == self._current
            if is_current:
                with saved(painter):
                    painter.setClipPath(outline)
                    painter.fillRect(cell, tokens.selection)
            if index:
                draw_line(painter, QRect(left, 1, 1, self.height() - 2), tokens.line)
            ink = tokens.text if is_current else tokens.muted
            x = left + _SIDE
            if segment.icon is not None:
                draw_icon(painter, QRect(x, 0, _ICON, self.height()), segment.icon, ink)
                x += _ICON + _ICON_GAP
            painter.setFont(font(Type.STRONG if is_current else Type.CHIP))
            painter.setPen(ink)
            painter.drawText(QRect(x, 0, width, self.height()), int(Qt.AlignmentFlag.AlignVCenter), segment.word)
            if segment.count is not None:
                x += QFontMetrics(painter.font()).horizontalAdvance(segment.word) + _COUNT_GAP
                painter.setFont(font(Type.STRONG))
                painter.drawText(
                    QRect(x, 0, width, self.height()), int(Qt.AlignmentFlag.AlignVCenter), str(segment.count)
                )
            left += width
        draw_panel(painter, self.rect(), edge=tokens.edge)
