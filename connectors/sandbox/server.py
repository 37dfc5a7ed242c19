"""The five systems in one process: a port for each host, one event loop, one end.

:class:`SandboxServer` is the sandbox as a thing that starts and stops; the command line stands in ``__main__``.
"""

import asyncio
import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

import msgspec

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.control import Commanded, build_control
from connectors.sandbox.credentials import derive_secret
from connectors.sandbox.endpoint import ready_part
from connectors.sandbox.events import EventPusher
from connectors.sandbox.extended_ecm import CS_PATH
from connectors.sandbox.faults import FaultBoard, FaultRule, Faults
from connectors.sandbox.open_calls import CountCalls, OpenCalls
from connectors.sandbox.ports import Port
from connectors.sandbox.seed import DEFAULT_ASSETS, DEFAULT_CUSTOMERS, DEFAULT_EVENTS, build_world
from connectors.sandbox.systems import HOSTS, Systems, build_systems
from connectors.sandbox.world import QUIET, Habits, World
from connectors.sandbox.writes import RecordWrites, WriteLog

READY_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """How large the world is, what time it has and what goes wrong from the start."""

    seed: int = 1
    assets: int = DEFAULT_ASSETS
    customers: int = DEFAULT_CUSTOMERS
    events: int = DEFAULT_EVENTS
    now: datetime | None = None
    """Aware; the real present when None."""
    latency_ms: int = 0
    habits: Habits = QUIET
    port_base: int = 0
    """The first of consecutive ports, the control's; 0 for free ones."""
    faults: Sequence[FaultRule] = ()


class SandboxServer:
    """A running sandbox; made by :meth:`start`, ended by :meth:`stop`."""

    def __init__(
        self, world: World, systems: Systems, ports: Mapping[str, Port], commanded: Commanded, *, token: str
    ) -> None:
        self.world = world
        self.systems = systems
        self._ports = ports
        self._commanded = commanded
        self._token = token

    @classmethod
    async def start(cls, options: SandboxOptions) -> Self:
        """Build the world and serve it on the running loop. Raises: OSError when a port is taken."""
        ports = _bind(("control", *HOSTS), options.port_base)
        with _uncollected():
            world = build_world(
                seed=options.seed,
                clock=SandboxClock(options.now),
                assets=options.assets,
                customers=options.customers,
                events=options.events,
                habits=options.habits,
            )
            world.addresses.update({host: ports[host].url for host in HOSTS})
            systems = build_systems(world)
        board, log, pusher = FaultBoard(seed=options.seed), WriteLog(world.clock), EventPusher(world.clock)
        calls = OpenCalls()
        for rule in options.faults:
            board.add(rule)
        for host in HOSTS:
            recorded = RecordWrites(systems.apps[host], system=host, log=log)
            spoilt = Faults(recorded, system=host, board=board, latency_ms=options.latency_ms)
            ports[host].start(CountCalls(spoilt, calls=calls))
        commanded = Commanded(
            clock=world.clock,
            faults=board,
            writes=log,
            calls=calls,
            events=pusher,
            deliveries=systems.deliveries,
            notify=systems.notify,
        )
        token = derive_secret(options.seed, f"control:{os.getpid()}")
        ports["control"].start(build_control(commanded, token=token))
        return cls(world, systems, ports, commanded, token=token)

    async def stop(self) -> None:
        """Stop answering and free the ports."""
        await asyncio.gather(*(port.stop() for port in self._ports.values()))
        await self._commanded.events.close()
        await self.systems.close()

    def ready(self) -> dict[str, object]:
        """The ready file: where everything is and what to sign in with (design.md §5; the keys are fixed)."""
        address, secrets = self.world.addresses, self.world.secrets
        return {
            "version": READY_VERSION,
            "pid": os.getpid(),
            "control_url": self._ports["control"].url,
            "control_token": self._token,
            "otds": {"base_url": address["otds"], **secrets["otds"]},
            "exstream": {"base_url": address["exstream"], "otds_url": address["otds"], **secrets["exstream"]},
            "extended_ecm": {
                "base_url": address["extended_ecm"],
                "cs_path": CS_PATH,
                "otds_url": address["otds"],
                **secrets["extended_ecm"],
            },
            "core_dam": {
                "base_url": address["core_dam"],
                "delivery_url": address["core_dam_delivery"],
                "otds_url": address["otds"],
                **secrets["core_dam"],
            },
            "iconik": {"base_url": address["iconik"], **secrets["iconik"]},
            "cloudinary": {
                "base_url": address["cloudinary"],
                "delivery_url": address["cloudinary_delivery"],
                **secrets["cloudinary"],
            },
            "endpoint": ready_part(address["endpoint"], secrets["endpoint"]),
        }


@contextmanager
def _uncollected() -> Iterator[None]:
    """Building a world leaves no garbage, and the search for some takes a third of the time that a large one needs."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _bind(names: Sequence[str], base: int) -> dict[str, Port]:
    """A bound port for each of ``names``; those already bound are freed when one is taken. Raises: OSError."""
    ports: dict[str, Port] = {}
    try:
        for place, name in enumerate(names):
            ports[name] = Port(base + place if base else 0)
    except OSError:
        for port in ports.values():
            port.close()
        raise
    return ports


def write_ready_file(path: Path, ready: Mapping[str, object]) -> None:
    """Write it in one step, for its owner's eyes only. Raises: OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(msgspec.json.encode(ready) + b"\n")
    draft.replace(path)
