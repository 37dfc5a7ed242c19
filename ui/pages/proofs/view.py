"""What is seen: templates at the left, four panes of one composition, the bill and the findings at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from ui.pages.proofs.model import TemplatesModel
from ui.pages.proofs.panes import ProofPanes
from ui.pages.proofs.record_bar import RecordBar
from ui.pages.proofs.side import SidePane
from ui.pages.proofs.template_list import TemplateList
from ui.theme import Type
from ui.widgets import Button, Face, Faces, PageHeader, Splitter, page_action

_WIDTHS = (220, 840, 324)


class ProofsView(QWidget):
    """Passive: it tells what a person wants and shows what it is told."""

    template_wanted = Signal(str)
    record_wanted = Signal(str)
    step_wanted = Signal(int)
    """-1 for the record before, 1 for the one after."""
    compose_wanted = Signal()
    again_wanted = Signal()
    """What failed is to be tried again."""
    cancel_wanted = Signal()
    letter_filing_wanted = Signal()
    """The composed letter is to go to the archive."""
    file_wanted = Signal(str)
    """The path of a file with a transaction."""
    connections_wanted = Signal()
    asset_wanted = Signal(str)
    why_wanted = Signal()
    """Why the assets of the proof are the ones they are."""
    finding_wanted = Signal(int)

    def __init__(self, model: TemplatesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Proofs")
        self.compose_action = self._action("Compose", self.compose_wanted.emit, "Ctrl+Return", "Ctrl+Enter")
        self.previous_action = self._action("Previous record", self._on_previous, "Up")
        self.next_action = self._action("Next record", self._on_next, "Down")
        self.open_action = self._action("Open a transaction from JSON…", self.ask_for_file, "Ctrl+O")
        self.file_letter_action = self._action("File the letter…", self.letter_filing_wanted.emit, "Ctrl+L")
        self.why_action = self._action("Why these…", self.why_wanted.emit, "W")
        self.find_action = self._action("Find a template", self._on_find, "/")
        self.cancel_action = self._action("Stop waiting for the composer", self.cancel_wanted.emit, "Escape")
        self.again_action = QAction("Try again", self)
        self.again_action.triggered.connect(self.again_wanted)
        self.connections_action = QAction("Open Connections", self)
        self.connections_action.triggered.connect(self.connections_wanted)

        self.templates = TemplateList(model)
        self.header = PageHeader("", use=Type.PANE)
        self.records = RecordBar(self.previous_action, self.next_action)
        self.panes = ProofPanes()
        self.faces = Faces(self.header, self.panes, bars=[self.records], skeleton=(0,))
        self.header.add(
            Button.of(self.open_action, self.header, text="Open JSON…"),
            Button.of(self.compose_action, self.header),
        )
        self.side = SidePane(file_letter=self.file_letter_action, why=self.why_action)
        self.columns = Splitter(Qt.Orientation.Horizontal)
        for part in (self.templates, self.faces, self.side):
            self.columns.addWidget(part)
        self.columns.setSizes(list(_WIDTHS))
        self.columns.setStretchFactor(1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.columns)
        self.setFocusProxy(self.templates.table)
        self.set_can_file(False)
        self.set_can_explain(False)
        self.set_can_compose(False, "Choose a template and a record first.")

        self.templates.chosen.connect(self.template_wanted)
        self.records.chosen.connect(self.record_wanted)
        self.faces.cancel_wanted.connect(self.cancel_wanted)
        self.side.asset_wanted.connect(self.asset_wanted)
        self.side.finding_wanted.connect(self.finding_wanted)

    def _action(self, text: str, act: object, *keys: str) -> QAction:
        action = page_action(self, text, *keys)
        action.triggered.connect(act)
        return action

    def show_template(self, name: str, aside: str) -> None:
        """Say which template the middle is about."""
        self.header.set_title(name)
        self.header.set_aside(aside)

    def show_records(self, records: Sequence[tuple[str, str]], current: str) -> None:
        """Offer (id, label) pairs."""
        self.records.set_records(records, current)
        for action in (self.previous_action, self.next_action):
            action.setEnabled(len(records) > 1)

    def set_face(self, face: Face) -> None:
        """Show one of the five faces in the middle."""
        self.faces.set_face(face)

    def set_can_compose(self, can: bool, why_not: str = "", *, is_composing: bool = False) -> None:
        """Offer Compose, or say why not; and to wait no longer while it is at work."""
        self.cancel_action.setEnabled(is_composing)
        self.compose_action.setEnabled(can)
        self.compose_action.setToolTip(why_not or "Compose")

    def set_can_file(self, can: bool) -> None:
        """Offer to file the letter, or say that there is none."""
        self.file_letter_action.setEnabled(can)
        self.file_letter_action.setToolTip("Hand the letter to the archive's form" if can else "Compose a letter first")

    def set_can_explain(self, can: bool) -> None:
        """Offer to say why the assets are the ones they are, once there are some."""
        self.why_action.setEnabled(can)
        self.why_action.setToolTip("Why these assets, versions and languages" if can else "Compose a proof first")

    def ask_for_file(self) -> None:
        """Let a person choose a file; the answer comes as :attr:`file_wanted`."""
        dialog = QFileDialog(self, "Open a transaction", "", "JSON (*.json);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.file_wanted)
        dialog.open()

    def _on_previous(self) -> None:
        self.step_wanted.emit(-1)

    def _on_next(self) -> None:
        self.step_wanted.emit(1)

    def _on_find(self) -> None:
        self.templates.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.templates.field.selectAll()
