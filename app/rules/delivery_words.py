"""What a claim of trouble means for who has to act on it: what happened, and what to do next. Pure.

Every claim that something went wrong has both, whatever code, verdict or words came with it; see
:mod:`app.rules.bounces` for what decides. The provider's own words are never lost: they stand beside these.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.records import BounceKind, Channel, DeliveryEvent, DeliveryState
from app.rules.bounces import Basis, BounceMeaning, is_given_up, judge, status_code

_NOT_ATTEMPTED: Final = re.compile(r"^not attempted:\s*", re.IGNORECASE)
_AFTER_CODE: Final = re.compile(r"^suppressed after\b", re.IGNORECASE)
_MAILBOX: Final = "The mailbox "
_FAILED: Final = frozenset({DeliveryState.BOUNCED, DeliveryState.DEFERRED, DeliveryState.FAILED})
_CONSENT_ADVICE: Final = "Send another way, or ask the customer for the consent first."
_RETURNED_ADVICE: Final = "Ask the customer for the right address, or send another way."
_OTHER_ADVICE: Final = "Send another way, or try again later."
_GIVEN_UP: Final = "It kept failing for so long that it is taken to last."
_WAITS: Final = "Nothing is to be done yet: the provider tries again by itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One claim of trouble in words that need no provider's manual."""

    sentence: str
    """What happened."""
    advice: str
    """What the person can do next."""
    kind: BounceKind | None = None
    """Our class of it; None where nothing was tried, or somebody complained."""


def is_not_attempted(event: DeliveryEvent) -> bool:
    """Whether nothing was sent at all: suppressed is not bounced (domain rule 3.3)."""
    return event.state is DeliveryState.SUPPRESSED or (
        event.state in _FAILED and bool(_NOT_ATTEMPTED.match(event.detail))
    )


def explained(event: DeliveryEvent, *, mailbox: str = "", tries: Iterable[datetime] = ()) -> Explained | None:
    """What ``event`` means, when it says that something went wrong; None when it does not.

    ``mailbox`` is the masked address, to stand in the sentence. ``tries`` are the moments at which the same sending
    failed in passing, this one among them.
    """
    if is_not_attempted(event):
        return _not_sent(_NOT_ATTEMPTED.sub("", event.detail), event.channel, mailbox)
    if event.state is DeliveryState.COMPLAINED:
        return Explained(
            sentence="The customer reported the message as unwanted.", advice="Send nothing more this way."
        )
    return _failed(event, mailbox, tries) if event.state in _FAILED else None


def _failed(event: DeliveryEvent, mailbox: str, tries: Iterable[datetime]) -> Explained:
    verdict = judge(event.code, event.detail, event.provider_verdict)
    if verdict.basis is Basis.NOTHING and event.detail.strip():
        is_returned = event.detail.casefold().startswith("returned")
        advice = _RETURNED_ADVICE if is_returned else _OTHER_ADVICE
        return Explained(sentence=_as_sentence(event.detail), advice=advice, kind=verdict.kind)
    sentence, advice = _addressed(verdict.meaning, event.channel, mailbox), verdict.meaning.advice
    if verdict.kind is BounceKind.SOFT and is_given_up(tries):
        return Explained(sentence=f"{sentence} {_GIVEN_UP}", advice=advice, kind=BounceKind.HARD)
    if verdict.kind is BounceKind.SOFT and event.state is DeliveryState.DEFERRED:
        advice = _WAITS
    return Explained(sentence=sentence, advice=advice, kind=verdict.kind)


def _not_sent(reason: str, channel: Channel, mailbox: str) -> Explained:
    """What kept it from being tried. That it was not sent stands beside it."""
    if _AFTER_CODE.match(reason) and status_code(reason):
        meaning = judge("", reason).meaning
        why = _addressed(meaning, channel, mailbox)
        return Explained(sentence=f"An earlier message failed. {why}", advice=meaning.advice)
    if not reason.strip():
        return Explained(sentence="The address or the consent forbids it.", advice=_CONSENT_ADVICE)
    advice = _CONSENT_ADVICE if "consent" in reason else _OTHER_ADVICE
    return Explained(sentence=_as_sentence(reason), advice=advice)


def _addressed(meaning: BounceMeaning, channel: Channel, mailbox: str) -> str:
    """The sentence with the masked mailbox in it, where it speaks of one."""
    if channel is not Channel.EMAIL or not mailbox or not meaning.sentence.startswith(_MAILBOX):
        return meaning.sentence
    return f"{_MAILBOX}{mailbox} {meaning.sentence.removeprefix(_MAILBOX)}"


def _as_sentence(words: str) -> str:
    said = words.strip().replace("_", " ").removesuffix(".")
    return f"{said[:1].upper()}{said[1:]}."
