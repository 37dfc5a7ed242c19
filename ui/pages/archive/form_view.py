"""The form ``File to a workspace`` as it is seen: the document, whose it is, what kind it is, the way to send it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.rules.filing import CATEGORY_FIELD, NAME_FIELD, WORKSPACE_FIELD
from ui.pages.archive.category_fields import CategoryFields
from ui.pages.archive.drop_area import DropArea
from ui.pages.archive.form import FILE_FIELD, FilingForm
from ui.pages.archive.workspace_field import WorkspaceField, WorkspaceMatch
from ui.theme import Icon, Role, Type
from ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    ChoiceField,
    ElidedLabel,
    Field,
    Footer,
    IconLabel,
    Label,
    PageHeader,
    Scroll,
    Separator,
    StateMark,
    TextField,
    on_surface,
)

_SIDE = 16
_FIELD_GAP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FormActions:
    """What can be done with the form."""

    choose: QAction
    file: QAction
    clear: QAction


class FilingFormView(QWidget):
    """Shows a :class:`~ui.pages.archive.form.FilingForm` and says what a person put where."""

    choose_wanted = Signal()
    words_typed = Signal(str)
    search_wanted = Signal(str)
    customer_chosen = Signal(str)
    category_chosen = Signal(int)
    value_typed = Signal(str, str)
    name_typed = Signal(str)
    series_chosen = Signal(str)
    """The name of an entry of the file plan; empty for none."""
    again_wanted = Signal()
    """What the banner offers: to ask the archive for its categories once more."""

    def __init__(self, actions: FormActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        on_surface(self)
        self._actions = actions
        self._header = PageHeader("File to a workspace", use=Type.PANE, underlined=False)
        self.drop_area = DropArea(actions.choose)
        self.drop_area.wanted.connect(self.choose_wanted)
        self._doubt = Label("", use=Type.SECONDARY, wraps=True)
        self.workspace = Field("Workspace *", WorkspaceField(), aside="from the customer")
        self.category = Field("Category *", ChoiceField([]))
        self.fields = CategoryFields()
        self.series = Field("Retention", ChoiceField([]))
        self.name = Field("File name on the server *", TextField())
        self.workspace.control.setAccessibleName("Workspace, required")
        self.category.control.setAccessibleName("Category, required")
        self.name.control.setAccessibleName("File name on the server, required")
        self.banner = Banner(StateMark.REJECTED, "")
        self.banner.acted.connect(self.again_wanted)
        self.banner.hide()
        self._to_fix = Label("", use=Type.CHIP, role=Role.NEGATIVE, tabular=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(Scroll(self._body()), 1)
        column.addWidget(Separator())
        column.addLayout(self._foot())
        column.addWidget(self._buttons())
        self._order()
        self._connect()

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(_SIDE, 4, _SIDE, _SIDE)
        column.setSpacing(_FIELD_GAP)
        for widget in (
            self.banner,
            self.drop_area,
            self._doubt,
            self.workspace,
            self.category,
            self.fields,
            self.series,
            self.name,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        return body

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(_SIDE, 10, _SIDE, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(Icon.INFORMATION, size_px=14))
        row.addWidget(ElidedLabel("One upload, once the form is valid", use=Type.SECONDARY, role=Role.MUTED), 1)
        row.addWidget(self._to_fix)
        return row

    def _buttons(self) -> Footer:
        foot = _BareFooter()
        foot.add(Button.of(self._actions.file, foot, kind=ButtonKind.FILLED), Button.of(self._actions.clear, foot))
        foot.row.addStretch(1)
        return foot

    def _order(self) -> None:
        """Let Tab follow the reading order, and a file that falls on a line edit fall on the page instead."""
        chain = (
            self.workspace.control,
            self.category.control,
            *self.fields.controls,
            self.series.control,
            self.name.control,
        )
        for before, after in pairwise(chain):
            self.setTabOrder(before, after)
        for line in self.findChildren(QLineEdit):
            line.setAcceptDrops(False)

    def _connect(self) -> None:
        self.workspace.control.words_typed.connect(self.words_typed)
        self.workspace.control.search_wanted.connect(self.search_wanted)
        self.workspace.control.match_chosen.connect(self.customer_chosen)
        self.category.control.currentIndexChanged.connect(self._on_category)
        self.series.control.currentIndexChanged.connect(lambda _: self.series_chosen.emit(self.series.control.key))
        self.fields.edited.connect(self.value_typed)
        self.name.control.textEdited.connect(self.name_typed)

    def show_form(self, form: FilingForm, *, is_asking: bool, is_filing: bool) -> None:
        """Show the whole form. ``is_asking``: the archive is being asked for the workspace's categories."""
        shown = form.shown_objections
        self.drop_area.show_document(form.document)
        self.drop_area.set_refused(FILE_FIELD in shown)
        refusal = shown.get(FILE_FIELD, "")
        doubt = refusal or (form.document.doubt if form.document else "")
        self._doubt.setText(doubt)
        self._doubt.set_role(Role.NEGATIVE if refusal else Role.WARNING)
        self._doubt.setVisible(bool(doubt))
        self._show_workspace(form, shown.get(WORKSPACE_FIELD, ""))
        self._show_category(form, is_asking=is_asking)
        self.fields.show_values(form.values, shown)
        self._show_series(form)
        if self.name.control.text() != form.name:
            self.name.control.setText(form.name)
        self.name.set_note(form.name_note)
        self.name.set_error(shown.get(NAME_FIELD, ""))
        self._show_readiness(form, is_filing=is_filing)

    def show_matches(self, matches: Sequence[WorkspaceMatch]) -> None:
        """Offer these below the workspace's field."""
        self.workspace.control.show_matches(matches)

    def show_trouble(self, sentence: str, *, action: str = "") -> None:
        """Say above the fields what stands in the way of all of them; an empty sentence takes it away."""
        self.banner.say(StateMark.REJECTED, sentence, action=action)
        self.banner.setVisible(bool(sentence))

    def show_source(self, words: str) -> None:
        """Say at the right of the title where the form was filled from."""
        self._header.set_aside(words)

    def move_on(self) -> None:
        """Go from the workspace, once it is chosen, to the first thing that is left to do."""
        if self.workspace.control.hasFocus():
            self._go_on()

    def begin(self) -> None:
        """Go to the first thing that is left to do, unless a person is in the form already."""
        focused = self.window().focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            self._go_on()

    def _go_on(self) -> None:
        fields = (self.category, *(self.fields.field(key) for key in self.fields.keys), self.name)
        target = next((field for field in fields if field.error), self.name)
        target.control.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_workspace(self, form: FilingForm, error: str) -> None:
        control = self.workspace.control
        if control.text() != form.workspace_words:
            control.setText(form.workspace_words)
        held = len(form.names_there)
        documents = "1 document lies there" if held == 1 else f"{held} documents lie there"
        self.workspace.set_note(f"Workspace node {form.customer.workspace} · {documents}" if form.customer else "")
        self.workspace.set_error(error)

    def _show_category(self, form: FilingForm, *, is_asking: bool) -> None:
        control = self.category.control
        blocked = control.blockSignals(True)
        if form.categories:
            control.set_choices([(str(each.id), each.name) for each in form.categories])
            control.set_key(str(form.category.id) if form.category else "")
        else:
            control.set_choices([("", "Asking the archive…" if is_asking else "Choose the workspace first")])
        control.blockSignals(blocked)
        control.setEnabled(bool(form.categories))
        if self.fields.show_fields(form.category.fields if form.category else ()):
            self._order()
        self.category.set_error(form.shown_objections.get(CATEGORY_FIELD, ""))

    def _show_series(self, form: FilingForm) -> None:
        control = self.series.control
        blocked = control.blockSignals(True)
        words = {each.name: " · ".join(filter(None, (each.name, each.title))) for each in form.every_series}
        control.set_choices([("", "Not filed as a record"), *words.items()])
        control.set_key(form.series.name if form.series else "")
        control.blockSignals(blocked)
        self.series.set_note(form.series_note)
        self.series.setVisible(bool(form.every_series))

    def _show_readiness(self, form: FilingForm, *, is_filing: bool) -> None:
        count = len(form.objections)
        self._to_fix.setText(f"{count} {'field' if count == 1 else 'fields'} to fix" if count else "")
        self._to_fix.set_role(Role.NEGATIVE if form.shown_objections else Role.MUTED)
        self._actions.file.setEnabled(not count and not is_filing)
        self._actions.file.setToolTip(next(iter(form.objections.values()), "File document"))
        self._actions.clear.setEnabled(not form.is_pristine and not is_filing)

    def _on_category(self) -> None:
        key = self.category.control.key
        if key:
            self.category_chosen.emit(int(key))


class _BareFooter(Footer):
    """The buttons under the line of words: the separator stands above that line."""

    def paintEvent(self, _event: object) -> None:
        return
