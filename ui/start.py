"""How the desk starts: a window on the screen first, then everything that takes time."""

import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from ui.frame import Frame

if TYPE_CHECKING:
    import argparse


def make_application() -> QApplication:
    """The one QApplication, with what has to be said right after it is made."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Proofdesk")
    application.setApplicationDisplayName("Proofdesk")
    application.setQuitOnLastWindowClosed(False)
    return application


def run_desk(chosen: "argparse.Namespace", *, profile: str) -> int:
    """Open the desk and return when its window was closed."""
    application = make_application()
    frame = Frame()
    frame.await_first_paint()
    if chosen.until_first_paint:
        return _tell_times(application, frame, profile)

    from ui.loop import run_on  # noqa: PLC0415 - after the first paint, like all that is heavy
    from ui.theme import ThemeChoice  # noqa: PLC0415
    from ui.window import DeskOptions, DeskProgram  # noqa: PLC0415

    options = DeskOptions(profile=profile, is_demo=chosen.demo, theme=ThemeChoice(chosen.theme))
    program = DeskProgram(application, options, frame=frame)
    program.faults.guard()
    run_on(application, program.live())
    return 0


def _tell_times(application: QApplication, frame: Frame, profile: str) -> int:
    """Print when the window was there and when the shell was, in seconds since the epoch: for the benchmark."""
    sys.stdout.write(f"{time.time()}\n")

    from ui.window import DeskOptions, DeskProgram  # noqa: PLC0415

    program = DeskProgram(application, DeskOptions(profile=profile), frame=frame)
    program.window.repaint()
    sys.stdout.write(f"{time.time()}\n")
    sys.stdout.flush()
    return 0
