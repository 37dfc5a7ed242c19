"""Gathers the evidence while tests run, and prints two tables behind them: the judges', and the contracts' rows.

``@pytest.mark.contract("cloudinary 6.3")`` names the rows that a test holds. Operations need no mark: whatever the
sandbox answered below 400 counts for the rows whose call it was.
"""

from collections.abc import Generator, Iterable, MutableMapping
from typing import Any, Final

import pytest
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from tests.contracts.evidence import EVIDENCE
from tests.contracts.rows import Contracts, Side

OPTION: Final = "--contract-table"
_PACKED: Final = "contract_evidence"
_REFUSED: Final = 400
_SEEN: Final = "proofdesk.tests.seen"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The tables are for whole runs; a part of the tests would leave most rows open."""
    parser.addoption(
        OPTION, action="store_true", help="print who holds each contract row; fail when a row is held by nobody"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Watch what the sandbox's systems answer in this process."""
    config.addinivalue_line("markers", "contract(*rows): the rows of the wire contracts that this test holds")
    patch = pytest.MonkeyPatch()
    answer = Starlette.__call__

    async def watched(self: Starlette, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _SEEN in scope or not _is_sandbox(self):
            await answer(self, scope, receive, send)
            return
        scope[_SEEN] = True
        method, path = scope["method"], scope["path"]

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < _REFUSED:
                EVIDENCE.note_exchange(method=method, path=path, agent=_agent(scope))
            await send(message)

        await answer(self, scope, receive, tell)

    patch.setattr(Starlette, "__call__", watched)
    config.add_cleanup(patch.undo)


def _is_sandbox(app: Starlette) -> bool:
    """Whether its routes answer for a vendor: tests build servers of their own too."""
    return any(
        getattr(getattr(route, "endpoint", None), "__module__", "").startswith("connectors.sandbox.")
        or getattr(getattr(route, "app", None), "__module__", "").startswith(("connectors.sandbox.", "starlette."))
        for route in app.routes
    )


def _agent(scope: MutableMapping[str, Any]) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"user-agent"), "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse rows that no contract has."""
    rows = Contracts.read().rows
    for item in items:
        if unknown := sorted(set(_named(item)) - rows.keys()):
            raise pytest.UsageError(f"{item.nodeid}: no contract has the row {', '.join(unknown)}")


def pytest_runtest_logstart(nodeid: str) -> None:
    """Remember which test causes what comes now."""
    EVIDENCE.at = nodeid


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count the rows of a test that passed."""
    report = yield
    if call.when == "call" and report.passed:
        EVIDENCE.note_test(_named(item))
    return report


def _named(item: pytest.Item) -> Iterable[str]:
    return [row for marker in item.iter_markers("contract") for row in marker.args]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what another process gathered; one that died has left nothing."""
    if packed := getattr(node, "workeroutput", {}).get(_PACKED):
        EVIDENCE.take(packed.encode())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Pack what this process gathered, or judge what all of them did."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_PACKED] = EVIDENCE.packed().decode()
    elif session.config.getoption(OPTION) and not session.exitstatus and _Table().nobodys:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the tables."""
    if EVIDENCE.judged:
        terminalreporter.section("judges: calls tried, passed, failed")
        for line in judges_table():
            terminalreporter.line(line)
    if config.getoption(OPTION):
        terminalreporter.section("contract rows: held by client, sandbox, judge")
        for line in _Table().lines():
            terminalreporter.line(line)


def judges_table() -> list[str]:
    """A line per judge, and one per failed call with its reason."""
    lines = []
    for judged in sorted(EVIDENCE.judged, key=lambda each: each.judge):
        failed = [call for call in judged.calls if not call.passed]
        tried = len(judged.calls)
        lines.append(f"{judged.judge:<18} {tried:>4} tried {tried - len(failed):>4} passed {len(failed):>4} failed")
        lines += [f"    {call.name}: {call.reason}" for call in failed]
    return lines


class _Table:
    """The contracts' rows against the evidence of this run."""

    def __init__(self) -> None:
        self._contracts = Contracts.read()
        self._held = self._contracts.carried_out(EVIDENCE.asked)
        for row, side in EVIDENCE.named:
            self._held.setdefault(row, set()).add(side)

    @property
    def nobodys(self) -> list[str]:
        """The rows that nobody holds and that nobody is excused from."""
        return [
            key
            for key in self._contracts.rows
            if not self._held.get(key) and not all(self._contracts.beyond(key, side) for side in Side)
        ]

    def lines(self) -> list[str]:
        """A line per row, the sums, and the rows that are held by nobody."""
        lines = [f"{key:<22} {self._sides(key)}  {row.says}" for key, row in self._contracts.rows.items()]
        lines.append("C client, S sandbox, J judge; - with a reason in tests/contracts, . without one")
        lines += self._sums()
        if self.nobodys:
            lines.append(f"held by nobody: {', '.join(self.nobodys)}")
        return lines

    def _sides(self, key: str) -> str:
        held = self._held.get(key, set())
        return "".join(
            side[0].upper() if side in held else "-" if self._contracts.beyond(key, side) else "." for side in Side
        )

    def _sums(self) -> list[str]:
        sums: dict[str, list[str]] = {}
        for key in self._contracts.rows:
            sums.setdefault(key.partition(" ")[0], []).append(self._sides(key))
        return [
            f"{system:<14} {len(rows):>4} rows"
            + "".join(
                f"   {side} {sum(row[place].isalpha() for row in rows)}"
                f" (+{sum(row[place] == '-' for row in rows)} excused)"
                for place, side in enumerate(Side)
            )
            for system, rows in sums.items()
        ]
