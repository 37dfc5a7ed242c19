"""Watches how late the GUI thread comes to its work; what made it late is sampled by a thread that waits beside it."""

import logging
import math
import threading
from time import perf_counter
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

from app.lateness import ASLEEP_MS, FELT_MS, Lateness
from app.log.redaction import Place
from app.log.standing import Dump

log = logging.getLogger(__name__)

TICK_MS: Final = 16
LOOK_S: Final = 0.02
"""How often the other thread looks whether the GUI thread still ticks."""
MOST_PLACES: Final = 12
TOLD_EVERY_S: Final = 1.0
"""A storm of stalls is told by its first, so that the log keeps what came before."""


class Watchdog(QObject):
    """Lives in the GUI thread, from its making to :meth:`end`."""

    def __init__(
        self, lateness: Lateness, parent: QObject | None = None, *, told_every_s: float = TOLD_EVERY_S
    ) -> None:
        super().__init__(parent)
        self._lateness = lateness
        self._told_every_s = told_every_s
        self._gui_thread = threading.get_ident()
        self._ticked_at = perf_counter()
        self._told_at = -math.inf
        self._sampled: tuple[float, tuple[Place, ...]] = (0.0, ())
        """When the GUI thread had ticked last, and where it stood while it did not tick again."""
        self._ended = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        self._ended.set()
        self._thread.join()

    def _on_tick(self) -> None:
        now = perf_counter()
        before, self._ticked_at = self._ticked_at, now
        late_ms = max(0.0, (now - before) * 1000 - TICK_MS)
        self._lateness.note(late_ms)
        if FELT_MS < late_ms < ASLEEP_MS and now - self._told_at > self._told_every_s:
            self._told_at = now
            sampled_for, where = self._sampled
            told = {"where": where} if sampled_for == before else {}
            log.warning("the window stood still", extra={"late_ms": late_ms, **told})

    def _watch(self) -> None:
        dump = Dump()
        while not self._ended.wait(LOOK_S):
            ticked_at = self._ticked_at
            stands_still = (perf_counter() - ticked_at) * 1000 - TICK_MS > FELT_MS
            if stands_still and self._sampled[0] != ticked_at:
                # Where one call holds the interpreter throughout, this is the line that it returned to.
                self._sampled = (ticked_at, dump.places_of(self._gui_thread, most=MOST_PLACES))
        dump.close()
