"""What all tests share: an asyncio loop on Qt for coroutine tests, and a watch over the GUI thread.

``async def`` tests run on the ``qloop`` fixture and nothing else; no test needs a plug-in for asyncio.
"""

import asyncio
import gc
import inspect
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import cast

import hypothesis
import pytest
import qasync
from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples in every run, and no stop-watch: neither luck nor a busy machine may decide whether a run is green.
# Other examples are looked for with ``--hypothesis-profile=seeking``.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile("seeking", hypothesis.settings.get_profile("steady"), derandomize=False)
hypothesis.settings.load_profile("steady")

_COROUTINE_LIMIT_S = 300
"""Ends what hangs; a slow machine does not come near it. So it is with every limit of time in these tests."""
_TESTS_PER_COLLECTION = 20
_TICK_MS = 10
BLOCKED_MS = 50


def pytest_configure() -> None:
    """Take the automatic collector's work: in an engine's or decoder's thread it would destroy Qt's objects there."""
    gc.disable()


@pytest.fixture(autouse=True, scope="session")
def _tests_run() -> list[int]:
    return [0]


@pytest.fixture(autouse=True)
def _garbage_falls_in_the_main_thread(_tests_run: list[int]) -> Iterator[None]:
    """Collect cycles between tests, in Qt's own thread."""
    yield
    _tests_run[0] += 1
    if _tests_run[0] % _TESTS_PER_COLLECTION == 0:
        gc.collect()


class _Turning:
    """What qasync needs of an application, turned by a plain event loop.

    Each end of ``QApplication.exec`` tells everybody that the program quits; Chromium crashes when it hears so twice.
    """

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._loop = QEventLoop()

    def exec(self) -> int:
        return self._loop.exec()

    def exit(self) -> None:
        self._loop.exit()

    def eventDispatcher(self) -> QAbstractEventDispatcher:  # noqa: N802 - as the application calls it
        return self._application.eventDispatcher()


@pytest.fixture
def qloop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """An asyncio loop on Qt's, set as the current one; what is left on it is cancelled at the end."""
    loop = qasync.QEventLoop(cast("QApplication", _Turning(qapp)))
    asyncio.set_event_loop(loop)
    yield loop
    pending = [task for task in asyncio.all_tasks(loop) if not task.done()]
    for task in pending:
        task.cancel()
    if pending:
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    asyncio.set_event_loop(None)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object:
    """Run a coroutine test on its ``qloop``."""
    if not inspect.iscoroutinefunction(pyfuncitem.function) or "qloop" not in pyfuncitem.fixturenames:
        return None
    names = inspect.signature(pyfuncitem.function).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    loop = pyfuncitem.funcargs["qloop"]
    assert isinstance(loop, asyncio.AbstractEventLoop)
    loop.run_until_complete(asyncio.wait_for(pyfuncitem.obj(**arguments), _COROUTINE_LIMIT_S))
    return True


@dataclass(slots=True)
class GuiWatch:
    """How late the GUI thread's timer came by our own doing, in ms; ``blocked`` are the times that a person would feel.

    While others had the processor, the thread had nothing to do with it, and that time does not count.
    """

    late_ms: list[float] = field(default_factory=list)

    @property
    def blocked(self) -> list[float]:
        """Every lateness above 50 ms."""
        return [late for late in self.late_ms if late > BLOCKED_MS]


def _kept_waiting_s() -> float:
    """For how long this thread could have gone on and had no processor, in all; 0 where the system does not tell."""
    told = Path("/proc/thread-self/schedstat")
    return int(told.read_text().split()[1]) / 1e9 if told.exists() else 0.0


@pytest.fixture
def gui_watch(qapp: QApplication) -> Iterator[GuiWatch]:
    """Record how long the GUI thread was away, for as long as the test runs its loop."""
    watch = GuiWatch()
    last = perf_counter() - _kept_waiting_s()

    def on_tick() -> None:
        nonlocal last
        now = perf_counter() - _kept_waiting_s()
        watch.late_ms.append(max(0.0, (now - last) * 1000 - _TICK_MS))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(_TICK_MS)
    timer.timeout.connect(on_tick)
    timer.start()
    yield watch
    timer.stop()
