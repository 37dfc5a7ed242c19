"""Customers, categories and filings as tests need them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from app.records import (
    Category,
    CategoryField,
    Customer,
    CustomerNumber,
    EntryId,
    EntryState,
    NodeId,
    OutboxEntry,
    Receipt,
    RequestKey,
    System,
    Verb,
)
from app.systems.filing import FilingOrder

NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
SHA = "5e1b70c4" * 8
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
TAKEN = "Extended ECM already has an item of that name. It says: “An item with the name 'bill.pdf' already exists.”"
REFUSED = "Extended ECM refused what was sent. It says: “Category 9830 is not allowed here.”"

MARCHETTI = Customer(number=CustomerNumber("HM-207551"), name="Helena Marchetti", workspace=NodeId(10041))
CARON = Customer(number=CustomerNumber("HM-204881"), name="Inès Caron", workspace=NodeId(10052))

ACCOUNT = CategoryField(key="9830_2", name="Account", kind="text", is_required=True, max_length=20)
DAY = CategoryField(key="9830_4", name="Document date", kind="date", is_required=True)
TYPE = CategoryField(
    key="9830_5", name="Document type", kind="choice", is_required=True, choices=("Bill", "Claim decision")
)
HASH = CategoryField(key="9830_9", name="Hash", kind="text", max_length=64)
PAGES = CategoryField(key="9830_10", name="Pages", kind="integer")
SIGNED = CategoryField(key="9830_11", name="Signed", kind="boolean")
DOCUMENT = Category(id=9830, name="Customer document", fields=(ACCOUNT, DAY, TYPE, HASH, PAGES, SIGNED))
DELIVERY = Category(
    id=9840, name="Delivery", fields=(CategoryField(key="9840_2", name="Account", kind="text", is_required=True),)
)


def entry(
    number: int = 1,
    state: EntryState = EntryState.QUEUED,
    *,
    name: str = "bill.pdf",
    customer: Customer = MARCHETTI,
    sentence: str = "",
    attempts: int = 0,
    leaves_in_s: float = -1,
    receipt: Receipt | None = None,
    verb: Verb = Verb.FILE_DOCUMENT,
    values: Mapping[str, str] | None = None,
) -> OutboxEntry:
    """A filing of ``name`` into the workspace of ``customer``, made at :data:`NOW`."""
    order = FilingOrder(
        customer=customer.number,
        workspace=customer.workspace,
        name=name,
        media_type="application/pdf",
        sha256=SHA,
        category=DOCUMENT.id,
        values=values if values is not None else {ACCOUNT.key: str(customer.number), TYPE.key: "Bill"},
    )
    return OutboxEntry(
        id=EntryId(number),
        request_key=RequestKey(f"key-{number}"),
        system=System.EXTENDED_ECM,
        verb=verb,
        subject=f"workspace:{customer.workspace}",
        title=f"{name} · {customer.name}",
        payload=order.payload(),
        state=state,
        created_at=NOW,
        leaves_at=NOW + timedelta(seconds=leaves_in_s),
        changed_at=NOW,
        attempts=attempts,
        sentence=sentence,
        receipt=receipt,
    )


def receipt(*, sha256: str = SHA) -> Receipt:
    """What the archive gave back."""
    return Receipt(
        sentence="Filed as node 2207431; the archive gives back the same bytes.",
        reference="2207431",
        values={"sha256": sha256, "Account": "HM-207551", "Document date": "2026-11-21T00:00:00"},
    )
