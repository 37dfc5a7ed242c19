"""By which ways something may go to a customer as things stand: the rules with what they have to be told."""

from app.clock import Clock
from app.errors import NotSentError
from app.records import Channel, Customer, CustomerDocument, CustomerNumber, TemplateId
from app.rules.channel_choice import ChannelPlan, Message
from app.rules.quiet_hours import Purpose
from app.rules.resend import plan_resend
from app.rules.sending_circumstances import named_in
from app.settings import LETTER_KINDS, MARKETING_KINDS, Settings
from app.store import Store, deliveries, restrictions, templates
from app.suppressions import Suppressions


class SendingPlans:
    """Asks store, list and settings, and lets the rules decide. Used on the engine's loop."""

    def __init__(self, *, store: Store, suppressions: Suppressions, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._suppressions = suppressions
        self._settings = settings
        self._clock = clock

    async def message(self, document: CustomerDocument, *, sms_text: str = "") -> Message:
        """What ``document`` counts as when it is sent: by its kind, and by the group of its template."""
        template = await self._store.read(templates.find, TemplateId(document.template))
        names = [document.document_type, *((template.group, template.name) if template else ())]
        if named_in(self._settings.value(MARKETING_KINDS), names):
            return Message(purpose=Purpose.MARKETING, sms_text=sms_text)
        kind = named_in(self._settings.value(LETTER_KINDS), names)
        required = {Channel.PRINT: f"mandatory for “{kind}”"} if kind else {}
        return Message(purpose=Purpose.SERVICE, required=required, sms_text=sms_text)

    async def plan(self, customer: Customer, message: Message, *, communication: str) -> ChannelPlan:
        """Every way to send ``message``, which was ``communication``, to ``customer`` once more."""
        events = await self._store.read(deliveries.timeline, customer.number)
        listed = await self._suppressions.of(customer.number)
        key_of = await self._suppressions.address_keys(customer)
        return plan_resend(
            customer,
            events,
            message,
            communication=communication,
            now=self._clock.now(),
            suppressions=[each.suppression for each in listed],
            address_of=lambda point: key_of(point.masked),
        )


async def refuse_restricted(store: Store, customer: CustomerNumber) -> None:
    """Raises: NotSentError when ``customer`` is restricted."""
    if (await store.ledger.read(restrictions.of, [customer])).get(customer):
        raise NotSentError(
            "Not attempted: this customer asked to be forgotten, and the archive alone keeps what is theirs.",
            hint="Nothing is sent to a customer who is restricted.",
        )


def communication_of(document: CustomerDocument) -> str:
    """What makes two sendings sendings of the same: the communication, or the node of what was filed by hand."""
    return document.communication or f"node:{document.node}"
