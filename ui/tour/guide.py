"""Drives the window as a person would: real clicks and keys, and waiting for what is seen rather than for time.

A step that does not come out is written into the report with its reason, pictured as it stood, and does not stop the
others.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QWidget

from ui.window import DeskProgram

SIZES = ((1280, 800), (1920, 1080))
LOOK_EVERY_S = 0.02
PATIENCE_S = 20.0
SETTLE_S = 0.25
"""Fades and thumbnails end within this time; a picture taken earlier would show them half way."""

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")


class NotSeenError(Exception):
    """Something that should be in the window is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a person does and must see."""

    role: str
    title: str
    do: Callable[["Guide"], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a step."""

    step: Step
    took_s: float
    pictures: tuple[str, ...]
    failure: str = ""


class Guide:
    """The person at the desk."""

    def __init__(self, program: DeskProgram, *, out: Path, theme: str) -> None:
        self.program = program
        self.window = program.window
        self._out = out
        self._theme = theme

    async def walk(self, steps: Sequence[Step]) -> int:
        """Take every step, write the report, close the desk. 0 when all came out."""
        self.window.resize(*SIZES[0])
        self.window.show()
        living = asyncio.create_task(self.program.live(), name="the desk")
        outcomes = [await self._take(number, step) for number, step in enumerate(steps, start=1)]
        self.window.close()
        await living
        self._report(outcomes)
        return 1 if any(outcome.failure for outcome in outcomes) else 0

    async def _take(self, number: int, step: Step) -> Outcome:
        began = perf_counter()
        failure = ""
        try:
            await step.do(self)
        except NotSeenError as error:
            failure = str(error)
        except Exception:  # noqa: BLE001 - a step that breaks is a finding of the tour, whatever broke
            failure = traceback.format_exc()
        took_s = perf_counter() - began
        pictures = await self._picture(f"{number:02d}-{step.title}")
        return Outcome(step=step, took_s=took_s, pictures=pictures, failure=failure)

    async def _picture(self, title: str) -> tuple[str, ...]:
        name = "".join(char if char.isalnum() else "-" for char in title.lower()).strip("-")
        taken: list[str] = []
        for width, height in SIZES:
            self.window.resize(width, height)
            await asyncio.sleep(SETTLE_S)
            file = f"{name}-{width}x{height}.png"
            self.window.grab().save(str(self._out / file))
            taken.append(file)
        self.window.resize(*SIZES[0])
        await asyncio.sleep(SETTLE_S)
        return tuple(taken)

    def _report(self, outcomes: Sequence[Outcome]) -> None:
        failed = sum(1 for outcome in outcomes if outcome.failure)
        lines = [
            f"# The tour, {self._theme}",
            "",
            f"{len(outcomes) - failed} of {len(outcomes)} steps came out.",
            "",
            "| Step | Role | What was done and seen | Took | |",
            "|---|---|---|---|---|",
        ]
        for number, outcome in enumerate(outcomes, start=1):
            shown = f"[picture]({outcome.pictures[0]})" if outcome.pictures else ""
            seen = f"{outcome.step.title}: {'failed' if outcome.failure else 'came out'}"
            lines.append(f"| {number} | {outcome.step.role} | {seen} | {outcome.took_s:.1f} s | {shown} |")
        for number, outcome in enumerate(outcomes, start=1):
            if outcome.failure:
                lines += ["", f"## Step {number}: {outcome.step.title}", "", "```", outcome.failure.strip(), "```"]
        (self._out / "report.md").write_text("\n".join(lines) + "\n", encoding="utf-8")

    # What a person does

    async def press(self, keys: str, *, on: QWidget | None = None) -> None:
        """Press a key or a combination, where the focus is."""
        target = on or QApplication.focusWidget() or self.window
        QTest.keySequence(target, QKeySequence(keys))
        await asyncio.sleep(0)

    async def enter(self, words: str, *, into: QLineEdit) -> None:
        """Replace what stands in a field."""
        into.setFocus()
        into.selectAll()
        QTest.keyClicks(into, words)
        await asyncio.sleep(0)

    async def click(self, widget: QWidget, *, at: QPoint | None = None) -> None:
        """Click with the left button, in the middle when no place is named."""
        await self.until(lambda: widget.isVisible() and widget.isEnabled(), f"“{name_of(widget)}” to be clickable")
        QTest.mouseClick(
            widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center()
        )
        await asyncio.sleep(0)

    async def click_row(self, view: QAbstractItemView, index: QModelIndex) -> None:
        """Click a row or a tile of a view."""
        view.scrollTo(index)
        QTest.mouseClick(
            view.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            view.visualRect(index).center(),
        )
        await asyncio.sleep(0)

    # What a person sees

    async def until(self, is_so: Callable[[], object], what: str, *, patience_s: float = PATIENCE_S) -> None:
        """Wait until ``is_so``. Raises: NotSeenError naming ``what`` when it does not come."""
        end = perf_counter() + patience_s
        while not is_so():
            if perf_counter() > end:
                raise NotSeenError(f"waited {patience_s:g} s for {what}")
            await asyncio.sleep(LOOK_EVERY_S)

    async def seen(self, look: Callable[[], T | None], what: str, *, patience_s: float = PATIENCE_S) -> T:
        """Wait until ``look`` finds something, and return that."""
        found: list[T] = []

        def is_so() -> bool:
            got = look()
            if got is not None:
                found.append(got)
            return bool(found)

        await self.until(is_so, what, patience_s=patience_s)
        return found[0]

    def button(self, name: str, *, inside: QWidget | None = None) -> QAbstractButton | None:
        """A visible button by the words on it or by its accessible name."""
        return next((each for each in self.visible(QAbstractButton, inside=inside) if name in names_of(each)), None)

    def field(self, name: str, *, inside: QWidget | None = None) -> QLineEdit | None:
        """A visible field by its accessible name or its placeholder."""
        fields = self.visible(QLineEdit, inside=inside)
        return next((each for each in fields if name in {each.accessibleName(), each.placeholderText()}), None)

    def visible(self, kind: type[W], *, inside: QWidget | None = None) -> list[W]:
        """Every visible widget of a kind."""
        return [each for each in (inside or self.window).findChildren(kind) if each.isVisible()]

    def words(self, *, inside: QWidget | None = None) -> str:
        """Everything that can be read on the page in sight, one text a line."""
        return "\n".join(label.text() for label in self.visible(QLabel, inside=inside) if label.text())


def names_of(widget: QAbstractButton) -> set[str]:
    """What a person or a screen reader would call a button."""
    return {widget.text().replace("&", ""), widget.accessibleName()}


def name_of(widget: QWidget) -> str:
    """The best name there is."""
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.text()
    return widget.accessibleName() or type(widget).__name__
