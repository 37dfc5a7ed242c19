"""How many calls a vendor still allows, as its answers tell it, and the share of them that is kept for people.

Source: wire contracts "cloudinary" §8 (``X-FeatureRateLimit-*``, CONFIRMED) and "iconik" §4 (``RateLimit-Remaining``
and 1,000 calls in 20 seconds, CONFIRMED). ``RateLimit-Limit`` and ``RateLimit-Reset`` are read where a gateway sends
them (the IETF's draft; INFERRED for any of these vendors).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from connectors.calls import Reply
from connectors.judging import http_date, whole_number

KEPT_FOR_PEOPLE: Final = 0.2
"""The share of a vendor's budget that background work leaves alone, so that a click still works."""
LOOKED_AGAIN_AFTER: Final = timedelta(minutes=5)
"""How old a word about a budget grows, of which nobody knows the refill, before one call may find out how it stands."""
LEARNED_FOR: Final = timedelta(hours=1)
"""How long the most that was ever left counts as the whole budget, where no answer says how much that is. CHOSEN."""
LONGEST_WINDOW: Final = timedelta(days=1)
"""Whoever names a later refill is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What is left of a vendor's calls."""

    left: int
    limit: int | None = None
    """How many there are when it is full; None when nobody told and nothing could be learned."""
    resets_at: datetime | None = None
    """When it is full again; None when the vendor does not say."""

    @property
    def kept(self) -> int:
        """How many of them background work leaves alone; 0 while it is not known how many there are."""
        return 0 if self.limit is None else round(self.limit * KEPT_FOR_PEOPLE)

    @property
    def share_left(self) -> float | None:
        """0.0 to 1.0; None when it is not known how many there are."""
        return None if not self.limit else min(1.0, self.left / self.limit)

    @property
    def is_scarce(self) -> bool:
        """Whether only what is kept for people is left."""
        return self.limit is not None and self.left <= self.kept


class BudgetMeter:
    """One vendor's budget, followed from answer to answer. Refills are counted on a clock that nobody can set."""

    def __init__(
        self, *, limit: int = 0, refills_in: timedelta | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """``limit`` and ``refills_in``: the vendor's documented budget and window, where its answers do not say."""
        self._refills_in = refills_in
        self._monotonic = monotonic
        self._known: Budget | None = None
        self._documented = self._most_seen = limit
        self._learned_at = 0.0
        self._full_at: float | None = None
        self._observed_at = 0.0

    def observe(self, reply: Reply) -> Budget | None:
        """Take up what ``reply`` tells, and return it; None when it tells nothing."""
        left = _number(reply, "x-featureratelimit-remaining", "ratelimit-remaining")
        if left is None:
            return None
        self._observed_at = self._monotonic()
        self._learn(left)
        limit = _number(reply, "x-featureratelimit-limit", "ratelimit-limit")
        told = _until_reset(reply)
        refills_in = told if told is not None else self._refills_in
        self._full_at = None if refills_in is None else self._monotonic() + refills_in.total_seconds()
        self._known = Budget(
            left=left,
            limit=limit or self._most_seen or None,
            resets_at=datetime.now(UTC) + told if told is not None else None,
        )
        return self._known

    def _learn(self, left: int) -> None:
        """How many there are when it is full is the most that was left of late: one odd answer is not believed for
        ever, and a plan may shrink."""
        is_old = self._observed_at - self._learned_at >= LEARNED_FOR.total_seconds()
        if left >= self._most_seen or is_old:
            self._most_seen = max(left, self._documented)
            self._learned_at = self._observed_at

    def wait_s(self) -> float | None:
        """Seconds that background work has to wait for; 0 when it may go on, None when nobody knows for how long.

        Only an answer tells of a refill: where nobody knows when it is, an old word keeps nobody from asking again.
        """
        if self._known is None or not self._known.is_scarce:
            return 0.0
        if self._full_at is None:
            is_old = self._monotonic() - self._observed_at >= LOOKED_AGAIN_AFTER.total_seconds()
            return 0.0 if is_old else None
        return max(0.0, self._full_at - self._monotonic())


def _number(reply: Reply, *headers: str) -> int | None:
    found = (whole_number(reply.headers[header]) for header in headers if header in reply.headers)
    return next((number for number in found if number is not None), None)


def _until_reset(reply: Reply) -> timedelta | None:
    """How long it is until the refill, by the vendor's own clock where the answer tells it."""
    seconds = whole_number(reply.headers.get("ratelimit-reset", ""))
    if seconds is not None:
        return min(timedelta(seconds=min(seconds, LONGEST_WINDOW.total_seconds())), LONGEST_WINDOW)
    moment = http_date(reply.headers.get("x-featureratelimit-reset", ""))
    if moment is None:
        return None
    theirs = http_date(reply.headers.get("date", "")) or datetime.now(UTC)
    return min(max(moment - theirs, timedelta(0)), LONGEST_WINDOW)
