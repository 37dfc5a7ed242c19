"""What a row or a tile tells the delegates. Models answer these roles; delegates paint from them and nothing else.

``Qt.DisplayRole`` is the text, already worded. ``Qt.CheckStateRole`` gives the cell a check box of its own,
``Qt.ToolTipRole`` a tooltip even when nothing is elided, ``Qt.AccessibleTextRole`` what a screen reader says.
"""

from enum import IntEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from ui.theme import Icon, Role
from ui.widgets.states import StateMark

_USER = int(Qt.ItemDataRole.UserRole)


class CellRole(IntEnum):
    """Roles of a cell of a :class:`~ui.widgets.DeskTable`."""

    KEY = _USER
    """str: the record's key, the same in every column of the row."""
    SORT = _USER + 1
    """The native value that a proxy sorts by."""
    MARK = _USER + 2
    """StateMark: the cell is a state; the display text is its word."""
    TONE = _USER + 3
    """Role: the colour of the words; ``Role.TEXT`` without it."""
    ICON = _USER + 4
    """Icon: 16 px before the words."""
    STRONG = _USER + 5
    """bool: written in 600, for what is current or needs the eye."""
    CODE = _USER + 6
    """bool: written in fixed pitch, for ids and addresses."""
    SHARE = _USER + 7
    """float 0.0 to 1.0: the cell is a progress bar; the display text stands at its right, the tone colours it."""
    MIDDLE = _USER + 17
    """bool: elided in the middle, for paths, whose end tells as much as their beginning."""


class TileRole(IntEnum):
    """Roles of an item of a :class:`~ui.widgets.TileGrid`: one column, one row per asset."""

    KEY = _USER
    """str: the record's key."""
    MARK = _USER + 2
    """StateMark of the state line."""
    WORD = _USER + 8
    """str: the word of the state line; the mark's own when empty."""
    ASIDE = _USER + 9
    """str: muted, at the right of the state line: version and system."""
    PICTURE = _USER + 10
    """QPixmap or QImage, or None while it is fetched: its place is reserved."""
    DURATION = _USER + 11
    """str such as ``0:48`` for a video, which then also gets its play badge; empty for everything else."""
    FAILED = _USER + 12
    """str: why there will be no picture; empty when there is or may be one."""


class EntryRole(IntEnum):
    """Roles of an item of an :class:`~ui.widgets.EntryList`: two lines, a state, perhaps a picture."""

    KEY = _USER
    """str: the record's key."""
    MARK = _USER + 2
    """StateMark; it stands at the right of the first line, or is the second line when there is a picture."""
    WORD = _USER + 8
    """str: the word of the state; the mark's own when empty."""
    DETAIL = _USER + 9
    """str: the second line, muted; with a picture the state stands there."""
    PICTURE = _USER + 10
    """QPixmap or QImage, 66 x 44 px at the left; None while it is fetched."""


Index = QModelIndex | QPersistentModelIndex


# A StrEnum comes out of QModelIndex.data() as a plain str: Qt stores it as a QString.
def mark_of(index: Index) -> StateMark | None:
    """Return the state that an index has, or None when it is none. Both kinds of roles share the number."""
    value = index.data(CellRole.MARK)
    return StateMark(value) if isinstance(value, str) else None


def tone_of(index: Index, default: Role = Role.TEXT) -> Role:
    """Return the colour that an index asks for."""
    value = index.data(CellRole.TONE)
    return Role(value) if isinstance(value, str) else default


def icon_of(index: Index) -> Icon | None:
    """Return the icon before the words of an index, or None."""
    value = index.data(CellRole.ICON)
    return Icon(value) if isinstance(value, str) else None


def text_of(index: Index) -> str:
    """Return the words of an index; empty for none."""
    value = index.data(Qt.ItemDataRole.DisplayRole)
    return "" if value is None else str(value)
