"""A filing becomes one entry with its bytes, or a sentence beside a field."""

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import UserError
from app.outbox import Outbox, new_request_key
from app.outgoing import OutgoingFiles
from app.records import Category, CategoryField, OutboxEntry, System, Verb
from app.systems.filing import FilingOrder
from app.systems.ports import Systems
from app.use_cases.file_document import FileDocument, FilingWish, ListCategories, ReopenFiling
from tests.app.use_cases.people import INES

LETTER = Category(
    id=9, name="Customer document", fields=(CategoryField(key="9_2", name="Account", kind="text", is_required=True),)
)


def wish() -> FilingWish:
    """A form that is right."""
    return FilingWish(
        customer=INES,
        content=b"letter",
        media_type="application/pdf",
        name=" Letter.pdf ",
        category=LETTER,
        values={"9_2": " HM-204881 ", "9_3": "  "},
        request_key=new_request_key(),
        actor="ada",
    )


@pytest.fixture
def outgoing(tmp_path: Path) -> OutgoingFiles:
    """Files that wait."""
    return OutgoingFiles(tmp_path / "outgoing")


def test_the_entry_and_the_bytes_are_kept_together(outbox: Outbox, outgoing: OutgoingFiles) -> None:
    """The upload would find no file, or other bytes."""
    filed = wish()

    entry = asyncio.run(FileDocument(outbox=outbox, outgoing=outgoing, systems=Systems())(filed))

    order = FilingOrder.from_payload(entry.payload)
    assert (entry.system, entry.verb) == (System.EXTENDED_ECM, Verb.FILE_DOCUMENT)
    assert (order.name, order.values, order.category) == ("Letter.pdf", {"9_2": "HM-204881"}, 9)
    assert order.sha256 == hashlib.sha256(outgoing.path(filed.request_key).read_bytes()).hexdigest()


def test_a_wrong_form_leaves_nothing_behind(outbox: Outbox, outgoing: OutgoingFiles, tmp_path: Path) -> None:
    """Letters would lie on the disk that nobody will ever file."""
    with pytest.raises(UserError) as refused:
        asyncio.run(FileDocument(outbox=outbox, outgoing=outgoing, systems=Systems())(replace(wish(), values={})))

    assert refused.value.field == "9_2"
    assert not (tmp_path / "outgoing").exists()
    assert asyncio.run(outbox.newest()) == ()


def test_another_document_after_one_that_could_not_be_queued_is_filed_itself(
    outbox: Outbox, outgoing: OutgoingFiles
) -> None:
    """The ledger has no room, another document is chosen in the same form: the first one's bytes would wait for it."""
    first = wish()
    second = replace(first, content=b"the other letter")
    file = FileDocument(outbox=outbox, outgoing=outgoing, systems=Systems())

    async def go() -> OutboxEntry:
        await outgoing.keep(first.request_key, first.content)  # as far as it came
        return await file(second)

    order = FilingOrder.from_payload(asyncio.run(go()).payload)

    assert outgoing.path(first.request_key).read_bytes() == b"the other letter"
    assert order.sha256 == hashlib.sha256(b"the other letter").hexdigest()


def test_a_second_click_leaves_the_first_one_s_bytes_alone(outbox: Outbox, outgoing: OutgoingFiles) -> None:
    """What is uploaded would no longer hash to what was promised."""
    first = wish()
    file = FileDocument(outbox=outbox, outgoing=outgoing, systems=Systems())

    async def go() -> tuple[OutboxEntry, OutboxEntry]:
        return await file(first), await file(replace(first, content=b"the other letter"))

    entry, again = asyncio.run(go())

    assert again == entry
    assert outgoing.path(first.request_key).read_bytes() == b"letter"


def test_a_refused_filing_comes_back_into_the_form(outbox: Outbox, outgoing: OutgoingFiles) -> None:
    """Somebody would fill it in twice."""
    entry = asyncio.run(FileDocument(outbox=outbox, outgoing=outgoing, systems=Systems())(wish()))

    again = asyncio.run(ReopenFiling(outgoing=outgoing)(entry))

    assert (again.content, again.order.name) == (b"letter", "Letter.pdf")


def test_without_an_archive_there_is_a_sentence() -> None:
    """The form would stay empty."""
    with pytest.raises(UserError, match="No archive of record is connected"):
        asyncio.run(ListCategories(systems=Systems())(INES.workspace))
