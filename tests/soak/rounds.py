"""What a desk knows after its last round, held against a desk that read everything undisturbed.

Other desks judge meanwhile, so each has changes to learn that it did not make. A cursor that ran ahead of its rows
would pass them by for ever.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from app.records import AssetKey, AssetState
from app.store import asset_search
from app.store.asset_question import AssetQuestion
from tests.soak.town import open_desk
from tests.soak.work import LIBRARIES


def states_after_a_round(home: Path) -> Mapping[AssetKey, AssetState]:
    """The state of every asset as the desk of ``home`` knows it once it has asked each library for what changed."""
    return asyncio.run(_states(home))


async def _states(home: Path) -> Mapping[AssetKey, AssetState]:
    desk = await open_desk(home)
    try:
        await asyncio.gather(*(desk.synchroniser.once(system) for system in LIBRARIES))
        page = await desk.store.read(asset_search.page, AssetQuestion(), limit=100_000)
        return {asset.key: asset.state for asset in page.assets}
    finally:
        await desk.close()


def differences(known: Mapping[AssetKey, AssetState], true: Mapping[AssetKey, AssetState]) -> list[AssetKey]:
    """The assets that are known as something else than they are, or not at all."""
    return [key for key, state in true.items() if known.get(key) is not state]
