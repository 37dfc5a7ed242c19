"""Runs a judge against a sandbox and reads its verdict."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.contracts.evidence import EVIDENCE, Judged, JudgedCall
from tests.judges.environments import ROOT, python_of

LIMIT_S: Final = 300
Ready = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a judge tried, and what it left for our own client."""

    calls: tuple[JudgedCall, ...]
    handed: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> dict[str, str]:
        """Name → reason of every call that failed."""
        return {call.name: call.reason for call in self.calls if not call.passed}

    @property
    def share_passed(self) -> float:
        """Between 0 and 1."""
        return sum(call.passed for call in self.calls) / len(self.calls)


class Judge:
    """``tests.judges.<name>.flows`` in its environment."""

    def __init__(self, name: str, *, environment: str = "") -> None:
        self.name = name
        self._environment = environment or name

    def run(self, ready: Ready, *, given: Mapping[str, Any] | None = None) -> Verdict:
        """Let it try everything on the sandbox of ``ready``. Raises: AssertionError with a dead one's last words."""
        told = json.dumps({"ready": ready, "given": given or {}})
        ended = subprocess.run(
            [str(python_of(self._environment)), "-m", f"tests.judges.{self.name}.flows"],
            input=told,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            cwd=ROOT,
            # Nothing of this environment is the judge's business, least of all proxies and accounts.
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "*"},
            check=False,
        )
        assert ended.returncode == 0, f"{self.name} died: {ended.stderr[-4000:]}"
        said = json.loads(ended.stdout)
        calls = tuple(JudgedCall(name=call["name"], reason=call["reason"]) for call in said["calls"])
        EVIDENCE.judged.append(Judged(judge=self.name, calls=calls))
        return Verdict(calls=calls, handed=said["handed"])
