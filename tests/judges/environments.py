"""The judges' environments: one folder of its own for each lock file, made when it is first needed.

``python -m tests.judges.environments`` makes all of them.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / ".judges"
_LOCKS: Final = Path(__file__).parent


def python_of(name: str) -> Path:
    """The interpreter that has what ``tests/judges/<name>/requirements.txt`` locks."""
    lock = _LOCKS / name / "requirements.txt"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    home = FOLDER / name
    stamp = home / ".ready"
    with _alone(name):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(home, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(home))
            install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
            _run(str(home / "bin" / "python"), *install, "--require-hashes", "-r", str(lock))
            stamp.write_text(wanted)
    return home / "bin" / "python"


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Let one process at a time make an environment."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def main() -> None:
    """Make every environment that is not there yet."""
    for lock in sorted(_LOCKS.glob("*/requirements.txt")):
        python_of(lock.parent.name)


if __name__ == "__main__":
    main()
