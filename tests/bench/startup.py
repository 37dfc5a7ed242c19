"""From the start of the process to the first painted window: the desk's against a bare PySide6 window's."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.bench.result import Result, in_turn

RUNS = 9

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.time(), flush=True)
        QTimer.singleShot(0, QApplication.quit)
app = QApplication(sys.argv)
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

OURS = """
import sys, time
from ui.__main__ import main
sys.exit(main(["--profile", "bench", "--until-first-paint"]))
"""


def run() -> Result:
    """Seconds, median of pairs. ``shell`` is when the desk's rail, top bar and page frame had been painted too."""
    shells: list[float] = []

    def ours(home: Path) -> float:
        first, shell = _started(OURS, home)
        shells.append(shell)
        return first

    with tempfile.TemporaryDirectory() as home:
        result = in_turn(
            "startup",
            unit="s",
            ours=lambda: ours(Path(home)),
            bare=lambda: _started(BARE, Path(home))[0],
            runs=RUNS,
        )
    shell = round(median(shells[1:]), 4)
    return replace(result, details={"shell": shell, "platform": os.environ.get("QT_QPA_PLATFORM", "default")})


def _started(program: str, home: Path) -> list[float]:
    # As on a person's machine: Python keeps what it compiled, and the run that is not counted has done that.
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.time()
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return [float(moment) - began for moment in ended.stdout.split()]
