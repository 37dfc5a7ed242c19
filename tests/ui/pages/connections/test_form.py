"""The form asks for what counts, and keeps what most people never need folded away."""

import pytest
from pytestqt.qtbot import QtBot

from app.connections import FORMS
from app.records import System
from ui.pages.connections.form import FileField, SystemForm
from ui.theme import Theme
from ui.widgets import Button, unnamed_widgets

ADVANCED = [each.key for each in FORMS[System.ICONIK].fields if each.is_advanced]


@pytest.fixture
def form(qtbot: QtBot, theme: Theme) -> SystemForm:
    made = SystemForm(System.ICONIK, has_kept_secrets=False)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(form: SystemForm) -> list[str]:
    """The keys of the advanced fields that can be seen."""
    return [key for key in ADVANCED if not form.field(key).isHidden()]


def test_proxies_and_certificates_are_folded_away(form: SystemForm) -> None:
    """Nine fields that nobody needs would stand before the button."""
    before = shown(form)

    next(each for each in form.findChildren(Button) if each.text() == "Advanced").click()

    assert before == []
    assert shown(form) == ["proxy", "trust", "identity"]


def test_a_choice_brings_the_fields_that_it_needs(form: SystemForm) -> None:
    """The address of the proxy could not be typed, or would be asked of everybody."""
    form.fill({"proxy": "named", "identity": "file"})

    assert shown(form) == [
        *("proxy", "proxy_url", "proxy_user", "proxy_password"),
        *("trust", "identity", "identity_file", "identity_passphrase"),
    ]
    assert unnamed_widgets(form) == []


def test_a_complaint_opens_what_is_folded_away(form: SystemForm) -> None:
    """The person would be told that something is wrong, and not find it."""
    form.fill({"trust": "file"})
    form.open_advanced(False)

    form.complain({"roots": "File of authorities is needed."})

    assert "roots" in shown(form)
    assert form.field("roots").error == "File of authorities is needed."


def test_a_file_is_chosen_or_typed(form: SystemForm) -> None:
    """Both ways lead to the same field."""
    form.fill({"trust": "file"})
    field = form.field("roots").control
    assert isinstance(field, FileField)

    dialog = field.ask()
    dialog.fileSelected.emit("/home/ada/roots.pem")
    dialog.reject()

    assert form.values["roots"] == "/home/ada/roots.pem"
