"""Send a document to a customer once more: never against consent, never to a dead address, never twice."""

from dataclasses import dataclass

from app.clock import Clock
from app.errors import UserError
from app.outbox import Outbox, ResendGuard, Wish, new_request_key
from app.records import Ability, Channel, Customer, CustomerDocument, OutboxEntry, RequestKey, System, Verb
from app.rules.resend import ResendWay, ways_to_resend
from app.store import Store, customers, deliveries
from app.systems.ports import Systems
from app.systems.resending import ResendOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendOffer:
    """What the dialog shows. Its key is made now, so that whatever is clicked afterwards is one sending."""

    request_key: RequestKey
    customer: Customer
    document: CustomerDocument
    ways: tuple[ResendWay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendWish:
    """The wish: this document, on this channel, under the key of the offer."""

    request_key: RequestKey
    document: CustomerDocument
    channel: Channel
    reason: str
    actor: str
    override: str = ""
    """Why it is sent although the same was sent today already; empty for a first sending."""


class OfferResend:
    """Look at consent, addresses and what was tried, and offer the ways that are open."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, document: CustomerDocument) -> ResendOffer:
        """The offer. Raises: UserError when the customer is not known here."""
        customer, ways = await _ways(self._store, self._clock, document)
        return ResendOffer(request_key=new_request_key(), customer=customer, document=document, ways=ways)


class Resend:
    """Queue a sending."""

    def __init__(self, *, store: Store, outbox: Outbox, systems: Systems, clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._systems = systems
        self._clock = clock

    async def __call__(self, wish: ResendWish) -> OutboxEntry:
        """The entry that will carry it. Raises: UserError when a guard closes the way or it was sent already.

        Consent is read again here: minutes may have passed since the dialog was opened.
        """
        self._systems.require(System.EXSTREAM, Ability.RESEND)
        customer, ways = await _ways(self._store, self._clock, wish.document)
        way = next((each for each in ways if each.channel is wish.channel), None)
        if way is None:
            raise UserError(f"{customer.name} cannot be reached by {wish.channel.label}.")
        if way.objection:
            raise UserError(f"{wish.channel.label} is closed: {way.objection}.")
        if not wish.document.sha256:
            raise UserError(
                "The archive does not say what this document's bytes hash to.",
                hint="Open it first; a copy that cannot be proven is not sent as the same document.",
            )
        order = ResendOrder(
            customer=customer.number,
            communication=wish.document.communication or f"node:{wish.document.node}",
            template=wish.document.template,
            channel=wish.channel,
            node=wish.document.node,
            sha256=wish.document.sha256,
            reason=wish.reason.strip(),
        )
        return await self._outbox.queue(
            Wish(
                system=System.EXSTREAM,
                verb=Verb.RESEND,
                subject=f"customer:{customer.number}",
                title=f"Re-send “{wish.document.name}” by {wish.channel.label}",
                payload=order.payload(),
                actor=wish.actor,
                request_key=wish.request_key,
                guard=ResendGuard(
                    communication=order.communication,
                    channel=wish.channel,
                    address=way.to,
                    reason=order.reason,
                    day=self._clock.now().date(),
                    override=wish.override,
                ),
            )
        )


async def _ways(store: Store, clock: Clock, document: CustomerDocument) -> tuple[Customer, tuple[ResendWay, ...]]:
    customer = await store.read(customers.find, document.customer)
    if customer is None:
        raise UserError("This customer is not known here.", hint="Synchronise Extended ECM, then try again.")
    events = await store.read(deliveries.timeline, customer.number)
    communication = document.communication or f"node:{document.node}"
    return customer, ways_to_resend(customer, events, communication=communication, now=clock.now())
