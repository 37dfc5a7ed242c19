"""The engine thread: wishes in, results and changes out, nothing left behind."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from app.engine import Engine
from app.records import Changes


@pytest.fixture
def engine() -> Iterator[Engine]:
    """A running engine, stopped at the end."""
    running = Engine()
    running.start()
    yield running
    asyncio.run(running.stop())


def test_work_runs_in_the_engines_thread(engine: Engine) -> None:
    """A slow answer would freeze the window."""

    async def where(wish: str) -> tuple[str, str]:
        return threading.current_thread().name, wish

    assert asyncio.run(engine.run(where, "wish")) == ("engine", "wish")


def test_what_work_raises_reaches_the_caller(engine: Engine) -> None:
    """The page would wait for ever instead of saying what went wrong."""

    async def fail() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        asyncio.run(engine.run(fail))


def test_a_cancelled_caller_cancels_the_work(engine: Engine) -> None:
    """A search that was given up would go on loading the vendor."""
    began, ended = threading.Event(), threading.Event()

    async def endless() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def story() -> None:
        caller = asyncio.create_task(engine.run(endless))
        await asyncio.to_thread(began.wait, 5)
        caller.cancel()
        await asyncio.gather(caller, return_exceptions=True)

    asyncio.run(story())

    assert ended.wait(5)


def test_changes_reach_those_who_listen_until_they_leave(engine: Engine) -> None:
    """A closed page would be called for ever, an open one never."""
    heard: list[Changes] = []
    leave = engine.subscribe(heard.append)

    async def publish() -> None:
        engine.publish(Changes(outbox=True))
        engine.publish(Changes())
        leave()
        engine.publish(Changes(inbox=True))

    asyncio.run(engine.run(publish))

    assert heard == [Changes(outbox=True)]


def test_stopping_ends_what_still_runs() -> None:
    """The process would hang at its end."""
    engine = Engine()
    engine.start()
    began, ended = threading.Event(), threading.Event()

    async def endless() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    engine.submit(endless())
    began.wait(5)

    asyncio.run(engine.stop())

    assert ended.is_set()
    assert "engine" not in {thread.name for thread in threading.enumerate()}
