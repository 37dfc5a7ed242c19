"""What a text message costs, as findings."""

import pytest

from app.checks.sms import sms_findings
from app.records import FindingLevel


@pytest.mark.parametrize(
    ("text", "level", "sentence"),
    [
        ("", FindingLevel.ERROR, "The text message is empty"),
        (" \n", FindingLevel.ERROR, "The text message is empty"),
        ("a" * 160, FindingLevel.PASSED, "1 segment in GSM-7"),
        ("a" * 161, FindingLevel.WARNING, "2 segments in GSM-7"),
        ("a" * 100 + "’", FindingLevel.WARNING, "“’” forces UCS-2: 2 segments, not 1"),
        ("Ваш счёт готов", FindingLevel.PASSED, "1 segment in UCS-2, because of “В”"),
        ("ж" * 71, FindingLevel.WARNING, "2 segments in UCS-2, because of “ж”"),
        ("L’été", FindingLevel.PASSED, "1 segment in UCS-2, because of “’”"),
    ],
)
def test_a_text_is_priced_and_the_costly_character_named(text: str, level: FindingLevel, sentence: str) -> None:
    """A hundred thousand texts would cost three times as much for one apostrophe."""
    (finding,) = sms_findings(text)

    assert (finding.level, finding.sentence) == (level, sentence)


def test_the_place_of_the_costly_character_counts_from_one() -> None:
    """The owner would look at the letter beside it."""
    (finding,) = sms_findings("a" * 100 + "’")

    assert finding.place.startswith("SMS · character 101")
