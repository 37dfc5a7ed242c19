"""One family of line icons (Tabler, MIT), drawn from SVG in the colour and at the pixel ratio of where they stand.

Sizes are 12, 14, 16 or 20 logical px. The stroke is 1.6 at the family's own 24 px.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources

_FOLDER = Path(resources.__file__).parent / "icons"
_STROKE = b'stroke-width="1.6"'
_DRAWN_STROKE = b'stroke-width="2"'


class Icon(StrEnum):
    """An icon by what it means here; the value is its file in ``resources/icons``."""

    ASSETS = "layout-grid"
    PROOFS = "file-check"
    SUPPORT = "headphones"
    RUNS = "list-details"
    ARCHIVE = "archive"
    INBOX = "inbox"
    ACTIVITY = "activity"
    CONNECTIONS = "plug"
    SETTINGS = "adjustments-horizontal"
    SEARCH = "search"
    BELL = "bell"
    SYNCHRONISE = "refresh"
    REPLAY = "rotate"
    CHEVRON_DOWN = "chevron-down"
    CHEVRON_UP = "chevron-up"
    CHEVRON_LEFT = "chevron-left"
    CHEVRON_RIGHT = "chevron-right"
    ARROW_LEFT = "arrow-left"
    ARROW_RIGHT = "arrow-right"
    ARROW_UP = "arrow-up"
    ARROW_DOWN = "arrow-down"
    COMPARE = "arrows-left-right"
    CLOSE = "x"
    CHECK = "check"
    ADD = "plus"
    MORE = "dots"
    CALENDAR = "calendar"
    DOCUMENT = "file"
    TEXT_DOCUMENT = "file-text"
    FOLDER = "folder"
    MAIL = "mail"
    SMS = "message-2"
    PRINT = "printer"
    WEB = "world"
    MOBILE = "device-mobile"
    HOLD = "lock"
    KEY = "key"
    PERSON = "user"
    CLOCK = "clock"
    INFORMATION = "info-circle"
    WARNING = "alert-triangle"
    COPY = "copy"
    DOWNLOAD = "download"
    REVEAL = "eye"
    MASK = "eye-off"
    INSPECTOR = "layout-sidebar-right"
    NEW_WINDOW = "external-link"
    COLUMNS = "columns-2"
    TABLE = "list"
    FILTER = "filter"
    PICTURE = "photo"
    VIDEO = "video"
    PLAY = "player-play"
    RESUME = "player-play-filled"
    PAUSE = "player-pause-filled"
    TURN = "rotate-clockwise"
    DROP = "trash"
    CLOUD = "cloud"
    STORE = "database"
    LINK = "link"
    VERIFIED = "shield-check"
    DONE = "circle-check"
    DEFERRED = "circle-minus"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"
    FIT = "maximize"
    KEYBOARD = "keyboard"
    LIGHT = "sun"
    DARK = "moon"
    SEND = "send"
    HISTORY = "history"
    COMMAND = "command"
    HELP = "help"
    TAG = "tag"
    SOUND = "volume"
    MUTE = "volume-off"

    @property
    def word(self) -> str:
        """What a screen reader says when nothing better is known."""
        return self.name.replace("_", " ").lower()


@lru_cache(maxsize=256)
def _source(icon: Icon) -> bytes:
    return (_FOLDER / f"{icon.value}.svg").read_bytes().replace(_DRAWN_STROKE, _STROKE)


@lru_cache(maxsize=512)
def _rendered(icon: Icon, size_px: int, rgba: int, ratio: float) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    source = _source(icon).replace(b"currentColor", colour.name().encode())
    side = round(size_px * ratio)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(colour.alphaF())
    QSvgRenderer(QByteArray(source)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon_pixmap(icon: Icon, size_px: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """Return ``icon`` in ``colour``, ``size_px`` logical pixels wide at the device pixel ``ratio``."""
    return _rendered(icon, size_px, colour.rgba(), ratio)


def draw_icon(painter: QPainter, rect: QRect, icon: Icon, colour: QColor, *, size_px: int = 16) -> None:
    """Draw ``icon`` in the middle of ``rect``."""
    pixmap = icon_pixmap(icon, size_px, colour, painter.device().devicePixelRatioF())
    painter.drawPixmap(rect.x() + (rect.width() - size_px) // 2, rect.y() + (rect.height() - size_px) // 2, pixmap)


def qicon(icon: Icon, colour: QColor, *, size_px: int = 16) -> QIcon:
    """Return ``icon`` as a QIcon at ratios 1 and 2, for the rare place that takes nothing else. It keeps its colour."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(icon_pixmap(icon, size_px, colour, ratio))
    return made
