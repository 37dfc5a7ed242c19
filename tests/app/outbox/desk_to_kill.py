"""A desk in a process of its own, for a test that kills it: ``python -m … FOLDER``.

Its vendor is a file: a line per request it carried out. It dawdles before and after acting, so that a kill hits every
moment.
"""

import asyncio
import os
import random
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.clock import SystemClock
from app.outbox import Outbox, Relay, Wish
from app.records import Changes, OutboxEntry, Receipt, RequestKey, System, Verb
from app.store import Store

WISHES = int(os.environ.get("PROOFDESK_WISHES", "60"))


@dataclass(frozen=True)
class FileVendor:
    """Acts by appending one line."""

    path: Path

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Append the entry's key."""
        await asyncio.sleep(random.uniform(0, 0.01))
        sheet = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(sheet, f"{entry.request_key}\n".encode())
        os.close(sheet)
        await asyncio.sleep(random.uniform(0, 0.01))
        return Receipt(sentence="Done.")

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """Whether the key is on the sheet."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return Receipt(sentence="Found.") if entry.request_key in lines else None


async def main(folder: Path) -> None:
    """Queue every wish (again, after a kill: the keys are the same), and carry until all are done."""
    with Store.open(folder) as store:
        finished = asyncio.Event()

        def publish(_: Changes) -> None:
            finished.set()

        vendor = FileVendor(folder / "vendor.txt")
        outbox = Outbox(store.ledger, clock=SystemClock(), publish=publish, undo_for=timedelta(0))
        relay = Relay(outbox, store.ledger, deliverer=lambda _: vendor, clock=SystemClock(), publish=publish)
        running = asyncio.create_task(relay.run())
        for number in range(WISHES):
            wish = Wish(
                system=System.ICONIK,
                verb=Verb.JUDGE_ASSET,
                subject=f"asset {number % 7}",
                title="Approve",
                payload={},
                actor="ada",
                request_key=RequestKey(f"key {number}"),
            )
            await outbox.queue(wish)
            print(wish.request_key, flush=True)  # noqa: T201 - tells the test what was promised
        while await outbox.depth():
            finished.clear()
            await finished.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
