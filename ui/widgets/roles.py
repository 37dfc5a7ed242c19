"""What a row or a tile tells the delegates. Models answer these roles; delegates paint from them and nothing else.

``Qt.DisplayRole`` is the text, already worded. ``Qt.CheckStateRole`` gives the cell a check box of its own,
``Qt.ToolTipRole`` a tooltip even when nothing is elided, ``Qt.AccessibleTextRole`` what a screen reader says.
"""

from enum import IntEnum

from PySide6.QtCore import Qt

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
