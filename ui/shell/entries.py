"""What a page tells the window about itself before it is built."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from ui.theme import Icon


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One cell of the rail. ``build`` is called when the page is first shown, and again for a window of its own.

    The page's own actions are what ``page.actions()`` returns: each with its text, its key and, best, the context
    ``Qt.WidgetWithChildrenShortcut``. They appear in the palette and on the sheet of keys while the page is shown.
    """

    key: str
    title: str
    icon: Icon
    build: Callable[[], QWidget]
    shortcut: str = ""
    at_foot: bool = False
    """Stands in the lower group of the rail."""
