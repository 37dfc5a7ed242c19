"""The archived copy beside the timeline: fetched when a line rests, kept for a while, saved on demand."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from app.errors import EXPECTED, hint_of, sentence_of
from app.notices import Level
from app.records import CustomerDocument
from app.use_cases.find_customer import OpenedDocument
from app.whole_file import save_whole
from ui.pages.context import PageContext
from ui.pages.support.titles import document_title
from ui.pages.support.view import SupportView
from ui.tasks import Tasks
from ui.widgets import Failed

SETTLE_S: Final = 0.08
"""A held key passes over many rows: only where it rests is worth a fetch."""
_MOST: Final = 8
_ALTERED: Final = "The archived bytes are not the ones that were filed, so they are not sent as the same document."

AskWhere = Callable[[str], Awaitable[Path | None]]


class Copies:
    """Shows one document at a time, and offers to send it once more unless it is known to be altered."""

    def __init__(
        self, view: SupportView, *, context: PageContext, tasks: Tasks, ask_where: AskWhere, settle_s: float
    ) -> None:
        self._view = view
        self._context = context
        self._tasks = tasks
        self._ask_where = ask_where
        self._settle_s = settle_s
        self._shown: CustomerDocument | None = None
        self._template = ""
        # By the whole record: a new version has another size or hash and is another copy.
        self._opened: OrderedDict[CustomerDocument, OpenedDocument] = OrderedDict()
        self._fetching: asyncio.Task[None] | None = None
        view.document_wanted.connect(self._on_again)
        view.save_wanted.connect(self._on_save_wanted)

    @property
    def shown(self) -> CustomerDocument | None:
        """The document that is shown, or is being fetched."""
        return self._shown

    def show(self, document: CustomerDocument | None, *, template: str = "") -> None:
        """Show ``document``, or say that there is none. The same once more changes nothing.

        ``template``: what people call the one that it was made from; empty when only its id is known.
        """
        if document is None or document != self._shown:
            self._template = template
            self._show(document, again=False)

    def heal(self) -> None:
        """The archive answers again: fetch what could not be fetched."""
        if isinstance(self._view.document.faces.face, Failed):
            self._on_again()

    def close(self) -> None:
        """Fetch nothing more."""
        if self._fetching is not None:
            self._fetching.cancel()

    def _show(self, document: CustomerDocument | None, *, again: bool) -> None:
        self.close()
        self._shown = document
        self._view.save.setEnabled(False)
        self._view.fetch.setEnabled(document is not None)
        known = self._opened.get(document) if document is not None and not again else None
        if document is None:
            self._view.document.show_nothing(
                "No copy is archived", "The archive holds no document of this communication on this channel."
            )
        elif known is not None:
            self._show_opened(known)
        else:
            self._view.document.show_loading(document)
            self._fetching = self._tasks.start(self._fetch(document), name="fetch a document")
        self._dress_resend()

    async def _fetch(self, document: CustomerDocument) -> None:
        await asyncio.sleep(self._settle_s)
        try:
            opened = await self._context.run(self._context.use.open_document, document, self._context.actor)
        except EXPECTED as error:
            self._view.document.show_failure(document, sentence_of(error), hint_of(error))
            return
        self._opened[document] = opened
        while len(self._opened) > _MOST:
            self._opened.popitem(last=False)
        self._show_opened(opened)
        self._dress_resend()

    def _show_opened(self, opened: OpenedDocument) -> None:
        self._view.document.show_document(opened, template=self._template)
        self._view.save.setEnabled(True)

    def _dress_resend(self) -> None:
        opened = self._opened.get(self._shown) if self._shown else None
        is_altered = opened is not None and opened.is_altered
        self._view.resend.setEnabled(self._shown is not None and not is_altered)
        self._view.resend.setToolTip(_ALTERED if is_altered else self._view.resend.text())

    def _on_again(self) -> None:
        if self._shown is not None:
            self._show(self._shown, again=True)

    def _on_save_wanted(self) -> None:
        opened = self._opened.get(self._shown) if self._shown else None
        if opened is not None:
            self._tasks.start(self._save(opened), name="save a copy")

    async def _save(self, opened: OpenedDocument) -> None:
        path = await self._ask_where(opened.document.name)
        if path is None:
            return
        await self._context.run(self._context.use.note_saved, opened.document, self._context.actor)
        await asyncio.to_thread(save_whole, path, opened.content)
        self._context.notices.tell(f"A copy of “{document_title(opened.document)}” is saved.", level=Level.DONE)
