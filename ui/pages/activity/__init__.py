"""Activity: what leaves for the systems and what they answer, in parts that a control above them chooses."""

from PySide6.QtWidgets import QWidget

from ui.pages.activity import exchanges, health, outbox
from ui.pages.activity.page import ActivityPage, Part
from ui.pages.context import PageContext

__all__ = ["PARTS", "build"]

PARTS = (
    Part(key="outbox", word="Outbox", build=outbox.build),
    Part(key="exchanges", word="Exchanges", build=exchanges.build),
    Part(key="health", word="Health", build=health.build),
)
"""In the order of the control."""


def build(context: PageContext) -> QWidget:
    """The page; a part is built when it is first shown."""
    return ActivityPage(context, PARTS)
