"""Painted tiles, kept as pictures: while a grid is scrolled, a row is painted again and again."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Self

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from ui.theme import Tokens, Type, draw_panel, font, tokens_of
from ui.widgets.tile_painting import Face, painted_tile

KEPT: Final = 96
"""Twice what a large screen shows; a tile takes some 130 kB. Where more are in sight, twice as many as those."""
MOST_NEW: Final = 6
"""So many tiles are painted anew in one turn; the others of a new screen follow in the next ones, for a whole screen at
once makes everything else wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every tile of one painting has in common."""

    tokens: Tokens
    size: QSize
    colour: QColor
    ratio: float
    looks: tuple[object, ...]
    """A key: with equal ones a face looks the same."""

    @classmethod
    def of(cls, widget: QWidget, size: QSize) -> Self:
        """As ``widget`` is dressed now; ``size`` is a picture's, in logical px."""
        palette, ratio = widget.palette(), widget.devicePixelRatioF()
        tokens, colour = tokens_of(palette), palette.base().color()
        return cls(
            tokens=tokens,
            size=size,
            colour=colour,
            ratio=ratio,
            looks=(size.width(), colour.rgba(), tokens.text.rgba(), ratio, font(Type.BUTTON).key()),
        )


class TilePictures:
    """Paints tiles without their rings, each from its picture. Call :meth:`begin` before the first of a painting."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._ground: Ground | None = None
        self._new = 0
        self._most = KEPT
        self.is_whole = True
        """Whether every tile since :meth:`begin` was shown; else some showed their place only."""

    def begin(self, ground: Ground, *, in_sight: int) -> None:
        """A new painting, on ``ground``, of a widget that shows so many tiles."""
        self._ground = ground
        self._most = max(KEPT, 2 * in_sight)
        self._new = 0
        self.is_whole = True

    def paint(self, painter: QPainter, corner: QPoint, face: Face) -> None:
        """Paint ``face`` with its upper left corner at ``corner``; its place alone where it is not its turn yet."""
        assert self._ground is not None  # noqa: S101 - begin() comes first
        picture = self._picture_of(face, self._ground)
        if picture is not None:
            painter.drawPixmap(corner, picture)
            return
        self.is_whole = False
        tokens = self._ground.tokens
        draw_panel(painter, QRect(corner, self._ground.size), fill=tokens.skeleton, edge=tokens.line)

    def _picture_of(self, face: Face, ground: Ground) -> QPixmap | None:
        key = (face.looks, *ground.looks)
        picture = self._kept.get(key)
        if picture is not None:
            self._kept.move_to_end(key)
            return picture
        if self._new >= MOST_NEW:
            return None
        self._new += 1
        picture = self._kept[key] = painted_tile(face, ground.size, ground.colour, ground.tokens, ratio=ground.ratio)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return picture
