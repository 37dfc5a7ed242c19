"""Why a message did not arrive, in words that help."""

import pytest

from app.rules.bounces import explain, status_code


@pytest.mark.parametrize(
    ("code", "words", "is_lasting"),
    [
        ("5.1.1", "mailbox does not exist", True),
        ("550 5.1.1 mailbox unknown", "mailbox does not exist", True),
        ("4.1.1", "mailbox does not exist", True),
        ("4.2.2", "mailbox is full", True),
        ("5.2.1", "switched off", True),
        ("5.7.1", "refused the message by its own rules", True),
        ("4.7.1", "refused the message by its own rules", False),
        ("4.4.1", "did not answer", False),
        ("5.1.10", "accepts no mail at all", True),
        ("5.7.26", "failed the checks of its sender", True),
        ("5.3.4", "larger than", True),
        ("4.2.99", "could not take the message", False),
        ("5.9.9", "refused with the code 5.9.9", True),
        ("", "gave no code", False),
    ],
)
def test_a_code_becomes_a_sentence(code: str, words: str, is_lasting: bool) -> None:
    """“5.1.1” tells nobody on the telephone what to do."""
    meaning = explain(code)

    assert words in meaning.sentence
    assert meaning.is_lasting is is_lasting
    assert meaning.advice.endswith(".")


def test_a_code_in_the_providers_words_counts_when_there_is_no_other() -> None:
    """Many providers give their code in the text alone."""
    assert "does not exist" in explain("", "smtp; 550 5.1.1 user unknown").sentence


@pytest.mark.parametrize(
    ("words", "code"), [("smtp 5.1.10 no", "5.1.10"), ("v12.5.1.1.3", ""), ("3.1.1", ""), ("", "")]
)
def test_only_a_status_code_is_taken_for_one(words: str, code: str) -> None:
    """A version number is no reason for a bounce."""
    assert status_code(words) == code
