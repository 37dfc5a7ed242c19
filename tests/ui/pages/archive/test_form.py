"""The form without a window: what fills itself in, what stays as typed, what stands in the way."""

from dataclasses import replace
from datetime import date

from app.records import CategoryField
from app.rules.filing import CATEGORY_FIELD, NAME_FIELD, WORKSPACE_FIELD
from tests.ui.pages.archive.records import ACCOUNT, CARON, DAY, DELIVERY, DOCUMENT, HASH, MARCHETTI, PAGES, PDF, TYPE
from ui.pages.archive.document import ChosenDocument
from ui.pages.archive.form import FILE_FIELD, FilingForm, another_name

BILL = ChosenDocument.of(name="scan.pdf", media_type="application/pdf", content=PDF)


def filled(**choices: str) -> FilingForm:
    """A form with a document, a customer and a category; ``type`` chooses the document's."""
    form = FilingForm(today=date(2026, 11, 21))
    form.choose_document(BILL)
    form.choose_customer(MARCHETTI)
    form.offer_categories((DOCUMENT, DELIVERY))
    if "type" in choices:
        form.type_value(TYPE.key, choices["type"])
    return form


def test_what_is_known_fills_itself_in() -> None:
    """People would copy numbers and hashes by hand, and err."""
    form = filled()

    assert (form.values[ACCOUNT.key], form.values[DAY.key], form.values[HASH.key]) == (
        "HM-207551",
        "2026-11-21",
        BILL.sha256,
    )


def test_what_was_typed_stays() -> None:
    """A correction would be undone by the next choice."""
    form = filled()

    form.type_value(ACCOUNT.key, "C-88120")
    form.choose_customer(CARON)

    assert form.values[ACCOUNT.key] == "C-88120"


def test_the_name_is_day_type_and_number() -> None:
    """Names on the server would differ with whoever files."""
    assert filled(type="Claim decision").name == "2026-11-21 Claim decision HM-207551.pdf"


def test_a_suggested_name_avoids_those_that_are_there() -> None:
    """The archive would refuse the name that we suggested."""
    form = filled(type="Bill")

    form.learn_names(frozenset({"2026-11-21 Bill HM-207551.pdf"}))

    assert form.name == "2026-11-21 Bill HM-207551 (2).pdf"


def test_a_typed_name_that_is_there_is_told_and_not_changed() -> None:
    """The person would learn it from the archive's refusal."""
    form = filled(type="Bill")

    form.type_name("letter.pdf")
    form.learn_names(frozenset({"Letter.pdf"}))

    assert (form.name, form.name_note) == ("letter.pdf", "A document of this name is there already.")


def test_an_empty_form_counts_what_is_missing_and_scolds_nobody() -> None:
    """A page that opens in red says nothing."""
    form = FilingForm(today=date(2026, 11, 21))

    assert (set(form.objections), dict(form.shown_objections)) == (
        {FILE_FIELD, WORKSPACE_FIELD, CATEGORY_FIELD, NAME_FIELD},
        {},
    )


def test_a_wrong_value_is_told_beside_its_field() -> None:
    """The archive would refuse the upload as a whole."""
    form = filled(type="Bill")

    form.type_value(PAGES.key, "two")

    assert form.shown_objections == {PAGES.key: "A whole number, please."}


def test_typing_a_name_unchooses_the_customer() -> None:
    """The document would go to whoever was chosen before."""
    form = filled(type="Bill")

    form.type_workspace("Caron")

    assert (form.customer, form.objections[WORKSPACE_FIELD]) == (None, "Choose one of the matches.")


def test_another_category_keeps_what_was_typed_under_the_same_name() -> None:
    """A wrong first choice would cost all that was filled in."""
    form = filled()
    form.type_value(ACCOUNT.key, "C-88120")

    form.choose_category(DELIVERY.id)

    assert form.values["9840_2"] == "C-88120"


def test_a_wish_carries_only_the_fields_of_its_category() -> None:
    """The archive would refuse values of another category."""
    form = filled(type="Bill")
    form.choose_category(DELIVERY.id)

    wish = form.wish(actor="mk")

    assert wish is not None
    assert set(wish.values) == {"9840_2"}


def test_a_refusal_goes_when_its_field_is_changed() -> None:
    """The form could never be sent again."""
    form = filled(type="Bill")
    form.refusals[NAME_FIELD] = "A colon is not allowed in a name."

    form.type_name("bill.pdf")

    assert form.objections == {}


def test_another_name_keeps_the_ending() -> None:
    """The archive would hold a document that nothing opens."""
    assert another_name("bill.pdf", frozenset({"bill (2).pdf"})) == "bill (3).pdf"


def test_the_hash_is_always_the_chosen_document_s() -> None:
    """A filing made anew with another file would carry the hash of the first."""
    form = filled()
    form.put(name="bill.pdf", values={HASH.key: "5e1b70c4" * 8})

    form.choose_document(BILL)

    assert form.values[HASH.key] == BILL.sha256


def test_the_channel_that_a_draft_knows_fills_itself_in() -> None:
    """One would say of every letter once more that it is one."""
    channel = CategoryField(key="9830_12", name="Channel", kind="choice", choices=("Email", "Print"))
    form = FilingForm(today=date(2026, 11, 21))

    form.choose_document(BILL, channel="print")
    form.offer_categories((replace(DOCUMENT, fields=(channel,)),))

    assert form.values == {channel.key: "Print"}
