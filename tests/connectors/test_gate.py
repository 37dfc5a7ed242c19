"""Turns at one vendor: people never wait behind what nobody waits for."""

import asyncio
import time
from contextlib import nullcontext

import pytest

from connectors.calls import Reply
from connectors.errors import ReservedError
from connectors.gate import Gate, background
from connectors.vendor import Pace


class Visitors:
    """Whoever goes through a gate, in the order in which they came in; each stays until it is let out."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.inside: list[str] = []
        self._out: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, name: str, *, behind: bool = False) -> None:
        """Ask for a turn, in the background if ``behind``."""
        self._out[name] = asyncio.Event()
        with background() if behind else nullcontext():
            self._tasks[name] = asyncio.create_task(self._visit(name))
        await asyncio.sleep(0)

    async def leave(self, name: str) -> None:
        """Let ``name`` out, and whoever is next in."""
        self._out[name].set()
        await self._tasks[name]
        await asyncio.sleep(0)

    async def call_off(self, name: str) -> None:
        """``name`` wants no turn any more."""
        self._tasks[name].cancel()
        await asyncio.gather(self._tasks[name], return_exceptions=True)
        await asyncio.sleep(0)

    async def end(self) -> None:
        """Everybody goes."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _visit(self, name: str) -> None:
        async with self.gate.turn("read"):
            self.inside.append(name)
            await self._out[name].wait()


def test_a_click_finds_a_turn_however_much_is_read_in_the_background() -> None:
    """Opening an asset would wait for pages that nobody looks at."""

    async def run() -> list[str]:
        visitors = Visitors(Gate(Pace(at_once=3), system="vendor"))
        for page in ("page 1", "page 2", "page 3"):
            await visitors.come(page, behind=True)
        await visitors.come("click")
        inside = list(visitors.inside)
        await visitors.end()
        return inside

    assert asyncio.run(run()) == ["page 1", "page 2", "click"]


def test_who_waits_at_the_screen_is_next() -> None:
    """A click behind a hundred waiting pages would take minutes."""

    async def run() -> list[str]:
        visitors = Visitors(Gate(Pace(at_once=2), system="vendor"))
        await visitors.come("page 1", behind=True)
        await visitors.come("page 2", behind=True)
        for click in ("click 1", "click 2"):
            await visitors.come(click)
        await visitors.leave("page 1")
        await visitors.leave("click 1")
        await visitors.leave("click 2")
        await visitors.end()
        return visitors.inside

    assert asyncio.run(run()) == ["page 1", "click 1", "click 2", "page 2"]


def test_one_who_gives_up_keeps_nobody_out() -> None:
    """A search that was typed over would take a turn with it, until none is left."""

    async def run() -> list[str]:
        visitors = Visitors(Gate(Pace(at_once=1), system="vendor"))
        for name in ("first", "given up", "last"):
            await visitors.come(name)
        await visitors.call_off("given up")
        await visitors.call_off("first")
        await visitors.end()
        return visitors.inside

    assert asyncio.run(run()) == ["first", "last"]


def test_no_more_pass_in_a_second_than_the_pace_allows() -> None:
    """The vendor would turn us away with 429."""

    async def run() -> float:
        gate = Gate(Pace(calls=5, per_s=0.1, at_once=10), system="vendor")
        began = asyncio.get_running_loop().time()

        async def pass_through() -> None:
            async with gate.turn("read"):
                pass

        await asyncio.gather(*(pass_through() for _ in range(10)))
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(run()) >= 0.1


def test_background_work_leaves_a_part_of_every_burst() -> None:
    """The click after a burst of pages would wait for the pace."""

    async def run() -> list[str]:
        gate = Gate(Pace(calls=10, per_s=1_000, at_once=50), system="vendor")
        visitors = Visitors(gate)
        for page in range(20):
            await visitors.come(f"page {page}", behind=True)
        await visitors.come("click")
        inside = list(visitors.inside)
        await visitors.end()
        return inside

    inside = asyncio.run(run())

    assert inside == [*(f"page {page}" for page in range(8)), "click"]


def _scarce(gate: Gate, *, reset_s: int) -> None:
    headers = {"ratelimit-remaining": "90", "ratelimit-limit": "500", "ratelimit-reset": str(reset_s)}
    gate.meter.observe(Reply(system="vendor", call="search", status=200, headers=headers, body=b""))


def test_what_is_kept_for_people_is_not_used_in_the_background() -> None:
    """Nobody could open an asset for the rest of the hour."""

    async def run() -> tuple[ReservedError, bool]:
        gate = Gate(Pace(), system="Cloudinary")
        _scarce(gate, reset_s=1_800)
        async with gate.turn("open"):
            came_in = True
        with background(), pytest.raises(ReservedError) as refused:
            async with gate.turn("search"):
                pass
        return refused.value, came_in

    error, came_in = asyncio.run(run())

    assert came_in
    assert error.retry_after is not None
    assert 1_790 < error.retry_after.total_seconds() <= 1_800
    assert error.sentence == "Cloudinary has few calls left, which are kept for what you open."


def test_a_refill_that_is_near_is_waited_for() -> None:
    """Every second window of twenty seconds would break a round off."""

    async def run() -> bool:
        gate = Gate(Pace(), system="iconik")
        _scarce(gate, reset_s=0)
        with background():
            async with gate.turn("search"):
                return True

    assert asyncio.run(run())


def test_closing_lets_everybody_through_and_waits_for_them() -> None:
    """The desk would hang at its end, or cut what had just been sent."""

    async def run() -> list[str]:
        gate = Gate(Pace(at_once=1), system="vendor")
        visitors = Visitors(gate)
        for name in ("first", "second"):
            await visitors.come(name)
        closing = asyncio.create_task(gate.close())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not closing.done()
        for name in ("first", "second"):
            await visitors.leave(name)
        await closing
        return visitors.inside

    assert asyncio.run(run()) == ["first", "second"]


def test_who_comes_between_a_refill_and_its_timer_stops_nobody() -> None:
    """A connection would stand still for ever, with nobody inside and enough for everybody."""

    async def run() -> list[str]:
        visitors = Visitors(Gate(Pace(calls=1, per_s=0.05, at_once=3), system="vendor"))
        await visitors.come("first")
        await visitors.leave("first")
        await visitors.come("second")
        time.sleep(0.1)  # noqa: ASYNC251 - a loop that is busy: the timer is due and has not come
        await visitors.come("third")
        async with asyncio.timeout(300):
            while len(visitors.inside) < 3:  # noqa: ASYNC110 - turns tell nobody
                await asyncio.sleep(0.01)
        await visitors.end()
        return visitors.inside

    assert asyncio.run(run()) == ["first", "second", "third"]


def test_where_one_call_is_the_whole_burst_the_background_still_has_its_turn() -> None:
    """A part of one call cannot be kept for people: everything that is read would wait for ever."""

    async def run() -> None:
        gate = Gate(Pace(calls=1, per_s=0.01, at_once=2), system="vendor")
        async with asyncio.timeout(300):
            for _ in range(3):
                with background():
                    async with gate.turn("read"):
                        pass

    asyncio.run(run())
