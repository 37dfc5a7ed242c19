"""Sending a document once more: the question, the one sending, ten seconds to take it back."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from math import ceil

from app.errors import EXPECTED, UserError, hint_of, sentence_of
from app.records import CustomerDocument, EntryId, OutboxEntry
from app.use_cases.resend import ResendOffer, ResendWish
from ui.pages.context import PageContext
from ui.pages.support.resend_dialog import ResendDialog
from ui.pages.support.rows import entry_key
from ui.pages.support.timeline_row import BY_CHANNEL
from ui.pages.support.titles import document_title
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.widgets import ask

_LONGEST_BAR_S = 600
"""Nobody waits longer beside a count-down."""
REASON = "asked for at support"
"""Part of what makes two sendings the same, so it is not free text: another wording would be another sending."""


class Resending:
    """One dialog at a time, and the last entry that can still be taken back."""

    def __init__(
        self, view: SupportView, *, context: PageContext, tasks: Tasks, reload: Callable[[], Awaitable[None]]
    ) -> None:
        self._view = view
        self._context = context
        self._tasks = tasks
        self._reload = reload
        self._is_asking = False
        self._last: EntryId | None = None
        view.undo_wanted.connect(self.undo)
        view.middle.undo_bar.expired.connect(self._on_expired)

    def ask(self, document: CustomerDocument) -> None:
        """Open the question for ``document``; nothing happens while one is open."""
        if not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._ask(document), name="offer a re-sending")

    def undo(self) -> None:
        """Take back what was queued last, if it can be."""
        entry, self._last = self._last, None
        if entry is not None:
            self._view.undo.setEnabled(False)
            self._view.middle.undo_bar.stop()
            self._tasks.start(self._undo(entry), name="undo a re-sending")

    def retry(self, entry: EntryId) -> None:
        """Let a parked sending go once more."""
        self._tasks.start(self._retry(entry), name="retry a re-sending")

    async def _ask(self, document: CustomerDocument) -> None:
        try:
            offer = await self._context.run(self._context.use.offer_resend, document)
            dialog = ResendDialog(self._view, offer, is_demo=self._context.is_demo)
            dialog.send_wanted.connect(lambda: self._tasks.start(self._send(dialog, offer), name="re-send"))
            await ask(dialog)
        finally:
            self._is_asking = False

    async def _send(self, dialog: ResendDialog, offer: ResendOffer) -> None:
        way = dialog.content.way
        if way is None:
            return
        wish = ResendWish(
            request_key=offer.request_key,
            document=offer.document,
            channel=way.channel,
            reason=REASON,
            actor=self._context.actor,
            override=dialog.override_reason,
            sms_text=offer.sms_text,
        )
        try:
            entry = await self._context.run(self._context.use.resend, wish)
        except EXPECTED as error:
            can_override = isinstance(error, UserError) and error.field == "override"
            dialog.refuse(sentence_of(error), hint_of(error), can_override=can_override)
            return
        dialog.sent()
        self._offer_undo(entry, document_title(offer.document), BY_CHANNEL[way.channel])
        await self._reload()
        self._view.middle.timeline.go_to(entry_key(entry.id))

    def _offer_undo(self, entry: OutboxEntry, title: str, channel: str) -> None:
        left = ceil((entry.leaves_at - datetime.now(UTC)).total_seconds())
        if left < 1:
            return
        self._last = entry.id
        self._view.undo.setEnabled(True)
        if left > _LONGEST_BAR_S:
            return  # quiet hours: the line in the timeline says when it leaves
        self._view.middle.undo_bar.start(
            lambda seconds: f"**{title}** goes out {channel} in **{seconds} s**.", seconds=left
        )

    async def _undo(self, entry: EntryId) -> None:
        await self._context.run(self._context.use.undo_entry, entry, self._context.actor)
        await self._reload()

    async def _retry(self, entry: EntryId) -> None:
        await self._context.run(self._context.use.retry_entry, entry, self._context.actor)
        await self._reload()

    def _on_expired(self) -> None:
        self._last = None
        self._view.undo.setEnabled(False)
