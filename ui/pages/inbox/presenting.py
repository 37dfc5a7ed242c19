"""One event, or one communication of which nothing is told, as the pane at the right shows it. Pure."""

from datetime import datetime
from typing import Final

from app.records import InboxEvent, Silence
from app.rules.delivery_words import explained
from app.rules.expectations import hours_of
from app.use_cases.events import EventEffect
from app.wording import count
from ui.pages.inbox import words
from ui.pages.inbox.detail import EventFacts, SilenceFacts
from ui.pages.inbox.payload import read_payload

_NOT_ASKED: Final = "Its source was not asked for it yet; that happens by itself, the oldest first."


def event_facts(event: InboxEvent, effect: EventEffect | None, *, revealed: bool, now: datetime) -> EventFacts:
    """``effect`` is what it did to its communication, when that is known."""
    said = explained(effect.claim) if effect else None
    return EventFacts(
        title=words.type_of(event) if event.type else words.state_of(event)[1].capitalize(),
        listed=words.moment_of(event.listed_at, now=now),
        received=words.moment_of(event.received_at, now=now),
        trust=(words.trust_of(event)[0], words.trust_sentence(event)),
        about=words.about_of(event),
        occurred=words.moment_of(event.occurred_at, now=now) if event.occurred_at else words.UNTOLD,
        effect=words.effect_of(event, effect),
        meaning=said.sentence if said else "",
        advice=said.advice if said else "",
        replay=words.replay_of(event),
        size=f"{count(len(event.raw))} bytes",
        payload=read_payload(event.raw, revealed=revealed),
    )


def silence_facts(silence: Silence, *, now: datetime) -> SilenceFacts:
    """How long nothing was told of it, and what its source said of it."""
    since = words.moment_of(silence.since, now=now)
    return SilenceFacts(
        since=since,
        state=f"no word for {hours_of(silence.since, now=now)}",
        about=silence.customer or silence.communication,
        what=f"{silence.channel.label} “{silence.title or silence.communication}”",
        last_word=f"{silence.state.replace('_', ' ')}, {since}",
        noticed=words.moment_of(silence.noticed_at, now=now),
        answer=silence.answer or _NOT_ASKED,
        advice="Ask the customer whether it came, or send it another way.",
    )
