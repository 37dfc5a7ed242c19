"""asyncio on Qt's loop, for one run of the program.

``asyncio.Runner`` would turn Qt's loop a second time to tidy up, but when it ends for the first time Qt tells everybody
that the application quits, and Chromium takes itself down: the second turn then crashes. So the tidying is part of the
one run.
"""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

import qasync
from PySide6.QtWidgets import QApplication

T = TypeVar("T")

TURN_S: Final = 0.0005
"""How long another thread keeps the interpreter while the window waits for it: Python's own 5 ms, waited for on each of
the many ways from Qt into Python, made the window late by up to 144 ms under load (``python -m tests.bench lateness``);
with this it was 44 to 58 ms."""


def run_on(application: QApplication, program: Coroutine[Any, Any, T]) -> T:
    """Run ``program`` to its end on Qt's loop, with nothing left running behind it."""
    sys.setswitchinterval(TURN_S)
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    try:
        result: T = loop.run_until_complete(_tidily(program))
        return result
    finally:
        asyncio.set_event_loop(None)
        loop.close()


async def _tidily(program: Coroutine[Any, Any, T]) -> T:
    try:
        return await program
    finally:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        loop = asyncio.get_running_loop()
        await loop.shutdown_asyncgens()
