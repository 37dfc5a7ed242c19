"""One small call through the doorway, signed in and with its exchange logged, against the same call by bare httpx.

Pacing is off: it is a promise to the vendors, not a cost. Both keep one connection open and read the whole body.
"""

import asyncio
from collections.abc import Mapping
from time import perf_counter
from typing import Final

import httpx

from connectors.calls import Call, Reply
from connectors.http import Pace, Send, Transport
from tests.bench.ends.process import plain
from tests.bench.result import Result, in_turn

CALLS: Final = 400
RUNS: Final = 15
NO_PACE: Final = Pace(calls=1e9, per_s=1.0, at_once=64)
PROOF: Final = {"App-ID": "11111111-2222-3333-4444-555555555555", "Auth-Token": "made-up"}
CALL: Final = Call(name="read", method="GET", path="/assets/a1", query=(("fields", "id,name"),), repeatable=True)


class Token:
    """A sign-in that has what it needs, as all but the first call of a day finds it."""

    is_signed_in = True

    async def sign_in(self, send: Send) -> None:
        """There is nothing to do."""

    def headers(self) -> Mapping[str, str]:
        return PROOF

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        return reply.status == 401


def run() -> Result:
    """Microseconds per call, median of pairs."""
    with plain() as base_url, asyncio.Runner() as runner:
        transport = Transport(system="vendor", base_url=base_url, sign_in=Token(), pace=NO_PACE)
        client = httpx.AsyncClient(base_url=base_url, headers=PROOF)

        async def ours() -> None:
            for _ in range(CALLS):
                await transport.send(CALL)

        async def bare() -> None:
            for _ in range(CALLS):
                reply = await client.get(CALL.path, params=dict(CALL.query))
                reply.raise_for_status()

        def timed(work: object) -> float:
            began = perf_counter()
            runner.run(work())  # type: ignore[operator]
            return (perf_counter() - began) * 1e6 / CALLS

        try:
            return in_turn(
                "doorway",
                unit="us",
                ours=lambda: timed(ours),
                bare=lambda: timed(bare),
                runs=RUNS,
                details={"calls": CALLS},
            )
        finally:
            runner.run(transport.close())
            runner.run(client.aclose())
