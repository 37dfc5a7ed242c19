"""In which language a proof is, and whether it should be."""

import pytest

from app.checks.language import language_report
from app.records import Channel, FindingLevel

SPOKEN = {Channel.EMAIL: "en"}


@pytest.mark.parametrize(
    ("wanted", "available", "last"),
    [
        ("pt-BR", ("pt", "en"), "Taken: pt (pt-BR → pt)."),
        ("zh-Hant-TW", ("zh-Hant", "zh", "en"), "Taken: zh-Hant (zh-Hant-TW → zh-Hant)."),
        ("ja-JP", ("en", "fr"), "Taken: en (ja-JP → ja → default en)."),
        ("ja-JP", ("fr",), "Taken: none (ja-JP → ja → missing); there is no default either."),
        ("", ("en",), "The record does not say which language its customer reads."),
        ("fr", (), "Asked: fr. Nothing was looked up: the composer does not say which languages the template is in."),
    ],
)
def test_what_is_told(wanted: str, available: tuple[str, ...], last: str) -> None:
    """Nobody could say why a customer got that language."""
    told = language_report(wanted, available, default="en", is_legal=False, spoken={})

    assert told.sentences[-1] == last


def test_a_default_is_no_match_and_says_so() -> None:
    """A Japanese customer would be counted among those who read English."""
    told = language_report("ja-JP", ("en",), default="en", is_legal=False, spoken=SPOKEN)

    assert [(each.level, each.sentence) for each in told.findings] == [
        (FindingLevel.WARNING, "ja-JP is not there: en stands in, and is no match")
    ]


def test_legal_text_never_falls_back() -> None:
    """Small print in another language binds nobody."""
    told = language_report("fr-CA", ("fr", "en"), default="en", is_legal=True, spoken={})

    assert [each.level for each in told.findings] == [FindingLevel.ERROR]
    assert "do not send it" in told.findings[0].sentence


def test_an_output_in_another_language_than_was_looked_up_is_an_error() -> None:
    """The composer would choose by another rule and nobody would see it."""
    told = language_report("fr-CA", ("fr", "en"), default="en", is_legal=False, spoken=SPOKEN)

    assert [(each.level, each.channel) for each in told.findings] == [(FindingLevel.ERROR, Channel.EMAIL)]
