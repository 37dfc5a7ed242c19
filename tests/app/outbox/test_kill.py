"""kill -9 at random moments: nothing that was promised is lost, nothing arrives twice."""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from app.outbox.relay import IN_FLIGHT
from app.rules.chain import check
from app.store import audit
from tests.app.outbox.desk_to_kill import PARTS, WISHES

KILLS = int(os.environ.get("PROOFDESK_KILLS", "6"))
"""More of them in a soak; a handful in every run."""


def run_desk(folder: Path, *, kill_after_s: float | None) -> bool:
    """Run the desk; whether it came to its own end."""
    desk = subprocess.Popen(
        [sys.executable, "-m", "tests.app.outbox.desk_to_kill", str(folder)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    with desk:
        assert desk.stdout is not None
        # Its first word means that libraries are loaded and the work goes on: from here the moment is random.
        desk.stdout.readline()
        try:
            return desk.wait(timeout=kill_after_s) == 0
        except subprocess.TimeoutExpired:
            desk.kill()
            return False


def assert_uploads_went_on(folder: Path, *, kills: int) -> None:
    """Every part of every upload arrived, and a kill cost one part or one beginning, never the parts before."""
    uploads = {f"key {number}" for number in range(3, WISHES, 10)}
    parts = (folder / "parts.txt").read_text().splitlines()
    begun = (folder / "begun.txt").read_text().splitlines()
    assert set(parts) == {f"{key} part {number}" for key in uploads for number in range(1, PARTS + 1)}
    assert len(parts) <= len(uploads) * PARTS + kills * IN_FLIGHT
    assert len(begun) <= len(uploads) + kills * IN_FLIGHT


def test_killed_at_random_moments_everything_is_done_once(tmp_path: Path) -> None:
    """The promise that the whole product stands on."""
    finished = [run_desk(tmp_path, kill_after_s=random.uniform(0, 0.25)) for _ in range(KILLS)]
    finished.append(run_desk(tmp_path, kill_after_s=600 + WISHES))

    sheet = (tmp_path / "vendor.txt").read_text().splitlines()
    assert finished[-1]
    assert sorted(sheet) == sorted(f"key {number}" for number in range(WISHES))
    assert all(sheet.index(f"key {number - 1}") < sheet.index(f"key {number}") for number in range(1, WISHES, 4))
    assert_uploads_went_on(tmp_path, kills=KILLS)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as ledger:
        verdict = check(audit.every(Database(ledger)), [])
    assert verdict.is_whole
    assert verdict.rows >= 2 * WISHES
