"""The page put together: view, rows and behaviour, which live and end with each other."""

from collections.abc import Callable
from datetime import UTC, datetime

from ui.pages.archive.controller import ArchiveController
from ui.pages.archive.model import QueueModel
from ui.pages.archive.view import ArchiveView
from ui.pages.context import PageContext
from ui.tasks import Tasks

PLACE = "archive"


class ArchivePage(ArchiveView):
    """What the window shows. It keeps its controller, which Qt would not."""

    def __init__(self, context: PageContext, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        model = QueueModel()
        super().__init__(model, context.memory)
        self.tasks = Tasks(context.notices, place=PLACE)
        model.setParent(self)
        self.controller = ArchiveController(self, model, context=context, tasks=self.tasks, now=now)
        self.destroyed.connect(self.controller.leave)

    def show_subject(self, subject: object) -> None:
        """Begin a form with a :class:`~ui.pages.filing_draft.FilingDraft`."""
        self.controller.show_subject(subject)


def build(context: PageContext) -> ArchivePage:
    """The archive page on ``context``."""
    return ArchivePage(context)
