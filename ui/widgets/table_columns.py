"""How a table's columns stand, and what its painters ask of the table that they paint for."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHeaderView, QTableView, QWidget


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one column stands: ``width`` in px, or ``flexible`` for the one that takes what is left.

    ``right`` aligns header and cells to the right: counts and clocks.
    """

    width: int = 96
    flexible: bool = False
    right: bool = False
    indent: int = 0
    """Px before the header's words, where the cells have a check box (28) or an icon (24) before theirs."""


class ColumnedTable(QTableView):
    """A view that knows how its columns stand, which row is pointed at, and how it is seen to be meant."""

    def __init__(self, parent: QWidget | None, *, side: int, is_quiet: bool) -> None:
        super().__init__(parent)
        self.side = side
        """Px of padding at the left and right edges."""
        self.is_quiet = is_quiet
        """Whether it shows no current row before it has the focus."""
        self.hovered_row = -1
        self._columns: tuple[Column, ...] = ()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Say how the columns stand. Call after :meth:`setModel`; widths may be restored afterwards."""
        self._columns = tuple(columns)
        header = self.horizontalHeader()
        for index, column in enumerate(self._columns):
            stretch = QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(index, stretch if column.flexible else QHeaderView.ResizeMode.Interactive)
            if not column.flexible:
                header.resizeSection(index, column.width)

    def column(self, index: int) -> Column:
        """Return how a column stands."""
        return self._columns[index] if index < len(self._columns) else Column()
