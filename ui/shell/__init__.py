"""The frame around the pages: window, rail, top bar, palette, sheet of keys, and what is remembered of the layout."""

from ui.shell.entries import PageEntry
from ui.shell.hits import ACTIONS, ALL, ICON_PROPERTY, Hit, Provider, Scope, action_hits, hit_spans
from ui.shell.memory import (
    LayoutMemory,
    SessionMemory,
    keep_geometry,
    remember_columns,
    remember_geometry,
    remember_splitter,
)
from ui.shell.rail import Rail
from ui.shell.top_bar import TopBar
from ui.shell.window import MainWindow, PageWindow

__all__ = [
    "ACTIONS",
    "ALL",
    "ICON_PROPERTY",
    "Hit",
    "LayoutMemory",
    "MainWindow",
    "PageEntry",
    "PageWindow",
    "Provider",
    "Rail",
    "Scope",
    "SessionMemory",
    "TopBar",
    "action_hits",
    "hit_spans",
    "keep_geometry",
    "remember_columns",
    "remember_geometry",
    "remember_splitter",
]
