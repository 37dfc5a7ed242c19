"""The desk with its window on a profile at scale, in a process of its own: what it holds in memory, as JSON."""

import asyncio
import json
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Final

from app.credentials import Credentials
from app.records import CustomerNumber
from app.store import deliveries
from app.store.personal import PersonalKey
from tests.bench.scale.building import PROFILE, personal_key
from ui.frame import Frame
from ui.loop import run_on
from ui.pages.assets.controller import AssetsController
from ui.pages.assets.view import AssetsView
from ui.start import make_application
from ui.window import DeskOptions, DeskProgram

PAGES: Final = ("assets", "support", "inbox", "archive", "connections")
SCROLLED: Final = 30
_SETTLE_S: Final = 1.0


def resident_mb() -> float:
    """The resident set of this process. Linux only."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


async def measured(program: DeskProgram, read: int) -> dict[str, object]:
    """Open, look at every page, read on, and say what that took."""
    began = perf_counter()
    living = asyncio.create_task(program.live())
    while program.session is None or program.window.current_key not in PAGES:  # noqa: ASYNC110 - seen, not told
        await asyncio.sleep(0.01)
    opened = perf_counter() - began
    for key in PAGES:
        program.window.show_page(key)
        await asyncio.sleep(_SETTLE_S)
    program.window.show_page("assets")
    await asyncio.sleep(_SETTLE_S)
    before = resident_mb()
    events = 0
    for place in range(read):
        number = CustomerNumber(f"HM-{place + 1:06d}")
        timeline = await program.session.bridge.run(program.session.desk.store.read, deliveries.timeline, number)
        events += len(timeline)
    behind_events = resident_mb()
    page = program.window.page("assets")
    assert isinstance(page, AssetsView)
    assert isinstance(page.controller, AssetsController)
    for _ in range(SCROLLED):
        page.controller.browsing.more()
        await page.controller.browsing._settled()
    after = resident_mb()
    shown = len(page.model.assets)
    program.frame.close()
    await living
    return {
        "open": before,
        "growth": round(behind_events - before, 1),
        "events": events,
        "growth_scrolled": round(after - behind_events, 1),
        "scrolled": shown,
        "pages": len(PAGES),
        "seconds_to_open": round(opened, 2),
    }


def main(root: str, read: str) -> None:
    """Print what was measured."""

    async def known_key(self: Credentials) -> PersonalKey:
        return personal_key()

    # The profile's people are sealed with a key that everybody knows; no keyring has it.
    Credentials.personal_key = known_key  # type: ignore[method-assign]  # of this process alone
    application = make_application()
    frame = Frame()
    frame.show()
    program = DeskProgram(application, DeskOptions(profile=PROFILE, root=Path(root)), frame=frame)
    print(json.dumps(run_on(application, measured(program, int(read)))))  # noqa: T201 - what it is for


if __name__ == "__main__":
    main(*sys.argv[1:])
