"""What a document is called in a sentence, and how a sentence and what to do stand behind each other."""

import re
from typing import Final

from app.records import CustomerDocument

_DATED: Final = re.compile(r"^\d{4}-\d{2}-\d{2}[ _-]+")
_ENDING: Final = re.compile(r"\.(pdf|html?|txt|eml|xml|docx?)$", re.IGNORECASE)


def document_title(document: CustomerDocument) -> str:
    """``Renewal notice`` for ``2026-05-12 Renewal notice.html``: without the archive's date and ending."""
    return _ENDING.sub("", _DATED.sub("", document.name)).strip() or document.name


def with_hint(sentence: str, hint: str) -> str:
    """What happened and what to do, as two sentences; the first as it is when nothing can be done."""
    if not hint:
        return sentence
    return f"{sentence if sentence.endswith(('.', '!', '?')) else f'{sentence}.'} {hint}"
