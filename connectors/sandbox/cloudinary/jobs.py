"""Work that the cloud does in the background: eager renditions, archives, moderation by a machine.

A job is due when the sandbox's time has passed it by ``job_s``; it is then done before the next call is answered, so
that nothing happens behind the back of a clock that stands still.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from connectors.sandbox.cloudinary.refusals import RefusalError
from connectors.sandbox.cloudinary.state import Cloud

Job = Callable[[], Awaitable[None]]


class Jobs:
    """What is still to be done, in the order in which it was asked for."""

    def __init__(self, cloud: Cloud, *, takes_s: float | None) -> None:
        """``takes_s``: how long a job takes, in the sandbox's time; None: it is done by the next call."""
        self._cloud = cloud
        self._takes = timedelta(seconds=takes_s or 0.0)
        self._waiting: list[tuple[datetime, Job]] = []

    def add(self, job: Job) -> None:
        """Have ``job`` done when it is due."""
        self._waiting.append((self._cloud.now() + self._takes, job))

    async def do_due(self) -> None:
        """Do what is due. A job that is refused has already told those who asked to be told."""
        now = self._cloud.now()
        due = [one for one in self._waiting if one[0] <= now]
        self._waiting = [one for one in self._waiting if one[0] > now]
        for _, job in due:
            try:
                await job()
            except RefusalError:
                continue
