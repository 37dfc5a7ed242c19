"""What the top bar says of the outbox. Pure: a standing in, words out."""

from datetime import datetime, timedelta
from typing import Final

from app.records import OutboxStanding
from app.wording import age, count

_WORTH_SAYING: Final = timedelta(minutes=1)
"""Younger ones are on their way as they should be."""


def outbox_words(standing: OutboxStanding, *, now: datetime) -> tuple[str, str]:
    """``3 to leave · 4 min``: how many, and how old the oldest is, and the same at length; empty for none."""
    paused = ", ".join(system.label for system in standing.pauses)
    if not standing.open:
        return "", f"Nothing waits to leave. Paused: {paused}" if paused else "Nothing waits to leave"
    since = min(depth.oldest for depth in standing.depths.values())
    many, oldest = count(standing.open), age(since, now=now)
    said = f"Outbox: {many} to leave, the oldest {oldest} old"
    short = f"{many} to leave · {oldest}" if now - since >= _WORTH_SAYING else f"{many} to leave"
    return short, f"{said}. Paused: {paused}" if paused else said
