"""The categories of Harbour Mutual: what a customer, a document and a delivery are described by (CHOSEN)."""

from typing import Final

from connectors.sandbox.extended_ecm.categories import Attribute, AttributeSet, Kind

DOCUMENT_CATEGORY: Final = "Customer document"
CUSTOMER_CATEGORY: Final = "Customer"
DELIVERY_CATEGORY: Final = "Delivery"
DOCUMENT_TYPES: Final = (
    "Policy",
    "Bill",
    "Statement",
    "Claim decision",
    "Notice",
    "Reminder",
    "Offer",
    "Letter",
    "Certificate",
    "Incoming",
)
CHANNELS: Final = ("print", "email", "web", "sms")


def document_fields() -> tuple[Attribute, ...]:
    """What an archived document carries."""
    return (
        Attribute(number=2, name="Account", required=True, max_length=20),
        Attribute(number=3, name="Deal id", max_length=64),
        Attribute(number=4, name="Document date", kind=Kind.DATE, required=True),
        Attribute(number=5, name="Document type", required=True, choices=DOCUMENT_TYPES),
        Attribute(number=6, name="Channel", choices=CHANNELS),
        Attribute(number=7, name="Communication id", max_length=64),
        Attribute(number=8, name="Template", max_length=64),
        Attribute(number=9, name="Hash", max_length=64),
    )


def customer_fields() -> tuple[Attribute | AttributeSet, ...]:
    """What a customer's workspace carries."""
    return (
        Attribute(number=2, name="Customer number", required=True, max_length=20),
        Attribute(number=3, name="Name"),
        Attribute(number=4, name="Language", max_length=16),
        Attribute(number=5, name="Segments", max_length=32, most_values=10),
        AttributeSet(
            number=6,
            name="Contacts",
            most_rows=5,
            attributes=(
                Attribute(number=7, name="Medium", choices=("Mail", "Mobile", "Post")),
                Attribute(number=8, name="Address"),
            ),
        ),
        Attribute(number=9, name="Mail consent", kind=Kind.BOOLEAN),
        Attribute(number=10, name="SMS consent", kind=Kind.BOOLEAN),
        Attribute(number=11, name="Mail returned", kind=Kind.BOOLEAN),
        Attribute(number=12, name="Preferred channels", choices=CHANNELS, most_values=len(CHANNELS)),
        Attribute(number=13, name="Country", max_length=2),
        Attribute(number=14, name="Mail marketing", kind=Kind.BOOLEAN),
        Attribute(number=15, name="SMS marketing", kind=Kind.BOOLEAN),
    )


def delivery_fields() -> tuple[Attribute, ...]:
    """How a document reached its customer."""
    return (
        Attribute(number=2, name="State", choices=("sent", "delivered", "opened", "returned")),
        Attribute(number=3, name="Delivered on", kind=Kind.DATE),
        Attribute(number=4, name="Tries", kind=Kind.INTEGER),
        Attribute(number=5, name="Seen by customer", kind=Kind.BOOLEAN),
    )
