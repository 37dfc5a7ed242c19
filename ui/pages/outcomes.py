"""What became of an exchange with a system, in a few words: for every page that shows exchanges."""

from typing import Final

from app.activity import CallRow
from ui.theme import Role
from ui.widgets import StateMark

_WORDS: Final = {
    "UnreachableError": (StateMark.REJECTED, "cannot be reached"),
    "UnansweredError": (StateMark.REJECTED, "no answer"),
    "SignInError": (StateMark.REJECTED, "sign-in refused"),
    "ForbiddenError": (StateMark.REJECTED, "not allowed"),
    "NotFoundError": (StateMark.WARNING, "not there"),
    "ConflictError": (StateMark.WARNING, "changed meanwhile"),
    "InvalidError": (StateMark.REJECTED, "values refused"),
    "RateLimitError": (StateMark.RETRYING, "too many calls"),
    "VendorFaultError": (StateMark.REJECTED, "fault of its own"),
    "ShapeError": (StateMark.REJECTED, "unknown form"),
}


def outcome_of(row: CallRow) -> tuple[StateMark, str]:
    """The shape and the words for what became of ``row``."""
    return (StateMark.APPROVED, "done") if row.is_fine else _WORDS.get(row.outcome, (StateMark.REJECTED, "failed"))


def code_tone(row: CallRow) -> Role:
    """The colour of its status code."""
    if row.is_fine:
        return Role.TEXT
    return Role.WARNING if outcome_of(row)[0] in {StateMark.WARNING, StateMark.RETRYING} else Role.NEGATIVE
