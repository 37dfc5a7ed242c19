"""Why a sending took its way, or was held back: as it was queued, and each time it was to leave."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.records import OutboxEntry
from app.use_cases.explain_sending import SendingTrail
from app.wording import day_and_time
from ui.pages.context import PageContext
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.theme import Role, Type
from ui.widgets import DeskDialog, Label, SectionHeader, ask


class TrailDialog(DeskDialog):
    """Everything that was looked at, a sentence a line."""

    def __init__(self, window: QWidget, entry: OutboxEntry, told: SendingTrail) -> None:
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.lines: list[str] = []
        self._add("When it was queued", told.queued_at.astimezone().strftime("%H:%M:%S"), told.queued)
        for check in told.checks:
            at = f"{day_and_time(check.at)}, {check.openness}"
            self._add("When it was to leave", at, check.trail or ("Forgotten with the customer.",))
        super().__init__(window, entry.title, content, confirm="Close", width=560, asks=False)

    def _add(self, title: str, aside: str, sentences: tuple[str, ...]) -> None:
        if self.lines:
            self._column.addSpacing(8)
        self._column.addWidget(SectionHeader(title, aside=aside))
        for sentence in sentences or ("Nothing was kept of it.",):
            self.lines.append(sentence)
            self._column.addWidget(Label(sentence, use=Type.SECONDARY, role=Role.MUTED, wraps=True))


class Explaining:
    """One dialog at a time."""

    def __init__(
        self,
        view: SupportView,
        *,
        context: PageContext,
        tasks: Tasks,
        current: Callable[[], OutboxEntry | None],
    ) -> None:
        """``current`` is the sending of the current row."""
        self._view = view
        self._context = context
        self._tasks = tasks
        self._current = current
        self._is_shown = False
        view.why_wanted.connect(self.explain)

    def explain(self) -> None:
        """Show the trail of the current row's sending; nothing while one is shown."""
        entry = self._current()
        if entry is not None and not self._is_shown:
            self._is_shown = True
            self._tasks.start(self._explain(entry), name="explain a sending")

    async def _explain(self, entry: OutboxEntry) -> None:
        try:
            told = await self._context.run(self._context.use.explain_sending, entry)
            await ask(TrailDialog(self._view, entry, told))
        finally:
            self._is_shown = False
