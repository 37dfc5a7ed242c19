"""What a fuzzer found, said once each, and the watch that tells a hang from patience."""

import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

HANG_S: Final = 60.0
_OURS: Final = str(Path(__file__).parents[2] / "connectors")


class HangError(BaseException):
    """A case took longer than anything honest does. No Exception, so that nothing on the way takes it for its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that went wrong, and how to see it again."""

    about: str
    """``sandbox iconik`` or ``client iconik``."""
    what: str
    """The exception and the line of ours that it came from; findings with the same words are one."""
    steps: tuple[str, ...]
    """What was done, the last step being the one that went wrong."""
    again: str
    """The command that finds it again."""
    trace: str = ""

    def as_words(self) -> str:
        """The finding for a person."""
        steps = "\n".join(f"    {step}" for step in self.steps)
        return f"{self.about}: {self.what}\n{steps}\n  again: {self.again}\n{self.trace}"


@dataclass(slots=True)
class Findings:
    """Every finding once, with how often it came."""

    seen: dict[tuple[str, str], Finding] = field(default_factory=dict)
    count: dict[tuple[str, str], int] = field(default_factory=dict)

    def knows(self, about: str, what: str) -> bool:
        """Whether this was found before; counted either way."""
        self.count[about, what] = self.count.get((about, what), 0) + 1
        return (about, what) in self.seen

    def add(self, finding: Finding) -> None:
        """Keep and print it."""
        self.seen[finding.about, finding.what] = finding
        sys.stdout.write(f"FOUND {finding.as_words()}\n")
        sys.stdout.flush()


def where(error: BaseException) -> str:
    """``KeyError at connectors/sandbox/iconik/search.py in _page``: the innermost function of ours, without values."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(_OURS)]
    if not ours:
        return type(error).__name__
    last = ours[-1]
    path = Path(last.filename).relative_to(Path(_OURS).parent)
    return f"{type(error).__name__} at {path} in {last.name}"


def short_trace(error: BaseException) -> str:
    """The last lines of the trace that are ours, and what was said."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(_OURS)][-4:]
    lines = [f"  {Path(f.filename).relative_to(Path(_OURS).parent)}:{f.lineno} {f.line}" for f in frames]
    return "\n".join([*lines, f"  {type(error).__name__}: {str(error)[:300]}"])


@contextmanager
def watched(seconds: float = HANG_S) -> Iterator[None]:
    """Raise HangError in the main thread after ``seconds``, also out of a loop that never awaits."""

    def on_alarm(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, on_alarm)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        # Whoever had set the alarm, such as a test's own limit, has it back.
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, left)
