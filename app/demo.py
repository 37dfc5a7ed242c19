"""The demo profile's five systems: the sandbox as a process of its own, which ends when the desk does."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Self

import msgspec

from app.errors import UserError
from connectors.calls import Body, Call, JSONBody
from connectors.http import Transport

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 5.0


class DemoSandbox:
    """A running sandbox. Started, used and stopped on the engine's loop."""

    def __init__(self, process: Process, ready: Mapping[str, object]) -> None:
        self._process = process
        self.ready = ready
        """The ready file: addresses and made-up credentials, kept in memory only."""

    @classmethod
    async def start(cls, *arguments: str) -> Self:
        """Start one and wait until it serves. Raises: UserError with what it said when it does not."""
        # A file never fills up and blocks the writer, as an unread pipe would. The process has a handle of its own.
        with TemporaryFile() as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "connectors.sandbox", "--with-parent", str(os.getpid()), *arguments),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=said,
            )
            assert process.stdout is not None  # noqa: S101 - asked for above
            try:
                async with asyncio.timeout(READY_WITHIN_S):
                    line = await process.stdout.readline()
                return cls(process, msgspec.json.decode(line, type=dict[str, object]))
            except (TimeoutError, msgspec.DecodeError) as error:
                raise UserError(
                    "The sandbox did not start, so there is nothing to show.",
                    hint=await _last_words(process, said) or "Run “proofdesk sandbox” in a terminal to see why.",
                ) from error

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    async def push(self, address: str, secret: str, events: Sequence[Mapping[str, object]]) -> None:
        """Let the sandbox post ``events`` to ``address``, signed with ``secret``. Raises: ConnectorError."""
        body = JSONBody(value={"url": address, "secret": secret, "events": list(events)})
        await self._command("push events", "POST", "/events", body=body)

    async def deliveries(self, customer: str) -> int:
        """How often something reached ``customer`` since the sandbox began. Raises: ConnectorError."""
        left = await self._command("list deliveries", "GET", "/deliveries")
        return sum(
            1 for each in msgspec.json.decode(left, type=list[dict[str, object]]) if each["customer"] == customer
        )

    async def _command(self, name: str, method: str, path: str, *, body: Body | None = None) -> bytes:
        control = Transport(system="sandbox", base_url=str(self.ready["control_url"]))
        headers = {"Authorization": f"Bearer {self.ready['control_token']}"}
        try:
            reply = await control.send(
                Call(name=name, method=method, path=path, headers=headers, body=body, signed_in=False)
            )
        finally:
            await control.close()
        return reply.body

    async def stop(self) -> None:
        """End it and wait until its ports are free."""
        await _end(self._process)


async def _last_words(process: Process, said: IO[bytes]) -> str:
    await _end(process)
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
