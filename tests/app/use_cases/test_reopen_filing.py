"""A filing that was refused comes back into the form with its bytes."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.errors import UserError
from app.outgoing import OutgoingFiles
from app.records import CustomerNumber, EntryId, EntryState, NodeId, OutboxEntry, RequestKey, System, Verb
from app.systems.filing import FilingOrder
from app.use_cases.file_document import ReopenFiling

NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
KEY = RequestKey("6f6f0f2e-0000-4000-8000-000000000001")
ORDER = FilingOrder(
    customer=CustomerNumber("HM-207551"),
    workspace=NodeId(10041),
    name="bill.pdf",
    media_type="application/pdf",
    sha256="0" * 64,
    category=9830,
    values={"9830_2": "HM-207551"},
)
ENTRY = OutboxEntry(
    id=EntryId(1),
    request_key=KEY,
    system=System.EXTENDED_ECM,
    verb=Verb.FILE_DOCUMENT,
    subject="workspace:10041",
    title="bill.pdf · Helena Marchetti",
    payload=ORDER.payload(),
    state=EntryState.PARKED,
    created_at=NOW,
    leaves_at=NOW,
    changed_at=NOW,
)


def test_what_was_wished_comes_back_with_its_bytes(tmp_path: Path) -> None:
    """The person would choose the file and fill in the form once more."""
    outgoing = OutgoingFiles(tmp_path)
    asyncio.run(outgoing.keep(KEY, b"%PDF-1.7"))

    kept = asyncio.run(ReopenFiling(outgoing=outgoing)(ENTRY))

    assert (kept.order, kept.content) == (ORDER, b"%PDF-1.7")


def test_bytes_that_are_gone_are_said_to_be_gone(tmp_path: Path) -> None:
    """The form would open without its document, or not at all."""
    reopen = ReopenFiling(outgoing=OutgoingFiles(tmp_path))

    with pytest.raises(UserError, match="no longer on this computer"):
        asyncio.run(reopen(ENTRY))
