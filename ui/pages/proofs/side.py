"""The right column: the assets that the proof shows, and what the checks found in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import RINGED_PROPERTY, SMALL_RADIUS, Role, Type, draw_panel, font, saved, tokens_of
from ui.widgets import (
    Button,
    Footer,
    Label,
    PageHeader,
    Scroll,
    SectionHeader,
    Separator,
    StateMark,
    on_surface,
    paint_mark,
    paint_state,
)
from ui.widgets.states import state_width

_THUMB = QSize(40, 28)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
_SIDE = 8
_LINE = 40
_REMARK = 22
_OVERLAP = 8
_PAPER = QColor("#ffffff")


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """One asset of the bill, already worded. ``key`` is empty when it cannot be traced to a library."""

    key: str
    name: str
    version: str
    mark: StateMark
    word: str
    remark: str = ""
    """What a person should know about it first; empty when nothing."""
    remark_mark: StateMark = StateMark.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding, already worded."""

    mark: StateMark
    sentence: str
    place: str


class _Row(QAbstractButton):
    """A line that can be clicked, entered and reached with Tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(RINGED_PROPERTY, True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def _draw_ground(self, painter: QPainter) -> None:
        if self.underMouse() and self.isEnabled():
            draw_panel(painter, self.rect(), fill=tokens_of(self.palette()).hover)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillColumns:
    """How wide versions and states are, in px: no wider than this bill needs, so that names get the rest."""

    version: int
    state: int

    @classmethod
    def of(cls, rows: Sequence[BillRow]) -> "BillColumns":
        """The columns of a bill."""
        metrics = QFontMetrics(font(Type.SECONDARY, tabular=True))
        return cls(
            version=max((metrics.horizontalAdvance(row.version) for row in rows), default=0),
            state=max((state_width(row.mark, row.word) for row in rows), default=0),
        )


class BillLine(_Row):
    """Thumbnail, name, version, state, and below them the remark where there is one."""

    def __init__(self, row: BillRow, columns: BillColumns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self._columns = columns
        self._picture = QPixmap()
        self._scaled = QPixmap()
        self.setEnabled(bool(row.key))
        self.setFixedHeight(_LINE + (_REMARK if row.remark else 0))
        remark = f". {row.remark}" if row.remark else ""
        self.setAccessibleName(f"{row.name} {row.version}, {row.word}{remark}")
        self.setToolTip(self.accessibleName() + (" · show under Assets" if row.key else " · in no connected library"))

    def set_picture(self, picture: QPixmap) -> None:
        """Show the asset."""
        self._picture = picture
        self._scaled = QPixmap()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        self._draw_ground(painter)
        self._draw_picture(painter)
        state = QRect(self.width() - _SIDE - self._columns.state, 0, self._columns.state, _LINE)
        version = QRect(state.left() - _SIDE - self._columns.version, 0, self._columns.version, _LINE)
        left = _SIDE + _THUMB.width() + _SIDE
        name = QRect(left, 0, version.left() - _SIDE - left, _LINE)
        painter.setFont(font())
        painter.setPen(tokens.text)
        metrics = QFontMetrics(font())
        painter.drawText(name, _LEFT, metrics.elidedText(self.row.name, Qt.TextElideMode.ElideRight, name.width()))
        painter.setFont(font(Type.SECONDARY, tabular=True))
        painter.setPen(tokens.muted)
        painter.drawText(version, _LEFT, self.row.version)
        paint_state(painter, state, self.row.mark, self.row.word, tokens=tokens)
        if self.row.remark:
            place = QRect(left, _LINE - _OVERLAP, self.width() - _SIDE - left, _REMARK)
            paint_state(painter, place, self.row.remark_mark, self.row.remark, tokens=tokens)

    def _draw_picture(self, painter: QPainter) -> None:
        tokens = tokens_of(self.palette())
        place = QRect(_SIDE, (_LINE - _THUMB.height()) // 2, _THUMB.width(), _THUMB.height())
        picture = self._scaled_picture()
        if picture.isNull():
            draw_panel(painter, place, fill=tokens.skeleton, edge=tokens.line, radius=SMALL_RADIUS)
            return
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            clip = QPainterPath()
            clip.addRoundedRect(place.toRectF(), SMALL_RADIUS, SMALL_RADIUS)
            painter.setClipPath(clip)
            painter.fillRect(place, _PAPER if picture.hasAlphaChannel() else tokens.hover)
            target = QRect(place.topLeft(), picture.deviceIndependentSize().toSize())
            target.moveCenter(place.center())
            painter.drawPixmap(target, picture)
        draw_panel(painter, place, edge=tokens.line, radius=SMALL_RADIUS)

    def _scaled_picture(self) -> QPixmap:
        """Return the picture at exactly the pixels of its place: scaled once and well, not at every painting."""
        ratio = self.devicePixelRatioF()
        if self._scaled.isNull() or self._scaled.devicePixelRatio() != ratio:
            self._scaled = self._picture
            if not self._picture.isNull():
                self._scaled = self._picture.scaled(
                    _THUMB * ratio,
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                self._scaled.setDevicePixelRatio(ratio)
        return self._scaled


class FindingLine(_Row):
    """What was found, and below it where."""

    def __init__(self, row: FindingRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.setAccessibleName(f"{row.mark.value}: {row.sentence}. {row.place}")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return (
            6
            + self._height_of(self.row.sentence, font(), width)
            + 2
            + self._height_of(self.row.place, font(Type.SECONDARY), width)
            + 6
        )

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(240, self.width())))

    def _height_of(self, words: str, use: QFont, width: int) -> int:
        room = QRect(0, 0, max(40, width - 36), 10_000)
        return QFontMetrics(use).boundingRect(room, _WRAPPED, words).height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        self._draw_ground(painter)
        paint_mark(painter, QRect(8, 6, 12, 17), self.row.mark, tokens.of(self.row.mark.role))
        height = self._height_of(self.row.sentence, font(), self.width())
        painter.setFont(font())
        painter.setPen(tokens.text)
        painter.drawText(QRect(28, 6, self.width() - 36, height), _WRAPPED, self.row.sentence)
        painter.setFont(font(Type.SECONDARY))
        painter.setPen(tokens.muted)
        painter.drawText(QRect(28, 8 + height, self.width() - 36, self.height()), _WRAPPED, self.row.place)


class SidePane(QWidget):
    """Bill above, findings below; quiet while nothing is composed."""

    asset_wanted = Signal(str)
    """The key of an asset that a person wants to see."""
    finding_wanted = Signal(int)
    """The place of a finding in the list, from 0."""

    def __init__(self, *, file_letter: QAction, why: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self._header = PageHeader("Proof", use=Type.PANE, underlined=True)
        self._bill_header = SectionHeader("Bill of assets")
        self._bill_nothing = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._language_header = SectionHeader("Language")
        self._language_nothing = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._findings_header = SectionHeader("Findings")
        self._findings_nothing = Label("", use=Type.SECONDARY, role=Role.MUTED, wraps=True)
        self._bill = QVBoxLayout()
        self._language = QVBoxLayout()
        self._findings = QVBoxLayout()
        for lines in (self._bill, self._language, self._findings):
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(0)
        self.bill_lines: list[BillLine] = []
        self.finding_lines: list[FindingLine] = []
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        for header, nothing, lines in (
            (self._bill_header, self._bill_nothing, self._bill),
            (self._language_header, self._language_nothing, self._language),
            (self._findings_header, self._findings_nothing, self._findings),
        ):
            header.setContentsMargins(8, 0, 8, 0)
            nothing.setContentsMargins(8, 0, 8, 0)
            if header is not self._bill_header:
                rule = QVBoxLayout()
                rule.setContentsMargins(8, 8, 8, 8)
                rule.addWidget(Separator())
                column.addLayout(rule)
            column.addWidget(header)
            column.addWidget(nothing)
            column.addLayout(lines)
        column.addStretch(1)
        self._scroll = Scroll(content)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(0)
        around.addWidget(self._header)
        around.addWidget(self._scroll, 1)
        footer = Footer()
        footer.add(Button.of(file_letter, footer), Button.of(why, footer))
        footer.row.addStretch(1)
        around.addWidget(footer)
        self.setMinimumWidth(240)
        self.clear()

    def set_aside(self, words: str) -> None:
        """Say which version and record the proof is of."""
        self._header.set_aside(words)

    def clear(self) -> None:
        """Show that there is no proof."""
        self.show_proof((), (), summary="")
        self._bill_nothing.setText("The pictures of the proof are listed here, with their approval.")
        self._findings_nothing.setText("What the checks find is listed here.")
        self._bill_nothing.show()
        self._findings_nothing.show()
        self.show_language(())
        self.set_aside("")

    def show_language(self, sentences: Sequence[str]) -> None:
        """Say which language was asked for, which was taken and why."""
        self._language_nothing.setText("\n".join(sentences) or "Which language a proof is in, and why, is told here.")

    @property
    def language(self) -> str:
        """What is said of the language."""
        return self._language_nothing.text()

    def show_proof(self, bill: Sequence[BillRow], findings: Sequence[FindingRow], *, summary: str) -> None:
        """List what a proof is made of and what is wrong with it."""
        self._bill_header.set_words(f"Bill of assets · {len(bill)}" if bill else "Bill of assets")
        self._bill_nothing.setText("This proof shows no picture.")
        self._bill_nothing.setVisible(not bill)
        self._findings_header.set_words("Findings", summary)
        self._findings_nothing.setText("The checks found nothing.")
        self._findings_nothing.setVisible(not findings)
        _empty(self._bill)
        _empty(self._findings)
        columns = BillColumns.of(bill)
        self.bill_lines = [BillLine(row, columns) for row in bill]
        self.finding_lines = [FindingLine(row) for row in findings]
        for line in self.bill_lines:
            line.clicked.connect(self._on_bill)
            self._bill.addWidget(line)
        for found in self.finding_lines:
            found.clicked.connect(self._on_finding)
            self._findings.addWidget(found)

    def set_pictures(self, pictures: Mapping[str, QPixmap]) -> None:
        """Show assets by their keys."""
        for line in self.bill_lines:
            picture = pictures.get(line.row.key)
            if picture is not None:
                line.set_picture(picture)

    def point_at_bill(self, place: int) -> None:
        """Bring a line of the bill (from 1) into sight, with the focus where it can have it."""
        if 0 < place <= len(self.bill_lines):
            line = self.bill_lines[place - 1]
            self._scroll.bring(line)
            line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_bill(self) -> None:
        line = self.sender()
        if isinstance(line, BillLine) and line.row.key:
            self.asset_wanted.emit(line.row.key)

    def _on_finding(self) -> None:
        line = self.sender()
        if isinstance(line, FindingLine):
            self.finding_wanted.emit(self.finding_lines.index(line))


def _empty(lines: QVBoxLayout) -> None:
    while (item := lines.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
