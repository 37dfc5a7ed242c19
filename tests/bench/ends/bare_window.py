"""A bare Qt window that does nothing but to look how late its loop is; says so in one line of JSON when its input ends.

It runs beside ours: what the machine itself makes late, it makes late here too.
"""

import json
import sys
import threading

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.bench.ends.late import LateWatch


def main() -> None:
    """Watch until the input ends."""
    application = QApplication(sys.argv)
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    watch = LateWatch()
    watch.begin()
    ended = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    looking = QTimer()
    looking.timeout.connect(lambda: application.quit() if ended.is_set() else None)
    looking.start(50)
    application.exec()
    print(json.dumps(watch.facts()), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
