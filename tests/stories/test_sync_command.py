"""A round without a window: a nightly job has to know what was read, and what was not."""

from pathlib import Path

import pytest

from app.errors import UserError
from app.records import System
from app.sync.command import Progress, main, run_round, synchronise
from tests.stories.conftest import OpenDesk
from tests.stories.desks import StoryDesk
from tests.stories.sandbox import Control

pytestmark = pytest.mark.usefixtures("runner")


async def test_a_round_reads_every_connected_system(desk: StoryDesk) -> None:
    """The desk would open on yesterday."""
    said: list[str] = []

    reports = await run_round(desk.desk, progress=Progress(said.append))

    assert [report.system for report in reports] == list(System)
    assert not [report.sentence for report in reports if report.sentence]
    assert sorted(line.partition(":")[0] for line in said) == sorted(system.label for system in System)


async def test_one_system_may_be_asked_alone(desk: StoryDesk) -> None:
    """A system that is slow today would hold up the others."""
    reports = await run_round(desk.desk, only={System.ICONIK}, progress=Progress())

    assert [report.system for report in reports] == [System.ICONIK]


async def test_a_system_in_trouble_is_told_and_the_others_are_read(desk: StoryDesk, control: Control) -> None:
    """A night would be lost for five systems because of one."""
    await control.trouble("iconik", "503", count=50)

    reports = {report.system: report for report in await run_round(desk.desk, progress=Progress())}

    assert "iconik" in reports.pop(System.ICONIK).sentence
    assert not [report.sentence for report in reports.values() if report.sentence]


async def test_nothing_that_is_connected_is_said(open_desk: OpenDesk, tmp_path: Path) -> None:
    """An empty round would read as a good one."""
    unconnected = await open_desk()

    with pytest.raises(UserError, match="None of these systems is connected"):
        await run_round(unconnected.desk, progress=Progress())
    with pytest.raises(UserError, match="There is no profile “nobody” yet"):
        await synchronise("nobody", root=tmp_path)


def test_the_command_tells_by_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A nightly job could not use it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    status = main(["--profile", "nobody"])

    assert status == 2
    assert "There is no profile “nobody” yet." in capsys.readouterr().err
