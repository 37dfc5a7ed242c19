"""``proofdesk tour``: drives the real window through each role's main job on the sandbox and pictures every step."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

PROFILE = "tour"


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the tour. 0 when every step came out, 1 when one did not; the report says which and why."""
    parser = argparse.ArgumentParser(prog="proofdesk tour", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the pictures and report.md go")
    parser.add_argument("--theme", choices=["light", "dark"], default="light", help="(%(default)s)")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for old in chosen.out.glob("[0-9][0-9]-*.png"):
        old.unlink()

    import qasync  # noqa: PLC0415 - other commands do not need them

    from ui.theme import ThemeChoice  # noqa: PLC0415
    from ui.tour.guide import Guide  # noqa: PLC0415
    from ui.tour.steps import STEPS  # noqa: PLC0415
    from ui.window import DeskOptions, DeskProgram, make_application  # noqa: PLC0415

    application = make_application()
    with TemporaryDirectory(prefix="proofdesk-tour-") as root:
        options = DeskOptions(profile=PROFILE, is_demo=True, theme=ThemeChoice(chosen.theme), root=Path(root))
        with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
            guide = Guide(DeskProgram(application, options), out=chosen.out, theme=chosen.theme)
            return runner.run(guide.walk(STEPS))
