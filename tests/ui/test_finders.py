"""What the palette finds beside commands."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.ui.pages.assets.fakes import FakeDesk, asset
from ui.finders import finders
from ui.shell import Hit
from ui.widgets import StateMark


def test_an_asset_is_found_in_the_state_that_the_grid_shows(tmp_path: Path) -> None:
    """Whoever trusts the palette would send a picture whose rights have ended."""
    ended = datetime.now(UTC).date() - timedelta(days=3)
    desk = FakeDesk(folder=tmp_path, assets=[asset("spring-banner-fr", version="v4", rights_end=ended)])

    async def found() -> Sequence[Hit]:
        return await finders(desk.context())[0].find("spring", "all")

    (hit,) = asyncio.run(found())

    assert (hit.mark, hit.word, hit.detail) == (StateMark.EXPIRING, "rights ended", "asset · v4 · iconik")
