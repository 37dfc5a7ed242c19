"""Our receiver on a real socket, in this process, for judges that post to it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from connectors.inbound import Arrival, Receiver, Source

_STARTS_WITHIN_S = 20


@dataclass
class Receiving:
    """Where it listens, and what it has taken."""

    address: str = ""
    arrivals: list[Arrival] = field(default_factory=list)


@contextmanager
def receiving(sources: Mapping[str, Source]) -> Iterator[Receiving]:
    """A receiver for ``sources`` that keeps every arrival."""
    told, stop, listens = Receiving(), asyncio.Event(), Event()
    loop = asyncio.new_event_loop()

    async def keep(arrival: Arrival) -> None:
        told.arrivals.append(arrival)

    async def serve() -> None:
        receiver = Receiver(sources, keep)
        told.address = receiver.listen()
        serving = asyncio.create_task(receiver.serve())
        listens.set()
        await stop.wait()
        receiver.stop()
        await serving

    thread = Thread(target=loop.run_until_complete, args=(serve(),), name="receiver for a judge")
    thread.start()
    try:
        assert listens.wait(_STARTS_WITHIN_S)
        yield told
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
