"""A desk in a process of its own, for a test that kills it: ``python -m … FOLDER``.

Its vendor is a file: a line per request it carried out. It dawdles before and after acting, so that a kill hits every
moment. Some wishes need the one before, at another system; some have a file that goes up in parts; and while wishes are
made, a person pauses one of the systems.
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
from app.uploads import EntryProgress, LedgerUploads

PARTS = 5
WISHES = int(os.environ.get("PROOFDESK_WISHES", "60"))


@dataclass(frozen=True)
class FileVendor:
    """Acts by appending one line, for some after five parts that it keeps for whoever sent them."""

    folder: Path
    uploads: LedgerUploads

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Append the entry's key."""
        if entry.payload.get("parts"):
            await self._upload(entry)
        await self._write("vendor.txt", entry.request_key)
        return Receipt(sentence="Done.", reference=entry.request_key)

    async def _upload(self, entry: OutboxEntry) -> None:
        progress = EntryProgress(uploads=self.uploads, key=entry.request_key, sha256="bytes")
        if (known := await progress.known()) is None:
            await self._write("begun.txt", entry.request_key)
            await progress.begun("upload", size_bytes=PARTS * 10, part_bytes=10)
            known = await progress.known()
        assert known is not None
        for number in range(1, PARTS + 1):
            if number not in known.arrived:
                await self._write("parts.txt", f"{entry.request_key} part {number}")
                await progress.arrived("upload", number)

    async def _write(self, name: str, line: str) -> None:
        await asyncio.sleep(random.uniform(0, 0.01))
        sheet = os.open(self.folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(sheet, f"{line}\n".encode())
        os.close(sheet)
        await asyncio.sleep(random.uniform(0, 0.01))

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """Whether the key is on the sheet."""
        sheet = self.folder / "vendor.txt"
        lines = sheet.read_text().splitlines() if sheet.exists() else []
        return Receipt(sentence="Found.") if entry.request_key in lines else None


async def main(folder: Path) -> None:
    """Queue every wish (again, after a kill: the keys are the same), and carry until all are done."""
    with Store.open(folder) as store:
        finished = asyncio.Event()

        def publish(_: Changes) -> None:
            finished.set()

        vendor = FileVendor(folder, LedgerUploads(store.ledger, clock=SystemClock()))
        outbox = Outbox(store.ledger, clock=SystemClock(), publish=publish, undo_for=timedelta(0))
        relay = Relay(
            outbox,
            store.ledger,
            deliverer=lambda _: vendor,
            clock=SystemClock(),
            publish=publish,
            settling=timedelta(0),
        )
        running = asyncio.create_task(relay.run())
        before: OutboxEntry | None = None
        for number in range(WISHES):
            if number == WISHES // 3:
                await outbox.pause(System.CLOUDINARY, reason="maintenance", actor="ada")
            before = await outbox.queue(_wish(number, before))
            print(before.request_key, flush=True)  # noqa: T201 - tells the test what was promised
        await outbox.resume(System.CLOUDINARY, actor="ada")
        while await outbox.depth():
            finished.clear()
            await finished.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _wish(number: int, before: OutboxEntry | None) -> Wish:
    needs_another = number % 4 == 1 and before is not None
    return Wish(
        system=System.CLOUDINARY if needs_another else System.ICONIK,
        verb=Verb.JUDGE_ASSET,
        subject=f"asset {number % 7}",
        title="Approve",
        payload={"parts": number % 10 == 3},
        actor="ada",
        request_key=RequestKey(f"key {number}"),
        needs=before.id if needs_another and before is not None else None,
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
