"""The exchanges as a person sees and searches them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.activity import CallRow
from app.rules.exchange_query import ExchangeQuery
from ui.pages.activity.exchanges.controller import ExchangesController
from ui.pages.activity.exchanges.model import CallColumn, CallsModel
from ui.pages.activity.exchanges.view import ExchangesView
from ui.pages.activity.exchanges.words import Shelf
from ui.shell import LayoutMemory, SessionMemory
from ui.widgets import PageHeader

NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)


def call(number: int, **changes: object) -> CallRow:
    """A call that went well, unless ``changes`` say otherwise."""
    plain = CallRow(
        number=number,
        system="iconik",
        call="list assets",
        method="GET",
        address=f"app.iconik.io/API/assets/v1/assets/?page={number}",
        at=NOW + timedelta(seconds=number),
        took=timedelta(milliseconds=94),
        status=200,
        outcome="done",
        request_id=f"7f3a20c4{number:08x}",
        bytes_sent=0,
        bytes_received=48_210,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names of fields, by keyword


class FakeCalls:
    """What is kept."""

    def __init__(self, *rows: CallRow) -> None:
        self.rows = list(rows)

    def newest(self, limit: int = 200) -> Sequence[CallRow]:
        return self.rows[::-1][:limit]

    def find(self, query: ExchangeQuery) -> Sequence[CallRow]:
        return [row for row in self.rows[::-1] if query.takes(row)]


class ExchangesDriver:
    """Speaks as a person would."""

    def __init__(self, *rows: CallRow, memory: LayoutMemory | None = None) -> None:
        self.calls = FakeCalls(*rows)
        self.memory = memory or SessionMemory()
        self.went: list[tuple[str, object]] = []
        self.copied: list[str] = []
        self.model = CallsModel()
        self.view = ExchangesView(self.model, PageHeader("Activity"), self.memory)
        self.model.setParent(self.view)
        self.controller = ExchangesController(
            self.view,
            self.model,
            calls=self.calls,
            memory=self.memory,
            go_to=lambda page, subject: self.went.append((page, subject)),
            copy=self.copied.append,
        )
        self.view.controller = self.controller

    @property
    def numbers(self) -> list[int]:
        """Which exchanges are listed, from top to bottom."""
        return [row.number for row in self.model.rows]

    def text(self, row: int, column: CallColumn) -> str:
        """What stands in a cell."""
        return str(self.model.index(row, column).data())

    def search(self, text: str) -> None:
        """Type, and wait."""
        self.view.field.setText(text)
        self.view.typed.emit(text)

    def shelf(self, shelf: Shelf) -> None:
        """Choose a chip."""
        self.view.shelves[shelf].click()

    def come(self, *rows: CallRow) -> None:
        """More exchanges, a second later."""
        self.calls.rows += rows
        self.controller.tick()

    def select(self, number: int) -> None:
        """Choose an exchange."""
        assert self.view.table.select_key(str(number))
