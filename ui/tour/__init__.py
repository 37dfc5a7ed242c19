"""``proofdesk tour``: drives the real window through each role's main job on the sandbox and pictures every step."""

import argparse
import sys
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
    out: Path = chosen.out
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("[0-9][0-9]-*.png"), *out.glob("report.md")):
        old.unlink()

    from ui.frame import Frame  # noqa: PLC0415 - other commands do not need them
    from ui.loop import run_on  # noqa: PLC0415
    from ui.start import make_application  # noqa: PLC0415
    from ui.theme import ThemeChoice  # noqa: PLC0415
    from ui.tour.guide import Guide  # noqa: PLC0415
    from ui.tour.steps import STEPS  # noqa: PLC0415
    from ui.window import DeskOptions, DeskProgram  # noqa: PLC0415

    application = make_application()
    with TemporaryDirectory(prefix="proofdesk-tour-") as folder:
        root, work = Path(folder, "profiles"), Path(folder, "work")
        work.mkdir()
        options = DeskOptions(profile=PROFILE, is_demo=True, theme=ThemeChoice(chosen.theme), root=root)
        program = DeskProgram(application, options, frame=Frame())
        guide = Guide(program, out=out, theme=chosen.theme, work=work, tell=_tell)
        status = run_on(application, guide.walk(STEPS))
    verdict = "Some steps failed" if status else "Every step came out"
    _tell(f"{verdict}. Pictures and report: {out.resolve() / 'report.md'}")
    return status


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
