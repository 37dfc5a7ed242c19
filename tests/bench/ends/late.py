"""How late a Qt loop is, every single time: for a benchmark, which may keep all of them."""

from time import perf_counter, thread_time

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 10
FRAME_MS = 16
FELT_MS = 50


class LateWatch(QObject):
    """Looks every ten milliseconds, from :meth:`begin` on."""

    def __init__(self) -> None:
        super().__init__()
        self._late_ms: list[float] = []
        self._work_ms: list[float] = []
        self._last = self._worked = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def begin(self) -> None:
        """Begin to look, or begin anew."""
        self._late_ms.clear()
        self._work_ms.clear()
        self._last, self._worked = perf_counter(), thread_time()
        self._timer.start()

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _on_tick(self) -> None:
        now, worked = perf_counter(), thread_time()
        self._late_ms.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._work_ms.append((worked - self._worked) * 1000)
        self._last, self._worked = now, worked

    def facts(self) -> dict[str, float]:
        """In ms; how many looks were later than a frame, and than what a person feels.

        ``work`` is what the thread itself computed between two looks: what remains of a stall is waiting, for the
        interpreter or for the machine, and on a busy machine only this tells our doing.
        """
        ordered, work = sorted(self._late_ms), sorted(self._work_ms)
        if not ordered:
            return {}
        return {
            "p50": round(ordered[len(ordered) // 2], 2),
            "p99": round(ordered[len(ordered) * 99 // 100], 2),
            "max": round(ordered[-1], 2),
            "over_16": sum(each > FRAME_MS for each in ordered),
            "over_50": sum(each > FELT_MS for each in ordered),
            "work_p99": round(work[len(work) * 99 // 100], 2),
            "work_max": round(work[-1], 2),
            "looks": len(ordered),
        }
