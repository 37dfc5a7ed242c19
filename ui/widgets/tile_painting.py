"""One tile of a :class:`~ui.widgets.TileGrid`: what is seen on it, and how that is painted."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPixmap, QPolygonF

from ui.theme import RADIUS, SMALL_RADIUS, Icon, Tokens, Type, draw_icon, draw_panel, font, saved
from ui.widgets.roles import Index, TileRole
from ui.widgets.states import StateMark, paint_state, state_width

WORDS_PX = 44
"""The room below the picture, for the name and the state."""
_NAME_TOP = 8
_LINE = 16
_BETWEEN_LINES = 2
_ASIDE_GAP = 8
_LEAST_ASIDE = 24
_WIDE_PX = 192
"""From this width on, a video's badge is large."""
_SHADE = QColor(0, 0, 0, 168)
_PAPER = QColor("#ffffff")


class Face(NamedTuple):
    """All that is seen on a tile, its ring apart. Equal faces look the same."""

    name: str
    picture: QPixmap | QImage | None
    failed: bool
    duration: str
    mark: StateMark | None
    word: str
    aside: str

    @classmethod
    def of(cls, index: Index) -> "Face | None":
        """What the model of ``index`` answers for it; None when there is no tile."""
        # Asked of the model itself: each role asked through the index is a way through Qt and back, and on each of them
        # another thread may take the interpreter.
        if not index.isValid():
            return None
        ask = index.model().data
        name = ask(index, Qt.ItemDataRole.DisplayRole)
        if name is None:
            return None
        picture = ask(index, TileRole.PICTURE)
        mark = ask(index, TileRole.MARK)
        return cls(
            name=str(name),
            picture=picture if isinstance(picture, QPixmap | QImage) and not picture.isNull() else None,
            failed=bool(ask(index, TileRole.FAILED)),
            duration=str(ask(index, TileRole.DURATION) or ""),
            mark=StateMark(mark) if isinstance(mark, str) else None,
            word=str(ask(index, TileRole.WORD) or ""),
            aside=str(ask(index, TileRole.ASIDE) or ""),
        )

    @property
    def looks(self) -> tuple[object, ...]:
        """A key: pictures are compared by what Qt counts their changes with."""
        return (*self._replace(picture=None), self.picture.cacheKey() if self.picture is not None else 0)


def painted_tile(face: Face, size: QSize, ground: QColor, tokens: Tokens, *, ratio: float) -> QPixmap:
    """The tile without its ring, on the colour of the page."""
    tile = QPixmap((size + QSize(0, WORDS_PX)) * ratio)
    tile.setDevicePixelRatio(ratio)
    tile.fill(ground)
    painter = QPainter(tile)
    picture = QRect(QPoint(0, 0), size)
    _draw_picture(painter, picture, face, tokens)
    _draw_words(painter, picture, face, tokens)
    painter.end()
    return tile


def _draw_picture(painter: QPainter, rect: QRect, face: Face, tokens: Tokens) -> None:
    picture = QPixmap.fromImage(face.picture) if isinstance(face.picture, QImage) else face.picture
    if picture is not None:
        with saved(painter):
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            clip = QPainterPath()
            clip.addRoundedRect(rect.toRectF(), RADIUS, RADIUS)
            painter.setClipPath(clip)
            painter.fillRect(rect, _PAPER if picture.hasAlphaChannel() else tokens.hover)
            shown = picture.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(QPoint(0, 0), shown)
            target.moveCenter(rect.center())
            painter.drawPixmap(target, picture)
        draw_panel(painter, rect, edge=tokens.line)
    else:
        draw_panel(painter, rect, fill=tokens.skeleton, edge=tokens.line)
        if face.failed:
            draw_icon(painter, rect, Icon.PICTURE, tokens.muted, size_px=20)
    if face.duration:
        _draw_video_badges(painter, rect, face.duration)


def _draw_video_badges(painter: QPainter, rect: QRect, duration: str) -> None:
    middle = rect.center()
    radius = 20 if rect.width() >= _WIDE_PX else 14
    draw_panel(
        painter,
        QRect(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius),
        fill=_SHADE,
        radius=radius,
    )
    use = font(Type.LABEL, tabular=True)
    width = QFontMetrics(use).horizontalAdvance(duration) + 10
    box = QRect(rect.right() - width - 5, rect.bottom() - 22, width, 17)
    draw_panel(painter, box, fill=_SHADE, radius=SMALL_RADIUS)
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PAPER)
        reach = radius * 0.42
        points = [(-0.7, -1.0), (1.1, 0.0), (-0.7, 1.0)]
        painter.drawPolygon(QPolygonF([QPointF(middle.x() + x * reach, middle.y() + y * reach) for x, y in points]))
        painter.setPen(_PAPER)
        painter.setFont(use)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), duration)


def _draw_words(painter: QPainter, picture: QRect, face: Face, tokens: Tokens) -> None:
    first = QRect(picture.left(), picture.bottom() + 1 + _NAME_TOP, picture.width(), _LINE)
    second = first.translated(0, _LINE + _BETWEEN_LINES)
    left, right = int(Qt.AlignmentFlag.AlignVCenter), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
    mark = face.mark
    with saved(painter):
        use = font(Type.BUTTON)
        painter.setFont(use)
        painter.setPen(tokens.text)
        painter.drawText(
            first, left, QFontMetrics(use).elidedText(face.name, Qt.TextElideMode.ElideMiddle, first.width())
        )
        use = font(Type.SECONDARY, tabular=True)
        metrics = QFontMetrics(use)
        # The state is said whole: the aside gives way to it, and on small tiles is left out.
        room = second.width() - (state_width(mark, face.word) if mark is not None else 0) - _ASIDE_GAP
        shown = metrics.elidedText(face.aside, Qt.TextElideMode.ElideRight, room) if room >= _LEAST_ASIDE else ""
        taken = metrics.horizontalAdvance(shown) + (_ASIDE_GAP if shown else 0)
        painter.setFont(use)
        painter.setPen(tokens.muted)
        painter.drawText(second, right, shown)
    if mark is not None:
        paint_state(painter, second.adjusted(0, 0, -taken, 0), mark, face.word, tokens=tokens)
