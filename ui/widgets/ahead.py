"""Reads a module in a thread, so that the window stays alive while a large library is loaded."""

import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from PySide6.QtCore import QObject, Signal


class ReadAhead(QObject):
    """One module. It has no parent: a thread that ends late finds it alive."""

    _came = Signal()

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = module
        self._thread: threading.Thread | None = None
        self._waiting: list[Callable[[], object]] = []
        self._came.connect(self._on_came)
        self.is_there = False
        """Whether importing it costs nothing any more."""

    def then(self, act: Callable[[], object]) -> None:
        """Call ``act`` in this thread when the module is there: now, when it is."""
        if self.is_there:
            act()
            return
        self._waiting.append(act)
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, name=f"reads {self._module}", daemon=True)
            self._thread.start()

    def forget(self) -> None:
        """Call nobody: whoever waited is gone."""
        self._waiting.clear()

    def _read(self) -> None:
        # What cannot be imported fails again where it is used, with its own words.
        with suppress(ImportError):
            import_module(self._module)
        with suppress(RuntimeError):  # the program has ended meanwhile
            self._came.emit()

    def _on_came(self) -> None:
        self.is_there = True
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()
