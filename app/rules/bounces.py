"""What a failed delivery means and what to do about it, from the provider's code.

Source: RFC 3463 (enhanced mail system status codes), with the provider's re-classing of domain rule 3.2: a full mailbox
or an unknown user is treated as lasting even when the code's first digit says otherwise, so the class alone never
decides.
"""

import re
from dataclasses import dataclass
from typing import Final

_CODE: Final = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceMeaning:
    """One failed delivery, explained."""

    sentence: str
    """What happened, without the address."""
    advice: str
    """What the person can do."""
    is_lasting: bool
    """Trying the same address again will fail again."""


def status_code(text: str) -> str:
    """The first RFC 3463 code in ``text``, such as ``5.1.1``; empty when there is none."""
    found = _CODE.search(text)
    return found.group() if found else ""


def explain(code: str, detail: str = "") -> BounceMeaning:
    """What ``code`` means; a code in ``detail`` counts when ``code`` has none."""
    found = _CODE.search(code) or _CODE.search(detail)
    if found is None:
        return _UNEXPLAINED
    class_, subject, subcode = found.groups()
    known = _MEANINGS.get((subject, subcode)) or _SUBJECTS.get(subject)
    if known is None:
        known = (f"The message was refused with the code {found.group()}.", _READ_IT, None)
    sentence, advice, lasting = known
    return BounceMeaning(sentence=sentence, advice=advice, is_lasting=class_ == "5" if lasting is None else lasting)


_ASK: Final = "Ask the customer for the right address, or send another way."
_LATER: Final = "It may work later; if it is urgent, send another way."
_OTHER_WAY: Final = "Send another way."
_READ_IT: Final = "Read the provider's own words, then send another way or try later."
_ADMIN: Final = "Tell whoever looks after your mail domain; until it is put right, send another way."

_UNEXPLAINED: Final = BounceMeaning(
    sentence="The message could not be delivered, and the provider gave no code.", advice=_READ_IT, is_lasting=False
)

_MEANINGS: Final[dict[tuple[str, str], tuple[str, str, bool | None]]] = {
    # (subject, detail): sentence, advice, whether it lasts; None: the class decides
    ("1", "1"): ("The mailbox does not exist.", _ASK, True),
    ("1", "2"): ("The domain of the address does not exist.", _ASK, True),
    ("1", "3"): ("The address is not written as an address must be.", _ASK, True),
    ("1", "4"): ("The address fits more than one mailbox.", _ASK, True),
    ("1", "6"): ("The mailbox has moved and left no new address.", _ASK, True),
    ("1", "7"): ("Our own sender's address was refused.", _ADMIN, None),
    ("1", "8"): ("Our own sender's domain was refused.", _ADMIN, None),
    ("1", "10"): ("The domain of the address accepts no mail at all.", _ASK, True),
    ("2", "1"): ("The mailbox is switched off.", _ASK, True),
    ("2", "2"): ("The mailbox is full.", "Ask the customer to make room, or send another way.", True),
    ("2", "3"): ("The message is larger than the mailbox accepts.", "Send a link or another way.", True),
    ("2", "4"): ("The mailing list behind the address could not be expanded.", _LATER, None),
    ("3", "1"): ("The recipient's mail system is full.", _LATER, None),
    ("3", "2"): ("The recipient's mail system accepts no mail just now.", _LATER, None),
    ("3", "4"): ("The message is larger than the recipient's system accepts.", "Send a link or another way.", True),
    ("4", "1"): ("The recipient's mail system did not answer.", _LATER, False),
    ("4", "2"): ("The connection to the recipient's mail system broke.", _LATER, False),
    ("4", "4"): ("No way to the recipient's mail system was found.", _LATER, None),
    ("4", "6"): ("The message went round in a circle.", _ADMIN, None),
    ("4", "7"): ("The provider tried for too long and gave up.", _LATER, False),
    ("5", "3"): ("The message had too many recipients.", _ADMIN, None),
    ("6", "1"): ("The recipient's system does not accept this kind of content.", _OTHER_WAY, True),
    ("7", "1"): ("The recipient's system refused the message by its own rules.", _OTHER_WAY, None),
    ("7", "8"): ("Our mail provider could not sign in at the recipient's system.", _ADMIN, None),
    ("7", "20"): ("The message carries no valid DKIM signature.", _ADMIN, None),
    ("7", "23"): ("The sender's address failed the SPF check.", _ADMIN, None),
    ("7", "26"): ("The message failed the checks of its sender (SPF, DKIM).", _ADMIN, None),
    ("7", "28"): ("The recipient's system gets too much mail from us.", _LATER, False),
}

_SUBJECTS: Final[dict[str, tuple[str, str, bool | None]]] = {
    "0": ("The message could not be delivered, and no reason was given.", _READ_IT, None),
    "1": ("The address was refused.", _ASK, None),
    "2": ("The mailbox could not take the message.", _LATER, None),
    "3": ("The recipient's mail system could not take the message.", _LATER, None),
    "4": ("The network between the mail systems failed.", _LATER, None),
    "5": ("The two mail systems did not understand each other.", _ADMIN, None),
    "6": ("The recipient's system could not handle the content.", _OTHER_WAY, None),
    "7": ("The recipient's system refused the message for reasons of security or policy.", _OTHER_WAY, None),
}
