"""What providers and mail systems say in words when they fail to deliver, and which cause it names.

Source: domain rule 3.2 for the causes that outweigh a code (full mailbox, unknown user); the words themselves are those
that mail systems are seen to use (CHOSEN). English only: that is what mail systems speak.
"""

import re
from typing import Final

from app.rules.bounce_codes import ADMIN, ASK, LATER, MEANINGS, CodeMeaning, Fault

_RELAY: Final = CodeMeaning("The mail system that was asked does not look after the address.", ASK, True, Fault.ADDRESS)
_UNWANTED: Final = CodeMeaning("The recipient's system took the message for unwanted mail.", ADMIN, True, Fault.SENDER)
_LISTED: Final = CodeMeaning(
    "Our mail provider's machine stands on a list of unwanted senders.", ADMIN, True, Fault.SENDER
)
_ASKED_TO_WAIT: Final = CodeMeaning("The recipient's mail system asked to try again later.", LATER, False, Fault.HOST)

_WHO: Final = r"(?:user|mailbox|account|recipient|address)"
_OFF: Final = r"(?:disabled|inactive|suspended|deactivated)"

_CAUSES: Final = (
    (MEANINGS[2, 2], r"over ?quota|quota (?:is )?exceeded|exceed\w* (?:\w+ )?quota|out of storage"),
    (MEANINGS[2, 2], r"mailbox\W+(?:is )?full|full mailbox|mailbox (?:size|storage) (?:limit )?exceeded"),
    (MEANINGS[2, 1], rf"{_WHO}\W+(?:(?:is|has been) )?{_OFF}|{_OFF} {_WHO}"),
    (MEANINGS[1, 1], rf"{_WHO}\W+(?:is )?(?:unknown|not found)|no mailbox here"),
    (MEANINGS[1, 1], rf"(?:unknown|no such|invalid) (?:\w+ )?{_WHO}"),
    (MEANINGS[1, 1], rf"{_WHO}\b[^.;]{{0,40}}\bdo(?:es)?(?: not|n['’]t) exist"),
    (MEANINGS[1, 2], r"(?:domain|host)\W+(?:is )?(?:unknown|not found)|(?:unknown|no such) (?:domain|host)"),
    (_RELAY, r"relay\w* (?:access )?(?:is )?(?:denied|not permitted|prohibited)|unable to relay"),
    (MEANINGS[3, 4], r"(?:message|mail) (?:is )?too (?:big|large)|message size|size limit exceeded"),
    (MEANINGS[7, 23], r"\bspf\b[^.;]{0,40}(?:fail|reject)"),
    (MEANINGS[7, 20], r"\bdkim\b[^.;]{0,40}(?:fail|reject|missing|invalid)"),
    (MEANINGS[7, 26], r"\bdmarc\b|unauthenticated (?:e?-?mail|sender|message)"),
    (MEANINGS[7, 28], r"rate.?limit|too many (?:messages|connections|e?-?mails)|throttl"),
    (_ASKED_TO_WAIT, r"gr[ea]y-?list|try again later|temporarily (?:deferred|unavailable|rejected)"),
    (_LISTED, r"black-?list|block-?list|\brbl\b|\bdnsbl\b|poor reputation"),
    (_UNWANTED, r"\bspam\b|unsolicited|junk mail"),
    (MEANINGS[4, 1], r"timed? ?-?out|no answer|connection refused"),
)
"""The first that fits counts: an address that is dead stays dead, whatever else is said beside it."""

_PATTERNS: Final = tuple((meaning, re.compile(pattern)) for meaning, pattern in _CAUSES)


def cause_in(words: str) -> CodeMeaning | None:
    """The cause that ``words`` name, or None when they name none that is known. Case does not count."""
    folded = words.lower()
    return next((meaning for meaning, pattern in _PATTERNS if pattern.search(folded)), None)
