"""What keeps a desk from writing, for a while: no file may grow, no block is free, nothing may be changed."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, TypeAlias

if sys.platform != "win32":
    import resource  # read at once: whoever has given up his rights may not read it any more

Trouble: TypeAlias = Callable[[Path], AbstractContextManager[None]]
"""What stands in the way of writing below a folder."""

PAGE: Final = 4_096
_SMALL_DISK: Final = "48m"
_PIECE: Final = bytes(256 * 1024)


@contextmanager
def no_room(size: int, _root: Path) -> Iterator[None]:
    """No file may grow beyond ``size``: what a full disk does to whoever writes, at a place that can be chosen."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(root: Path) -> Iterator[None]:
    """Nothing below ``root`` may be written."""
    every = [root, *root.rglob("*")]
    before = {path: path.stat().st_mode for path in every}
    for path in reversed(every):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        yield
    finally:
        for path, mode in before.items():
            if path.exists():
                path.chmod(mode)


@contextmanager
def no_blocks(spare: int, root: Path) -> Iterator[None]:
    """The :func:`small_disk` that ``root`` lies in has ``spare`` bytes left, and no more."""
    ballast = root.parent / "ballast"
    with ballast.open("wb", buffering=0) as file:
        _fill_up(file.fileno())
        file.truncate(max(0, file.seek(0, os.SEEK_END) - spare))
    try:
        yield
    finally:
        ballast.unlink()


def _fill_up(file: int) -> None:
    for piece in (_PIECE, _PIECE[:PAGE]):
        while True:
            try:
                os.write(file, piece)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                break


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of its own at ``folder``, for everybody; None where this process may make none."""
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        yield None
        return
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SMALL_DISK},mode=0777", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True, capture_output=True)
