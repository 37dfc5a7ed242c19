"""How long to rest between two rounds of a system. Pure: what happened in, how long out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from app.records import System
from connectors.errors import RateLimitError

EVERY: Final[Mapping[System, timedelta]] = {
    System.EXSTREAM: timedelta(seconds=15),
    System.EXTENDED_ECM: timedelta(seconds=60),
    System.CORE_DAM: timedelta(seconds=60),
    System.ICONIK: timedelta(seconds=30),
    # 500 calls an hour are all that the smallest plan has (domain-rules 3.18).
    System.CLOUDINARY: timedelta(seconds=120),
}
"""CHOSEN: the contracts say how to ask, and only iconik's how often (§14: a minute while somebody looks)."""
SWEPT_EVERY: Final[Mapping[System, timedelta]] = {
    System.CORE_DAM: timedelta(hours=6),
    System.ICONIK: timedelta(hours=6),
    System.CLOUDINARY: timedelta(hours=24),
}
"""How often everything in a library is listed anew, to find what was deleted. CHOSEN by what a listing costs."""
AFTER_TROUBLE: Final = timedelta(seconds=20)
LONGEST_REST: Final = timedelta(minutes=10)
LONGEST_PAUSE: Final = timedelta(minutes=4)
"""After a round that went well, however long it took."""
MOST_DOUBLINGS: Final = 6
MOST_AT_WORK: Final = 0.2
"""The share of the time that one system may be read in the background, once it has been read for the first time."""
SPREAD: Final = 0.25
"""Rests after trouble differ by so much, so that a thousand desks do not all come back in the same second."""


def usual_rest(every: timedelta, *, took: timedelta) -> timedelta:
    """After a round that went well and ``took`` so long: a large system is not read without a pause."""
    return max(every, min(took * (1 / MOST_AT_WORK - 1), LONGEST_PAUSE))


def rest_after_failures(failures: int, *, chance: float) -> timedelta:
    """After so many rounds in a row that failed: doubling, capped, and shortened by ``chance``, 0.0 to 1.0."""
    whole: timedelta = min(AFTER_TROUBLE * (1 << min(failures - 1, MOST_DOUBLINGS)), LONGEST_REST)
    return whole * (1 - SPREAD * chance)


def rest_after_limit(error: RateLimitError, failures: int, *, chance: float) -> timedelta:
    """After the vendor asked for fewer calls: what it named, and a little more, for all desks were told the same."""
    if not error.retry_after:
        # “After 0 seconds” says no more than nothing, and obeyed it would be asked again without an end.
        return rest_after_failures(failures, chance=chance)
    return error.retry_after + min(error.retry_after * SPREAD, AFTER_TROUBLE) * chance
