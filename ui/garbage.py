"""Collects Python's cyclic garbage in the GUI thread and in no other.

Python collects in whichever thread happens to allocate. A cycle that holds a QObject would then be destroyed in the
engine's thread or a decoder's, and Qt aborts when timers and windows die away from home.

A full collection looks at everything that lives, which takes the window a tenth of a second. So what the program itself
consists of is set aside as it is loaded, and never looked at again.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 1_000


class GarbageTurns(QObject):
    """Takes over from the automatic collector while it lives; made in the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_enabled = gc.isenabled()
        gc.disable()
        self.set_aside()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.turn)
        self._timer.start()

    def set_aside(self) -> None:
        """What lives now is the program itself: look at it no more."""
        gc.freeze()

    def turn(self) -> None:
        """Collect the oldest generation whose count is over its threshold, as the automatic collector would."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    def end(self) -> None:
        """Give the automatic collector its work back."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
