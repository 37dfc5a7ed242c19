"""The templates as rows: groups with their templates below them, narrowed by what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.records import Template
from ui.pages.proofs.words import initials, template_state
from ui.widgets import CellRole, StateMark
from ui.widgets.roles import Index

GROUP_ROLE = int(Qt.ItemDataRole.UserRole) + 40
"""bool: the row is the name of a group."""
ASIDE_ROLE = int(Qt.ItemDataRole.UserRole) + 41
"""str: what stands muted at the right: the owner's initials."""
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """One line, already worded. ``key`` is empty for the name of a group."""

    key: str
    name: str
    group: str = ""
    mark: StateMark = StateMark.DRAFT
    word: str = ""
    owner: str = ""

    @property
    def is_group(self) -> bool:
        """Whether this is the name of a group."""
        return not self.key


def template_rows(templates: Sequence[Template]) -> tuple[TemplateRow, ...]:
    """Templates by group and name, each group after a row with its name."""
    rows: list[TemplateRow] = []
    in_order = sorted(templates, key=lambda each: (each.group == "", each.group.casefold(), each.name.casefold()))
    for group, members in groupby(in_order, key=lambda each: each.group):
        rows.append(TemplateRow(key="", name=group or "Other", group=group))
        for template in members:
            mark, word = template_state(template.state)
            rows.append(
                TemplateRow(
                    key=template.id, name=template.name, group=group, mark=mark, word=word, owner=template.owner
                )
            )
    return tuple(rows)


class TemplatesModel(QAbstractTableModel):
    """One column. Finds rows by key, so that the table keeps its place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[TemplateRow, ...] = ()
        self._rows: tuple[TemplateRow, ...] = ()
        self._words = ""

    def set_rows(self, rows: Sequence[TemplateRow]) -> None:
        """Show other templates; what was typed still narrows them."""
        self._reset(tuple(rows), self._words)

    def narrow(self, words: str) -> None:
        """Show only what has every word of ``words`` in its name, its group or its owner."""
        self._reset(self._all, words)

    def _reset(self, rows: tuple[TemplateRow, ...], words: str) -> None:
        wanted = words.casefold().split()
        kept = [row for row in rows if row.is_group or _has(row, wanted)]
        groups = {row.group for row in kept if not row.is_group}
        self.beginResetModel()
        self._all, self._words = rows, words
        self._rows = tuple(row for row in kept if not row.is_group or row.group in groups)
        self.endResetModel()

    def row_of(self, key: str) -> int:
        """The row of a template, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.key == key and key), -1)

    @property
    def first_key(self) -> str:
        """The first template that is shown; empty when none is."""
        return next((row.key for row in self._rows if not row.is_group), "")

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()].is_group:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == CellRole.KEY:
            return row.key
        if role == GROUP_ROLE:
            return row.is_group
        if row.is_group:
            return None
        return _said(row, role)


def _said(row: TemplateRow, role: int) -> object:
    if role == CellRole.MARK:
        return row.mark.value
    if role == ASIDE_ROLE:
        return initials(row.owner)
    if role == Qt.ItemDataRole.ToolTipRole:
        return " · ".join(part for part in (row.name, row.word, row.owner) if part)
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return ", ".join(part for part in (row.name, row.word, f"owner {row.owner}" if row.owner else "") if part)
    return None


def _has(row: TemplateRow, words: Sequence[str]) -> bool:
    said = f"{row.name} {row.group} {row.owner} {row.word}".casefold()
    return all(word in said for word in words)
