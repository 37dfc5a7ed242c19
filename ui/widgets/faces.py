"""The five faces of a page: empty, loading, fresh, stale with its age, failed with what to do.

The header never moves: between faces only the body and one state at the header's right change. A loading face waits
300 ms before it shows itself, and after two seconds it says what it is doing, how far it is, and offers Cancel.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui.theme import Icon, Role, Type, bottom_line, draw_line, draw_panel, tokens_of
from ui.widgets.bars import Banner
from ui.widgets.buttons import Button, ButtonKind
from ui.widgets.headers import Facts, Footer, PageHeader, Separator, on_surface
from ui.widgets.key_caps import KeyCap
from ui.widgets.labels import IconLabel, Label
from ui.widgets.progress import ProgressBar
from ui.widgets.states import StateCell, StateMark
from ui.widgets.table_painting import ROW_HEIGHT

SHOW_LOADING_AFTER_MS = 300
EXPLAIN_LOADING_AFTER_MS = 2_000
_BONE = 10
_EMPTY_WIDTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """Nothing is there, and that is right. ``action`` is the one thing that fills the page."""

    title: str
    sentence: str = ""
    action: QAction | None = None
    checked: str = ""
    """When and where it was looked: ``Last checked 9 s ago, in Extended ECM``."""
    icon: Icon = Icon.INBOX
    word: str = "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """An answer is awaited. ``share`` 0.0 to 1.0, or None while it is not known."""

    what: str = "Asking"
    share: float | None = None
    word: str = "loading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """The content, just read."""

    word: str = "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """The content, still usable, with its age in words and what to try."""

    word: str
    sentence: str
    action: QAction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No content: a sentence, what to do (the first action is filled), the facts, the code last."""

    title: str
    sentence: str
    actions: Sequence[QAction] = ()
    facts: Sequence[tuple[str, str]] = field(default=())
    codes: frozenset[str] = frozenset()
    """The names of the facts that are written in fixed pitch."""
    word: str = "failed"


Face = Empty | Loading | Fresh | Stale | Failed


class Skeleton(QWidget):
    """Rows of pale bars where rows will be: same height, same columns, no movement."""

    def __init__(self, columns: Sequence[int] = (0, 120, 60), parent: QWidget | None = None) -> None:
        """``columns`` are widths in px from the left; 0 is the flexible one."""
        super().__init__(parent)
        self._columns = tuple(columns)
        self.setAccessibleName("Loading")

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        rest = max(0, self.width() - 32 - sum(self._columns))
        shares = (0.62, 0.78, 0.54, 0.7, 0.5, 0.66, 0.74, 0.58)
        for row in range(self.height() // ROW_HEIGHT):
            top = row * ROW_HEIGHT
            left = 16
            for width in self._columns:
                room = width or rest
                bone = QRect(left, top + (ROW_HEIGHT - _BONE) // 2, round(room * shares[row % 8]), _BONE)
                draw_panel(painter, bone, fill=tokens.skeleton, radius=3)
                left += room
            draw_line(painter, bottom_line(QRect(0, top, self.width(), ROW_HEIGHT)), tokens.line)


class _EmptyFace(QWidget):
    def __init__(self, face: Empty) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(0)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        column.addWidget(IconLabel(face.icon, size_px=20), 0, centre)
        column.addSpacing(16)
        column.addWidget(Label(face.title, use=Type.PANE), 0, centre)
        if face.sentence:
            column.addSpacing(8)
            words = Label(face.sentence, role=Role.MUTED, wraps=True)
            words.setAlignment(centre)
            # A layout that aligns a label does not ask it how high it is at its width.
            words.setFixedSize(_EMPTY_WIDTH, words.heightForWidth(_EMPTY_WIDTH))
            column.addWidget(words, 0, centre)
        if face.action is not None:
            column.addSpacing(16)
            column.addWidget(Button.of(face.action, self, kind=ButtonKind.FILLED), 0, centre)
        if face.checked:
            column.addSpacing(16)
            column.addWidget(Label(face.checked, use=Type.SECONDARY, role=Role.MUTED, tabular=True), 0, centre)
        column.addStretch(3)


class _FailedFace(QWidget):
    def __init__(self, face: Failed) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(StateCell(StateMark.REJECTED, face.title, use=Type.PANE))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(Label(face.sentence, wraps=True))
        if face.actions:
            row = QHBoxLayout()
            row.setContentsMargins(0, 8, 0, 8)
            row.setSpacing(8)
            for at, action in enumerate(face.actions):
                kind = ButtonKind.FILLED if at == 0 else ButtonKind.OUTLINED
                row.addWidget(Button.of(action, self, kind=kind))
            row.addStretch(1)
            column.addLayout(row)
        if face.facts:
            column.addSpacing(8)
            column.addWidget(Separator())
            column.addSpacing(8)
            facts = Facts()
            facts.set_facts(face.facts, codes=face.codes)
            column.addWidget(facts)
        column.addStretch(1)


class _LoadingFace(QWidget):
    cancelled = Signal()

    def __init__(self, columns: Sequence[int]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Skeleton(columns), 1)
        self.foot = Footer()
        self.foot.setFixedHeight(36)
        self._what = Label("", use=Type.SECONDARY, tabular=True)
        self._bar = ProgressBar()
        self._bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        cancel = Button("Cancel", kind=ButtonKind.WORDS, name="Cancel loading")
        cancel.clicked.connect(self.cancelled)
        self.foot.add(IconLabel(Icon.SYNCHRONISE, role=Role.ACCENT), self._what, self._bar)
        self.foot.row.addStretch(1)
        self.foot.add(cancel, KeyCap("Esc"))
        column.addWidget(self.foot)

    def say(self, face: Loading) -> None:
        self._what.setText(face.what)
        self._bar.setVisible(face.share is not None)
        self._bar.set_share(face.share or 0.0)


class Faces(QWidget):
    """A header that stays, and below it the face that is due."""

    cancel_wanted = Signal()

    def __init__(
        self,
        header: PageHeader,
        content: QWidget,
        parent: QWidget | None = None,
        *,
        skeleton: Sequence[int] = (0, 120, 60),
        bars: Sequence[QWidget] = (),
    ) -> None:
        """``bars`` stand between the header and the body in every face; ``skeleton`` are the columns' widths."""
        super().__init__(parent)
        on_surface(self)
        self._face: Face = Fresh()
        self._wanted: Face = self._face
        self._content = content
        self._state = StateCell(StateMark.APPROVED, " ")
        self._state.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._state.hide()
        header.add(self._state)
        self._banner = Banner(StateMark.WARNING, "", action_at_end=True)
        self._banner_place = QWidget()
        place = QHBoxLayout(self._banner_place)
        place.setContentsMargins(16, 8, 16, 8)
        place.addWidget(self._banner)
        self._banner_place.hide()
        self._banner.acted.connect(self._on_stale_action)
        self._loading = _LoadingFace(skeleton)
        self._loading.cancelled.connect(self.cancel_wanted)
        self._body = QStackedWidget()
        self._body.addWidget(content)
        self._body.addWidget(self._loading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        for bar in bars:
            column.addWidget(bar)
        column.addWidget(self._banner_place)
        column.addWidget(self._body, 1)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._show_loading)
        self._explaining = QTimer(self)
        self._explaining.setSingleShot(True)
        self._explaining.timeout.connect(self._loading.foot.show)

    @property
    def face(self) -> Face:
        """The face that is shown now; a loading face counts from the moment it is seen."""
        return self._face

    def set_face(self, face: Face) -> None:
        """Show ``face``; a loading one after 300 ms, unless another is set before."""
        self._wanted = face
        if isinstance(face, Loading):
            self._loading.say(face)
            if isinstance(self._face, Loading):
                self._face = face
            elif not self._patience.isActive():
                self._patience.start(SHOW_LOADING_AFTER_MS)
            return
        self._patience.stop()
        self._explaining.stop()
        self._show(face)

    def _show_loading(self) -> None:
        if isinstance(self._wanted, Loading):
            self._loading.foot.hide()
            self._explaining.start(EXPLAIN_LOADING_AFTER_MS - SHOW_LOADING_AFTER_MS)
            self._show(self._wanted)

    def _show(self, face: Face) -> None:
        self._face = face
        mark = {
            Empty: StateMark.APPROVED,
            Loading: StateMark.RUNNING,
            Fresh: StateMark.APPROVED,
            Stale: StateMark.EXPIRING,
            Failed: StateMark.REJECTED,
        }[type(face)]
        self._state.set_state(mark, face.word)
        self._state.setVisible(bool(face.word))
        self._banner_place.setVisible(isinstance(face, Stale))
        if isinstance(face, Stale):
            self._banner.say(StateMark.WARNING, face.sentence, action=face.action.text() if face.action else "")
        self._put(self._body_for(face))

    def _body_for(self, face: Face) -> QWidget:
        if isinstance(face, Empty):
            return _EmptyFace(face)
        if isinstance(face, Failed):
            return _FailedFace(face)
        return self._loading if isinstance(face, Loading) else self._content

    def _put(self, body: QWidget) -> None:
        before = self._body.currentWidget()
        if self._body.indexOf(body) < 0:
            self._body.addWidget(body)
        self._body.setCurrentWidget(body)
        if before is not None and before not in (body, self._content, self._loading):
            self._body.removeWidget(before)
            before.deleteLater()

    def _on_stale_action(self) -> None:
        if isinstance(self._face, Stale) and self._face.action is not None:
            self._face.action.trigger()
