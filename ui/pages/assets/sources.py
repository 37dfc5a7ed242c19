"""The source bar: one cell per library, each with its own count, age, progress or trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.records import ConnectionState, System, SystemStatus
from app.wording import age, count
from ui.theme import bottom_line, draw_line, tokens_of
from ui.widgets import ChipTint, ProgressBar, StateMark, StatusChip

_FRESH = timedelta(minutes=1)
_WELL = frozenset({ConnectionState.CONNECTED, ConnectionState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One cell, worded."""

    key: str
    mark: StateMark
    lead: str
    text: str
    share: float | None = None
    """0.0 to 1.0 while it is being fetched."""
    action: str = ""
    tip: str = ""


def source_of(
    status: SystemStatus, *, known: int, now: datetime, search_failed: str = "", is_short: bool = False
) -> Source:
    """The cell of a library that has ``known`` assets here. ``search_failed`` says why it could not be searched."""
    key, lead = status.system.value, status.system.label
    trouble = status.sentence or search_failed
    if status.state is ConnectionState.SYNCING and not search_failed:
        expected = status.expected
        share = min(1.0, status.fetched / expected) if expected else 0.0
        text = _so_far(status.fetched, expected)
        return Source(key=key, mark=StateMark.RUNNING, lead=lead, text=text, share=share)
    if status.state is ConnectionState.RESTING and not search_failed:
        text = f"{count(known)} · few calls left, which are kept for you"
        return Source(key=key, mark=StateMark.WARNING, lead=lead, text=text, tip=trouble)
    if trouble:
        said = trouble.removeprefix(f"{lead} ").partition(". ")[0].rstrip(".")
        if not is_short:
            rest = _kept(status, known, now=now) if status.sentence else "Only what is here was searched."
            said = f"{said}. {rest}"
        return Source(key=key, mark=StateMark.REJECTED, lead=lead, text=said, action="Retry", tip=trouble)
    if status.state in _WELL and status.last_sync is None:
        return Source(key=key, mark=StateMark.DRAFT, lead=lead, text=f"{count(known)} · not asked yet")
    text = f"{count(known)} · {_read(status.last_sync, now=now)}" if status.last_sync else count(known)
    return Source(key=key, mark=StateMark.APPROVED, lead=lead, text=text)


def _so_far(fetched: int, expected: int | None) -> str:
    if expected:
        return f"{count(fetched)} of about {count(expected)}"
    return f"{count(fetched)} read" if fetched else "asking"


def sources_of(
    statuses: Mapping[System, SystemStatus],
    *,
    known: Mapping[System, int],
    failed_searches: Mapping[System, str],
    now: datetime,
) -> list[Source]:
    """The cells of all connected libraries. Several in trouble are said shorter, so that all fit."""
    libraries = [status for system in System if system.is_library and (status := statuses.get(system))]
    troubled = [each for each in libraries if each.sentence or each.system in failed_searches]
    return [
        source_of(
            each,
            known=known.get(each.system, 0),
            now=now,
            search_failed=failed_searches.get(each.system, ""),
            is_short=len(troubled) > 1,
        )
        for each in libraries
    ]


def _kept(status: SystemStatus, known: int, *, now: datetime) -> str:
    if not known:
        return "Its assets are missing here."
    return (
        f"{count(known)} shown, {age(status.last_sync, now=now)} old." if status.last_sync else f"{count(known)} shown."
    )


def _read(moment: datetime, *, now: datetime) -> str:
    return "just read" if now - moment < _FRESH else f"{age(moment, now=now)} old"


class _Cell(QWidget):
    retry_wanted = Signal()

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._chip: StatusChip | None = None
        self._tint = ChipTint.NONE
        self._bar = ProgressBar(name=f"{source.lead}, fetched")
        self._bar.setFixedWidth(48)
        self._row.addWidget(self._bar)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_source(source)

    def show_source(self, source: Source) -> None:
        tint = ChipTint.BY_STATE if source.action else ChipTint.NONE
        if self._chip is None or tint is not self._tint:
            self._replace_chip(tint, source)
        else:
            self._chip.set_fact(source.mark, source.text, lead=source.lead, action=source.action)
        if self._chip is not None:
            self._chip.setToolTip(source.tip)
        self._bar.setVisible(source.share is not None)
        self._bar.set_share(source.share or 0.0)

    def _replace_chip(self, tint: ChipTint, source: Source) -> None:
        if self._chip is not None:
            self._row.removeWidget(self._chip)
            self._chip.hide()
            self._chip.deleteLater()
        self._tint = tint
        self._chip = StatusChip(source.mark, source.text, lead=source.lead, action=source.action, tint=tint)
        self._chip.clicked.connect(self._on_clicked)
        self._row.insertWidget(0, self._chip)

    def _on_clicked(self) -> None:
        if self._tint is ChipTint.BY_STATE:
            self.retry_wanted.emit()


class SourceBar(QWidget):
    """36 px. A library that fails says so here; the others go on."""

    retry_wanted = Signal(str)
    """The key of the library."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: dict[str, _Cell] = {}
        self._shown: tuple[Source, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(20)
        self._row.addStretch(1)
        self.setFixedHeight(36)
        self.setAccessibleName("Libraries")

    @property
    def sources(self) -> tuple[Source, ...]:
        """What the cells say."""
        return self._shown

    def show_sources(self, sources: Sequence[Source]) -> None:
        """One cell each, in this order; a cell that stays keeps its place."""
        if tuple(sources) == self._shown:
            return
        self._shown = tuple(sources)
        for key in [key for key in self._cells if key not in {source.key for source in sources}]:
            cell = self._cells.pop(key)
            self._row.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        for place, source in enumerate(sources):
            if source.key in self._cells:
                self._cells[source.key].show_source(source)
            else:
                cell = _Cell(source)
                cell.retry_wanted.connect(lambda key=source.key: self.retry_wanted.emit(key))
                self._cells[source.key] = cell
                self._row.insertWidget(place, cell)

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_line(QPainter(self), bottom_line(self.rect()), tokens_of(self.palette()).line)
