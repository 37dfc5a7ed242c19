"""Tasks that are never lost, and errors that reach the right eyes."""

import asyncio
import logging

import pytest
import qasync

from app.errors import UserError
from app.notices import Level
from tests.ui.conftest import RecordingNotices
from ui.tasks import APOLOGY, Renewal, Tasks


async def test_idle_waits_for_what_tasks_start(qloop: qasync.QEventLoop, tasks: Tasks) -> None:
    """Tests and the shut-down would go on too early."""
    done: list[str] = []

    async def second() -> None:
        await asyncio.sleep(0)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        tasks.start(second(), name="second")

    tasks.start(first(), name="first")
    await tasks.idle()

    assert done == ["second"]


async def test_an_expected_error_is_told_in_its_own_words(qloop: qasync.QEventLoop, notices: RecordingNotices) -> None:
    """A person would read an apology where there is something to do."""
    tasks = Tasks(notices, place="assets")

    async def refuse() -> None:
        raise UserError("iconik cannot be reached.", hint="Try again in a minute.")

    tasks.start(refuse(), name="refuse")
    await tasks.idle()

    told = notices.only()
    assert (told.sentence, told.hint, told.place) == ("iconik cannot be reached.", "Try again in a minute.", "assets")


async def test_a_bug_is_an_apology_with_a_report(
    qloop: qasync.QEventLoop, notices: RecordingNotices, tasks: Tasks, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug would vanish, or shout its innards at a person."""
    caplog.set_level(logging.CRITICAL)

    async def break_down() -> None:
        raise KeyError("ines@lamer.example")

    tasks.start(break_down(), name="compose")
    await tasks.idle()

    told = notices.only()
    assert (told.sentence, told.level) == (APOLOGY, Level.ERROR)
    assert told.fault is not None
    assert told.fault.doing == "compose"
    assert "break_down" in told.fault.trace[-1]
    assert "ines" not in "".join(told.fault.trace)


async def test_cancel_leaves_nothing_running(qloop: qasync.QEventLoop, notices: RecordingNotices, tasks: Tasks) -> None:
    """A closed page would go on calling vendors."""
    tasks.start(asyncio.Event().wait(), name="for ever")

    await tasks.cancel()

    assert not tasks.is_busy
    assert notices.told == []


async def test_what_is_renewed_runs_once_more_and_never_beside_itself(qloop: qasync.QEventLoop, tasks: Tasks) -> None:
    """Of two counts side by side the older may end last: the top bar would go on saying that something is stuck."""
    may_end = asyncio.Event()
    running, most, runs = 0, 0, 0

    async def count() -> None:
        nonlocal running, most, runs
        running, runs = running + 1, runs + 1
        most = max(most, running)
        await may_end.wait()
        running -= 1

    renewal = Renewal(tasks, count, name="count")
    for _ in range(5):
        renewal.want()
        await asyncio.sleep(0)
    may_end.set()
    await tasks.idle()

    assert (runs, most) == (2, 1)


async def test_what_is_renewed_goes_on_after_a_failure(qloop: qasync.QEventLoop, notices: RecordingNotices) -> None:
    """One locked file, and the top bar would stand still for the rest of the day."""
    tasks, runs = Tasks(notices), 0

    async def fail_once() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise UserError("Another program holds the file.")

    renewal = Renewal(tasks, fail_once, name="count")
    for _ in range(2):
        renewal.want()
        await tasks.idle()

    assert runs == 2
