"""What is left of personal data on the screen."""

import pytest

from app.rules.masking import masked_mail, masked_number, masked_post


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        (masked_mail("ines.caron@lamer.example"), "i•••@lamer.example"),
        (masked_mail("no address"), "•••"),
        (masked_number("+33 6 12 34 56 42"), "+33 •• •• •• 42"),
        (masked_number("1234"), "•••"),
        (masked_post("14 quai des Moulins, 59800 Lille, FR"), "14 q••• d••• M•••, 59800 L•••, FR"),
        (masked_post("The Old Lifeboat House, PL1 2AB Plymouth"), "T••• O••• L••• H•••, PL1 2AB P•••"),
    ],
)
def test_enough_is_left_to_recognise_and_too_little_to_use(masked: str, shown: str) -> None:
    """A glance at the screen would be enough to write to a customer."""
    assert masked == shown
