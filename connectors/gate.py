"""Turns at one vendor: so many at once, so many a second, and people first.

Work in the background (:func:`background`) leaves a turn and a fifth of every burst free, waits behind whoever waits
for an answer on the screen, and stops where the vendor's own budget comes down to what is kept for people.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Final

from connectors.budget import KEPT_FOR_PEOPLE, LOOKED_AGAIN_AFTER, BudgetMeter
from connectors.errors import ReservedError
from connectors.vendor import Pace

PATIENCE_S: Final = 25.0
"""How long background work waits by itself for a refill; what takes longer is its owner's to plan with."""
UNTOLD_REST_S: Final = LOOKED_AGAIN_AFTER.total_seconds()
"""When to look again at a budget of which nobody knows the refill."""

_ROUNDING_S: Final = 0.001
"""A timer that comes a hair too early would only be set again."""

_in_background: ContextVar[bool] = ContextVar("in_background", default=False)


@contextmanager
def background() -> Iterator[None]:
    """Whatever is asked of a vendor in here, and by tasks begun in here, nobody is waiting for."""
    token = _in_background.set(True)
    try:
        yield
    finally:
        _in_background.reset(token)


class Gate:
    """Lets requests of one connection pass. Used on one event loop."""

    def __init__(self, pace: Pace, *, system: str) -> None:
        self._pace = pace
        self._system = system
        self._rate = pace.calls / pace.per_s
        # Where one call is the whole burst, nothing of it can be kept: the background would never have enough.
        self._kept_tokens = max(0.0, min(pace.calls * KEPT_FOR_PEOPLE, pace.calls - 1))
        self.inside = 0
        """How many turns are held."""
        self._is_wide_open = False
        self._tokens = pace.calls
        self._counted_at: float | None = None
        self._people: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._emptied: asyncio.Future[None] | None = None
        self.meter = BudgetMeter(
            limit=pace.budget, refills_in=timedelta(seconds=pace.refills_in_s) if pace.refills_in_s else None
        )
        """Told by the doorway of every answer."""

    @asynccontextmanager
    async def turn(self, call: str, *, is_urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it. ``is_urgent`` counts as a person's, whoever asks.

        Raises: ReservedError for background work that would have to wait long for a refill.
        """
        is_background = _in_background.get() and not is_urgent
        if is_background:
            await self._until_budget(call)
        await self._admitted(is_background=is_background)
        try:
            yield
        finally:
            self.inside -= 1
            self._pump()

    async def close(self) -> None:
        """Let everybody through who waits or comes from now on, and return when nobody is inside."""
        self._is_wide_open = True
        self._pump()
        if self.inside:
            self._emptied = asyncio.get_running_loop().create_future()
            await self._emptied

    async def _until_budget(self, call: str) -> None:
        while not self._is_wide_open:
            wait_s = self.meter.wait_s()
            if wait_s == 0:
                return
            if wait_s is None or wait_s > PATIENCE_S:
                rest_s = UNTOLD_REST_S if wait_s is None else wait_s
                raise ReservedError(system=self._system, call=call, retry_after=timedelta(seconds=rest_s))
            await asyncio.sleep(wait_s)

    async def _admitted(self, *, is_background: bool) -> None:
        loop = asyncio.get_running_loop()
        self._refill(loop.time())
        queue = self._others if is_background else self._people
        if not queue and self._may_pass(is_background=is_background):
            self._pass()
            return
        turn = loop.create_future()
        queue.append(turn)
        # Not only a timer: who comes when there is enough again, before the timer of those in front has come, would put
        # it off for ever.
        self._pump()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # It was let in and called off in the same moment: the next one takes the turn.
                self.inside -= 1
                self._pump()
            elif turn in queue:
                queue.remove(turn)
            raise

    def _may_pass(self, *, is_background: bool) -> bool:
        if self._is_wide_open:
            return True
        kept_turns, kept_tokens = 0, 0.0
        if is_background:
            if self._people:
                return False
            kept_turns = 1 if self._pace.at_once > 1 else 0
            kept_tokens = self._kept_tokens
        return self.inside < self._pace.at_once - kept_turns and self._tokens >= 1 + kept_tokens

    def _pass(self) -> None:
        self.inside += 1
        self._tokens -= 1

    def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        self._refill(loop.time())
        for queue in (self._people, self._others):
            while queue and self._may_pass(is_background=queue is self._others):
                turn = queue.popleft()
                if not turn.done():
                    self._pass()
                    turn.set_result(None)
        self._wake_later(loop)
        if self._emptied is not None and not self.inside and not self._emptied.done():
            self._emptied.set_result(None)

    def _refill(self, now: float) -> None:
        if self._counted_at is not None:
            self._tokens = min(self._pace.calls, self._tokens + (now - self._counted_at) * self._rate)
        self._counted_at = now

    def _wake_later(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look again when there will be enough for whoever waits; who ends a turn looks too."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._people or self._others:
            wanted = 1.0 if self._people else 1 + self._kept_tokens
            lacking = wanted - self._tokens
            if lacking > 0:
                self._timer = loop.call_later(lacking / self._rate + _ROUNDING_S, self._pump)
