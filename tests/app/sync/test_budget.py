"""A library on a small plan: reading leaves a fifth of its calls, and people use them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.records import Asset, Changes
from app.store import Store, asset_search, readings
from app.store.asset_question import AssetQuestion
from app.store.readings import Reading
from app.sync.libraries import LibraryReader
from app.systems.cloudinary import CloudinaryLibrary
from connectors.cloudinary import CloudinaryClient
from connectors.errors import ReservedError
from connectors.gate import background
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import build
from tests.connectors.sandbox.cloudinary.desk import DELIVERY, Desk, small_world

CALLS = 5
KEPT = 1


def _nobody(_changes: Changes) -> None:
    pass


def _silent(_fetched: int, _expected: int | None, _doing: str) -> None:
    pass


def test_reading_stops_at_what_is_kept_for_people_and_a_click_still_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reading of a library would use up the hour, and nobody could open an asset until it is over."""
    monkeypatch.setattr("app.systems.cloudinary.vendor.MAX_PAGE", 1)
    world = small_world(SandboxClock(datetime.now(UTC) + timedelta(hours=2)))
    world.addresses["cloudinary_delivery"] = DELIVERY
    desk = Desk(build(world, calls_per_hour=CALLS), world.secrets["cloudinary"])

    with Store.open(tmp_path) as store:

        async def work(client: CloudinaryClient) -> tuple[ReservedError, Reading | None, Asset]:
            library = CloudinaryLibrary(client)
            reader = LibraryReader(store=store, clock=SystemClock(), publish=_nobody)
            with background(), pytest.raises(ReservedError) as stopped:
                await reader.read(library, _silent)
            kept = await store.read(asset_search.page, AssetQuestion())
            opened = await library.open(kept.assets[0].key)
            return stopped.value, await store.read(readings.load, "everything cloudinary"), opened

        stopped, reading, opened = desk.run(work)

    assert stopped.retry_after is not None
    assert stopped.retry_after > timedelta(minutes=50)
    assert reading is not None
    assert 0 < reading.fetched <= CALLS - KEPT
    assert opened.name
