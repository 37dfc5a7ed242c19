"""How long it may take until something more is told of a communication, and when that is too long. Pure.

What is waited for follows from what is told here at all: where no source has ever said that something arrived on a
channel, the hand-over is the last word that there can be, and nobody waits for another (domain rule 3.1: handed over
and delivered are different claims, and Exstream makes the first alone).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.records import Channel, DeliveryState

UNDER_WAY: Final = (DeliveryState.COMPOSED, DeliveryState.ACCEPTED, DeliveryState.DEFERRED)
"""After these something more is told, wherever anything is."""
REMEMBERED_FOR: Final = timedelta(days=30)
"""What was silent for longer is past helping: it is told on its timeline and counted nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """On one channel: after which words another is due, and from when on a word was told too long ago."""

    channel: Channel
    states: tuple[DeliveryState, ...]
    before: datetime


def expected(
    waits: Mapping[Channel, timedelta], *, tell_arrivals: frozenset[Channel], now: datetime
) -> tuple[Expected, ...]:
    """What is waited for. ``waits`` without a channel, or with no time for it, waits for nothing there.

    ``tell_arrivals``: the channels on which some source has said that something arrived.
    """
    return tuple(
        Expected(
            channel=channel,
            states=(*UNDER_WAY, DeliveryState.HANDED_OVER) if channel in tell_arrivals else UNDER_WAY,
            before=now - wait,
        )
        for channel, wait in waits.items()
        if wait > timedelta(0)
    )


def hours_of(since: datetime, *, now: datetime) -> str:
    """``26 h``, ``3 d``: how long nothing was told."""
    hours = max(0, int((now - since).total_seconds() // 3600))
    return f"{hours} h" if hours < 72 else f"{hours // 24} d"  # noqa: PLR2004 - three days are counted in hours
