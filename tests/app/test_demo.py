"""The demonstration's systems: started with the desk, said to be missing when they are, ended with it."""

import asyncio
import os

import pytest

from app.demo import DemoSandbox
from app.errors import UserError


def test_it_starts_answers_and_ends() -> None:
    """The demonstration would leave five systems running."""

    async def run() -> int:
        sandbox = await DemoSandbox.start("--quiet", "--assets", "1", "--customers", "1", "--events", "1")
        pid = sandbox.ready["pid"]
        await sandbox.stop()
        assert isinstance(pid, int)
        return pid

    with pytest.raises(ProcessLookupError):
        os.kill(asyncio.run(run()), 0)


def test_it_counts_what_reached_a_customer() -> None:
    """The tour could not tell whether a letter went out twice."""

    async def count() -> int:
        sandbox = await DemoSandbox.start("--quiet", "--assets", "1", "--customers", "1", "--events", "1")
        reached = await sandbox.deliveries("HM-000000")
        await sandbox.stop()
        return reached

    assert asyncio.run(count()) == 0


def test_one_that_cannot_start_says_why() -> None:
    """A newcomer would wait for half a minute and learn nothing."""
    with pytest.raises(UserError) as refused:
        asyncio.run(DemoSandbox.start("--assets", "-1"))

    assert refused.value.sentence == "The sandbox did not start, so there is nothing to show."
    assert "below zero" in refused.value.hint
