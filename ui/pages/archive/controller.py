"""What happens on the archive page: the queue is read, worded and narrowed; a filing is undone, retried or dropped."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from app.records import Changes, EntryId, EntryState, NodeId, OutboxEntry, System
from app.systems.filing import FilingOrder
from app.wording import age
from ui.pages.archive.faces import WaysOut, face_of
from ui.pages.archive.form import FilingForm
from ui.pages.archive.form_controller import FormController
from ui.pages.archive.keeping import KeepingController
from ui.pages.archive.model import QueueModel
from ui.pages.archive.rows import FilingRow, Filter, Phase, document_name, filings, rows_of, seconds_left, summary
from ui.pages.archive.shown import filing_shown
from ui.pages.archive.trouble import TroubleError, plainly
from ui.pages.archive.view import ArchiveView
from ui.pages.context import PageContext
from ui.pages.filing_draft import FilingDraft
from ui.tasks import Tasks
from ui.widgets import Face, Failed, Loading, plain_words

MOST = 500
"""Entries that are read; the newest of all verbs, of which the filings are shown."""

_RETRIED = frozenset({Phase.RETRYING, Phase.LOOKING_UP, Phase.NEEDS_YOU, Phase.REFUSED})
_DROPPED = _RETRIED | {Phase.BEHIND, Phase.WAITING}
_RENAMED = frozenset({Phase.REFUSED})
_FILTER = "archive/filter"
_JUST_NOW = timedelta(seconds=5)


class ArchiveController:
    """The page's behaviour. Keep it as long as the view: nothing else does."""

    def __init__(
        self,
        view: ArchiveView,
        model: QueueModel,
        *,
        context: PageContext,
        tasks: Tasks,
        now: Callable[[], datetime],
    ) -> None:
        self._view = view
        self._model = model
        self._context = context
        self._tasks = tasks
        self._now = now
        self._entries: tuple[OutboxEntry, ...] = ()
        self._rows: tuple[FilingRow, ...] = ()
        self._read_at: datetime | None = None
        self._reading: asyncio.Task[None] | None = None
        self._is_set_up = False
        self._failure: Failed | None = None
        self._shown_face: Face | None = None
        self._selected = ""
        self._undoable: tuple[OutboxEntry, FilingForm] | None = None
        self._replaces: OutboxEntry | None = None
        """The refused filing that the form takes the place of."""
        kept = context.memory.get(_FILTER)
        self._filter = Filter(kept) if kept in set(Filter) else Filter.ALL
        self.form = FormController(view.form, context=context, tasks=tasks, now=now, on_filed=self._on_filed)
        self._keeping = KeepingController(view.keeping, context=context, tasks=tasks, now=now)
        self._ways = WaysOut(choose=view.choose, connections=view.connections, try_now=view.try_now)
        self._connect()
        self.form.show()
        self._show_possible(None)
        self.refresh()

    def _connect(self) -> None:
        view = self._view
        view.file_chosen.connect(self._on_file_chosen)
        view.faces.cancel_wanted.connect(self._on_cancelled)
        view.filter_chosen.connect(self._on_filter_chosen)
        view.row_chosen.connect(self._on_row_chosen)
        view.ticked.connect(self._on_ticked)
        view.undo_bar.undo_wanted.connect(self._on_undo)
        view.undo_bar.expired.connect(self._on_undo_expired)
        view.entry.undo_wanted.connect(self._on_undo_shown)
        view.entry.drop_wanted.connect(self._on_drop_wanted)
        view.file.triggered.connect(self._on_file)
        view.clear.triggered.connect(self._on_clear)
        view.retry.triggered.connect(self._on_retry)
        view.rename.triggered.connect(self._on_rename)
        view.customer.triggered.connect(self._on_customer)
        view.undo.triggered.connect(self._on_undo)
        view.back.triggered.connect(self._on_back)
        view.connections.triggered.connect(self._on_connections)
        view.try_now.triggered.connect(self._on_try_now)
        view.read_again.triggered.connect(self.refresh)
        self._context.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Read the queue again."""
        if self._read_at is None:
            self._show_face(Loading(what="Reading the queue"))
        self._reading = self._tasks.start(self._read(), name="read the queue")

    def show_subject(self, subject: object) -> None:
        """Begin a form with a :class:`~ui.pages.filing_draft.FilingDraft`; anything else is not ours."""
        if isinstance(subject, FilingDraft):
            self._leave_filing()
            self._replaces = None
            self._tasks.start(self.form.take(subject), name="take the document over")

    def leave(self) -> None:
        """Hear no more of the desk: the page is gone, as when its own window was closed."""
        self._context.changed.disconnect(self._on_changed)
        if self._tasks.is_busy:
            self._tasks.start(self._tasks.cancel(), name="leave the archive")

    async def _read(self) -> None:
        try:
            entries = await plainly(self._context.run(self._context.use.list_entries, frozenset[EntryState](), MOST))
            connections = await plainly(self._context.run(self._context.use.list_connections))
        except TroubleError as trouble:
            self._fail(trouble.words)
            return
        self._failure = None
        self._entries = filings(entries)
        self._is_set_up = any(each.system is System.EXTENDED_ECM for each in connections)
        self._read_at = self._now()
        self._show()

    def _fail(self, words: str) -> None:
        self._failure = Failed(title="The queue could not be read", sentence=words, actions=(self._view.read_again,))
        self._show_face(self._failure)

    def _show(self) -> None:
        """Show everything as it is at this moment."""
        now = self._now()
        self._rows = rows_of(self._entries, now=now)
        if self._undoable and (row := self._row(str(self._undoable[0].id))) and row.phase is not Phase.LEAVING:
            self._forget_undo()
        shown = [row for row in self._rows if self._filter.takes(row.phase)]
        self._view.fill(lambda: self._model.set_rows(shown))
        self._view.set_summary(summary(self._rows) if self._rows else "")
        self._view.set_counts({each: sum(each.takes(row.phase) for row in self._rows) for each in Filter}, self._filter)
        status = self._context.statuses().get(System.EXTENDED_ECM)
        checks = [at for at in (self._read_at, status.last_sync if status else None) if at]
        self._view.set_checked(_checked_words(max(checks), now=now) if checks and status else "")
        self._show_face(
            self._failure
            or face_of(status=status, is_set_up=self._is_set_up, has_rows=bool(self._rows), ways=self._ways, now=now)
        )
        self._show_filing()
        if self._view.is_form_shown:
            self._view.show_form()

    def _show_face(self, face: Face) -> None:
        # The same face again would build its body anew, and take the focus out of it.
        if face != self._shown_face:
            self._shown_face = face
            self._view.faces.set_face(face)

    def _show_filing(self) -> None:
        entry, row = self._entry(self._selected), self._row(self._selected)
        if entry is None or row is None or self._view.is_form_shown:
            self._show_possible(None)
            self._keeping.show(None)
            return
        self._keeping.show(_node_of(entry) if row.phase is Phase.FILED else None)
        self._show_possible(row.phase)
        self._view.entry.show_filing(filing_shown(entry, row, field_names=self.form.field_names))

    def _show_possible(self, phase: Phase | None) -> None:
        view = self._view
        possible = {
            view.retry: phase in _RETRIED,
            view.drop: phase in _DROPPED,
            view.rename: phase in _RENAMED,
            view.customer: phase is Phase.FILED,
            view.back: phase is not None,
            view.undo: phase is Phase.LEAVING or self._undoable is not None,
        }
        for action, is_possible in possible.items():
            action.setVisible(is_possible)
            action.setEnabled(is_possible)

    def _entry(self, key: str) -> OutboxEntry | None:
        return next((entry for entry in self._entries if str(entry.id) == key), None)

    def _row(self, key: str) -> FilingRow | None:
        return next((row for row in self._rows if row.key == key), None)

    def _leave_filing(self) -> None:
        self._selected = ""
        self._view.entry.ask_reason(False)
        self._view.show_form()
        self._show_possible(None)
        self._keeping.show(None)

    def _on_changed(self, changes: Changes) -> None:
        is_ours = System.EXTENDED_ECM in changes.systems
        if changes.outbox or (is_ours and System.EXTENDED_ECM not in self._context.statuses()):
            self.refresh()
        elif is_ours:
            self._on_ticked()

    def _on_cancelled(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._fail("You stopped it. No queued document is lost.")

    def _on_ticked(self) -> None:
        if self._read_at is not None:
            self._show()

    def _on_filter_chosen(self, chosen: str) -> None:
        self._filter = Filter(chosen)
        self._context.memory.set(_FILTER, chosen)
        self._show()

    def _on_row_chosen(self, key: str) -> None:
        if key != self._selected:
            self._view.entry.ask_reason(False)
        self._selected = key
        self._view.show_entry()
        self._show_filing()

    def _on_back(self) -> None:
        if self._view.entry.is_asking:
            self._view.entry.ask_reason(False)
            return
        self._leave_filing()

    def _on_file_chosen(self, path: str) -> None:
        self._leave_filing()
        self._tasks.start(self.form.read(Path(path)), name="read the document")

    def _on_clear(self) -> None:
        self._replaces = None
        self.form.clear()

    def _on_file(self) -> None:
        self._tasks.start(self._file(), name="file the document")

    async def _file(self) -> None:
        replaced = self._replaces
        entry = await self.form.file()
        if entry is None:
            return
        self._replaces = None
        if replaced is not None:
            # Filings of one workspace leave in their order: the refused one would hold the new one back.
            reason = f"Filed again as {document_name(entry.title)}"
            await self._context.run(self._context.use.drop_entry, replaced.id, reason, self._context.actor)
        await self._read()

    def _on_filed(self, entry: OutboxEntry, form: FilingForm) -> None:
        self._undoable = (entry, form)
        self.form.clear()
        self._entries = (entry, *(each for each in self._entries if each.id != entry.id))
        self._selected = str(entry.id)
        if not self._filter.takes(Phase.LEAVING):
            self._on_filter_chosen(Filter.ALL.value)
        self._view.show_entry()
        self._show()
        self._view.go_to(self._selected)
        # The form's fields are out of sight: the focus would go to whatever comes next.
        self._view.table.setFocus()
        name = plain_words(document_name(entry.title))

        def words(left: int) -> str:
            return f"**{name}** is filed in **{left} s**."

        self._view.undo_bar.start(words, seconds=max(1, seconds_left(entry, now=self._now())))

    def _on_undo_expired(self) -> None:
        self._forget_undo()
        self._show_filing()

    def _forget_undo(self) -> None:
        self._undoable = None
        self._view.undo_bar.stop()

    def _on_undo(self) -> None:
        entry = self._undoable[0] if self._undoable else self._entry(self._selected)
        if entry is not None:
            self._tasks.start(self._undo(entry.id), name="undo the filing")

    def _on_undo_shown(self) -> None:
        entry = self._entry(self._selected)
        if entry is not None:
            self._tasks.start(self._undo(entry.id), name="undo the filing")

    async def _undo(self, entry: EntryId) -> None:
        kept = self._undoable if self._undoable and self._undoable[0].id == entry else None
        if kept is not None:
            self._forget_undo()
        await self._context.run(self._context.use.undo_entry, entry, self._context.actor)
        if kept is not None and self.form.form.is_pristine:
            self.form.put(kept[1], source="undone")
        self._leave_filing()
        await self._read()

    def _on_retry(self) -> None:
        entry = self._entry(self._selected)
        if entry is not None:
            self._tasks.start(self._retry(entry.id), name="retry the filing")

    async def _retry(self, entry: EntryId) -> None:
        await self._context.run(self._context.use.retry_entry, entry, self._context.actor)
        await self._read()

    def _on_drop_wanted(self, reason: str) -> None:
        entry = self._entry(self._selected)
        if entry is not None:
            self._tasks.start(self._drop(entry.id, reason), name="drop the filing")

    async def _drop(self, entry: EntryId, reason: str) -> None:
        try:
            await plainly(self._context.run(self._context.use.drop_entry, entry, reason, self._context.actor))
        except TroubleError as trouble:
            self._view.entry.reason.set_error(trouble.words)
            return
        self._view.entry.ask_reason(False)
        await self._read()

    def _on_rename(self) -> None:
        entry = self._entry(self._selected)
        if entry is not None:
            self._tasks.start(self._rename(entry), name="file it under another name")

    async def _rename(self, entry: OutboxEntry) -> None:
        kept = await self._context.run(self._context.use.reopen_filing, entry)
        self._leave_filing()
        self._replaces = entry
        await self.form.reopen(kept)
        self._view.form.name.control.setFocus()

    def _on_customer(self) -> None:
        entry = self._entry(self._selected)
        if entry is not None:
            self._context.go_to("support", FilingOrder.from_payload(entry.payload).customer)

    def _on_connections(self) -> None:
        self._context.go_to("connections", None)

    def _on_try_now(self) -> None:
        self._context.synchronise(System.EXTENDED_ECM)


def _node_of(entry: OutboxEntry) -> NodeId | None:
    """The node that the archive's receipt names."""
    reference = entry.receipt.reference if entry.receipt else ""
    return NodeId(int(reference)) if reference.isdecimal() else None


def _checked_words(at: datetime, *, now: datetime) -> str:
    return "checked just now" if now - at < _JUST_NOW else f"checked {age(at, now=now)} ago"
