"""The sandbox as a process of its own, as people start it, and its control."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import httpx

READY_WITHIN_S = 600
ENDS_WITHIN_S = 600

Json = dict[str, Any]


class SandboxProcess:
    """The five systems over real HTTP until :meth:`end`."""

    def __init__(self, process: "subprocess.Popen[bytes]", ready: Json) -> None:
        self._process = process
        self.ready = ready
        """The ready file as it was written."""

    @classmethod
    def start(cls, ready_file: Path, *arguments: str) -> Self:
        """A running one that ends with this process, whatever becomes of it."""
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "connectors.sandbox", "--quiet"),
                *("--with-parent", str(os.getpid()), "--ready-file", str(ready_file), *arguments),
            ],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()  # comes when everything answers
        return cls(process, json.loads(ready_file.read_bytes()))

    def end(self) -> None:
        """Stop it and wait until its ports are free."""
        self._process.terminate()
        self._process.communicate(timeout=ENDS_WITHIN_S)


class Control:
    """What happens to the systems from outside: trouble, time, events; and what reached them."""

    def __init__(self, ready: Json) -> None:
        self._http = httpx.AsyncClient(
            base_url=ready["control_url"],
            headers={"Authorization": f"Bearer {ready['control_token']}"},
            timeout=READY_WITHIN_S,
            trust_env=False,
        )

    async def close(self) -> None:
        """Take all trouble back."""
        await self._send("DELETE", "/faults")
        await self._send("DELETE", "/events")
        await self._http.aclose()

    async def trouble(self, system: str, kind: str, **rule: object) -> None:
        """One more fault rule: ``kind`` is 401, 429, 500, cut_after, html …"""
        await self._send("POST", "/faults", {"system": system, "kind": kind, **rule})

    async def calm(self) -> None:
        """No faults any more."""
        await self._send("DELETE", "/faults")

    async def writes(self, system: str, *, method: str = "", path_part: str = "") -> list[Json]:
        """The writes that ``system``'s app answered since :meth:`forget_writes`."""
        query = f"?system={system}" + (f"&method={method}" if method else "")
        written = await self._send("GET", f"/writes{query}")
        return [write for write in written if path_part in write["path"]]

    async def forget_writes(self) -> None:
        """Count from here."""
        await self._send("DELETE", "/writes")

    async def deliveries(self, customer: str) -> list[Json]:
        """What left for one customer."""
        return [each for each in await self._send("GET", "/deliveries") if each["customer"] == customer]

    async def advance(self, seconds: float) -> None:
        """Move the systems' clock."""
        await self._send("POST", "/clock", {"advance_s": seconds})

    async def push(
        self, address: str, secret: str, events: Sequence[Mapping[str, object]], **mishaps: object
    ) -> list[Json]:
        """Post signed events to a receiver; what became of each post."""
        posted: list[Json] = await self._send(
            "POST", "/events", {"url": address, "secret": secret, "events": list(events), **mishaps}
        )
        return posted

    async def _send(self, method: str, path: str, body: object = None) -> Any:
        reply = await self._http.request(method, path, json=body)
        reply.raise_for_status()
        return reply.json() if reply.content else None
