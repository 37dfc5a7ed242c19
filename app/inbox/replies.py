"""Events that tell a customer's own word about being written to: a reply by text message, a click on a link.

The shape is ours to offer (CHOSEN), the common envelope of :mod:`app.inbox.messages`: ``message.replied`` with
``data.text``, ``message.unsubscribed`` and ``message.resubscribed`` with ``data.scope`` (``all``, ``marketing`` or
``notification``), each with ``data.customer``, ``data.channel`` and, for numbers whose carrier acts by itself,
``data.toll_free``. What was typed is read for its first word and not kept (domain rule 3.4).
"""

from typing import Final

from app.inbox.meaning import JSONObject, Meaning, NotUnderstoodError, Told, moment, part, text
from app.records import Channel, CustomerWord, SendingWish
from app.rules.stop_words import ReplyMeaning, reply_meaning

_REPLIED: Final = "message.replied"
_WISHES: Final = {"message.unsubscribed": SendingWish.STOP, "message.resubscribed": SendingWish.START}
_SAID: Final = {ReplyMeaning.OPT_OUT: SendingWish.STOP, ReplyMeaning.OPT_IN: SendingWish.START}


def read_reply(body: JSONObject, told: Told) -> Meaning | None:
    """One such event; None for every other. A reply that asks for nothing has no effect."""
    kind = text(body.get("type"))
    if kind != _REPLIED and kind not in _WISHES:
        return None
    data = part(body, "data")
    customer = text(data.get("customer"))
    if not customer:
        raise NotUnderstoodError("It names no customer.")
    try:
        channel = Channel(text(data.get("channel")).casefold())
    except ValueError as error:
        raise NotUnderstoodError("It names no channel that is known here.") from error
    said = text(data.get("text"))
    # A carrier knows fewer words than people use; what it does not act on is still the customer's word to us.
    wish = _WISHES.get(kind) or _SAID.get(reply_meaning(said))
    is_known_there = kind in _WISHES or reply_meaning(said, is_toll_free=True) in _SAID
    by_carrier = data.get("toll_free") is True and is_known_there
    occurred_at = moment(body.get("time")) or moment(body.get("timestamp"))
    if wish is None:
        return Meaning(type=kind, about=customer, occurred_at=occurred_at, claims=())
    word = CustomerWord(
        id=told.event,
        customer=customer,
        channel=channel,
        wish=wish,
        # Nobody answers tomorrow: a START from a clock that is ahead would outweigh every STOP until then.
        at=min(occurred_at or told.received_at, told.received_at),
        source=text(body.get("source")) or told.source.replace("-", " ").replace("_", " ").capitalize(),
        scope=text(data.get("scope")).casefold(),
        is_kept_by_carrier=by_carrier,
    )
    return Meaning(type=kind, about=customer, occurred_at=occurred_at, claims=(), words=(word,))
