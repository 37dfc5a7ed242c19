"""Collects Python's cyclic garbage in the GUI thread and in no other.

Python collects in whichever thread happens to allocate. A cycle that holds a QObject would then be destroyed in the
engine's thread or a decoder's, and Qt aborts when timers and windows die away from home.

A collection looks at everything that is new, and a full one at everything that lives: with a whole program just read
in, that takes the window a tenth of a second. So what the program itself consists of is set aside while it is loaded,
and never looked at again.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 1_000
LONGEST_LOADING: Final = 60
"""Turns after which the program counts as loaded, whatever keeps it."""


class GarbageTurns(QObject):
    """Takes over from the automatic collector while it lives; made in the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_enabled = gc.isenabled()
        self._loading_turns = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.turn)
        self._timer.start()

    def set_aside(self) -> None:
        """What lives now is the program itself: look at it no more, and collect what comes from now on."""
        gc.freeze()
        self._loading_turns = LONGEST_LOADING

    def turn(self) -> None:
        """Collect the oldest generation whose count is over its threshold, as the automatic collector would.

        While the program is loaded there is little that could be freed, and all of it would be looked at.
        """
        if self._loading_turns < LONGEST_LOADING:
            self._loading_turns += 1
            gc.freeze()
            return
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
