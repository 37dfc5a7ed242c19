"""Everything that a desk writes, each thing by itself, and how it is seen to be there."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.desk import Desk
from app.errors import UserError
from app.outbox import Wish
from app.records import AssetKey, CustomerNumber, RequestKey, System, Verb
from app.settings import SYNC_MIN
from app.store import assets, audit, customers, entries, forgetting, inbox_events, memory
from app.systems.ports import Picture
from connectors.inbound import Arrival, ArrivalTrust
from tests.app.store.assets_made import make_asset
from tests.soak.work import Kind, Task, stranger

STRANGER: Final = Task(kind=Kind.LEARN, key=RequestKey("k"), number=0)


class _Library:
    """Gives out a picture without a network."""

    system = System.ICONIK

    async def thumbnail(self, _asset: object, *, width_px: int) -> Picture:
        return Picture(content=b"p" * 30_000, media_type="image/png")

    async def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Write:
    """One thing that a desk writes, and whether it is there."""

    name: str
    do: Callable[[Desk], Awaitable[object]]
    is_there: Callable[[Desk], Awaitable[bool]]
    lasts: bool = True
    """Whether it is still there after a restart; a file that no entry waits for is cleared away."""


async def queue(desk: Desk, key: str = "new") -> object:
    """Wish for something."""
    return await desk.outbox.queue(
        Wish(
            system=System.ICONIK,
            verb=Verb.JUDGE_ASSET,
            subject=f"iconik:{key}",
            title="Approve",
            payload={"asset": f"iconik:{key}", "verdict": "approve", "note": "n" * 9_000},
            actor="ada",
            request_key=RequestKey(key),
        )
    )


async def is_queued(desk: Desk, key: str = "new") -> bool:
    """Whether it is wished for."""
    return await desk.store.ledger.read(entries.find_by_key, RequestKey(key)) is not None


async def _is_set(desk: Desk) -> bool:
    await desk.settings.load()
    return desk.settings.value(SYNC_MIN) == 77


async def _upsert(desk: Desk) -> object:
    return await desk.store.write(assets.upsert, [make_asset(f"n{each}", name=f"new-{each}") for each in range(200)])


async def _has_assets(desk: Desk) -> bool:
    return await desk.store.read(assets.find, AssetKey(System.ICONIK, "n199")) is not None


async def _learn(desk: Desk) -> object:
    return await desk.store.write(customers.upsert, [stranger(STRANGER)], now=datetime.now(UTC))


async def _is_learned(desk: Desk) -> bool:
    return await desk.store.read(customers.find, stranger(STRANGER).number) is not None


async def _forget(desk: Desk) -> object:
    return await desk.store.purge(forgetting.forget_customers, [CustomerNumber("HM-KEPT")])


async def _is_forgotten(desk: Desk) -> bool:
    return await desk.store.read(customers.find, CustomerNumber("HM-KEPT")) is None


async def _hear(desk: Desk) -> object:
    return await desk.inbox.take(
        [
            Arrival(
                id="new",
                source="gateway",
                headers={"content-type": "application/json"},
                raw=b'{"type":"other","filler":"' + b"f" * 20_000 + b'"}',
                received_at=datetime.now(UTC),
                trust=ArrivalTrust.VERIFIED,
            )
        ]
    )


async def _is_heard(desk: Desk) -> bool:
    return await desk.store.read(inbox_events.find, "gateway/new") is not None


async def _keep_file(desk: Desk) -> object:
    return await desk.outgoing.keep(RequestKey("file"), b"d" * 30_000)


async def _has_file(desk: Desk) -> bool:
    with suppress(UserError):
        return desk.outgoing.path(RequestKey("file")).stat().st_size == 30_000
    return False


async def _picture(desk: Desk) -> object:
    desk.systems.libraries[System.ICONIK] = _Library()  # type: ignore[assignment]  # all of a library that is asked
    return await desk.pictures.thumbnail(make_asset("kept"), width_px=200)


async def _has_picture(desk: Desk) -> bool:
    desk.systems.libraries[System.ICONIK] = _Library()  # type: ignore[assignment]  # as above
    path = await desk.pictures.thumbnail(make_asset("kept"), width_px=200)
    return path.stat().st_size == 30_000


async def _anchor(desk: Desk) -> object:
    await desk.store.ledger.write(audit.add, at=datetime.now(UTC), actor="ada", action="seen", reference="node:1")
    await desk.audit.anchor(datetime.now(UTC))
    return None


async def _is_anchored(desk: Desk) -> bool:
    number, seal = await desk.store.ledger.read(audit.end)
    return f'"{seal}"' in desk.profile.anchors.read_text() and number > 0


async def _remember(desk: Desk) -> object:
    return await desk.store.write(memory.remember, "layout", {"width": 1, "filler": "f" * 9_000})


async def _is_remembered(desk: Desk) -> bool:
    return "layout" in await desk.store.read(memory.everything)


WRITES: Final = (
    Write("a wish", queue, is_queued),
    Write("a setting", lambda desk: desk.settings.change(SYNC_MIN, 77), _is_set),
    Write("a batch of assets", _upsert, _has_assets),
    Write("a customer", _learn, _is_learned),
    Write("a purge", _forget, _is_forgotten),
    Write("an event", _hear, _is_heard),
    Write("a file to send", _keep_file, _has_file, lasts=False),
    Write("a picture", _picture, _has_picture),
    Write("an anchor", _anchor, _is_anchored),
    Write("the window's memory", _remember, _is_remembered),
)
