"""Placeholders, numbers and dates in the customer's own locale."""

import pytest

from connectors.sandbox.composer.errors import ComposeError
from connectors.sandbox.composer.wording import Wording, formal_name, full_name, parsed_locale

RECORD = {
    "policy": {"premium": 318.4, "currency": "EUR", "renewalDate": "2026-06-01", "product": "Home cover", "note": None},
    "tariff": {"unitPrice": 0.2298},
}


def wording(locale: str) -> Wording:
    """Wording in ``locale`` with the house's words of its language."""
    return Wording(RECORD, locale=locale, language=locale.partition("-")[0])


@pytest.mark.parametrize(
    ("locale", "text", "filled"),
    [
        ("en-GB", "{{ policy.premium | money(policy.currency) }}", "€318.40"),
        ("fr-FR", "{{ policy.premium | money(policy.currency) }}", "318,40\xa0€"),
        ("de-DE", "{{ tariff.unitPrice | price('EUR') }}", "0,2298\xa0€"),
        ("en-GB", "{{ policy.renewalDate | day }}", "1 June"),
        ("fr-FR", "{{ policy.renewalDate | date }}", "1er juin 2026"),
        ("de-DE", "{{ policy.renewalDate | date }}", "1. Juni 2026"),
        ("pl", "{{ policy.renewalDate | month }}", "czerwiec 2026"),
        ("fr-FR", "{{ policy.product | product | sentence }}", "Assurance habitation"),
        ("en-GB", "{{ -0.04 | percent }}", "-4.0 %"),
    ],
)
def test_values_are_written_as_the_locale_writes_them(locale: str, text: str, filled: str) -> None:
    """A comma in the wrong place is another amount."""
    assert wording(locale).fill(text) == filled


@pytest.mark.parametrize("text", ["{{ policy.excess }}", "{{ claim.number }}", "{{ policy.note }}"])
def test_a_placeholder_without_a_value_is_an_error(text: str) -> None:
    """A letter with a hole in it must not be composed at all."""
    with pytest.raises(ComposeError):
        wording("en").fill(text)


def test_a_condition_may_ask_for_what_is_not_there() -> None:
    """Conditions exist for records that lack something."""
    asked = wording("en")

    assert not asked.holds("policy.excess is defined")
    assert not asked.holds("'home' in customer.segments")
    assert asked.holds("policy.premium > 300")


def test_data_is_never_read_as_a_template() -> None:
    """A customer called {{ 7 * 7 }} keeps the name."""
    mean = Wording({"customer": {"givenName": "{{ 7 * 7 }}"}}, locale="en", language="en")

    assert mean.fill("Hello {{ customer.givenName }}") == "Hello {{ 7 * 7 }}"


def test_an_unknown_locale_is_written_in_english() -> None:
    """A typo in the customer file must not stop a run."""
    assert parsed_locale("xx-YY").language == "en"


@pytest.mark.parametrize(
    ("locale", "title", "full", "formal"),
    [
        ("fr-FR", "Mme", "Mme Inès Caron", "Mme Caron"),
        ("ja-JP", "様", "Caron Inès 様", "Caron 様"),
        ("", "", "Inès Caron", "Caron"),
    ],
)
def test_names_stand_in_the_order_of_their_language(locale: str, title: str, full: str, formal: str) -> None:
    """A title on the wrong side of a name reads as a mistake in it."""
    customer = {"title": title, "givenName": "Inès", "familyName": "Caron", "locale": locale}

    assert (full_name(customer), formal_name(customer)) == (full, formal)
