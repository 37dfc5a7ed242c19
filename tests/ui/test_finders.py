"""What the palette finds beside commands."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.records import SavedView
from tests.ui.pages.assets.fakes import FakeDesk, asset
from ui.finders import finders
from ui.shell import Hit, Provider
from ui.widgets import StateMark


def test_an_asset_is_found_in_the_state_that_the_grid_shows(tmp_path: Path) -> None:
    """Whoever trusts the palette would send a picture whose rights have ended."""
    ended = datetime.now(UTC).date() - timedelta(days=3)
    desk = FakeDesk(folder=tmp_path, assets=[asset("spring-banner-fr", version="v4", rights_end=ended)])

    async def found() -> Sequence[Hit]:
        return await finders(desk.context())[0].find("spring", "all")

    (hit,) = asyncio.run(found())

    assert (hit.mark, hit.word, hit.detail) == (StateMark.EXPIRING, "rights ended", "asset · v4 · iconik")


def test_a_saved_view_is_found_and_picked(tmp_path: Path) -> None:
    """Who knows its name would have to go to the page and open its menu."""
    view = SavedView(name="Rights end in June", asks={"words": "motor"}, saved_at=datetime.now(UTC))
    desk = FakeDesk(folder=tmp_path, views=[view])
    (finder,) = [each for each in finders(desk.context()) if each.scope.key == "views"]

    (hit,) = asyncio.run(_found(finder, "june"))
    hit.act()

    assert desk.went_to == [("assets", view)]


async def _found(finder: Provider, words: str) -> Sequence[Hit]:
    return await finder.find(words, "views")
