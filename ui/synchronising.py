"""What the top bar says of the reading that goes on in the background. Pure: statuses in, words out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.records import ConnectionState, System, SystemStatus
from app.wording import clock_time, count

NOTICED_AFTER: Final = timedelta(seconds=2)
"""A round that ends sooner is nobody's concern, and the bar would flicker every quarter of a minute."""
_IN_TROUBLE: Final = frozenset(
    {ConnectionState.UNREACHABLE, ConnectionState.SIGNED_OUT, ConnectionState.TROUBLED},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronising:
    """One line of the top bar."""

    words: str
    is_busy: bool = False
    share: float = 0.0
    """0.0 to 1.0; 0.0 as well while nobody told how much there is."""


def synchronising(statuses: Mapping[System, SystemStatus], *, now: datetime) -> Synchronising:
    """How far the systems are that are being read for a while, or when the last one was read."""
    busy = [
        each
        for each in statuses.values()
        if each.state is ConnectionState.SYNCING and now - each.since >= NOTICED_AFTER
    ]
    if busy:
        who = busy[0].system.label if len(busy) == 1 else f"{len(busy)} systems"
        fetched = sum(each.fetched for each in busy)
        totals = [each.expected for each in busy if each.expected is not None]
        if len(totals) < len(busy) or not sum(totals):
            words = f"{count(fetched)} read" if fetched else "reading"
            return Synchronising(words=f"{who} · {words}", is_busy=True)
        words = f"{who} · {count(fetched)} of {count(sum(totals))}"
        return Synchronising(words=words, is_busy=True, share=min(1.0, fetched / sum(totals)))
    paused = sum(each.is_paused for each in statuses.values())
    synced = [each.last_sync for each in statuses.values() if each.last_sync]
    troubled = sum(each.state in _IN_TROUBLE and not each.is_paused for each in statuses.values())
    said = [f"{many} {word}" for many, word in ((troubled, "in trouble"), (paused, "paused")) if many]
    if synced:
        said.append(f"{'s' if said else 'S'}ynced {clock_time(max(synced))}")
    return Synchronising(words=" · ".join(said))
