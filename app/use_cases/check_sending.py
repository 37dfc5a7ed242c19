"""At the moment of sending: what the archive says of consent now, the choice made again, and a snapshot of it kept.

Source: domain rule 3.4. Minutes, or a night, lie between a dialog and its sending, and the cache may be older still.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from app.clock import Clock
from app.errors import NotSentError
from app.records import Customer, OutboxEntry, Receipt, Verb
from app.rules.channel_choice import ChannelPlan, ChannelWay, Message, Openness
from app.store import Store, audit, customers
from app.systems.ports import Deliverer, Systems
from app.systems.resending import ResendOrder
from app.use_cases.sending_plan import SendingPlans, refuse_restricted
from connectors.errors import ConnectorError, NotFoundError

DECIDED: Final = "sending.decided"
"""The action of the audit row that holds the snapshot: ``words["trail"]``, a sentence a line."""
ASK_AGAIN: Final = timedelta(minutes=1)
"""How long a sending waits for an archive that does not answer."""


class CheckSending:
    """Stands before the composer's deliverer."""

    def __init__(self, *, store: Store, systems: Systems, plans: SendingPlans, clock: Clock) -> None:
        self._store = store
        self._systems = systems
        self._plans = plans
        self._clock = clock

    async def __call__(self, entry: OutboxEntry) -> None:
        """Let ``entry`` pass, with the snapshot in the audit. Raises: NotSentError when it must not leave now."""
        order = ResendOrder.from_payload(entry.payload)
        await refuse_restricted(self._store, order.customer)
        customer = await self._as_the_archive_says(order)
        # The archive takes its time, and they may have asked to be forgotten meanwhile.
        await refuse_restricted(self._store, order.customer)
        required = {order.channel: order.required_because} if order.required_because else {}
        message = Message(purpose=order.purpose, required=required)
        plan = await self._plans.plan(customer, message, communication=order.communication)
        way = next((each for each in plan.ways if each.channel is order.channel), None)
        await self._keep(entry, order, plan, way)
        label = order.channel.label
        if way is None:
            raise NotSentError(f"Not attempted: the archive has no address for {label} any more.")
        if way.openness is Openness.BLOCKED:
            raise NotSentError(f"Not attempted: {label} was closed after this was queued: {way.objection}.")
        if way.openness is Openness.LATER:
            raise NotSentError(f"Not attempted yet. {way.sentence}", until=way.at)

    async def _as_the_archive_says(self, order: ResendOrder) -> Customer:
        known = await self._store.read(customers.find, order.customer)
        if known is None:
            raise NotSentError("Not attempted: this customer is not known here any more.")
        if self._systems.archive is None:
            raise NotSentError("Not attempted: Extended ECM is not connected, so consent cannot be read.")
        try:
            customer = await self._systems.archive.customer(known.workspace)
        except NotFoundError as error:
            raise NotSentError("Not attempted: the archive does not show this customer any more.") from error
        except ConnectorError as error:
            raise NotSentError(
                f"Not attempted yet: consent cannot be read. {error.sentence}", until=self._clock.now() + ASK_AGAIN
            ) from error
        if customer.number != order.customer:
            raise NotSentError("Not attempted: the archive shows another customer in this workspace.")
        await self._store.write(customers.upsert, [customer], now=self._clock.now())
        return customer

    async def _keep(self, entry: OutboxEntry, order: ResendOrder, plan: ChannelPlan, way: ChannelWay | None) -> None:
        await self._store.ledger.write(
            audit.add,
            at=plan.decided_at,
            actor=audit.DESK,
            action=DECIDED,
            reference=f"entry:{entry.id}",
            detail={
                "request_key": entry.request_key,
                "channel": order.channel,
                "purpose": order.purpose,
                "openness": way.openness if way else Openness.BLOCKED,
            },
            subject=f"customer:{order.customer}",
            # What was said of consent is about a person, so it lies where it can be erased.
            words={"trail": "\n".join(snapshot(plan, way))},
        )


def snapshot(plan: ChannelPlan, way: ChannelWay | None) -> tuple[str, ...]:
    """The trail of ``plan``, then all that was looked at on ``way``: sentences without names and addresses."""
    looked_at = () if way is None else tuple(f"{row.question}: {row.answer}." for row in way.guards)
    return (*plan.trail, *looked_at)


class CheckedComposer:
    """A deliverer that sends nothing to customers unchecked; looking up what was sent needs no check."""

    def __init__(
        self, composer: Deliverer, check: CheckSending, *, still: Callable[[OutboxEntry], Awaitable[None]]
    ) -> None:
        """``still`` raises NotSentError when it must not leave after all: the check takes its time."""
        self._composer = composer
        self._check = check
        self._still = still

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """As the composer does, once the check has passed. Raises: NotSentError, ConnectorError."""
        if entry.verb is Verb.RESEND:
            await self._check(entry)
            await self._still(entry)
        return await self._composer.deliver(entry)

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """As the composer does."""
        return await self._composer.look_up(entry)
