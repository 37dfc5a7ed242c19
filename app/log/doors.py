"""Every door through which a fault can leave unseen ends in the log: threads, loops, warnings, ``__del__``, the top.

A fault that reaches one of these doors is a bug of ours: it is logged, and told once to whoever apologises for it.
"""

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final

from app.log.redaction import HIDDEN, Place

log = logging.getLogger(__name__)

OnFault = Callable[[BaseException, str], None]
"""Told of a fault and of what was being done, in whichever thread it happened."""

_LOOP_SAYS: Final = (
    "Task exception was never retrieved",
    "Task was destroyed but it is pending!",
    "Future exception was never retrieved",
    "Exception in callback",
    "Unhandled exception in client_connected_cb",
    "Fatal error on transport",
    "Fatal read error on socket transport",
    "Fatal write error on socket transport",
    "unhandled exception during asyncio.run() shutdown",
    "an error occurred during closing of asynchronous generator",
)
"""Beginnings of what asyncio says by itself; what follows them may hold values."""


class FaultDoors:
    """Takes the interpreter's own doors over, from :meth:`open` to :meth:`close`."""

    def __init__(self, on_fault: OnFault) -> None:
        self._on_fault = on_fault
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)

    def open(self) -> None:
        """Hear of everything that nobody caught."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)
        sys.excepthook = self._on_top
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable
        warnings.showwarning = self._on_warning  # type: ignore[assignment]  # it is called by position alone

    def close(self) -> None:
        """Give them back."""
        sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = self._before

    def _on_top(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        log.critical("a fault reached the top", extra={"error": error})
        self._on_fault(error, "")

    def _on_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is None or isinstance(told.exc_value, SystemExit):
            return
        name = told.thread.name if told.thread is not None else ""
        log.critical("a thread ended with a fault", extra={"error": told.exc_value, "in_thread": name})
        self._on_fault(told.exc_value, name)

    def _on_unraisable(self, told: "sys.UnraisableHookArgs") -> None:
        # Such as a fault in ``__del__``: nobody waits for it, and there is nothing to apologise for.
        log.error("a fault could not be raised", extra={"error": told.exc_value})

    def _on_warning(
        self, _message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object
    ) -> None:
        place = Place(filename, lineno, "warn")
        log.warning("Python warns", extra={"kind": category.__name__, "where": (place,)})


def loop_fault(on_fault: OnFault) -> Callable[[asyncio.AbstractEventLoop, Mapping[str, object]], None]:
    """A handler for a loop's ``set_exception_handler``: what asyncio says goes to the log, a fault to ``on_fault``."""

    def handle(_loop: asyncio.AbstractEventLoop, context: Mapping[str, object]) -> None:
        message = str(context.get("message", ""))
        error = context.get("exception")
        task = context.get("task") or context.get("future")
        doing = task.get_name() if isinstance(task, asyncio.Task) else ""
        said = next((each for each in _LOOP_SAYS if message.startswith(each)), HIDDEN)
        category = said.casefold().rstrip("!").replace("asyncio.run() ", "")
        if isinstance(error, BaseException):
            log.error("a loop met a fault", extra={"error": error, "doing": doing, "category": category})
            on_fault(error, doing)
        else:
            log.warning("a loop warns", extra={"doing": doing, "category": category})

    return handle
