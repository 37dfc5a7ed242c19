"""The tour as people start it: a process of its own, the real window, the real sandbox."""

import os
import subprocess
import sys
from pathlib import Path

from ui.tour.guide import SIZES
from ui.tour.steps import STEPS

LIMIT_S = 800


def test_the_tour_comes_out_and_leaves_nothing_running(tmp_path: Path) -> None:
    """A role's main job would be broken in the real window, and nobody would know before a person tries."""
    out = tmp_path / "out"
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}

    tour = subprocess.Popen(
        [sys.executable, "-m", "ui", "tour", "--out", str(out)],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said, _ = tour.communicate(timeout=LIMIT_S)
    finally:
        tour.kill()

    report = (out / "report.md").read_text(encoding="utf-8")
    assert tour.returncode == 0, f"{report}\n{said}"
    assert f"{len(STEPS)} of {len(STEPS)} steps came out" in report
    assert len(list(out.glob("*.png"))) == len(STEPS) * len(SIZES)
    assert str(out) in said.splitlines()[-1]
    assert not running_with("--with-parent", str(tour.pid))
    assert not list(tmp_path.glob("proofdesk-tour-*"))


def running_with(*arguments: str) -> list[str]:
    """The processes that were started with these arguments, one after the other."""
    wanted = "\0".join(arguments).encode()
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            # It ended while we looked.
            continue
        if wanted + b"\0" in command:
            found.append(process.name)
    return found
