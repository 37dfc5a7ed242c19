"""What an archived page may fetch, and what documents are called."""

import hashlib
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.use_cases.find_customer import OpenedDocument
from tests.ui.pages.support.desk import document
from ui.pages.support.document import FactsLine, pictures_of
from ui.pages.support.titles import document_title

PAGE = b'<img src="https://dam.example/hero.png"><script src="https://evil.example/x.js"></script>'


def opened(*, said: str) -> OpenedDocument:
    return OpenedDocument(
        document=replace(document(), sha256=said, media_type="text/html"),
        content=PAGE,
        media_type="text/html",
        sha256=hashlib.sha256(PAGE).hexdigest(),
    )


def test_a_proven_page_fetches_its_pictures_and_nothing_else() -> None:
    """The mail would be shown with holes, or would run what is in it."""
    assert pictures_of(opened(said=hashlib.sha256(PAGE).hexdigest())) == {"https://dam.example/hero.png"}


@pytest.mark.parametrize("said", ["", "another"])
def test_a_page_that_is_not_proven_fetches_nothing(said: str) -> None:
    """Whoever changed it would learn who looks at it."""
    assert pictures_of(opened(said=said)) == frozenset()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2026-05-12 Renewal notice.html", "Renewal notice"),
        ("Scan.PDF", "Scan"),
        ("Notes v1.2", "Notes v1.2"),
        ("2026-05-12 .pdf", "2026-05-12 .pdf"),
    ],
)
def test_a_title_is_what_people_call_it(name: str, title: str) -> None:
    """Sentences would be full of dates and endings."""
    assert document_title(replace(document(), name=name)) == title


@pytest.mark.parametrize(("width", "shown"), [(400, "archived today · ECM 10505 · 9 kB"), (150, "archived today")])
def test_a_fact_is_shown_whole_or_not_at_all(qtbot: QtBot, width: int, shown: str) -> None:
    """Half a number would be copied as a whole one."""
    line = FactsLine()
    qtbot.addWidget(line)
    line.resize(width, 20)

    line.show_facts(["archived today", "ECM 10505", "9 kB"])

    assert line.text() == shown
