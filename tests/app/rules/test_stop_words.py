"""What an answer to a text message asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.stop_words import HELP_WORDS, OPT_IN_WORDS, OPT_OUT_WORDS, ReplyMeaning, has_stop_code, reply_meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("STOP", ReplyMeaning.OPT_OUT),
        ("stop.", ReplyMeaning.OPT_OUT),
        ("  Stop it please", ReplyMeaning.OPT_OUT),
        ("«Arrêt!»", ReplyMeaning.OPT_OUT),
        ("opt-out", ReplyMeaning.OPT_OUT),
        ("ｓｔｏｐ", ReplyMeaning.OPT_OUT),
        ("START", ReplyMeaning.OPT_IN),
        ("unstop", ReplyMeaning.OPT_IN),
        ("Help?", ReplyMeaning.HELP),
        ("please stop", ReplyMeaning.NOTHING),
        ("Stopover in Lille", ReplyMeaning.NOTHING),
        ("Ending", ReplyMeaning.NOTHING),
        ("stop-gap", ReplyMeaning.NOTHING),
        ("", ReplyMeaning.NOTHING),
        ("👍", ReplyMeaning.NOTHING),
    ],
)
def test_the_first_word_says_what_is_asked_for(text: str, meaning: ReplyMeaning) -> None:
    """Somebody who said STOP and is written to again has the law on their side."""
    assert reply_meaning(text) is meaning


@pytest.mark.parametrize("word", sorted(OPT_OUT_WORDS))
def test_every_required_word_ends_it(word: str) -> None:
    """Each of them is required; leaving one out is a breach for those who use it."""
    assert reply_meaning(word.lower()) is ReplyMeaning.OPT_OUT


@pytest.mark.parametrize(("word", "meaning"), [("STOP", ReplyMeaning.OPT_OUT), ("QUIT", ReplyMeaning.NOTHING)])
def test_toll_free_carriers_know_one_word(word: str, meaning: ReplyMeaning) -> None:
    """The desk would show an opt-out that the carrier never made."""
    assert reply_meaning(word, is_toll_free=True) is meaning


@pytest.mark.parametrize(
    ("text", "has_code"),
    [
        ("Votre facture est là. STOP au 36111", True),
        ("STOP 36111", True),
        ("Reply stop to [STOP_CODE]", True),
        ("STOP: 36180", True),
        ("Pub. STOP36111", True),
        ("STOP par SMS au 36111", True),
        ("Meet at the stop on 5 May 2026", False),
        ("Your tram stop is closed. Call 0800123456", False),
        ("Stop by our shop, 12 rue Neuve", False),
        ("Bus stop 12", False),
        ("", False),
    ],
)
def test_a_stop_code_is_seen(text: str, has_code: bool) -> None:
    """A reminder that carries one is held back at night, as marketing is."""
    assert has_stop_code(text) is has_code


def test_no_word_asks_for_two_things() -> None:
    """What the desk does would hang on the order in which it looks."""
    assert len(OPT_OUT_WORDS | OPT_IN_WORDS | HELP_WORDS) == len(OPT_OUT_WORDS) + len(OPT_IN_WORDS) + len(HELP_WORDS)


@given(st.text(), st.booleans())
def test_any_text_has_a_meaning_and_case_does_not_count(text: str, is_toll_free: bool) -> None:
    """Customers answer with whatever they like."""
    assert reply_meaning(text, is_toll_free=is_toll_free) in set(ReplyMeaning)
    assert reply_meaning(text.upper(), is_toll_free=is_toll_free) is reply_meaning(text, is_toll_free=is_toll_free)
