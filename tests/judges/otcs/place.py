"""Where the judge works, and what its client said when it failed.

OpenText's client answers ``None`` on failure and tells the reason to its log alone, so the log is read.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from pyxecm import OTCS  # type: ignore[import-not-found]  # it lives in the judges' environment

DOCUMENT = 144
FOLDER = 0
SHORTCUT = 1
URL = 140
ENTERPRISE = 141
CATEGORIES = 133
COLLECTION = 298
RECORDS = 550


class Heard(logging.Handler):
    """What the client complained about since it was last asked."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self._lines.append(record.getMessage())

    def all(self) -> str:
        """Everything since last time."""
        said = "\n".join(self._lines)
        self._lines.clear()
        return said


@dataclass
class Place:
    """One customer's workspace, and what was made in it so far."""

    otcs: OTCS
    heard: Heard
    workspace: int = 0
    workspace_name: str = ""
    customer: str = ""
    folder: int = 0
    document: int = 0
    category: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    def value(self, response: Any, key: str, index: int = 0, property_name: str = "properties") -> Any:
        """One value out of an answer, read as the client reads it."""
        return self.otcs.get_result_value(response=response, key=key, index=index, property_name=property_name)

    def refused(self, answer: Any, *words: str) -> None:
        """The client gave up, and its log says why."""
        said = self.heard.all()
        assert answer is None, f"expected a refusal, got {str(answer)[:80]}"
        assert all(word.lower() in said.lower() for word in words), said[-200:]
