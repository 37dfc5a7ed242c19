"""Keeps book of what a judge tried. It runs in the judge's own environment, so it knows the standard library alone."""

import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

_REASON_LENGTH = 300


class Ledger:
    """One run of a judge: what it was given, what it tried, what it hands on."""

    def __init__(self, told: dict[str, Any], out: TextIO) -> None:
        self.ready: dict[str, Any] = told["ready"]
        """The sandbox's ready file."""
        self.given: dict[str, Any] = told["given"]
        """What our own client did before."""
        self._out = out
        self._calls: list[dict[str, str]] = []
        self._handed: dict[str, Any] = {}

    @classmethod
    def from_stdin(cls) -> "Ledger":
        """The run that standard input describes; what libraries print no longer reaches standard output."""
        out, sys.stdout = sys.stdout, sys.stderr
        return cls(json.load(sys.stdin), out)

    @contextmanager
    def call(self, name: str) -> Iterator[None]:
        """One line of the judges' table. An exception within fails the call, not the run."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever a client raises is its verdict
            self._calls.append({"name": name, "reason": _reason(error)})
        else:
            self._calls.append({"name": name, "reason": ""})

    def hand(self, name: str, value: object) -> None:
        """Leave ``value``, JSON-ready, for our own client to look for."""
        self._handed[name] = value

    def end(self) -> None:
        """Say what happened, as one JSON object."""
        json.dump({"calls": self._calls, "handed": self._handed}, self._out)
        self._out.flush()


def _reason(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} ({Path(where.filename).name}:{where.lineno}): {error}"[:_REASON_LENGTH]
