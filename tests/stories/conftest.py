"""The whole program without a window: one sandbox process for all stories, a fresh desk for each.

``async def`` stories run on the ``runner``'s loop, the same on which their fixtures were made.
"""

import asyncio
import inspect
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.stories.desks import StoryDesk, synchronise_everything
from tests.stories.sandbox import Control, Json, SandboxProcess
from tests.stories.second_clients import SecondClients

STORY_LIMIT_S = 600

OpenDesk = Callable[[], Awaitable[StoryDesk]]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object:
    """Run a coroutine story on its ``runner``."""
    if not inspect.iscoroutinefunction(pyfuncitem.function):
        return None
    names = inspect.signature(pyfuncitem.function).parameters
    story = pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names})
    runner = pyfuncitem.funcargs["runner"]
    assert isinstance(runner, asyncio.Runner)
    runner.run(asyncio.wait_for(story, STORY_LIMIT_S))
    return True


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Json]:
    """The ready file of a running sandbox."""
    sandbox = SandboxProcess.start(tmp_path_factory.mktemp("sandbox") / "ready.json")
    yield sandbox.ready
    sandbox.end()


@pytest.fixture(scope="session")
def synchronised(ready: Json, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a profile that has seen every system once; stories work on copies of it."""
    root = tmp_path_factory.mktemp("synchronised")
    asyncio.run(synchronise_everything(root, ready))
    return root


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """The loop of one story; also what a desk's engine thread would run."""
    with asyncio.Runner() as one:
        yield one


@pytest.fixture
def control(ready: Json, runner: asyncio.Runner) -> Iterator[Control]:
    """The sandbox's control; all trouble ends with the story."""

    async def open_control() -> Control:
        opened = Control(ready)
        await opened.forget_writes()
        return opened

    opened = runner.run(open_control())
    yield opened
    runner.run(opened.close())


@pytest.fixture
def second(ready: Json, runner: asyncio.Runner) -> Iterator[SecondClients]:
    """Other people's clients at the vendors."""

    async def open_clients() -> SecondClients:
        return SecondClients(ready)

    opened = runner.run(open_clients())
    yield opened
    runner.run(opened.close())


@pytest.fixture
def root(synchronised: Path, tmp_path: Path) -> Path:
    """A copy of the synchronised profile for one story."""
    return shutil.copytree(synchronised, tmp_path / "profile-root")


@pytest.fixture
def open_desk(root: Path, ready: Json, runner: asyncio.Runner) -> Iterator[OpenDesk]:
    """Opens a desk on the story's profile, without connections: a start. Close it before the next."""
    opened: list[StoryDesk] = []

    async def open_one() -> StoryDesk:
        opened.append(await StoryDesk.open(root, ready))
        return opened[-1]

    yield open_one
    for each in opened:
        runner.run(each.close())


@pytest.fixture
def desk(open_desk: OpenDesk, runner: asyncio.Runner) -> StoryDesk:
    """A desk on the synchronised profile, connected to everything, that sends and does not synchronise by itself."""

    async def begin() -> StoryDesk:
        told = await open_desk()
        await told.connect()
        told.send()
        return told

    return runner.run(begin())
