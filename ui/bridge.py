"""The window's side of the border to the engine: work goes over as an awaitable, changes come back as a Qt signal."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.engine import Engine
from app.records import Changes

T = TypeVar("T")


class Bridge(QObject):
    """Lives in the GUI thread. ``changed`` arrives there, whichever thread the change was made in."""

    changed = Signal(object)
    """A :class:`~app.records.Changes`."""

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        # Emitted in the engine's thread, delivered in ours: Qt queues a signal that crosses threads.
        self._leave = engine.subscribe(self._on_engine_changes)

    async def run(self, work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
        """Await ``work(*wishes)`` in the engine. Raises: what ``work`` raises."""
        return await self._engine.run(work, *wishes)

    def close(self) -> None:
        """Hear no more of the engine."""
        self._leave()

    def _on_engine_changes(self, changes: Changes) -> None:
        self.changed.emit(changes)


class Preparing(QObject):
    """How far the profile's files are prepared, told in the store's thread and heard in the window's."""

    heard = Signal(object)
    """A :class:`~app.store.preparing.Preparation`."""
