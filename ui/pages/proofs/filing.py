"""From a proof to the archive's form: the letter, under a name that says what it is, for the customer it is about."""

from collections.abc import Mapping

from app.records import Channel, CustomerNumber, DriverRecord, Proof
from ui.pages.filing_draft import FilingDraft


def letter_draft(proof: Proof, record: DriverRecord) -> FilingDraft | None:
    """The form's draft for the printed output; None when the proof has none."""
    letter = next((output for output in proof.outputs if output.channel is Channel.PRINT), None)
    if letter is None:
        return None
    customer = customer_of(record)
    name = " ".join(filter(None, [f"{proof.composed_at:%Y-%m-%d}", proof.template_name, customer]))
    return FilingDraft(
        content=letter.content,
        media_type=letter.media_type,
        name=f"{name}.pdf",
        customer=customer,
        channel=Channel.PRINT,
    )


def customer_of(record: DriverRecord) -> CustomerNumber | None:
    """The customer's number, where the record keeps it as ``/customer/number``; a person chooses otherwise. CHOSEN."""
    customer = record.data.get("customer")
    number = customer.get("number") if isinstance(customer, Mapping) else None
    return CustomerNumber(number) if isinstance(number, str) and number else None
