"""The archive: a document goes into its customer's workspace with its category, and what lies there is proven."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.errors import UserError
from app.outbox import new_request_key
from app.records import (
    Category,
    CustomerDocument,
    CustomerNumber,
    EntryState,
    NodeId,
    ObstacleKind,
    OutboxEntry,
    RecordSeries,
)
from app.rules.retention import Keeping
from app.store import restrictions
from app.use_cases.file_document import FilingWish
from app.use_cases.forget_customer import ForgetReason, ForgetWish
from tests.stories.desks import ACTOR, StoryDesk
from tests.stories.sandbox import Control
from tests.stories.second_clients import SecondClients

HOUR = timedelta(hours=1)
MARCHETTI = "HM-207551"
CARON_FRERES = "HM-900212"
"""A customer that no other story writes about."""


def letter(words: str) -> bytes:
    """Bytes that the archive takes for a PDF; the archive never looks inside."""
    return b"%PDF-1.7\n% " + words.encode() + b"\n%%EOF\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a person fills in."""

    category: Category
    values: dict[str, str]


async def form(desk: StoryDesk, **values: str) -> Form:
    """The usual category of a document, with ``values`` by the names of its fields."""
    customer = await desk.customer(CARON_FRERES)
    category = (await desk.desk.use.list_categories(customer.workspace))[0]
    keys = {field.name: field.key for field in category.fields}
    usual = {"Account": CARON_FRERES, "Document date": "2026-05-12", "Document type": "Letter", "Channel": "print"}
    return Form(category=category, values={keys[name]: value for name, value in {**usual, **values}.items()})


async def file(
    desk: StoryDesk, name: str, content: bytes, *, series: RecordSeries | None = None, **values: str
) -> OutboxEntry:
    """The click on File."""
    filled = await form(desk, **values)
    return await desk.desk.use.file_document(
        FilingWish(
            customer=await desk.customer(CARON_FRERES),
            content=content,
            media_type="application/pdf",
            name=name,
            category=filled.category,
            values=filled.values,
            request_key=new_request_key(),
            actor=ACTOR,
            series=series,
        )
    )


async def test_a_filed_document_lies_there_byte_for_byte_with_its_category(
    desk: StoryDesk, second: SecondClients
) -> None:
    """An auditor would find another document, or one that nobody can place."""
    content = letter("filed")

    done = await desk.settled(await file(desk, "Filed.pdf", content))

    assert done.state is EntryState.DONE
    assert done.receipt is not None
    node = int(done.receipt.reference)
    assert await second.archived_sha256(node) == hashlib.sha256(content).hexdigest()
    values = await second.archive_category_values(node)
    assert "Letter" in values.values()
    assert done.receipt.values["Document type"] == "Letter"


async def test_it_is_in_the_customers_file_without_a_synchronisation(desk: StoryDesk) -> None:
    """Support would not find what was filed a moment ago."""
    await desk.settled(await file(desk, "At once.pdf", letter("at once")))

    async def look() -> bool:
        return "At once.pdf" in {each.name for each in (await desk.file(CARON_FRERES)).documents}

    assert await desk.until(look)


async def test_what_was_filed_can_be_proven_later(desk: StoryDesk) -> None:
    """Nobody could say a year later whether it is still the same document, and it could not be sent again."""
    content = letter("to be proven")
    await desk.settled(await file(desk, "Proven.pdf", content))

    async def look() -> CustomerDocument | None:
        held = await desk.file(CARON_FRERES)
        return next((each for each in held.documents if each.name == "Proven.pdf"), None)

    opened = await desk.desk.use.open_document(await desk.until(look), ACTOR)

    assert opened.is_proven


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"Document type": "Poem"}, "Not accepted here"),
        ({"Document date": "31.02.2026"}, "Not a day of the calendar"),
        ({"Document type": ""}, "Needed in this category"),
    ],
)
async def test_a_value_that_the_category_refuses_never_leaves(
    desk: StoryDesk, control: Control, values: dict[str, str], sentence: str
) -> None:
    """The upload would fail after a minute, with the vendor's own words."""
    filled = await form(desk, **values)
    named = {field.name: field.key for field in filled.category.fields}

    with pytest.raises(UserError, match=sentence) as refused:
        await file(desk, "Refused.pdf", letter("refused"), series=None, **values)

    assert refused.value.field == named[next(iter(values))]
    assert await control.writes("extended_ecm", path_part="/nodes") == []


@pytest.mark.parametrize(("name", "sentence"), [("", "Give it a name"), ("a:b", "colon"), ("x" * 249, "248 fit")])
async def test_a_name_that_the_archive_refuses_never_leaves(desk: StoryDesk, name: str, sentence: str) -> None:
    """The archive would change the name, and nobody would find it."""
    with pytest.raises(UserError, match=sentence) as refused:
        await file(desk, name, letter("refused"))

    assert refused.value.field == "name"


@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "503", "cut_body"])
async def test_a_cut_upload_ends_as_one_document(
    desk: StoryDesk, second: SecondClients, control: Control, fault: str
) -> None:
    """The document would be lost, or lie there twice."""
    customer = await desk.customer(CARON_FRERES)
    name = f"Cut {fault}.pdf"
    content = letter(fault)
    await control.trouble("extended_ecm", fault, count=1, method="POST", path="*/api/v2/nodes")

    done = await desk.settled(await file(desk, name, content))

    names = await second.archive_names(customer.workspace)
    assert (done.state, done.sentence) == (EntryState.DONE, "")
    assert done.receipt is not None
    assert names.count(name) == 1
    assert await second.archived_sha256(int(done.receipt.reference)) == hashlib.sha256(content).hexdigest()


async def test_a_name_that_is_taken_waits_for_a_person(desk: StoryDesk, second: SecondClients) -> None:
    """Somebody else's document would pass for ours."""
    customer = await desk.customer(CARON_FRERES)
    await second.file(customer.workspace, "Taken.pdf", letter("somebody else's"))

    parked = await desk.settled(await file(desk, "Taken.pdf", letter("ours")))

    assert parked.state is EntryState.PARKED
    assert "Taken.pdf" in parked.sentence
    assert "already exists" in parked.sentence


async def test_what_is_parked_can_be_given_up_with_a_reason(desk: StoryDesk, second: SecondClients) -> None:
    """It would stay in the list for ever, and so would everything behind it."""
    customer = await desk.customer(CARON_FRERES)
    await second.file(customer.workspace, "Given up.pdf", letter("somebody else's"))
    parked = await desk.settled(await file(desk, "Given up.pdf", letter("ours")))

    dropped = await desk.desk.use.drop_entry(parked.id, "It is there already.", ACTOR)
    behind = await desk.settled(await file(desk, "Behind it.pdf", letter("behind")))

    assert dropped.state is EntryState.DROPPED
    assert behind.state is EntryState.DONE


async def test_one_letter_for_two_customers_is_filed_twice(desk: StoryDesk) -> None:
    """The bytes that wait to be sent are kept once; the first arrival must not take them from the second."""
    content = letter("for both")
    first = await file(desk, "For both, one.pdf", content)
    second_entry = await file(desk, "For both, two.pdf", content)

    done = [await desk.settled(each) for each in (first, second_entry)]

    assert [(each.state, each.sentence) for each in done] == [(EntryState.DONE, "")] * 2


async def test_bytes_that_are_gone_from_this_computer_are_said_to_be(desk: StoryDesk) -> None:
    """The desk would blame itself, and ask for a report of a fault that is none."""
    desk.desk.outbox.undo_for = HOUR
    content = letter("gone")
    entry = await file(desk, "Gone.pdf", content)
    await desk.desk.outgoing.drop(entry.request_key)

    await desk.desk.use.retry_entry(entry.id, ACTOR)
    parked = await desk.settled(entry)

    assert parked.state is EntryState.PARKED
    assert "no longer on this computer" in parked.sentence


async def claims_series(desk: StoryDesk) -> RecordSeries:
    """The archive's own, ten years."""
    return next(each for each in await desk.desk.use.list_record_series() if each.name == "CLM-10")


@pytest.mark.parametrize("fault", ["", "cut_after"])
async def test_the_end_of_its_retention_is_read_back_after_filing(
    desk: StoryDesk, control: Control, fault: str
) -> None:
    """Nobody would know how long it is kept, or a cut line would leave a document that no schedule keeps."""
    series = await claims_series(desk)
    if fault:
        await control.trouble("extended_ecm", fault, count=1, method="POST", path="*/nodes")

    done = await desk.settled(await file(desk, f"Kept {fault}.pdf", letter(f"kept {fault}"), series=series))

    assert done.receipt is not None
    told = await desk.desk.use.read_keeping(NodeId(int(done.receipt.reference)))
    assert told.disposal.keeping is Keeping.RUNNING
    assert told.disposal.free_on is not None
    assert told.document.schedule is not None
    assert told.document.schedule.name == "CLM-10"
    assert told.disposal.free_on.year == told.document.filed_on.year + 10


async def test_a_document_in_a_held_workspace_is_held_whatever_its_retention_says(desk: StoryDesk) -> None:
    """It would be offered for deletion while a court asks for it."""
    held = await desk.file(MARCHETTI)

    told = await desk.desk.use.read_keeping(held.documents[0].node)

    assert told.disposal.keeping is Keeping.HELD
    assert told.disposal.retention is Keeping.RUNNING
    assert "Marchetti v. Harbour" in {hold.name for hold in told.disposal.holds}


async def test_a_held_customer_is_restricted_and_not_forgotten(desk: StoryDesk) -> None:
    """Evidence would be gone from the desk because somebody asked."""
    wish = ForgetWish(customer=CustomerNumber(MARCHETTI), reason=ForgetReason.ASKED, actor=ACTOR)

    answer = await desk.desk.use.forget_customer(wish)

    try:
        assert "Marchetti v. Harbour" in {each.name for each in answer.obstacles}
        assert ObstacleKind.RETENTION in {each.kind for each in answer.obstacles}
        assert (await desk.file(MARCHETTI)).restriction is not None
        assert [
            each for each in await desk.desk.use.find_customers("marchetti") if each.customer.number == MARCHETTI
        ] == []
    finally:
        await desk.desk.store.ledger.write(restrictions.lift, CustomerNumber(MARCHETTI))
