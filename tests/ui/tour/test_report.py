"""The report of a tour: what came out, what did not and why, and where the pictures are."""

from ui.tour.guide import Guide
from ui.tour.report import Outcome, Step, report


async def _nothing(_guide: Guide) -> None:
    """A step that does nothing."""


def outcome(title: str, *, failure: str = "") -> Outcome:
    """A step of support that took a second and a half and was pictured twice."""
    pictures = (f"01-{title}-1280x800.png", f"01-{title}-1920x1080.png")
    step = Step(role="support", title=title, do=_nothing)
    return Outcome(step=step, took_s=1.5, pictures=pictures, failure=failure)


def test_each_step_has_a_line_with_its_verdict_and_pictures() -> None:
    """Nobody would find the picture of a step."""
    said = report([outcome("find")], theme="light")

    assert (
        "| 1 | support | find | came out | 1.5 s | "
        "[1280 × 800](01-find-1280x800.png) [1920 × 1080](01-find-1920x1080.png) |"
    ) in said


def test_what_failed_is_counted_and_explained() -> None:
    """One would have to take the tour again to learn why."""
    said = report([outcome("find"), outcome("send", failure="waited 20 s for the undo bar\n")], theme="dark")

    assert said.startswith("# The tour, dark\n\n1 of 2 steps came out")
    assert "| 2 | support | send | **failed**, see [below](#step-2) |" in said
    assert "## Step 2\n\nsend\n\n```\nwaited 20 s for the undo bar\n```" in said


def test_notes_are_kept() -> None:
    """A shortened time to undo would be taken for the real one."""
    assert "- undo was 3 s" in report([], theme="light", notes=["undo was 3 s"])
