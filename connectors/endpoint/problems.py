"""What is wrong with a description, as sentences that name file, line, call and key, and say what to do.

A value out of the file is never repeated: somebody may have written a secret where its slot belongs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from connectors.endpoint.lines import KeyPath

_CALLS: Final = "calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right."""

    file: str
    line: int
    call: str
    """The call's name; empty when it is about the file as a whole."""
    key: str
    """Dotted, below the call if there is one; empty when it is about all of it."""
    complaint: str
    """What is wrong and what to do, in whole sentences."""

    @property
    def sentence(self) -> str:
        """``crm.toml, line 14, call "contacts", key "paging.cursor": …``"""
        place = [self.file, f"line {self.line}"]
        place += [f'call "{self.call}"'] if self.call else []
        place += [f'key "{self.key}"'] if self.key else []
        return f"{', '.join(place)}: {self.complaint}"


class DescriptionError(ValueError):
    """A description cannot be used; ``problems`` lists everything that was found, in the file's order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.sentence for problem in self.problems))


class Complaints:
    """Gathers problems while a file is read, so that a person mends them all at once."""

    def __init__(self, file: str, lines: Mapping[KeyPath, int]) -> None:
        self._file = file
        self._lines = lines
        self._problems: list[Problem] = []
        self._paths: list[KeyPath] = []

    def add(self, path: KeyPath, complaint: str) -> None:
        """Complain about the value at ``path``; for a key that is missing, the line is that of what should have it."""
        self._paths.append(path)
        inside = path[2:] if path[:1] == (_CALLS,) and len(path) > 1 else path
        self._problems.append(
            Problem(
                file=self._file,
                line=self._line(path),
                call=str(path[1]) if inside is not path else "",
                key=".".join(str(step) for step in inside),
                complaint=complaint,
            )
        )

    def has_below(self, path: KeyPath) -> bool:
        """Whether anything at or below ``path`` was complained of."""
        return any(complained[: len(path)] == path for complained in self._paths)

    def raise_any(self) -> None:
        """Raises: DescriptionError when there was anything."""
        if self._problems:
            raise DescriptionError(sorted(self._problems, key=lambda problem: problem.line))

    def _line(self, path: KeyPath) -> int:
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)
