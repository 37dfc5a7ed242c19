"""What a customer means who answers a text message with one of the words that carriers know.

Source: domain rule 3.4 and the required opt-out words that it cites for the United States and Canada (STOP, END,
CANCEL, QUIT, UNSUBSCRIBE, ARRET …). Words count at the beginning of a message, in any case, with or without accents and
punctuation. On toll-free numbers the carrier itself acts, and knows STOP alone.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

OPT_OUT_WORDS: Final = frozenset(
    {"ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE"}
)
OPT_IN_WORDS: Final = frozenset({"START", "UNSTOP"})
HELP_WORDS: Final = frozenset({"HELP"})

_STOP_CODE: Final = re.compile(
    r"\[STOP_CODE\]|\bSTOP(?:\b\W{0,3}(?:(?:\w{1,3}\W{1,3}){0,2}|(?:par|by)\W{1,3}(?:sms|text)\W{1,3}\w{1,2}\W{1,3}))?\d{4,6}\b",
    re.IGNORECASE,
)
_FIRST_WORD: Final = re.compile(r"[^A-Z0-9]*([A-Z0-9]+(?:-[A-Z0-9]+)*)")


class ReplyMeaning(StrEnum):
    """What the answer asks for."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    NOTHING = "nothing"
    """Words for a person to read; no list changes."""


def reply_meaning(text: str, *, is_toll_free: bool = False) -> ReplyMeaning:
    """What ``text``, a customer's answer, asks for."""
    found = _FIRST_WORD.match(_plain(text))
    word = found.group(1) if found else ""
    if word in (frozenset({"STOP"}) if is_toll_free else OPT_OUT_WORDS):
        return ReplyMeaning.OPT_OUT
    if word in OPT_IN_WORDS:
        return ReplyMeaning.OPT_IN
    return ReplyMeaning.HELP if word in HELP_WORDS else ReplyMeaning.NOTHING


def has_stop_code(text: str) -> bool:
    """Whether ``text``, a message of ours, offers a number to send STOP to.

    A provider takes such a message for marketing, whatever it was sent as (domain rule 3.4).
    """
    return _STOP_CODE.search(text) is not None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).upper()
