"""The owner of every task that a page starts: keeps it alive, tells its failures, ends with the page.

An error that carries a sentence for a person (``.sentence``, as :class:`app.errors.UserError` and the vendors' errors
do) is expected and becomes a notice. Anything else is a bug of ours: one apology with a report that can be read.
"""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from app.notices import Fault, Level

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")

APOLOGY = "Something went wrong in Proofdesk itself. Your work is kept."
HOW_TO_HELP = "Read the report, and give it to those who look after Proofdesk."


class NoticeDoor(Protocol):
    """Where sentences for a person go: :class:`app.notices.Notices`, or a recording one in tests."""

    def tell(
        self,
        sentence: str,
        *,
        level: Level = ...,
        hint: str = ...,
        place: str = ...,
        fault: Fault | None = ...,
        replaces: int | None = ...,
    ) -> int:
        """Record a notice and return its id."""
        ...


class Tasks:
    """The tasks of one page or of the window. ``place`` names the page, so that its notices appear there."""

    def __init__(
        self, notices: NoticeDoor, *, place: str = "", loop: "asyncio.AbstractEventLoop | None" = None
    ) -> None:
        """``loop`` is needed only when tasks are started before it runs."""
        self._notices = notices
        self._loop = loop
        self._place = place
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T], *, name: str) -> "asyncio.Task[T]":
        """Run ``work`` on the running loop and keep it until it ends. Its failure is told, never lost."""
        import asyncio  # noqa: PLC0415 - 60 ms that the first window does not need

        task = (self._loop or asyncio.get_running_loop()).create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._on_done)
        return task

    @property
    def is_busy(self) -> bool:
        """Whether anything runs."""
        return bool(self._running)

    async def idle(self) -> None:
        """Return when nothing runs any more, counting what is started in between."""
        import asyncio  # noqa: PLC0415 - as above

        while others := self._running - {asyncio.current_task()}:
            await asyncio.wait(others)

    async def cancel(self) -> None:
        """Cancel everything and return when it has ended."""
        self.abandon()
        await self.idle()

    def abandon(self) -> None:
        """Cancel everything without waiting: for a page that is destroyed."""
        for task in tuple(self._running):
            task.cancel()

    def _on_done(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            tell_error(self._notices, error, place=self._place, doing=task.get_name())


class Renewal:
    """Work that brings something up to date: one run at a time, and one more for all who asked meanwhile.

    Side by side, the run that began first could end last, and its older answer would stay.
    """

    def __init__(self, tasks: Tasks, work: Callable[[], Coroutine[Any, Any, None]], *, name: str) -> None:
        self._tasks = tasks
        self._work = work
        self._name = name
        self._running: asyncio.Task[None] | None = None
        self._is_outdated = False

    def want(self) -> None:
        """Something may have changed."""
        self._is_outdated = True
        if self._running is None or self._running.done():
            self._running = self._tasks.start(self._run(), name=self._name)

    async def _run(self) -> None:
        while self._is_outdated:
            self._is_outdated = False
            await self._work()


def tell_error(notices: NoticeDoor, error: BaseException, *, place: str = "", doing: str = "") -> None:
    """Tell an expected error in its own sentence, and a bug with an apology and its report."""
    sentence = getattr(error, "sentence", None)
    if isinstance(sentence, str):
        notices.tell(sentence, level=Level.ERROR, hint=str(getattr(error, "hint", "")), place=place)
        return
    import logging  # noqa: PLC0415 - as above

    logging.getLogger(__name__).error("a fault of ours", extra={"error": error, "doing": doing, "place": place})
    apologise(notices, error, doing=doing)


def apologise(notices: NoticeDoor, error: BaseException, *, doing: str = "") -> int:
    """Tell a bug with an apology, and return the notice's id. It belongs to no page, which would hide its report."""
    from app.log import trace_of  # noqa: PLC0415 - as above

    return notices.tell(APOLOGY, level=Level.ERROR, hint=HOW_TO_HELP, fault=Fault(trace=trace_of(error), doing=doing))
