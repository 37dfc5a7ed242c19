"""A round without a window: a nightly job has to know what was read, and what was not."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import keyring
import pytest

from app.clock import SystemClock
from app.errors import UserError
from app.profile import folder_of
from app.records import ConnectionState, System
from app.sync import Statuses
from app.sync.command import Progress, RoundReport, RoundsReport, again_words, main, run_round, synchronise
from app.sync.synchroniser import OUR_FAULT
from app.wording import count
from connectors.errors import ReservedError
from tests.app.keyrings import FakeKeyring
from tests.stories.conftest import OpenDesk
from tests.stories.desks import PROFILE, StoryDesk
from tests.stories.sandbox import Control

pytestmark = pytest.mark.usefixtures("runner")


@pytest.fixture(autouse=True)
def _keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that works and holds nothing yet: no story asks the machine's own."""
    fake = FakeKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: fake)


async def test_a_round_reads_every_connected_system(desk: StoryDesk) -> None:
    """The desk would open on yesterday."""
    said: list[str] = []

    reports = await run_round(desk.desk, progress=Progress(said.append))

    assert [report.system for report in reports] == list(System)
    assert not [report.sentence for report in reports if report.sentence]
    ended = [line.partition(":")[0] for line in said if "up to date" in line]
    assert sorted(ended) == sorted(system.label for system in System)


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


async def test_a_bug_in_one_translator_costs_no_other_system_its_round(
    desk: StoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night would be lost for five systems because of one."""

    def broken(_since: object) -> object:
        raise ValueError("customer Ines")

    monkeypatch.setattr(desk.desk.systems.libraries[System.ICONIK], "changed_since", broken)

    reports = {report.system: report for report in await run_round(desk.desk, progress=Progress())}

    assert reports.pop(System.ICONIK).sentence == OUR_FAULT
    assert not [report.sentence for report in reports.values() if report.sentence]


async def test_what_was_read_of_every_system_is_counted(desk: StoryDesk) -> None:
    """A composer with a thousand templates would look as if it had none."""
    reports = await run_round(desk.desk, only={System.EXSTREAM}, progress=Progress())

    assert reports[0].fetched


async def test_no_system_is_signed_in_to_without_its_secrets(root: Path) -> None:
    """Accounts would be locked, night after night, because a keyring is."""
    report = await synchronise(PROFILE, root=root, only={System.ICONIK, System.CLOUDINARY})

    assert [(each.system, "is signed out" in each.sentence) for each in report.rounds] == [
        (System.ICONIK, True),
        (System.CLOUDINARY, True),
    ]


async def test_a_start_without_secrets_shows_what_is_signed_out(open_desk: OpenDesk) -> None:
    """The card would say nothing, or the account would be locked."""
    opened = await open_desk()

    signed_out = await opened.desk.use.save_connection.open_kept()
    await opened.desk.synchroniser.once(System.ICONIK)

    status = opened.desk.statuses.all()[System.ICONIK]
    assert signed_out.keys() == set(System)
    assert (status.state, opened.desk.systems.connected) == (ConnectionState.SIGNED_OUT, ())


async def test_nothing_that_is_connected_is_said(open_desk: OpenDesk, tmp_path: Path) -> None:
    """An empty round would read as a good one."""
    unconnected = await open_desk()

    with pytest.raises(UserError, match="None of these systems is connected"):
        await run_round(unconnected.desk, progress=Progress())
    with pytest.raises(UserError, match="There is no profile “nobody” yet"):
        await synchronise("nobody", root=tmp_path)


async def test_what_was_out_of_order_at_the_start_is_told(root: Path) -> None:
    """The nightly round would use up the only word of a damaged cache or a forged audit."""
    with closing(sqlite3.connect(folder_of(PROFILE, root) / "ledger.sqlite")) as ledger:
        ledger.executescript("DROP TRIGGER audit_is_only_erased; UPDATE audit SET seal = 'forged';")

    report = await synchronise(PROFILE, root=root)

    assert ["The audit is not" in trouble.sentence for trouble in report.troubles] == [True]


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (RoundsReport(troubles=(), rounds=(RoundReport(system=System.ICONIK, fetched=1),)), 0),
        (RoundsReport(troubles=(), rounds=(RoundReport(system=System.ICONIK, fetched=1, sentence="No."),)), 1),
        (RoundsReport(troubles=(UserError("No."),), rounds=(RoundReport(system=System.ICONIK, fetched=1),)), 1),
    ],
)
def test_the_status_tells_whether_all_went_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], report: RoundsReport, status: int
) -> None:
    """A nightly job could not use it."""

    async def done(_profile: str, **_options: object) -> RoundsReport:
        return report

    monkeypatch.setattr("app.sync.command.synchronise", done)

    assert main([]) == status
    assert ("No." in capsys.readouterr().err) is bool(status)


def test_a_round_that_cannot_begin_has_a_status_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A nightly job could not use it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    status = main(["--profile", "nobody"])

    assert status == 2
    assert "There is no profile “nobody” yet." in capsys.readouterr().err


@pytest.mark.parametrize(("by", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_round_that_is_stopped_ends_cleanly_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], by: signal.Signals, status: int
) -> None:
    """Ctrl+C would cut the tidying up, and a service manager would take it for a crash."""
    tidied: list[str] = []

    async def endless(_profile: str, **_options: object) -> RoundsReport:
        try:
            signal.raise_signal(by)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            tidied.append("closed")
        raise AssertionError

    monkeypatch.setattr("app.sync.command.synchronise", endless)
    before = signal.getsignal(by)

    assert main([]) == status
    assert tidied == ["closed"]
    assert "Stopped. What was read is kept" in capsys.readouterr().err
    assert signal.getsignal(by) == before


def test_what_is_said_of_a_budget_tells_when_to_go_on() -> None:
    """A nightly job would be begun again at once, and stop at once."""
    error = ReservedError(system="Cloudinary", call="search", retry_after=timedelta(minutes=19))

    words = again_words(error, now=datetime(2026, 5, 12, 9, 41).astimezone())

    assert words == "Run it again after 10:00: it goes on from where it is."


def test_progress_is_told_by_what_is_done_and_never_of_a_total_that_nobody_told() -> None:
    """“0 of 0” looks like a system without anything in it."""
    said: list[str] = []
    progress = Progress(said.append)
    statuses = Statuses(clock=SystemClock(), publish=progress.hear)
    progress.watch(statuses)

    statuses.begin(System.ICONIK)
    for fetched, expected in ((0, None), (500, None), (1_000, 50_000), (1_500, 50_000), (2_200, None)):
        statuses.progress(System.ICONIK, fetched=fetched, expected=expected, doing="reading")

    assert said == [
        "iconik: reading",
        f"iconik: reading, {count(1_000)} of {count(50_000)}",
        f"iconik: reading, {count(2_200)}",
    ]


async def test_what_a_person_paused_is_read_only_when_it_is_named(desk: StoryDesk) -> None:
    """The nightly job would go on asking a vendor that somebody took out of the way."""
    said: list[str] = []
    await desk.desk.synchroniser.pause(System.ICONIK)

    by_itself = await run_round(desk.desk, progress=Progress(said.append))
    named = await run_round(desk.desk, only={System.ICONIK}, progress=Progress())

    assert System.ICONIK not in {report.system for report in by_itself}
    assert "iconik: paused, not read" in said
    assert [report.sentence for report in named] == [""]
