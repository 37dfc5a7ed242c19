"""What stands in the way of a filing, field by field."""

import pytest

from app.records import Category, CategoryField
from app.rules.filing import LONGEST_NAME, objections_to_filing, objections_to_name

BILL = Category(
    id=7,
    name="Customer document",
    fields=(
        CategoryField(key="7_2", name="Account", kind="text", is_required=True, max_length=10),
        CategoryField(key="7_3", name="Document date", kind="date"),
        CategoryField(key="7_4", name="Kind", kind="choice", choices=("Bill", "Letter")),
        CategoryField(key="7_5", name="Tries", kind="integer"),
    ),
)


@pytest.mark.parametrize("name", ["Proof 0147.pdf", "é" * LONGEST_NAME, "a"])
def test_a_name_that_fits_is_let_through(name: str) -> None:
    """A good document could not be filed."""
    assert objections_to_name(name) == ""


@pytest.mark.parametrize("name", ["", "   ", "12:30.pdf", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_the_archive_refuses_is_explained(name: str) -> None:
    """The archive would change it, or refuse it after the upload."""
    assert objections_to_name(name).endswith(".")


@pytest.mark.parametrize(
    ("values", "field", "word"),
    [
        ({}, "7_2", "Needed"),
        ({"7_2": "   "}, "7_2", "Needed"),
        ({"7_2": "HM-20488100"}, "7_2", "10 fit"),
        ({"7_2": "HM-1", "7_3": "12/05/2026"}, "7_3", "2026-05-12"),
        ({"7_2": "HM-1", "7_3": "2026-02-30"}, "7_3", "calendar"),
        ({"7_2": "HM-1", "7_4": "Poem"}, "7_4", "Bill or Letter"),
        ({"7_2": "HM-1", "7_5": "two"}, "7_5", "whole number"),
    ],
)
def test_each_wrong_value_is_explained_beside_its_field(values: dict[str, str], field: str, word: str) -> None:
    """The person would search the form for what is wrong."""
    objections = objections_to_filing(name="a.pdf", category=BILL, values=values)

    assert list(objections) == [field]
    assert word in objections[field]


@pytest.mark.parametrize(
    "values",
    [
        {"7_2": "HM-1"},
        {"7_2": "HM-1", "7_3": "2026-05-12", "7_4": "Bill", "7_5": "-3"},
        {"7_2": " HM-204881 "},
    ],
)
def test_a_form_that_is_right_has_no_objections(values: dict[str, str]) -> None:
    """The button would stay grey without a reason."""
    assert objections_to_filing(name="a.pdf", category=BILL, values=values) == {}


def test_a_document_without_a_kind_is_sent_nowhere() -> None:
    """It would lie in the workspace without anything that says what it is."""
    assert list(objections_to_filing(name="a.pdf", category=None, values={})) == ["category"]


def test_a_long_list_of_choices_is_not_read_out() -> None:
    """A sentence of fifty choices is none."""
    many = Category(
        id=1, name="x", fields=(CategoryField(key="1_2", name="n", kind="choice", choices=tuple("abcdefgh")),)
    )

    sentence = objections_to_filing(name="a", category=many, values={"1_2": "z"})["1_2"]

    assert sentence == "Not accepted here. Choose a, b, c or d or another from the list."
