"""The pieces that pages are built from. They know Qt and the theme; no use-case, no page, no system.

What a page usually takes: :class:`PageHeader` in :class:`Faces`, :class:`DeskTable` or :class:`TileGrid` over a model
that answers :class:`CellRole` or :class:`TileRole`, :class:`Facts` and a :class:`Footer` in the inspector,
:class:`Button` made of the page's QActions, :func:`ask` for what cannot be undone.

A name is loaded from its module when it is first asked for: the first window needs a third of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.widgets.actions import page_action
    from ui.widgets.badges import Badge, Environment, counter_width, counter_words, paint_counter
    from ui.widgets.bars import UNDO_SECONDS, Banner, Sentence, Toast, UndoBar, plain_words, strong_words
    from ui.widgets.buttons import Button, ButtonKind, IconButton
    from ui.widgets.chips import CHIP_HEIGHT, AddChip, ChipTint, FacetChip, StatusChip, ToggleChip
    from ui.widgets.dialogs import Backdrop, DeskDialog, ask, draw_shadow
    from ui.widgets.entry_list import ENTRY_HEIGHT, EntryDelegate, EntryList
    from ui.widgets.faces import Empty, Face, Faces, Failed, Fresh, Loading, Skeleton, Stale
    from ui.widgets.fields import (
        ChoiceField,
        DateField,
        Field,
        TextArea,
        TextField,
        choice_field,
        date_field,
        text_field,
    )
    from ui.widgets.flow import Flow
    from ui.widgets.headers import (
        Bar,
        Facts,
        Footer,
        PageHeader,
        PaneHeader,
        SectionHeader,
        Separator,
        Splitter,
        on_surface,
    )
    from ui.widgets.image_view import ImageView
    from ui.widgets.key_caps import KeyCap, cap_width, key_words, paint_key_cap
    from ui.widgets.labels import ElidedLabel, IconLabel, Label
    from ui.widgets.masked import MaskedText
    from ui.widgets.moments import Moments
    from ui.widgets.naming import unnamed_widgets
    from ui.widgets.progress import ProgressBar, ProgressLine, paint_progress
    from ui.widgets.roles import CellRole, EntryRole, TileRole
    from ui.widgets.scroll import Scroll
    from ui.widgets.segmented import Segment, Segmented
    from ui.widgets.states import StateCell, StateMark, paint_mark, paint_state, state_width
    from ui.widgets.table import DeskTable, FindsRows
    from ui.widgets.table_columns import Column
    from ui.widgets.table_painting import ROW_HEIGHT, RowDelegate
    from ui.widgets.tile_grid import TileGrid, TileSize
    from ui.widgets.tile_model import TileModel

__all__ = [
    "CHIP_HEIGHT",
    "ENTRY_HEIGHT",
    "ROW_HEIGHT",
    "UNDO_SECONDS",
    "AddChip",
    "Backdrop",
    "Badge",
    "Banner",
    "Bar",
    "Button",
    "ButtonKind",
    "CellRole",
    "ChipTint",
    "ChoiceField",
    "Column",
    "DateField",
    "DeskDialog",
    "DeskTable",
    "ElidedLabel",
    "Empty",
    "EntryDelegate",
    "EntryList",
    "EntryRole",
    "Environment",
    "Face",
    "Faces",
    "FacetChip",
    "Facts",
    "Failed",
    "Field",
    "FindsRows",
    "Flow",
    "Footer",
    "Fresh",
    "IconButton",
    "IconLabel",
    "ImageView",
    "KeyCap",
    "Label",
    "Loading",
    "MaskedText",
    "Moments",
    "PageHeader",
    "PaneHeader",
    "ProgressBar",
    "ProgressLine",
    "RowDelegate",
    "Scroll",
    "SectionHeader",
    "Segment",
    "Segmented",
    "Sentence",
    "Separator",
    "Skeleton",
    "Splitter",
    "Stale",
    "StateCell",
    "StateMark",
    "StatusChip",
    "TextArea",
    "TextField",
    "TileGrid",
    "TileModel",
    "TileRole",
    "TileSize",
    "Toast",
    "ToggleChip",
    "UndoBar",
    "ask",
    "cap_width",
    "choice_field",
    "counter_width",
    "counter_words",
    "date_field",
    "draw_shadow",
    "key_words",
    "on_surface",
    "page_action",
    "paint_counter",
    "paint_key_cap",
    "paint_mark",
    "paint_progress",
    "paint_state",
    "plain_words",
    "state_width",
    "strong_words",
    "text_field",
    "unnamed_widgets",
]

_ROOMS: dict[str, tuple[str, ...]] = {
    "actions": ("page_action",),
    "badges": (
        "Badge",
        "Environment",
        "counter_width",
        "counter_words",
        "paint_counter",
    ),
    "bars": (
        "UNDO_SECONDS",
        "Banner",
        "Sentence",
        "Toast",
        "UndoBar",
        "plain_words",
        "strong_words",
    ),
    "buttons": (
        "Button",
        "ButtonKind",
        "IconButton",
    ),
    "chips": (
        "CHIP_HEIGHT",
        "AddChip",
        "ChipTint",
        "FacetChip",
        "StatusChip",
        "ToggleChip",
    ),
    "dialogs": (
        "Backdrop",
        "DeskDialog",
        "ask",
        "draw_shadow",
    ),
    "entry_list": (
        "ENTRY_HEIGHT",
        "EntryDelegate",
        "EntryList",
    ),
    "faces": (
        "Empty",
        "Face",
        "Faces",
        "Failed",
        "Fresh",
        "Loading",
        "Skeleton",
        "Stale",
    ),
    "fields": (
        "ChoiceField",
        "DateField",
        "Field",
        "TextArea",
        "TextField",
        "choice_field",
        "date_field",
        "text_field",
    ),
    "flow": ("Flow",),
    "headers": (
        "Bar",
        "Facts",
        "Footer",
        "PageHeader",
        "PaneHeader",
        "SectionHeader",
        "Separator",
        "Splitter",
        "on_surface",
    ),
    "image_view": ("ImageView",),
    "key_caps": (
        "KeyCap",
        "cap_width",
        "key_words",
        "paint_key_cap",
    ),
    "labels": (
        "ElidedLabel",
        "IconLabel",
        "Label",
    ),
    "masked": ("MaskedText",),
    "moments": ("Moments",),
    "naming": ("unnamed_widgets",),
    "progress": (
        "ProgressBar",
        "ProgressLine",
        "paint_progress",
    ),
    "roles": (
        "CellRole",
        "EntryRole",
        "TileRole",
    ),
    "scroll": ("Scroll",),
    "segmented": (
        "Segment",
        "Segmented",
    ),
    "states": (
        "StateCell",
        "StateMark",
        "paint_mark",
        "paint_state",
        "state_width",
    ),
    "table": ("DeskTable", "FindsRows"),
    "table_columns": ("Column",),
    "table_painting": ("ROW_HEIGHT", "RowDelegate"),
    "tile_grid": (
        "TileGrid",
        "TileSize",
    ),
    "tile_model": ("TileModel",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load the module that has ``name``. Raises: AttributeError for a name that no module here has."""
        room = _ROOM_OF.get(name)
        if room is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{room}"), name)
        globals()[name] = found
        return found
