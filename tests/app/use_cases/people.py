"""A customer and a document for the use-cases."""

from dataclasses import replace
from datetime import datetime

from app.records import (
    Channel,
    ChannelConsent,
    ContactPoint,
    Customer,
    CustomerDocument,
    CustomerNumber,
    DeliveryEvent,
    DeliveryState,
    NodeId,
)
from app.settings import Settings
from app.store import Store
from app.suppressions import Suppressions
from app.use_cases.sending_plan import SendingPlans
from tests.app.outbox.fakes import NOW, FakeClock

INES = Customer(
    number=CustomerNumber("HM-204881"),
    name="Inès Caron",
    workspace=NodeId(7),
    contact_points=(
        ContactPoint(channel=Channel.EMAIL, masked="i•••@lamer.example"),
        ContactPoint(channel=Channel.PRINT, masked="14 quai des Moulins"),
    ),
    consents=(ChannelConsent(channel=Channel.EMAIL, is_allowed=True, reason="allowed"),),
    preferred=(Channel.EMAIL,),
)
RENEWAL = CustomerDocument(
    node=NodeId(11),
    customer=INES.number,
    name="Renewal notice.pdf",
    media_type="application/pdf",
    size_bytes=10,
    filed_at=NOW,
    channel=Channel.EMAIL,
    communication="S-1",
    template="renewal-notice",
    sha256="0" * 64,
)


def without_consent(customer: Customer) -> Customer:
    """The same customer after mail was forbidden."""
    forbidden = ChannelConsent(channel=Channel.EMAIL, is_allowed=False, reason="consent withdrawn")
    return replace(customer, consents=(forbidden,))


def claim(state: DeliveryState, *, communication: str = "S-1", at: datetime = NOW) -> DeliveryEvent:
    """One claim about a communication of hers."""
    return DeliveryEvent(
        id=f"{communication}-{state}",
        communication=communication,
        customer=INES.number,
        channel=Channel.EMAIL,
        state=state,
        title="Renewal notice",
        at=at,
        received_at=at,
        source="Exstream",
    )


def plans_on(store: Store, clock: FakeClock) -> SendingPlans:
    """The choice of ways on what ``store`` holds, with nothing set."""
    suppressions = Suppressions(store, clock=clock)
    return SendingPlans(store=store, suppressions=suppressions, settings=Settings(store), clock=clock)
