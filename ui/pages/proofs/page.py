"""The page as the shell takes it: the view, with its controller kept alive, remembering how it was left."""

from PySide6.QtWidgets import QWidget

from ui.pages.context import PageContext
from ui.pages.proofs.controller import ProofsController
from ui.pages.proofs.model import TemplatesModel
from ui.pages.proofs.panes import MAIL_WIDTHS
from ui.pages.proofs.view import ProofsView
from ui.shell import LayoutMemory, remember_splitter
from ui.tasks import Tasks

_WIDTH_KEY = "proofs/mail-width"


class ProofsPage(ProofsView):
    """Opens on a template with :meth:`show_subject`."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        model = TemplatesModel()
        super().__init__(model, parent)
        self.tasks = Tasks(context.notices, place="proofs")
        self.controller = ProofsController(self, model, context=context, tasks=self.tasks)
        self._memory = context.memory
        self._remember_layout(context.memory)
        self.destroyed.connect(self.controller.leave)
        self.controller.begin()

    def show_subject(self, subject: object) -> None:
        """Show the template with the id ``subject``."""
        self.controller.show_subject(subject)

    def _remember_layout(self, memory: LayoutMemory) -> None:
        panes = self.panes
        for splitter, name in (
            (self.columns, "columns"),
            (panes.rows, "rows"),
            (panes.upper_row, "upper"),
            (panes.lower_row, "lower"),
        ):
            remember_splitter(splitter, memory, f"proofs/{name}")
        kept = memory.get(_WIDTH_KEY)
        if kept in MAIL_WIDTHS:
            panes.set_mail_width(int(str(kept)))
        panes.mail_bar.width_chosen.connect(self._on_width)

    def _on_width(self, width_px: int) -> None:
        self._memory.set(_WIDTH_KEY, str(width_px))


def build(context: PageContext) -> QWidget:
    """The page of proofs."""
    return ProofsPage(context)
