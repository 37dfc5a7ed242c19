"""What a document and its template are called in a sentence, and how a sentence and a hint stand together."""

import re
from collections.abc import Mapping
from typing import Final

from app.records import CustomerDocument
from app.use_cases.find_customer import CustomerFile

_DATED: Final = re.compile(r"^\d{4}-\d{2}-\d{2}[ _-]+")
_ENDING: Final = re.compile(r"\.(pdf|html?|txt|eml|xml|docx?)$", re.IGNORECASE)


def document_title(document: CustomerDocument) -> str:
    """``Renewal notice`` for ``2026-05-12 Renewal notice.html``: without the archive's date and ending."""
    return _ENDING.sub("", _DATED.sub("", document.name)).strip() or document.name


def template_titles(held: CustomerFile) -> Mapping[str, str]:
    """Template id → what people call it: the title of the communications that were made from it."""
    titles = {event.communication: event.title for event in held.events if event.title}
    return {
        document.template: titles[document.communication]
        for document in held.documents
        if document.template and document.communication in titles
    }


def with_hint(sentence: str, hint: str) -> str:
    """What happened and what to do, as two sentences; the first as it is when nothing can be done."""
    if not hint:
        return sentence
    return f"{sentence if sentence.endswith(('.', '!', '?', '.”', '!”', '?”', '…”')) else f'{sentence}.'} {hint}"
