"""What a test run has shown so far: rows that passing tests name, exchanges that the sandbox answered, verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from tests.contracts.rows import Asked, Side

DESK_AGENT: Final = "Proofdesk/"
"""How the desk's own clients call themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCall:
    """One call of a client that we did not write."""

    name: str
    reason: str = ""
    """Why it failed; empty when it passed."""

    @property
    def passed(self) -> bool:
        """Whether it did what its client promises."""
        return not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one judge tried."""

    judge: str
    calls: tuple[JudgedCall, ...]


@dataclass(slots=True, kw_only=True)
class Evidence:
    """Gathered in one process; those of all processes are put together for the table."""

    named: set[tuple[str, Side]] = field(default_factory=set)
    """Full row ids that a passing test names, and the side that the test is about."""
    asked: set[Asked] = field(default_factory=set)
    judged: list[Judged] = field(default_factory=list)
    at: str = ""
    """The id of the running test."""

    def note_test(self, rows: Iterable[str]) -> None:
        """The running test has passed and names ``rows``."""
        self.named.update((row, side_of(self.at)) for row in rows)

    def note_exchange(self, *, method: str, path: str, agent: str) -> None:
        """The sandbox has answered a call without refusing it."""
        self.asked.add(Asked(side=Side.SANDBOX, method=method, path=path))
        if agent.startswith(DESK_AGENT):
            self.asked.add(Asked(side=Side.CLIENT, method=method, path=path))
        elif side_of(self.at) is Side.JUDGE:
            self.asked.add(Asked(side=Side.JUDGE, method=method, path=path))

    def take(self, packed: bytes) -> None:
        """Add what another process has packed."""
        other = msgspec.json.decode(packed, type=Evidence)
        self.named |= other.named
        self.asked |= other.asked
        self.judged += other.judged

    def packed(self) -> bytes:
        """For another process."""
        return msgspec.json.encode(self)


def side_of(test: str) -> Side:
    """Which side a test is about, by where it lies."""
    if test.startswith("tests/judges/"):
        return Side.JUDGE
    return Side.SANDBOX if test.startswith("tests/connectors/sandbox/") else Side.CLIENT


EVIDENCE: Final = Evidence()
"""This process's."""
