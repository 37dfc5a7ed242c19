"""Send a document to a customer once more: never against consent, never to who is not written to, never twice."""

from dataclasses import dataclass, field

from app.access import Guarded, needs
from app.clock import Clock
from app.errors import UserError
from app.outbox import Outbox, ResendGuard, Wish, new_request_key
from app.records import Ability, Channel, Customer, CustomerDocument, OutboxEntry, RequestKey, System, Verb
from app.rules.channel_choice import ChannelPlan, Openness
from app.rules.roles import Action
from app.store import Store, customers
from app.systems.ports import Systems
from app.systems.resending import ResendOrder
from app.use_cases.sending_plan import SendingPlans, communication_of, refuse_restricted
from connectors.errors import ConnectorError


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendOffer:
    """What the dialog shows. Its key is made now, so that whatever is clicked afterwards is one sending."""

    request_key: RequestKey
    customer: Customer
    document: CustomerDocument
    plan: ChannelPlan
    sms_text: str = field(default="", repr=False)
    """The archived text message, where the document is one and the archive gave it; else empty."""


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
    sms_text: str = field(default="", repr=False)
    """As the offer had it."""


class OfferResend:
    """Look at purpose, consent, suppressions, hours, addresses and what was tried, and offer the ways that are open."""

    def __init__(self, *, store: Store, plans: SendingPlans, systems: Systems) -> None:
        self._store = store
        self._plans = plans
        self._systems = systems

    async def __call__(self, document: CustomerDocument) -> ResendOffer:
        """The offer. Raises: UserError when the customer is not known here, or is restricted."""
        customer = await _known(self._store, document)
        await refuse_restricted(self._store, customer.number)
        sms_text = await self._sms_text(document)
        message = await self._plans.message(document, sms_text=sms_text)
        plan = await self._plans.plan(customer, message, communication=communication_of(document))
        return ResendOffer(
            request_key=new_request_key(), customer=customer, document=document, plan=plan, sms_text=sms_text
        )

    async def _sms_text(self, document: CustomerDocument) -> str:
        """The text itself decides whether providers take it for marketing; without it that is not known."""
        archive = self._systems.archive
        if archive is None or not _is_a_text(document):
            return ""
        try:
            came = await archive.content(document.node)
        except ConnectorError:
            return ""
        return came.content.decode("utf-8", errors="replace")


class Resend(Guarded):
    """Queue a sending. What the archive says of consent is read again when it leaves."""

    def __init__(self, *, store: Store, outbox: Outbox, systems: Systems, plans: SendingPlans, clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._systems = systems
        self._plans = plans
        self._clock = clock

    @needs(Action.RESEND)
    async def __call__(self, wish: ResendWish) -> OutboxEntry:
        """The entry that will carry it. Raises: UserError when a guard closes the way or it was sent already.

        The way is chosen again here: minutes may have passed since the dialog was opened. One that has to wait for the
        hours in which the customer may be written to leaves then.
        """
        self._systems.require(System.EXSTREAM, Ability.RESEND)
        document = wish.document
        customer = await _known(self._store, document)
        await refuse_restricted(self._store, customer.number)
        if wish.channel is Channel.SMS and _is_a_text(document) and not wish.sms_text:
            raise UserError(
                "The archive did not give the text, so nobody can say whether it counts as marketing.",
                hint="Open this again once Extended ECM answers.",
            )
        message = await self._plans.message(document, sms_text=wish.sms_text)
        plan = await self._plans.plan(customer, message, communication=communication_of(document))
        way = next((each for each in plan.ways if each.channel is wish.channel), None)
        if way is None:
            raise UserError(f"{customer.name} cannot be reached by {wish.channel.label}.")
        if way.objection:
            raise UserError(f"{wish.channel.label} is closed: {way.objection}.")
        if not document.sha256:
            raise UserError(
                "The archive does not say what this document's bytes hash to.",
                hint="Open it first; a copy that cannot be proven is not sent as the same document.",
            )
        order = ResendOrder(
            customer=customer.number,
            communication=communication_of(document),
            template=document.template,
            channel=wish.channel,
            node=document.node,
            sha256=document.sha256,
            reason=wish.reason.strip(),
            purpose=way.purpose,
            required_because=way.required_because,
            trail=plan.trail,
        )
        now = self._clock.now()
        waits = way.at - now if way.openness is Openness.LATER and way.at else None
        return await self._outbox.queue(
            Wish(
                system=System.EXSTREAM,
                verb=Verb.RESEND,
                subject=f"customer:{customer.number}",
                title=f"Re-send “{document.name}” by {wish.channel.label}",
                payload=order.payload(),
                actor=wish.actor,
                request_key=wish.request_key,
                guard=ResendGuard(
                    communication=order.communication,
                    channel=wish.channel,
                    address=way.to,
                    reason=order.reason,
                    # The day of whoever sits here: in Los Angeles, UTC's ends in the middle of the afternoon.
                    day=now.astimezone().date(),
                    override=wish.override,
                ),
            ),
            undo_for=waits,
        )


def _is_a_text(document: CustomerDocument) -> bool:
    return document.channel is Channel.SMS and document.media_type.startswith("text/plain")


async def _known(store: Store, document: CustomerDocument) -> Customer:
    customer = await store.read(customers.find, document.customer)
    if customer is None:
        raise UserError("This customer is not known here.", hint="Synchronise Extended ECM, then try again.")
    return customer
