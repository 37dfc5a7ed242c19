"""Leads a person through the steps: each is done, pictured and told, and one that fails does not stop the others."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.demo import DemoSandbox
from app.desk import Desk
from app.notices import Level, Notice
from ui.session import DeskSession
from ui.tour.person import NotSeenError, Person
from ui.tour.report import UNDO_FOR, Outcome, Step, report
from ui.window import DeskProgram

SIZES = ((1280, 800), (1920, 1080))
LOOK_AGAIN_S = 0.08
LOOKS_ALIKE = 3
"""So often in a row the window must look the same to count as still."""
MOST_LOOKS = 15
"""A film never stands still: then its picture is taken as it is."""

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")


class Guide(Person):
    """The person on the tour, with the desk that stands behind the window."""

    def __init__(self, program: DeskProgram, *, out: Path, theme: str, work: Path, tell: Callable[[str], None]) -> None:
        """``tell`` gets a line for each step once it was taken."""
        super().__init__(program.frame)
        self.program = program
        self.window = program.window
        self.work = work
        """A folder for files of the tour's own; goes with it."""
        self._out = out
        self._theme = theme
        self._tell = tell
        self._troubles: list[str] = []
        program.notices.listen(self._on_notice)

    async def walk(self, steps: Sequence[Step]) -> int:
        """Take every step, write the report, close the desk. 0 when all came out, else 1."""
        frame = self.program.frame
        frame.resize(*SIZES[0])
        frame.show()
        frame.activateWindow()
        living = asyncio.create_task(self.program.live(), name="the desk")
        outcomes = [await self._take(number, step) for number, step in enumerate(steps, start=1)]
        frame.close()
        await living
        seconds = UNDO_FOR.total_seconds()
        notes = [f"A wish could be taken back for {seconds:g} s instead of 10 s, so that nobody has to wait."]
        (self._out / "report.md").write_text(report(outcomes, theme=self._theme, notes=notes), encoding="utf-8")
        return 1 if any(outcome.failure for outcome in outcomes) else 0

    @property
    def session(self) -> DeskSession:
        """What stands behind the window. Raises: NotSeenError when the desk is not open."""
        if self.program.session is None:
            raise NotSeenError("the desk is not open")
        return self.program.session

    @property
    def desk(self) -> Desk:
        """The desk itself, to look at what it knows. Raises: NotSeenError."""
        return self.session.desk

    @property
    def sandbox(self) -> DemoSandbox:
        """The world outside. Raises: NotSeenError when it has not been started."""
        if self.session.sandbox is None:
            raise NotSeenError("the sandbox is not there")
        return self.session.sandbox

    async def ask(self, work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
        """Let the engine answer."""
        return await self.session.bridge.run(work, *wishes)

    async def page(self, key: str, keys: str, kind: type[W]) -> W:
        """Go to a page by its keys. Raises: NotSeenError when it is not there or not the one that was expected."""
        if self.session and self.window.current_key != key:
            await self.press(keys, on=self.window)
            await self.until(lambda: self.window.current_key == key, f"the page “{key}” to come")
        page = self.window.page(key)
        if not isinstance(page, kind):
            raise NotSeenError(f"the page “{key}” is a {type(page).__name__}, not a {kind.__name__}")
        await self.until(page.isVisible, f"the page “{key}” to be seen")
        return page

    async def _take(self, number: int, step: Step) -> Outcome:
        self._troubles.clear()
        began = perf_counter()
        try:
            await step.do(self)
            failure = "\n".join(self._troubles)
        except NotSeenError as error:
            failure = "\n".join([str(error), *self._troubles])
        except Exception:  # noqa: BLE001 - a step that breaks is a finding of the tour, whatever broke
            failure = "\n".join([traceback.format_exc(), *self._troubles])
        took_s = perf_counter() - began
        pictures = await self._picture(f"{number:02d} {step.title}")
        self._tell(f"{number:2} {'FAILED  ' if failure else 'came out'} {took_s:5.1f} s  {step.role}: {step.title}")
        if failure:
            self._tell(failure)
            # Whatever lies over the page must not stand in the way of the next step.
            await self.press("Esc")
        return Outcome(step=step, took_s=took_s, pictures=pictures, failure=failure)

    async def _picture(self, title: str) -> tuple[str, ...]:
        words = "".join(each if each.isascii() and each.isalnum() else " " for each in title.lower())
        taken: list[str] = []
        for width, height in SIZES:
            self.program.frame.resize(width, height)
            file = f"{'-'.join(words.split())}-{width}x{height}.png"
            (await self._still()).save(str(self._out / file))
            taken.append(file)
        self.program.frame.resize(*SIZES[0])
        return tuple(taken)

    async def _still(self) -> QImage:
        """The window once it has come to rest: fades have ended, pictures have come, pages are laid out."""
        seen = self.program.frame.grab().toImage()
        alike = 1
        for _ in range(MOST_LOOKS):
            await asyncio.sleep(LOOK_AGAIN_S)
            now = self.program.frame.grab().toImage()
            alike = alike + 1 if now == seen else 1
            seen = now
            if alike == LOOKS_ALIKE:
                break
        return seen

    def _on_notice(self, notice: Notice) -> None:
        if notice.level is Level.ERROR:
            trace = notice.fault.trace if notice.fault else ()
            self._troubles.append(
                "\n".join([f"the desk told of an error: {notice.sentence} {notice.hint}".strip(), *trace])
            )
