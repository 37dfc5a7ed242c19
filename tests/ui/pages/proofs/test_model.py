"""The list of templates as Qt sees it."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester

from app.records import TemplateState
from tests.ui.pages.proofs.fakes import template
from ui.pages.proofs.model import GROUP_ROLE, TemplatesModel, template_rows
from ui.widgets import CellRole

TEMPLATES = (
    template("Spring offer", state=TemplateState.IN_REVIEW),
    template("Claim received", group="Claims"),
    template("Renewal notice"),
    template("Loose leaf", group=""),
)


@pytest.fixture
def model(qtmodeltester: ModelTester) -> TemplatesModel:
    """Four templates, checked by Qt's own tester as long as the test lasts."""
    made = TemplatesModel()
    made.set_rows(template_rows(TEMPLATES))
    qtmodeltester.check(made)  # type: ignore[no-untyped-call]  # pytest-qt has none
    return made


def names(model: TemplatesModel) -> list[str]:
    """What the rows say."""
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_groups_stand_above_their_templates(model: TemplatesModel) -> None:
    """Two hundred templates without order cannot be looked through."""
    assert names(model) == [
        "Claims",
        "Claim received",
        "Home and motor",
        "Renewal notice",
        "Spring offer",
        "Other",
        "Loose leaf",
    ]


def test_the_name_of_a_group_cannot_be_chosen(model: TemplatesModel) -> None:
    """The page would be asked for a template that there is not."""
    group = model.index(0, 0)

    assert group.data(GROUP_ROLE) is True
    assert model.flags(group) == Qt.ItemFlag.NoItemFlags
    assert model.row_of("") == -1


def test_narrowing_takes_empty_groups_away(model: TemplatesModel) -> None:
    """Names of groups without anything below them would look like templates."""
    model.narrow("home review")

    assert names(model) == ["Home and motor", "Spring offer"]
    assert model.first_key == "Spring offer"


def test_what_was_typed_narrows_new_rows_too(model: TemplatesModel) -> None:
    """A synchronisation would undo the filter under the person's hands."""
    model.narrow("offer")

    model.set_rows(template_rows([*TEMPLATES, template("Winter offer")]))

    assert names(model) == ["Home and motor", "Spring offer", "Winter offer"]


def test_nothing_found_is_an_empty_list(model: TemplatesModel) -> None:
    """A filter that matches nothing must not leave a row behind."""
    model.narrow("zzz")

    assert model.rowCount() == 0
    assert model.first_key == ""


def test_a_row_says_all_of_itself_to_a_screen_reader(model: TemplatesModel) -> None:
    """Shape and initials say nothing to whoever cannot see them."""
    row = model.index(model.row_of("Spring offer"), 0)

    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Spring offer, in review, owner mira.kovac"
    assert row.data(CellRole.MARK) == "in review"


def test_a_row_has_no_rows_below_it(model: TemplatesModel) -> None:
    """A table is not a tree: Qt would ask for ever."""
    assert model.rowCount(model.index(1, 0)) == 0
    assert model.data(QModelIndex()) is None
