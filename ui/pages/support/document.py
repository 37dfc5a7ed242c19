"""The document as it was sent: the archived bytes, whether they are proven, and where they are kept."""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.checks.html import html_facts
from app.records import Channel, CustomerDocument
from app.rules.sms import sms_cost
from app.use_cases.find_customer import OpenedDocument
from app.wording import day_and_time, size
from ui.pages.support.titles import document_title, with_hint
from ui.theme import Icon, Role, Type
from ui.widgets import (
    Banner,
    Button,
    ElidedLabel,
    Empty,
    Faces,
    Facts,
    Failed,
    Fresh,
    Label,
    Loading,
    PageHeader,
    StateMark,
    StatusChip,
    TextArea,
)
from ui.widgets.html_view import HtmlView
from ui.widgets.pdf_view import PdfView
from ui.widgets.sms_view import SmsView, SmsWords

V = TypeVar("V", bound=QWidget)

_BESIDE = 520
"""Px from which the facts have room beside the document."""
_FACTS = 208
_DOUBT = "**These bytes are not the ones that were filed.** Tell whoever looks after the archive."
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_PAGE_WIDTHS = {Channel.EMAIL: 600, Channel.WEB: 800}


class FactsLine(ElidedLabel):
    """As many facts as have room, the first ones first; its tooltip has all of them."""

    def __init__(self) -> None:
        super().__init__("", use=Type.SECONDARY, role=Role.MUTED, tabular=True)
        self._facts: tuple[str, ...] = ()

    def show_facts(self, facts: Sequence[str]) -> None:
        """Show other facts."""
        self._facts = tuple(facts)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.setToolTip(_in_line(self._facts))

    def _fit(self) -> None:
        metrics = QFontMetrics(self.font())
        most = len(self._facts)
        while most > 1 and metrics.horizontalAdvance(_in_line(self._facts[:most])) > self.width():
            most -= 1
        self.setText(_in_line(self._facts[:most]))


def _in_line(facts: Sequence[str]) -> str:
    return " · ".join(facts)


class _Body(QWidget):
    """The document and what is known of it: beside it where there is room, else in one line above it."""

    def __init__(self) -> None:
        super().__init__()
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAutoFillBackground(True)
        self._facts = Facts(name_width=64)
        self._aside = QWidget()
        self._aside.setFixedWidth(_FACTS)
        column = QVBoxLayout(self._aside)
        column.setContentsMargins(8, 12, 16, 4)
        column.addWidget(self._facts)
        column.addStretch(1)
        self._line = FactsLine()
        self.views = QStackedWidget()
        line = QHBoxLayout()
        line.setContentsMargins(16, 8, 16, 0)
        line.addWidget(self._line)
        self._above = QWidget()
        self._above.setLayout(line)
        self._doubt = Banner(StateMark.REJECTED, _DOUBT)
        self._place = QWidget()
        place = QVBoxLayout(self._place)
        place.setContentsMargins(12, 12, 12, 0)
        place.addWidget(self._doubt)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._above)
        left.addWidget(self._place)
        left.addWidget(self.views, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self._aside)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show (name, value) pairs; what has no value is left out."""
        known = [(name, value) for name, value in facts if value]
        self._facts.set_facts(known, codes=frozenset({"Node", "SHA-256"}))
        self._line.show_facts([f"archived {value}" if name == "Archived" else value for name, value in known])

    def warn(self, *, is_altered: bool) -> None:
        """Say above the document that it is not the one that was filed, or say nothing."""
        self._place.setVisible(is_altered)

    @property
    def warning(self) -> str:
        """What is said above the document."""
        return "" if self._place.isHidden() else self._doubt.sentence

    def arrange(self, *, is_wide: bool) -> None:
        """Put the facts beside the document, or above it."""
        self._aside.setVisible(is_wide)
        self._above.setVisible(not is_wide)


class DocumentPane(QWidget):
    """One archived document, or in words why there is none to see."""

    def __init__(self, *, save: QAction, again: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._again = again
        self._sent = ""
        self._header = PageHeader("Document", use=Type.PANE)
        self._proof = StatusChip(StateMark.PASSED, "Hash verified")
        self._save = Button.of(save)
        self._header.add(self._proof, self._save)
        self._body = _Body()
        self._sms = SmsView()
        self._text = TextArea(name="The document as sent")
        self._text.setReadOnly(True)
        self._unshown = Label("", role=Role.MUTED, wraps=True)
        self._unshown.setContentsMargins(16, 16, 16, 16)
        self._unshown.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._pdf: PdfView | None = None
        self._html: HtmlView | None = None
        for view in (self._sms, self._text, self._unshown):
            self._body.views.addWidget(view)
        self._faces = Faces(self._header, self._body, skeleton=(0,))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._faces)
        self.show_nothing("Choose a line of the timeline", "The copy that was sent is shown here.")

    @property
    def faces(self) -> Faces:
        """What is shown now."""
        return self._faces

    @property
    def proof(self) -> str:
        """What is said about the bytes; empty while there are none."""
        return "" if self._proof.isHidden() else self._proof.text()

    @property
    def warning(self) -> str:
        """What is said against the bytes; empty while there is nothing to say."""
        return self._body.warning

    def show_nothing(self, title: str, sentence: str) -> None:
        """There is no document, and that is no failure."""
        self._dress("Document", "")
        self._faces.set_face(Empty(title=title, sentence=sentence, icon=Icon.DOCUMENT, word=""))

    def show_loading(self, document: CustomerDocument) -> None:
        """It is being fetched."""
        self._dress(document_title(document), _sent_words(document))
        self._faces.set_face(Loading(what=f"Fetching {size(document.size_bytes)} from Extended ECM"))
        if _kind(document.media_type) in _PAGES:
            self._page().prepare()

    def show_failure(self, document: CustomerDocument, sentence: str, hint: str) -> None:
        """It could not be fetched."""
        self._dress(document_title(document), _sent_words(document))
        facts = (("Node", f"ECM {document.node}"), ("File", document.name))
        self._faces.set_face(
            Failed(
                title="The document could not be fetched",
                sentence=with_hint(sentence, hint),
                actions=(self._again,),
                facts=facts,
                codes=frozenset({"Node"}),
            )
        )

    def show_document(self, opened: OpenedDocument, *, template: str = "") -> None:
        """Show the bytes as they are in the archive. ``template``: its name, where more than its id is known."""
        document = opened.document
        self._dress(document_title(document), _sent_words(document))
        self._proof.set_fact(*_proof(opened))
        self._proof.show()
        self._save.show()
        facts = [
            ("Archived", day_and_time(document.filed_at)),
            ("Node", f"ECM {document.node}"),
            ("Bytes", size(len(opened.content))),
            ("Type", document.document_type),
            ("Template", template or document.template),
            ("SHA-256", opened.sha256[:12]),
        ]
        self._body.set_facts(facts)
        self._body.warn(is_altered=opened.is_altered)
        self._body.views.setCurrentWidget(self._view_of(opened))
        self._faces.set_face(Fresh(word=""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_wide = self.width() >= _BESIDE
        self._body.arrange(is_wide=is_wide)
        self._header.set_aside(self._sent if is_wide else "")

    def _dress(self, title: str, sent: str) -> None:
        self._header.set_title(title)
        self._sent = sent
        self._arrange()
        self._proof.hide()
        self._save.hide()

    def _view_of(self, opened: OpenedDocument) -> QWidget:
        kind = _kind(opened.media_type)
        if kind == "application/pdf":
            self._pdf = self._pdf or self._added(PdfView("The document as sent"))
            self._pdf.show_document(opened.content)
            return self._pdf
        if kind in _PAGES:
            page = self._page()
            page.set_page_width(_PAGE_WIDTHS.get(opened.document.channel or Channel.WEB, 800))
            page.show_page(opened.content, allowed=pictures_of(opened))
            return page
        if kind.startswith("text/"):
            text = opened.content.decode("utf-8", errors="replace")
            if opened.document.channel is Channel.SMS:
                self._sms.show_message(_message(text))
                return self._sms
            self._text.setPlainText(text)
            return self._text
        self._unshown.setText(f"A document of the kind {kind or 'unknown'} is not shown here. Save a copy to open it.")
        return self._unshown

    def _page(self) -> HtmlView:
        self._html = self._html or self._added(HtmlView("The document as sent"))
        return self._html

    def _added(self, view: V) -> V:
        self._body.views.addWidget(view)
        return view


def _kind(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _sent_words(document: CustomerDocument) -> str:
    return f"as sent {day_and_time(document.filed_at)}"


def _proof(opened: OpenedDocument) -> tuple[StateMark, str]:
    if opened.is_altered:
        return StateMark.REJECTED, "Hash differs"
    return (StateMark.PASSED, "Hash verified") if opened.is_proven else (StateMark.WARNING, "No hash was filed")


def _message(text: str) -> SmsWords:
    cost = sms_cost(text)
    segments = f"**{cost.segments} segment{'s' if cost.segments > 1 else ''}**"
    return SmsWords(
        text=text,
        segments=cost.segments,
        share=cost.units / cost.room,
        cost=f"{segments} · {cost.units} of {cost.room} in {cost.encoding}",
    )


def pictures_of(opened: OpenedDocument) -> frozenset[str]:
    """The pictures that the page may fetch: those of bytes that are proven to be ours, and no others."""
    if not opened.is_proven:
        return frozenset()
    return frozenset(picture.address for picture in html_facts(opened.content).pictures)
