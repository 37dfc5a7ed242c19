"""Tasks that are never lost, and errors that reach the right eyes."""

import asyncio
import logging

import pytest
import qasync

from app.errors import UserError
from app.notices import Level
from tests.ui.conftest import RecordingNotices
from ui.tasks import APOLOGY, Tasks


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
