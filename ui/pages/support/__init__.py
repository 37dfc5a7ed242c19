"""Support: one search box, one timeline over all channels, the document as it was sent, and a guarded re-sending."""

from functools import partial

from PySide6.QtWidgets import QWidget

from ui.pages.context import PageContext
from ui.pages.support.controller import SupportController
from ui.pages.support.model import MatchesModel, TimelineModel
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.widgets.saving import ask_where


class SupportPage(SupportView):
    """The page with its controller, which lives as long as the page."""

    def __init__(self, context: PageContext) -> None:
        matches, timeline = MatchesModel(), TimelineModel()
        super().__init__(matches, timeline, context.memory)
        self.controller = SupportController(
            self,
            matches,
            timeline,
            context=context,
            tasks=Tasks(context.notices, place="support"),
            ask_where=partial(ask_where, self),
        )
        self.destroyed.connect(self.controller.close)
        self.controller.start()

    def show_subject(self, subject: object) -> None:
        """Open the customer with this number."""
        if isinstance(subject, str) and subject:
            self.controller.open(subject)


def build(context: PageContext) -> QWidget:
    """The page, beginning with who is in trouble."""
    return SupportPage(context)
