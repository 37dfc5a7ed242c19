"""What is seen of the Settings page. It decides nothing: what a person chooses leaves as signals."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.files import FilesSize
from app.rules.roles import Role
from app.settings import DECLARED, FILES_MB, THEME, Group
from app.use_cases.desk_settings import DeskSettings
from app.wording import count, size
from ui.pages.settings.rows import Line, RoleLine, SettingLine
from ui.shell import ICON_PROPERTY
from ui.theme import Icon, Type
from ui.widgets import (
    Button,
    ButtonKind,
    Face,
    Faces,
    Label,
    PageHeader,
    Scroll,
    SectionHeader,
    Separator,
    on_surface,
    page_action,
)

_WIDTH = 760
_SIDE = 16
ROLES: Final = tuple((role.value, role.value.capitalize()) for role in Role)


def kept_words(kept: FilesSize) -> str:
    """``1,204 things are kept now, 340 MB.``"""
    if not kept.files:
        return "Nothing is kept now."
    are = "1 thing is" if kept.files == 1 else f"{count(kept.files)} things are"
    return f"{are} kept now, {size(kept.size_bytes)}."


class SettingsView(QWidget):
    """One column of lines, by group."""

    setting_changed = Signal(str, object)
    role_chosen = Signal(str)
    secrets_wanted = Signal()
    """Ask the keyring again."""
    forget_wanted = Signal()
    sign_out_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, *, person: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Settings")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        on_surface(self)
        self.controller: object = None
        """Kept here: a plain receiver that nobody holds falls silent."""
        self.again = self._action("Read the settings again", "F5", Icon.SYNCHRONISE, self.again_wanted.emit)
        self.sign_out = self._action("Sign out…", "", Icon.DROP, self.sign_out_wanted.emit)
        self.header = PageHeader("Settings")
        self.settings: Mapping[str, SettingLine] = {
            each.key: SettingLine(each) for each in DECLARED if each.group is not Group.NOWHERE
        }
        for line in self.settings.values():
            line.changed.connect(self.setting_changed)
        self.role = RoleLine(ROLES)
        self.role.chosen.connect(self.role_chosen)
        self._ask_keyring = Button("Try the keyring again")
        self._ask_keyring.clicked.connect(self.secrets_wanted)
        self._secrets = Label("", use=Type.BODY, wraps=True)
        self.faces = Faces(self.header, Scroll(self._body(person)), skeleton=(0,))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.faces, 1)

    def show_settings(self, settings: DeskSettings) -> None:
        """Show what counts, and say beside each line why it cannot be changed."""
        for key, line in self.settings.items():
            line.show_value(settings.values[key])
            line.explain("" if key == THEME.key else settings.settings_objection, is_said_above=True)
        self.settings[FILES_MB.key].note(kept_words(settings.files))
        self.header.set_aside(settings.settings_objection)
        self.role.show_role(settings.role.value)
        self.role.explain(settings.role_objection)
        self.show_secrets(settings.secrets, is_lasting=settings.is_lasting)

    def show_secrets(self, sentence: str, *, is_lasting: bool) -> None:
        """Say where secrets are kept; what is not lasting can be tried again."""
        self._secrets.setText(sentence)
        self._ask_keyring.setVisible(not is_lasting)

    @property
    def secrets(self) -> str:
        """Where secrets are kept, as it is said."""
        return self._secrets.text()

    def show_face(self, face: Face) -> None:
        """Show another of the page's faces."""
        self.faces.set_face(face)

    def _body(self, person: str) -> QWidget:
        body = QWidget()
        on_surface(body)
        outer = QHBoxLayout(body)
        outer.setContentsMargins(_SIDE, 0, _SIDE, _SIDE)
        inner = QWidget()
        inner.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._add_group(column, "You", [self._person(person), self.role])
        for group in (Group.APPEARANCE, Group.SENDING, Group.READING, Group.KEEPING):
            self._add_group(column, group, [line for line in self.settings.values() if line.setting.group is group])
        self._add_group(column, "Secrets", [self._secrets_row()])
        self._add_group(column, "Leaving", [self._forget(), self._sign_out()])
        column.addStretch(1)
        outer.addWidget(inner, 1)
        outer.addStretch(0)
        return body

    def _person(self, person: str) -> QWidget:
        name = Label(person, use=Type.BODY)
        return Line("Name", "As this computer knows you. It stands beside everything that you do in the audit.", name)

    def _secrets_row(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 10, 0, 10)
        column.setSpacing(10)
        column.addWidget(self._secrets)
        column.addWidget(self._ask_keyring, 0, Qt.AlignmentFlag.AlignLeft)
        return holder

    def _forget(self) -> QWidget:
        button = Button("Open Support")
        button.clicked.connect(self.forget_wanted)
        return Line(
            "Forget a customer",
            "Who they are and what they were sent. Open the customer under Support, then “Forget this customer…” in"
            " the palette.",
            button,
        )

    def _sign_out(self) -> QWidget:
        button = Button.of(self.sign_out, self, kind=ButtonKind.DANGER)
        return Line(
            "Sign out",
            "Wipes this profile: its secrets, the cache, files, the outbox and the log. What was done stays provable:"
            " the audit’s sealed rows are kept, without naming anybody.",
            button,
        )

    def _add_group(self, column: QVBoxLayout, name: str, lines: Sequence[QWidget]) -> None:
        column.addSpacing(20)
        column.addWidget(SectionHeader(name))
        column.addSpacing(4)
        for number, line in enumerate(lines):
            if number:
                column.addWidget(Separator())
            column.addWidget(line)

    def _action(self, text: str, keys: str, icon: Icon, act: Callable[[], object]) -> QAction:
        action = page_action(self, text, keys)
        action.setProperty(ICON_PROPERTY, icon.value)
        action.triggered.connect(lambda *_: act())
        return action
