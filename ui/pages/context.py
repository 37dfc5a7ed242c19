"""What every page is handed. Narrow on purpose: use-cases and a way to await them, never a system and never SQL."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from PySide6.QtCore import SignalInstance

from app.activity import Activity
from app.desk_use_cases import UseCases
from app.measures import Measures
from app.notices import Notices
from app.pictures import Pictures
from app.records import System, SystemStatus
from ui.shell import LayoutMemory

T = TypeVar("T")

NO_WORD = "no word"
"""What the Inbox is handed to show the communications of which nothing is told any more."""


class Run(Protocol):
    """Awaits work in the engine, from the GUI thread."""

    async def __call__(self, work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
        """``await work(*wishes)``. Raises: what ``work`` raises (UserError, ConnectorError, or a bug)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """Handed to the builder of each page."""

    run: Run
    use: UseCases
    changed: SignalInstance
    """Emits :class:`~app.records.Changes` in the GUI thread."""
    notices: Notices
    pictures: Pictures
    """Awaited through :attr:`run`: ``await run(pictures.thumbnail, asset, 256)``-like, by way of a lambda."""
    activity: Activity
    measures: Measures
    statuses: Callable[[], Mapping[System, SystemStatus]]
    memory: LayoutMemory
    actor: str
    """Whose wishes these are."""
    go_to: Callable[[str, object], None]
    """Shows a page by its key and hands it what it should show, such as a customer number or an asset's key."""
    synchronise: Callable[[System | None], None]
    """Begins the next round of one system, or of all, now."""
    is_demo: bool
    """Whether nobody outside is reached: every system is the sandbox's."""
    choose_theme: Callable[[str], None] = lambda _theme: None
    """Dresses the window as the setting of that name says."""
    leave: Callable[[], None] = lambda: None
    """Closes the window, and the desk with it."""
