"""What the top bar says of the outbox. Pure: a standing in, words out."""

from datetime import datetime

from app.records import OutboxStanding
from app.wording import age, count


def outbox_words(standing: OutboxStanding, *, now: datetime) -> tuple[str, str]:
    """``3 · 4 min``: how many wait to leave, and how old the oldest is, and the same at length; empty for none."""
    paused = ", ".join(system.label for system in standing.pauses)
    if not standing.open:
        return "", f"Nothing waits to leave. Paused: {paused}" if paused else "Nothing waits to leave"
    oldest = age(min(depth.oldest for depth in standing.depths.values()), now=now)
    many = count(standing.open)
    said = f"Outbox: {many} to leave, the oldest {oldest} old"
    return f"{many} · {oldest}", f"{said}. Paused: {paused}" if paused else said
