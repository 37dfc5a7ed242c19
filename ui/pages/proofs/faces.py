"""The faces of failure: what went wrong, what to do, and which values are missing."""

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QAction

from app.errors import EXPECTED, UserError, sentence_of
from ui.widgets import Failed

_MOST_POINTERS = 12
_HINT = "Nothing is repeated by itself: try again, or look under Connections."


def failed_face(title: str, error: Exception, *, again: QAction, connections: QAction) -> Failed:
    """A system failed, or there is none."""
    if not isinstance(error, EXPECTED):
        raise error
    # What the outbox repeats by itself has other hints: here nothing is repeated, and nothing has reached a customer.
    hint = (
        error.hint
        if isinstance(error, UserError)
        else "Nothing is repeated by itself: try again, or look under Connections."
    )
    sentence = " ".join(part for part in (sentence_of(error), hint) if part)
    return Failed(title=title, sentence=sentence, actions=(again, connections))


def missing_data_face(missing: Mapping[str, str], template: str, record: str, *, actions: Sequence[QAction]) -> Failed:
    """The record lacks what the template needs: each value by its JSON pointer, with the composer's complaint."""
    number = len(missing)
    values = "a value" if number == 1 else f"{number} values"
    shown = list(missing.items())[:_MOST_POINTERS]
    facts = [(complaint, pointer) for pointer, complaint in shown]
    if number > len(shown):
        facts.append(("and", f"{number - len(shown)} more"))
    return Failed(
        title=f"{record} cannot be composed",
        sentence=f"{template} needs {values} that this record does not hold as it should. "
        "Choose another record, or open a transaction that has them.",
        actions=actions,
        facts=facts,
        codes=frozenset(complaint for _, complaint in shown),
    )
