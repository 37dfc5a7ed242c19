"""Delivery addresses as they stand in mails and web pages."""

import pytest

from connectors.core_dam import original_id_in, resized


@pytest.mark.contract("core_dam 7.b3")
@pytest.mark.parametrize(
    ("address", "original_id"),
    [
        ("https://media.example/adaptivemedia/rendition?id=abc", "abc"),
        ("https://media.example/adaptivemedia/rendition?wd=10&id=abc&vid=2", "abc"),
        ("https://media.example/adaptivemedia/rendition/hero.jpg?id=abc", "abc"),
        ("https://media.example/adaptivemedia/rendition/id_abc/name_hero.jpg", "abc"),
        ("https://media.example/adaptivemedia/rendition", None),
        ("https://media.example/other/rendition?id=abc", None),
        ("https://media.example/adaptivemedia/renditions?id=abc", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_an_address_names_its_asset(address: str, original_id: str | None) -> None:
    """The bill of assets and the link check ask which picture a mail shows."""
    assert original_id_in(address) == original_id


def test_another_size_keeps_the_rest_of_the_address() -> None:
    """A version or language in the address must not be lost with the size."""
    address = "https://media.example/adaptivemedia/rendition?id=abc&prid=515Wx515H&vid=2"

    assert resized(address, width_px=120) == "https://media.example/adaptivemedia/rendition?id=abc&vid=2&wd=120"


def test_a_preset_and_a_format_can_be_asked_for() -> None:
    """A preset replaces measures; nobody wants both."""
    address = resized(
        "https://media.example/adaptivemedia/rendition?id=a&wd=9", preset="515Wx515H", picture_format="webp"
    )

    assert address == "https://media.example/adaptivemedia/rendition?id=a&prid=515Wx515H&format=webp"
