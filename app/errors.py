"""Errors that the desk itself raises for a person to read, and what to say of those that a system raised.

A bug is any other exception: it goes whole to the log and shows an apology.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from connectors.errors import (
    ConnectorError,
    ForbiddenError,
    RateLimitError,
    ShapeError,
    SignInError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)


class UserError(Exception):
    """A wish that cannot be fulfilled, in a sentence, with a hint on what to do."""

    def __init__(self, sentence: str, *, hint: str = "", field: str = "") -> None:
        """``field`` names the form field that the sentence belongs beside, when there is one."""
        self.sentence = sentence
        self.hint = hint
        self.field = field
        super().__init__(sentence)


class NotSentError(UserError):
    """A sending that was not attempted: something forbids it now, or it has to wait."""

    def __init__(self, sentence: str, *, hint: str = "", until: datetime | None = None) -> None:
        """``until``: when it may be tried again by itself; None when a person has to decide."""
        super().__init__(sentence, hint=hint)
        self.until = until


class EndedThereError(UserError):
    """A vendor took what was sent, and surely did nothing with it: a retry sends it anew."""

    def __init__(self, sentence: str, *, references: Sequence[str]) -> None:
        """``references``: the vendor's own ids of what ended so. Later look-ups look past them."""
        super().__init__(sentence, hint="Retry sends it anew.")
        self.references = tuple(references)


EXPECTED: Final = (UserError, ConnectorError)
"""For ``except`` clauses that show the sentence where the eye is; whatever else is raised is a bug and passes."""


def is_expected(error: BaseException) -> bool:
    """Whether ``error`` has a sentence for a person, and is no bug of ours."""
    return isinstance(error, EXPECTED)


def sentence_of(error: UserError | ConnectorError) -> str:
    """What happened, in one sentence."""
    return error.sentence


def hint_of(error: UserError | ConnectorError) -> str:
    """What to do about it."""
    match error:
        case UserError():
            return error.hint
        case UnreachableError():
            return "Check the network and the address under Connections. It is tried again by itself."
        case UnansweredError() | VendorFaultError():
            return "Nothing is lost. It is tried again by itself; if it stays so, tell whoever runs that system."
        case SignInError():
            return "Sign in again under Connections."
        case ForbiddenError():
            return "Ask whoever administers that system for the right."
        case RateLimitError():
            return "Work goes on as soon as the call budget refills."
        case ShapeError():
            return "Copy the details for whoever supports Proofdesk; the system may have been updated."
        case _:
            return "Refresh, then try again."
