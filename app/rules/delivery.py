"""Where a communication stands after everything that was said about it: pure, the same in any order of arrival.

Domain rule 3.1: accepted → handed over → delivered | deferred → delivered/bounced | dropped | complained. Claims come
by webhook and by poll, late, twice and out of order, so the standing is always folded from all of them, by event time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.records import Channel, DeliveryEvent, DeliveryState

_RANK: Final = {
    DeliveryState.UNKNOWN: 0,
    DeliveryState.COMPOSED: 1,
    DeliveryState.ACCEPTED: 2,
    DeliveryState.HANDED_OVER: 3,
    DeliveryState.DEFERRED: 4,
    DeliveryState.SUPPRESSED: 5,
    DeliveryState.FAILED: 6,
    DeliveryState.DELIVERED: 7,
    DeliveryState.BOUNCED: 8,
    DeliveryState.OPENED: 9,
    DeliveryState.COMPLAINED: 10,
}
"""How far each claim is. Of two claims at one moment the farther one comes later; of two that end the way and cannot
follow each other, the one that a person should look at comes first and stays."""

_AFTER_THE_END: Final = {
    # A mailbox's host may accept a message and report only later that it cannot deliver it (RFC 3464).
    DeliveryState.DELIVERED: {DeliveryState.BOUNCED, DeliveryState.OPENED, DeliveryState.COMPLAINED},
    DeliveryState.OPENED: {DeliveryState.COMPLAINED},
    # Providers try again after a soft bounce, for a day and longer (domain rule 3.2).
    DeliveryState.BOUNCED: {DeliveryState.DELIVERED, DeliveryState.OPENED, DeliveryState.COMPLAINED},
}
"""What may still come after a claim that ends the way; everything else is kept as an event and moves nothing."""

_END: Final = _RANK[DeliveryState.SUPPRESSED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one communication stands on one channel, in its last attempt."""

    communication: str
    channel: Channel
    customer: str
    title: str
    state: DeliveryState
    at: datetime
    """When it came into this state."""
    run: str
    """The run of the last attempt; empty when no source named one."""
    attempts: int
    """How often it was composed or sent, as far as the sources tell attempts apart."""
    last_at: datetime
    """When the last of its claims happened, whether it moved anything or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStep:
    """One claim in its place, and what it did."""

    event: DeliveryEvent
    attempt: int
    """Counted from 1."""
    moved: bool
    reason: str
    """Why it moved nothing; empty when it did, or began an attempt."""
    is_repetition: bool = False
    """Whether it says only what was so already."""


def may_follow(state: DeliveryState, claim: DeliveryState) -> bool:
    """Whether ``claim`` moves a communication on that stands at ``state``."""
    if _RANK[state] < _END:
        return _RANK[claim] > _RANK[state]
    return claim in _AFTER_THE_END.get(state, frozenset())


def standing(events: Iterable[DeliveryEvent]) -> Standing:
    """What ``events`` of one communication on one channel come to. Raises: ValueError when there are none."""
    ordered = _ordered(events)
    if not ordered:
        raise ValueError("no events")
    attempts = _attempts(ordered)
    last = attempts[-1]
    state, at = last[0].state, last[0].at
    for event in last[1:]:
        if may_follow(state, event.state):
            state, at = event.state, event.at
    return Standing(
        communication=ordered[0].communication,
        channel=ordered[0].channel,
        customer=_last_word([event.customer for event in ordered]),
        title=_last_word([event.title for event in ordered]),
        state=state,
        at=at,
        run=_last_word([event.run for event in last]),
        attempts=len(attempts),
        last_at=ordered[-1].at,
    )


def continued(before: Standing, news: Iterable[DeliveryEvent]) -> Standing | None:
    """What ``before`` becomes with ``news``, as :func:`standing` of everything would say, without reading it again.

    None when only that can tell: something in ``news`` did not happen after all else, or is of another attempt.
    """
    ordered = _ordered(news)
    if not ordered or ordered[0].at <= before.last_at or any(event.run not in {"", before.run} for event in ordered):
        return None
    state, at = before.state, before.at
    for event in ordered:
        if may_follow(state, event.state):
            state, at = event.state, event.at
    return Standing(
        communication=before.communication,
        channel=before.channel,
        customer=_last_word([before.customer, *(event.customer for event in ordered)]),
        title=_last_word([before.title, *(event.title for event in ordered)]),
        state=state,
        at=at,
        run=before.run,
        attempts=before.attempts,
        last_at=ordered[-1].at,
    )


def retold(events: Iterable[DeliveryEvent]) -> tuple[DeliveryStep, ...]:
    """What each of ``events`` did to where the communication stands: attempt by attempt, each by event time.

    The last step that moved is where :func:`standing` says it stands. Empty when there are no events.
    """
    steps: list[DeliveryStep] = []
    for number, attempt in enumerate(_attempts(_ordered(events)), start=1):
        state: DeliveryState | None = None
        for event in attempt:
            moved = state is None or may_follow(state, event.state)
            reason = "" if moved or state is None else _why_not(state, event.state)
            steps.append(
                DeliveryStep(
                    event=event, attempt=number, moved=moved, reason=reason, is_repetition=event.state is state
                )
            )
            state = event.state if moved else state
    return tuple(steps)


def _why_not(state: DeliveryState, claim: DeliveryState) -> str:
    if claim is state:
        return f"It was {_said(state)} already."
    if claim is DeliveryState.UNKNOWN:
        return "What it claims is not understood."
    return f"“{_said(claim).capitalize()}” cannot follow “{_said(state)}”: it moves nothing."


def _said(state: DeliveryState) -> str:
    return state.value.replace("_", " ")


def _ordered(events: Iterable[DeliveryEvent]) -> list[DeliveryEvent]:
    told = list(events)
    # Most news come alone, and a million of them are taken in.
    return sorted(told, key=lambda event: (event.at, _RANK[event.state], event.id)) if len(told) > 1 else told


def _attempts(ordered: Sequence[DeliveryEvent]) -> list[list[DeliveryEvent]]:
    """Events by run, in the order in which the runs began; one without a run belongs to the run before it."""
    by_run: dict[str, list[DeliveryEvent]] = {}
    current = next((event.run for event in ordered if event.run), "")
    for event in ordered:
        if event.run and event.run not in by_run:
            current = event.run
        by_run.setdefault(event.run or current, []).append(event)
    return list(by_run.values())


def _last_word(words: Sequence[str]) -> str:
    return next(filter(None, reversed(words)), "")
