"""How late the window is while the desk works: a first reading of the libraries, events without pause, a scrolled grid.

The real window, with the real desk on the sandbox's systems (a process of its own), the real receiver under signed
events (their gateway is a process too), and the Assets grid scrolled up and down all the time. Beside it a bare Qt
window in a process of its own, which does nothing at all: the machine's own lateness. ``ratio`` is p99 by p99.
The systems and the gateway stand for other machines: here they give way (nice) to both windows.

The bar: p99 at most 16 ms, at most 50 ms ever. ``stalls`` says what ran when it was more.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections import Counter
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.connections import connections_from_ready_file
from app.demo import DemoSandbox
from tests.bench.ends.late import LateWatch
from tests.bench.result import Result
from ui.frame import Frame
from ui.loop import run_on
from ui.pages.assets.view import AssetsView
from ui.start import make_application
from ui.theme import ThemeChoice
from ui.window import DeskOptions, DeskProgram

SECONDS: Final = 20
RATE: Final = 1_000
ASSETS: Final = 30_000
SOURCE: Final = "email-gateway"
_SCROLL_MS: Final = 16
_SCROLL_PX: Final = 40
_TO_SETTLE_S: Final = 2.0
_PATIENCE_S: Final = 60.0
_NICE: Final = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """How long, how much."""
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long is measured (%(default)s)")
    parser.add_argument("--rate", type=int, default=RATE, help="events a second that are offered (%(default)s)")
    parser.add_argument("--assets", type=int, default=ASSETS, help="in all libraries together (%(default)s)")


def run(*, seconds: int = SECONDS, rate: int = RATE, assets: int = ASSETS) -> Result:
    """p99 in ms, ours and the bare window's of the same seconds."""
    application = QApplication.instance() or make_application()
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory(prefix="proofdesk-lateness-") as root:
        options = DeskOptions(profile="bench", theme=ThemeChoice.LIGHT, root=Path(root))
        program = DeskProgram(application, options, frame=Frame())
        measured = run_on(application, _measure(program, seconds=seconds, rate=rate, assets=assets))
        stalls = _stalls(Path(root) / "log" / "bench")
    ours, bare = measured["ours"], measured["bare"]
    return Result(
        name="lateness",
        unit="ms",
        ours=ours["p99"],
        bare=bare["p99"],
        ratio=round(ours["p99"] / max(bare["p99"], 0.1), 2),
        runs=1,
        details={
            "platform": os.environ.get("QT_QPA_PLATFORM", "default"),
            "seconds": seconds,
            "window": ours,
            "bare_window": bare,
            "events": measured["events"],
            "assets_read": measured["assets"],
            "stalls": stalls,
        },
    )


async def _measure(program: DeskProgram, *, seconds: int, rate: int, assets: int) -> dict[str, Any]:
    program.frame.resize(1440, 900)
    program.frame.show()
    living = asyncio.create_task(program.live(), name="the desk")
    opened = asyncio.Event()

    def on_page(key: str) -> None:
        if key == "connections":  # nothing is connected yet: the desk has come to rest there
            opened.set()

    program.window.page_shown.connect(on_page)
    async with asyncio.timeout(_PATIENCE_S):
        await opened.wait()
    session = program.session
    assert session is not None
    run = session.bridge.run
    sandbox = await run(DemoSandbox.start, "--quiet", "--assets", str(assets), "--events", "200")
    _give_way(sandbox.pid)
    secret = b64encode(token_bytes(32)).decode()

    async def listen() -> str:
        return session.desk.receive({SOURCE: secret})

    address = await run(listen)
    program.window.show_page("assets")
    scroll = _Scroll(program)
    await asyncio.sleep(_TO_SETTLE_S)
    watch = LateWatch()
    bare, gateway = _end("bare_window"), _end("gateway", address + SOURCE, secret, str(rate))
    _give_way(gateway.pid)
    watch.begin()
    for read in connections_from_ready_file(msgspec.json.encode(sandbox.ready)):
        await run(session.desk.use.save_connection.use, read)
    scroll.begin()
    await asyncio.sleep(seconds)
    watch.end()
    scroll.end()
    told: dict[str, Any] = {"ours": watch.facts(), "bare": await _last_line(bare)}
    posted = await _last_line(gateway)
    told["events"] = {
        "offered_per_s": rate,
        "accepted_per_s": round(
            sum(many for status, many in posted["statuses"].items() if status[0] == "2") / posted["seconds"]
        ),
        "statuses": posted["statuses"],
    }
    told["assets"] = sum(each.fetched for each in session.desk.statuses.all().values() if each.system.is_library)
    await run(sandbox.stop)
    program.frame.close()
    await living
    return told


class _Scroll:
    """Scrolls the Assets grid, up and down again."""

    def __init__(self, program: DeskProgram) -> None:
        page = program.window.page("assets")
        assert isinstance(page, AssetsView)
        self._bar = page.grid.verticalScrollBar()
        self._step = _SCROLL_PX
        self._timer = QTimer()
        self._timer.setInterval(_SCROLL_MS)
        self._timer.timeout.connect(self._on_tick)

    def begin(self) -> None:
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()

    def _on_tick(self) -> None:
        if not self._bar.minimum() <= self._bar.value() + self._step <= self._bar.maximum():
            self._step = -self._step
        self._bar.setValue(self._bar.value() + self._step)


def _end(name: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", f"tests.bench.ends.{name}", *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _give_way(process: int) -> None:
    """Every thread of it; those that it starts later do as the one that starts them."""
    threads = Path(f"/proc/{process}/task")
    for thread in threads.iterdir() if threads.is_dir() else ():
        os.setpriority(os.PRIO_PROCESS, int(thread.name), _NICE)


async def _last_line(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    told: dict[str, Any] = json.loads(await asyncio.to_thread(process.stdout.readline))
    await asyncio.to_thread(process.wait)
    return told


def _stalls(folder: Path) -> list[str]:
    """What ran when the window stood still, with how often and how long; the innermost place of ours."""
    worst: dict[str, float] = {}
    times: Counter[str] = Counter()
    for line in (folder / "desk.jsonl").read_text("utf-8").splitlines():
        told = json.loads(line)
        if told.get("said") != "the window stood still":
            continue
        places = str(told.get("where", "not sampled")).split(" < ")
        ours = next((each for each in places if each.startswith(("ui/", "app/"))), places[0])
        times[ours] += 1
        worst[ours] = max(worst.get(ours, 0.0), float(told["late_ms"]))
    return [f"{many} × {place}, {worst[place]:.0f} ms" for place, many in times.most_common(8)]
