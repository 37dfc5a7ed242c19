"""What each enhanced status code of a mail system means, for people: one line per code, and nothing that decides.

Source: the IANA registry of enhanced status codes (RFC 5248), which holds those of RFC 3463 and of later standards:
RFC 4954 (X.5.6, X.7.8), RFC 6531 (X.6.7 to X.6.10), RFC 6710 (X.7.15, X.7.16), RFC 7293 (X.7.17 to X.7.19), RFC 7372
(X.7.20 to X.7.26), RFC 7505 (X.1.10, X.7.27). Which of them last beyond what their first digit says is domain rule
3.2; where the rule is silent, the sentence and the party at fault are ours (CHOSEN).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Fault(StrEnum):
    """With what it is that something is wrong, and so who can put it right."""

    ADDRESS = "address"
    """The address reaches nobody: the customer knows a better one."""
    MESSAGE = "message"
    """This message was refused; another one may pass."""
    SENDER = "sender"
    """Our own domain, signature or reputation: whoever looks after it."""
    HOST = "host"
    """The mail systems between us and the mailbox: time, or their owners."""
    UNKNOWN = "unknown"

    @property
    def who(self) -> str:
        """Who can do something about it, to stand in a sentence."""
        return {
            Fault.ADDRESS: "the customer",
            Fault.MESSAGE: "the owner of the template",
            Fault.SENDER: "whoever looks after our mail domain",
            Fault.HOST: "nobody here; the recipient's side has to recover",
            Fault.UNKNOWN: "whoever reads the provider's own words",
        }[self]


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What one subject and detail says."""

    sentence: str
    advice: str
    lasts: bool | None
    """None: the sources do not say, so the provider's verdict or the code's class decides."""
    fault: Fault


ASK: Final = "Ask the customer for the right address, or send another way."
LATER: Final = "It may work later; if it is urgent, send another way."
OTHER_WAY: Final = "Send another way."
READ_IT: Final = "Read the provider's own words, then send another way or try later."
ADMIN: Final = "Tell whoever looks after your mail domain; until it is put right, send another way."
SMALLER: Final = "Send a link or another way."
ROOM: Final = "Ask the customer to make room, or send another way."

_A, _M, _S, _H, _U = Fault.ADDRESS, Fault.MESSAGE, Fault.SENDER, Fault.HOST, Fault.UNKNOWN

MEANINGS: Final[Mapping[tuple[int, int], CodeMeaning]] = MappingProxyType(
    {
        (1, 1): CodeMeaning("The mailbox does not exist.", ASK, True, _A),
        (1, 2): CodeMeaning("The domain of the address does not exist.", ASK, True, _A),
        (1, 3): CodeMeaning("The address is not written as an address must be.", ASK, True, _A),
        (1, 4): CodeMeaning("The address fits more than one mailbox.", ASK, True, _A),
        (1, 5): CodeMeaning("The address was found to be right, and yet nothing was delivered.", READ_IT, None, _U),
        (1, 6): CodeMeaning("The mailbox has moved and left no new address.", ASK, True, _A),
        (1, 7): CodeMeaning("Our own sender's address was refused.", ADMIN, None, _S),
        (1, 8): CodeMeaning("Our own sender's domain was refused.", ADMIN, None, _S),
        (1, 9): CodeMeaning("The message went on to a mail system that reports nothing back.", READ_IT, None, _H),
        (1, 10): CodeMeaning("The domain of the address accepts no mail at all.", ASK, True, _A),
        (2, 1): CodeMeaning("The mailbox is switched off.", ASK, True, _A),
        (2, 2): CodeMeaning("The mailbox is full.", ROOM, True, _A),
        (2, 3): CodeMeaning("The message is larger than the mailbox accepts.", SMALLER, True, _M),
        (2, 4): CodeMeaning("The mailing list behind the address could not be expanded.", LATER, None, _H),
        (3, 1): CodeMeaning("The recipient's mail system is full.", LATER, None, _H),
        (3, 2): CodeMeaning("The recipient's mail system accepts no mail just now.", LATER, None, _H),
        (3, 3): CodeMeaning("The recipient's mail system cannot do what the message needs.", OTHER_WAY, None, _M),
        (3, 4): CodeMeaning("The message is larger than the recipient's system accepts.", SMALLER, True, _M),
        (3, 5): CodeMeaning("The recipient's mail system is set up wrongly.", LATER, None, _H),
        (3, 6): CodeMeaning("The recipient's mail system changed the priority of the message.", READ_IT, None, _H),
        (4, 1): CodeMeaning("The recipient's mail system did not answer.", LATER, False, _H),
        (4, 2): CodeMeaning("The connection to the recipient's mail system broke.", LATER, False, _H),
        (4, 3): CodeMeaning("A directory that the mail systems need could not be asked.", LATER, None, _H),
        (4, 4): CodeMeaning("No way to the recipient's mail system was found.", LATER, None, _H),
        (4, 5): CodeMeaning("The recipient's mail system is overloaded.", LATER, False, _H),
        (4, 6): CodeMeaning("The message went round in a circle.", ADMIN, None, _H),
        (4, 7): CodeMeaning("The provider tried for too long and gave up.", LATER, False, _H),
        (5, 1): CodeMeaning("The mail systems disagreed about the order of their commands.", ADMIN, None, _H),
        (5, 2): CodeMeaning("One mail system did not understand a command of the other.", ADMIN, None, _H),
        (5, 3): CodeMeaning("The message had too many recipients.", ADMIN, None, _M),
        (5, 4): CodeMeaning("One mail system refused how the other put its command.", ADMIN, None, _H),
        (5, 5): CodeMeaning("The mail systems speak different versions of their protocol.", ADMIN, None, _H),
        (5, 6): CodeMeaning("Our mail provider's sign-in was too long for the recipient's system.", ADMIN, None, _S),
        (6, 1): CodeMeaning("The recipient's system does not accept this kind of content.", OTHER_WAY, True, _M),
        (6, 2): CodeMeaning("The content would have to be converted, and that is forbidden.", OTHER_WAY, None, _M),
        (6, 3): CodeMeaning("The content would have to be converted, and that cannot be done.", OTHER_WAY, None, _M),
        (6, 4): CodeMeaning("The content was converted on its way and lost something.", OTHER_WAY, None, _M),
        (6, 5): CodeMeaning("The content could not be converted on its way.", OTHER_WAY, None, _M),
        (6, 6): CodeMeaning("The content could not be fetched when it was to be sent.", READ_IT, None, _M),
        (6, 7): CodeMeaning("The recipient's system does not know addresses beyond plain letters.", ASK, None, _A),
        (6, 8): CodeMeaning("The recipient's system would have to answer in letters that it may not.", ADMIN, None, _H),
        (6, 9): CodeMeaning("The recipient's system does not know headers beyond plain letters.", OTHER_WAY, None, _M),
        # Registered twice and deprecated: the same as X.6.8.
        (6, 10): CodeMeaning(
            "The recipient's system would have to answer in letters that it may not.", ADMIN, None, _H
        ),
        (7, 1): CodeMeaning("The recipient's system refused the message by its own rules.", OTHER_WAY, None, _U),
        (7, 2): CodeMeaning("We may not write to the mailing list behind the address.", OTHER_WAY, None, _M),
        (7, 3): CodeMeaning("The message would have to be secured otherwise, and cannot be.", ADMIN, None, _M),
        (7, 4): CodeMeaning("The recipient's system cannot secure the message as it must be.", ADMIN, None, _H),
        (7, 5): CodeMeaning("Encrypting or checking the message failed on its way.", ADMIN, None, _H),
        (7, 6): CodeMeaning("The mail systems have no way of encrypting in common.", ADMIN, None, _H),
        (7, 7): CodeMeaning("The message was changed on its way.", ADMIN, None, _H),
        (7, 8): CodeMeaning("Our mail provider could not sign in at the recipient's system.", ADMIN, None, _S),
        (7, 9): CodeMeaning("Our mail provider's way of signing in is too weak.", ADMIN, None, _S),
        (7, 10): CodeMeaning("The recipient's system accepts encrypted connections only.", ADMIN, None, _S),
        (7, 11): CodeMeaning("Our mail provider has to encrypt before it signs in.", ADMIN, None, _S),
        (7, 12): CodeMeaning("Our mail provider has to change how it signs in.", ADMIN, None, _S),
        (7, 13): CodeMeaning("Our mail provider's account is switched off there.", ADMIN, None, _S),
        (7, 14): CodeMeaning("The recipient's system does not trust our mail provider.", ADMIN, None, _S),
        (7, 15): CodeMeaning("The message's priority is too low for the recipient's system.", LATER, None, _M),
        (7, 16): CodeMeaning("The message is too large for its priority.", SMALLER, None, _M),
        (7, 17): CodeMeaning("The mailbox belongs to somebody else by now.", ASK, True, _A),
        (7, 18): CodeMeaning("The domain of the address belongs to somebody else by now.", ASK, True, _A),
        (7, 19): CodeMeaning("Nobody can say whether the mailbox still has its owner.", READ_IT, None, _H),
        (7, 20): CodeMeaning("The message carries no valid DKIM signature.", ADMIN, None, _S),
        (7, 21): CodeMeaning("The message carries no DKIM signature that is accepted there.", ADMIN, None, _S),
        (7, 22): CodeMeaning("The DKIM signature is not of the domain that the sender names.", ADMIN, None, _S),
        (7, 23): CodeMeaning("The sender's address failed the SPF check.", ADMIN, None, _S),
        (7, 24): CodeMeaning("The SPF check of the sender's address could not be made.", ADMIN, None, _S),
        (7, 25): CodeMeaning("Our mail provider's machine has no valid name of its own.", ADMIN, None, _S),
        (7, 26): CodeMeaning("The message failed the checks of its sender (SPF, DKIM).", ADMIN, None, _S),
        (7, 27): CodeMeaning("The sender's domain accepts no mail, so none is taken from it.", ADMIN, None, _S),
        (7, 28): CodeMeaning("The recipient's system gets too much mail from us.", LATER, False, _S),
        (7, 29): CodeMeaning("The seals that the message got on its way (ARC) are not valid.", ADMIN, None, _H),
        (7, 30): CodeMeaning(
            "No encrypted way to the recipient was found, and the message needs one.", ADMIN, None, _H
        ),
    }
)
"""By subject and detail. A detail of 0 says no more than its subject does."""

SUBJECTS: Final[Mapping[int, CodeMeaning]] = MappingProxyType(
    {
        0: CodeMeaning("The message could not be delivered, and no reason was given.", READ_IT, None, _U),
        1: CodeMeaning("The address was refused.", ASK, None, _A),
        2: CodeMeaning("The mailbox could not take the message.", LATER, None, _A),
        3: CodeMeaning("The recipient's mail system could not take the message.", LATER, None, _H),
        4: CodeMeaning("The network between the mail systems failed.", LATER, None, _H),
        5: CodeMeaning("The two mail systems did not understand each other.", ADMIN, None, _H),
        6: CodeMeaning("The recipient's system could not handle the content.", OTHER_WAY, None, _M),
        7: CodeMeaning(
            "The recipient's system refused the message for reasons of security or policy.", OTHER_WAY, None, _U
        ),
    }
)
"""By subject alone (RFC 3463 §3.1 to §3.8), for details that nobody registered."""
