"""The engine thread: one asyncio loop that owns every vendor call, synchronisation, relay and receiver.

The border to the window is narrow: :meth:`Engine.run` carries a wish in and a frozen result out, :meth:`subscribe`
carries :class:`~app.records.Changes` out. Nothing else crosses, so the engine could become a process of its own.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from app.log import OnFault, loop_fault
from app.records.changes import Changes

T = TypeVar("T")


class Engine:
    """One plain asyncio loop in a thread of its own."""

    def __init__(self, *, on_fault: OnFault = lambda _error, _doing: None) -> None:
        """``on_fault`` hears, in the engine's thread, of bugs that nobody awaited."""
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(loop_fault(on_fault))
        self._thread = threading.Thread(target=self._turn, name="engine", daemon=True)
        self._listeners: list[Callable[[Changes], None]] = []
        self._started = threading.Event()

    def start(self) -> None:
        """Start the thread; returns when its loop turns."""
        self._thread.start()
        self._started.wait()

    def _turn(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.call_soon(self._started.set)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def run(self, work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
        """Await ``work(*wishes)`` on the engine's loop, from any other loop.

        Cancelling the caller cancels the work. Raises: what ``work`` raises.
        """

        async def on_engine() -> T:
            return await work(*wishes)

        return await asyncio.wrap_future(self.submit(on_engine()))

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        """Start ``coroutine`` on the engine's loop, from any thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Call ``listener`` in the engine's thread with all that changes; returns what ends the subscription."""
        self._listeners.append(listener)

        def leave() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return leave

    def publish(self, changes: Changes) -> None:
        """Tell every subscriber. Called on the engine's loop."""
        if changes:
            for listener in tuple(self._listeners):
                listener(changes)

    async def stop(self) -> None:
        """Cancel what still runs, end the loop and wait for the thread. Call from another loop, once."""
        await asyncio.wrap_future(self.submit(self._cancel_tasks()))
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)

    async def _cancel_tasks(self) -> None:
        here = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not here]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()
