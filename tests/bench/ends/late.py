"""How late a Qt loop is, every single time: for a benchmark, which may keep all of them."""

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 10
FRAME_MS = 16
FELT_MS = 50


class LateWatch(QObject):
    """Looks every ten milliseconds, from :meth:`begin` on."""

    def __init__(self) -> None:
        super().__init__()
        self._late_ms: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def begin(self) -> None:
        """Begin to look, or begin anew."""
        self._late_ms.clear()
        self._last = perf_counter()
        self._timer.start()

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _on_tick(self) -> None:
        now = perf_counter()
        self._late_ms.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now

    def facts(self) -> dict[str, float]:
        """In ms; how many looks were later than a frame, and than what a person feels."""
        ordered = sorted(self._late_ms)
        if not ordered:
            return {}
        return {
            "p50": round(ordered[len(ordered) // 2], 2),
            "p99": round(ordered[len(ordered) * 99 // 100], 2),
            "max": round(ordered[-1], 2),
            "over_16": sum(each > FRAME_MS for each in ordered),
            "over_50": sum(each > FELT_MS for each in ordered),
            "looks": len(ordered),
        }
