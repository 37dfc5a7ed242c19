"""What happens on the exchanges: searches as one types, follows what comes, and leads to the entry behind a call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.activity import KEPT, CallRow
from app.rules.exchange_query import ExchangeQuery, read
from ui.pages.activity.exchanges import words
from ui.pages.activity.exchanges.model import CallsModel
from ui.pages.activity.exchanges.view import ExchangesView
from ui.pages.activity.exchanges.words import Shelf
from ui.shell import LayoutMemory
from ui.theme import Icon
from ui.widgets import Empty, Fresh

_MEMORY = "activity/exchanges"


class Calls(Protocol):
    """What is read of :class:`app.activity.Activity`."""

    def newest(self, limit: int = ...) -> Sequence[CallRow]:
        """The newest first."""

    def find(self, query: ExchangeQuery) -> Sequence[CallRow]:
        """Those that are asked for, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    text: str = ""
    shelf: Shelf = Shelf.ALL


class ExchangesController:
    """Answers every intent of :class:`ExchangesView`."""

    def __init__(
        self,
        view: ExchangesView,
        model: CallsModel,
        *,
        calls: Calls,
        memory: LayoutMemory,
        go_to: Callable[[str, object], None],
        copy: Callable[[str], None],
    ) -> None:
        self._view, self._model, self._calls = view, model, calls
        self._memory, self._go_to, self._copy = memory, go_to, copy
        self._wanted = _remembered(memory)
        self._current = ""
        view.typed.connect(self._on_typed)
        view.shelf_chosen.connect(self._on_shelf)
        view.call_moved.connect(self._on_moved)
        view.moments.passed.connect(self.tick)
        view.copy_wanted.connect(self.copy)
        view.same_wanted.connect(self.search_same)
        view.entry_wanted.connect(self.show_entry)
        view.subject_shown.connect(self._on_subject)
        view.show_search(self._wanted.text, self._wanted.shelf)
        self.tick()

    def tick(self) -> None:
        """Show what came since."""
        query = read(self._wanted.text)
        self._complain(query)
        shelf = read(self._wanted.shelf.condition)
        kept = self._calls.newest(1)
        last = kept[0].number if kept else 0
        known = min(last, KEPT)
        rows = [row for row in self._calls.find(query) if shelf.takes(row) and self._wanted.shelf.takes(row)]
        self._view.show_calls(rows)
        self._view.header.set_aside(words.header_words(len(rows), known, last))
        if rows:
            self._view.show_face(Fresh(word=""))
        elif last:
            self._view.show_face(
                Empty(
                    title="No exchange matches",
                    sentence="Nothing that is kept since the start answers the search.",
                    action=self._view.clear_action,
                    icon=Icon.SEARCH,
                    word="",
                )
            )
        else:
            self._view.show_face(
                Empty(
                    title="Nothing was asked yet",
                    sentence="Every request to a system stands here with its answer, as long as the desk is open.",
                    icon=Icon.ACTIVITY,
                    word="",
                )
            )
        self._show_current()

    def copy(self) -> None:
        """Put the exchange into the clipboard, as it is shown."""
        if (row := self._model.find(self._current)) is not None:
            self._copy(words.text_of(row))

    def search_same(self) -> None:
        """Search for all exchanges of this call at its system."""
        if (row := self._model.find(self._current)) is not None:
            system = row.system.lower().replace(" ", "-")
            self._search(_Wanted(text=f'system:{system} call:"{row.call}"'))

    def show_entry(self) -> None:
        """Show the outbox entry that the call was made for."""
        row = self._model.find(self._current)
        if row is not None and row.entry is not None:
            self._go_to("activity", ("outbox", row.entry))

    def _search(self, wanted: _Wanted) -> None:
        self._wanted = wanted
        self._memory.set(_MEMORY, [wanted.text, wanted.shelf.value])
        self._view.show_search(wanted.text, wanted.shelf)
        self.tick()

    def _complain(self, query: ExchangeQuery) -> None:
        # What is still being typed is not wrong yet.
        cursor = self._view.field.cursor_place if self._view.field.hasFocus() else -1
        wrong = next((each for each in query.complaints if not each.start <= cursor <= each.end), None)
        self._view.complain(wrong.sentence if wrong else "", (wrong.start, wrong.end) if wrong else None)

    def _show_current(self) -> None:
        self._view.show_call(self._model.find(self._current))

    def _on_typed(self, text: str) -> None:
        self._search(_Wanted(text=text, shelf=self._wanted.shelf))

    def _on_shelf(self, key: str) -> None:
        self._search(_Wanted(text=self._view.field.text(), shelf=Shelf(key)))

    def _on_moved(self, key: str) -> None:
        self._current = key
        self._show_current()

    def _on_subject(self, subject: object) -> None:
        if isinstance(subject, str):
            self._search(_Wanted(text=subject))


def _remembered(memory: LayoutMemory) -> _Wanted:
    match memory.get(_MEMORY):
        case [str() as text, str() as shelf] if shelf in list(Shelf):
            return _Wanted(text=text, shelf=Shelf(shelf))
        case _:
            return _Wanted()
