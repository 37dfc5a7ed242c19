"""The search field: conditions leave it as soon as they are whole, suggestions help to write them, mistakes are shown.

What is typed is read by :mod:`app.rules.asset_query`; here is only what happens at which key.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.records import AssetState, System
from app.rules.asset_completion import MEANINGS, Suggestion, suggestions
from app.rules.asset_query import AssetQuery, Complaint, QueryKey, read, read_bound
from ui.pages.assets import words
from ui.pages.assets.suggesting import SuggestionList, SuggestionRow
from ui.theme import Icon, Role, tokens_of
from ui.widgets import TextField

_WIDTH = 264
_LONGEST = 500
"""Letters. What is pasted must not take longer to read than a keystroke."""
_VERBS = {QueryKey.EXPIRES: "rights end", QueryKey.CHANGED: "changed", QueryKey.USED: "used"}
_AS_QT_COUNTS = ("utf-16-le", "surrogatepass")
_RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchField(TextField):
    """Esc empties it; Down and Return lead to what was found. While suggestions are open, these keys are theirs."""

    left = Signal()
    conditions_given = Signal(tuple)
    """Conditions that were completed, and stand in the field no more."""
    complained = Signal(str)
    """What cannot be understood; empty when all can."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent=parent, placeholder="Search, or try state:approved", name="Search assets", icon=Icon.SEARCH, keys="/"
        )
        self.setFixedWidth(_WIDTH)
        self.setMaxLength(_LONGEST)
        self._counts: Mapping[QueryKey, Mapping[str, int]] = {}
        self._locales: frozenset[str] = frozenset()
        self._complaint: Complaint | None = None
        self._offered: tuple[Suggestion, ...] = ()
        self._is_settled = False
        """Whether the word at the cursor is meant as it stands."""
        self._unwanted_at = -1
        """Where the word begins whose suggestions were sent away."""
        self.suggestions = SuggestionList(self)
        self.suggestions.taken.connect(self._take)
        self.suggestions.moved.connect(self._tell_current)
        # Once it was open, it belongs to the window, which may outlive this field.
        self.destroyed.connect(self.suggestions.deleteLater)
        self.textChanged.connect(self._on_edited)
        self.cursorPositionChanged.connect(lambda *_: self._look())

    @property
    def complaint(self) -> str:
        """What is said of a word that cannot be understood; empty when all can."""
        return self._complaint.sentence if self._complaint else ""

    @property
    def words(self) -> str:
        """What is searched for: the text without its conditions, single blanks between its words."""
        return " ".join(self._read().words.split())

    def set_counts(self, counts: Mapping[QueryKey, Mapping[str, int]]) -> None:
        """What exists now, with how many there are of each."""
        self._counts = counts
        # A locale that other filters hide just now is still one.
        self._locales |= frozenset(counts.get(QueryKey.LOCALE, ()))
        if self._offered:
            self._suggest(keeps_current=True)

    def set_words(self, text: str) -> None:
        """Put words into the field without telling anybody."""
        blocked = self.blockSignals(True)
        self.setText(text)
        self.blockSignals(blocked)
        self._close()
        self._complain()

    def event(self, event: QEvent) -> bool:
        # Tab never comes to keyPressEvent: it would have moved the focus before.
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
            if self._offered:
                self._take(max(0, self.suggestions.current))
                return True
            if self._settle():
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._unwanted_at = -1
            self._suggest(is_asked=True)
        elif self._offered and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.suggestions.step(1 if key == Qt.Key.Key_Down else -1)
        elif self._offered and key in _RETURNS and self.suggestions.current >= 0:
            self._take(self.suggestions.current)
        elif self._offered and key == Qt.Key.Key_Escape:
            self._unwanted_at = self._offered[0].start
            self._close()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
            self.left.emit()
        elif key in _RETURNS:
            if not self._settle() and not self.complaint:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._close()
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self._settle()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._close()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._complaint is None:
            return
        # Only the cursor's place is known to Qt, so that of the word is measured from there.
        metrics = QFontMetrics(self.font())
        text = self.text()
        zero = self.cursorRect().center().x() - metrics.horizontalAdvance(text[: self._cursor])
        left = max(zero + metrics.horizontalAdvance(text[: self._complaint.start]), self.textMargins().left())
        right = min(zero + metrics.horizontalAdvance(text[: self._complaint.end]), self.width() - 6)
        painter = QPainter(self)
        painter.setPen(QPen(tokens_of(self.palette()).of(Role.WARNING), 2))
        base = (self.height() + metrics.height()) / 2
        painter.drawLine(QPointF(left, base), QPointF(right, base))

    @property
    def _cursor(self) -> int:
        """How many letters stand before the cursor. Qt counts an emoji as two."""
        before = self.text().encode(*_AS_QT_COUNTS)[: 2 * self.cursorPosition()]
        return len(before.decode(*_AS_QT_COUNTS))

    def _put_cursor(self, letters: int) -> None:
        self.setCursorPosition(len(self.text()[:letters].encode(*_AS_QT_COUNTS)) // 2)

    def _read(self) -> AssetQuery:
        return read(self.text(), today=_today(), locales=self._locales)

    def _on_edited(self) -> None:
        self._is_settled = False
        self._look(is_edit=True)

    def _look(self, *, is_edit: bool = False) -> None:
        self._give()
        self._suggest(is_edit=is_edit)
        self._complain()

    def _settle(self) -> bool:
        """Take what stands in the field as it is meant; whether a condition has left it."""
        self._is_settled = True
        has_given = self._give()
        self._complain()
        return has_given

    def _give(self) -> bool:
        """Let the conditions that are whole leave the field; whether there was one."""
        cursor = self._cursor
        whole = tuple(
            each for each in self._read().conditions if self._is_settled or not each.start <= cursor <= each.end
        )
        if not whole:
            return False
        text = self.text()
        for each in reversed(whole):
            end = each.end + (each.end < len(text))
            text = text[: each.start] + text[end:]
            cursor -= max(0, min(cursor, end) - each.start)
        blocked = self.blockSignals(True)
        self.setText(text)
        self._put_cursor(cursor)
        self.blockSignals(blocked)
        self.conditions_given.emit(whole)
        return True

    def _complain(self) -> None:
        cursor = self._cursor
        found = next(
            (
                each
                for each in self._read().complaints
                if self._is_settled or not self.hasFocus() or not each.start <= cursor <= each.end
            ),
            None,
        )
        if found != self._complaint:
            self._complaint = found
            self.update()
            self.complained.emit(self.complaint)
        self._tell_current()

    def _suggest(self, *, is_edit: bool = False, is_asked: bool = False, keeps_current: bool = False) -> None:
        found: tuple[Suggestion, ...] = ()
        if self.hasFocus() and not self.hasSelectedText():
            found = suggestions(
                self.text(),
                self._cursor,
                today=_today(),
                locales=self._locales,
                counts=self._counts,
                is_asked=is_asked,
            )
        if found and found[0].start == self._unwanted_at:
            return
        self._unwanted_at = -1
        # Who only moves the cursor through plain words is not typing a key.
        if found and found[0].is_key and not (is_edit or is_asked or self._offered):
            return
        before = self._offered[self.suggestions.current].text if keeps_current and self.suggestions.current >= 0 else ""
        self._offered = found
        texts = [each.text for each in found]
        # A plain word may begin like a key: there Return goes on leading to what was found.
        first = 0 if found and not found[0].is_key else -1
        current = texts.index(before) if before in texts else first
        self.suggestions.offer([self._row(each) for each in found], current=current)

    def _row(self, suggestion: Suggestion) -> SuggestionRow:
        key, value = suggestion.key, suggestion.value
        if suggestion.is_key:
            return SuggestionRow(text=suggestion.text, detail=MEANINGS[key])
        if value is None:
            bound = read_bound(key, suggestion.text)
            means = f"{_VERBS[key]} {words.bound_words(key, bound)}" if bound else ""
            return SuggestionRow(text=suggestion.text, detail=means)
        many = self._counts.get(key, {}).get(value, 0)
        if key is QueryKey.STATE:
            return SuggestionRow(text=suggestion.text, count=many, mark=words.MARKS[AssetState(value)])
        label = System(value).label if key is QueryKey.SYSTEM else ""
        return SuggestionRow(text=suggestion.text, detail=label, count=many)

    def _take(self, row: int) -> None:
        """Write a suggestion into the field; after a value the condition is whole."""
        suggestion, text = self._offered[row], self.text()
        end = suggestion.start + len(suggestion.text)
        taken = suggestion.accepted(text)
        if not suggestion.is_key and not taken[end : end + 1].isspace():
            taken = f"{taken[:end]} {taken[end:]}"
        self._close()
        blocked = self.blockSignals(True)
        self.setText(taken)
        self._put_cursor(end + (not suggestion.is_key))
        self.blockSignals(blocked)
        self.textChanged.emit(taken)

    def _close(self) -> None:
        self._offered = ()
        self.suggestions.close_list()

    def _tell_current(self) -> None:
        """Say beside the field's name what a person who does not see the list must know."""
        rows, at = self.suggestions.rows, self.suggestions.current
        if 0 <= at < len(rows):
            told = f"Suggestion {at + 1} of {len(rows)}: {rows[at].spoken}"
        else:
            told = self.complaint or (f"{len(rows)} suggestions" if rows else "")
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
