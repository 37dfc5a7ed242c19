"""Events and exchanges as rows. Rows that stay are updated in place, new exchanges are put on top.

Hundreds are listed and a dozen is in sight: a row is put into words when it is looked at.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from functools import cached_property, partial
from typing import ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.activity import CallRow
from app.records import InboxEvent, Silence
from app.rules.expectations import hours_of
from app.wording import count
from ui.pages.inbox import words
from ui.pages.outcomes import code_tone, outcome_of
from ui.theme import Role
from ui.widgets import CellRole, StateMark

_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell, worded."""

    text: str
    mark: StateMark | None = None
    tone: Role = Role.TEXT
    strong: bool = False
    code: bool = False
    middle: bool = False
    """Given way to in the middle when it is too long."""
    more: str = ""
    """What a tooltip adds."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record."""

    key: str
    said_of: tuple[object, ...]
    """All that the words depend on: rows that agree in it read the same."""
    write: Callable[[], tuple[Cell, ...]] = field(repr=False, compare=False)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The words, by column."""
        return self.write()


class EventColumn(IntEnum):
    """The columns of the events."""

    WHEN = 0
    TRUST = 1
    TYPE = 2
    SENDER = 3
    ABOUT = 4
    FOLDED = 5
    STATE = 6


class CallColumn(IntEnum):
    """The columns of the exchanges."""

    TIME = 0
    VERB = 1
    SYSTEM = 2
    ADDRESS = 3
    CODE = 4
    TOOK = 5
    STATE = 6


class RowsModel(QAbstractTableModel):
    """Rows by key, newest first."""

    HEADINGS: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show ``rows``: what is new on top is put there, what is the same stays, all else is read anew."""
        old, new = [row.key for row in self._rows], [row.key for row in rows]
        added = new.index(old[0]) if old and old[0] in new else -1
        if added < 0 or new[added:] != old[: len(new) - added]:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        if kept := len(old) - (len(new) - added):
            self.beginRemoveRows(_ROOT, len(old) - kept, len(old) - 1)
            del self._rows[len(old) - kept :]
            self.endRemoveRows()
        if added:
            self.beginInsertRows(_ROOT, 0, added - 1)
            self._rows[:0] = rows[:added]
            self.endInsertRows()
        for at in range(added, len(rows)):
            if self._rows[at] != rows[at]:
                self._rows[at] = rows[at]
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.HEADINGS) - 1))

    def row_of(self, key: str) -> int:
        """The row of ``key``; -1 when it is not shown."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.HEADINGS[section] if shown else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        cell = row.cells[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case CellRole.KEY:
                return row.key
            case CellRole.MARK:
                return cell.mark
            case CellRole.TONE:
                return cell.tone
            case CellRole.STRONG:
                return cell.strong
            case CellRole.CODE:
                return cell.code
            case CellRole.MIDDLE:
                return cell.middle
            case Qt.ItemDataRole.ToolTipRole:
                return cell.more or None
            case _:
                return None


class EventsModel(RowsModel):
    """The events as received."""

    HEADINGS = ("When", "Trust", "Type", "From", "About", "Folded", "State")


class CallsModel(RowsModel):
    """The last exchanges with every system."""

    HEADINGS = ("Time", "Verb", "System", "Address", "Code", "Took", "State")


def event_row(event: InboxEvent, *, now: datetime) -> Row:
    """One event."""
    return Row(key=event.id, said_of=(event, _day(now)), write=partial(_event_cells, event, now))


def _event_cells(event: InboxEvent, now: datetime) -> tuple[Cell, ...]:
    trust, trust_word = words.trust_of(event)
    state, state_word = words.state_of(event)
    is_folded = event.times_seen > 1
    return (
        Cell(
            text=words.moment_of(event.listed_at, now=now),
            tone=Role.MUTED,
            more=f"Received {words.moment_of(event.received_at, now=now)}",
        ),
        Cell(text=trust_word, mark=trust, more=words.trust_sentence(event)),
        Cell(text=words.type_of(event), code=True),
        Cell(text=words.sender_of(event)),
        Cell(text=words.about_of(event), tone=Role.MUTED),
        Cell(text=words.times_of(event), strong=is_folded, tone=Role.TEXT if is_folded else Role.MUTED),
        Cell(text=state_word, mark=state, more=event.sentence),
    )


def silence_row(silence: Silence, *, now: datetime) -> Row:
    """One communication of which nothing is told any more, in the columns of the events."""
    said_of = (silence, _day(now), hours_of(silence.since, now=now))
    return Row(key=silence.key, said_of=said_of, write=partial(_silence_cells, silence, now))


def _silence_cells(silence: Silence, now: datetime) -> tuple[Cell, ...]:
    asked = "asked" if silence.asked_at else "not asked yet"
    return (
        Cell(text=words.moment_of(silence.since, now=now), tone=Role.MUTED, more="When the last word was told"),
        Cell(text=asked, mark=StateMark.PASSED if silence.asked_at else StateMark.PAUSED, more=silence.answer),
        Cell(text=words.last_word_of(silence), code=True),
        Cell(text=silence.channel.label),
        Cell(text=silence.customer or silence.communication, tone=Role.MUTED, more=silence.title),
        Cell(text="", tone=Role.MUTED),
        Cell(text=f"no word, {hours_of(silence.since, now=now)}", mark=StateMark.WARNING),
    )


def call_row(call: CallRow, *, now: datetime) -> Row:
    """One exchange."""
    return Row(key=str(call.number), said_of=(call, _day(now)), write=partial(_call_cells, call, now))


def _call_cells(call: CallRow, now: datetime) -> tuple[Cell, ...]:
    mark, word = outcome_of(call)
    took_ms = round(call.took.total_seconds() * 1000)
    return (
        Cell(text=words.moment_of(call.at, now=now), tone=Role.MUTED),
        Cell(text=call.method, code=True, strong=True),
        Cell(text=call.system),
        Cell(text=words.path_of(call.address), code=True, middle=True, more=f"{call.call}: {call.address}"),
        Cell(text=str(call.status or words.UNTOLD), tone=code_tone(call), strong=not call.is_fine),
        Cell(text=f"{count(took_ms)} ms", tone=Role.MUTED),
        Cell(text=word, mark=mark, more=f"request {call.request_id}" if call.request_id else ""),
    )


def _day(now: datetime) -> date:
    """Where the person sits: what is of today is told by its time."""
    return now.astimezone().date()
