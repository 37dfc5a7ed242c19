"""The media team: browses three libraries as one, finds, plays, approves."""

from collections.abc import Callable

from app.records import Asset, AssetKey, AssetKind, AssetState, EntryState, Verb
from app.store.asset_question import AssetQuestion
from app.use_cases.search_assets import AssetSearch
from ui.pages.assets.view import AssetsView
from ui.tour.guide import Guide
from ui.tour.person import NotSeenError
from ui.widgets import TileRole

WORDS = "spring"
LEAST_ASSETS = 50
LEAST_PLAYED_S = 0.4
VERDICT_S = 30.0
"""The seconds to undo, then the library's answer and the reading back."""


async def browse(guide: Guide) -> None:
    """The grid is full, and its tiles have their pictures."""
    page = await assets_page(guide)
    await guide.until(lambda: page.model.rowCount() >= LEAST_ASSETS, "assets in the grid")
    await guide.until(lambda: page.model.index(0, 0).data(TileRole.PICTURE) is not None, "pictures on the tiles")


async def search(guide: Guide) -> None:
    """Every letter narrows; what is left begins with the words."""
    page = await assets_page(guide)
    everything = page.model.rowCount()
    await guide.press("/", on=page.grid)
    field = await guide.seen(lambda: guide.field("Search assets"), "the search field")
    await guide.enter(WORDS[:2], into=field)
    await guide.until(lambda: 0 < page.model.rowCount() < everything, "fewer assets than before")
    some = page.model.rowCount()
    await guide.enter(WORDS, into=field)
    await guide.until(lambda: 0 < page.model.rowCount() < some, "fewer assets with every letter")
    answer = await guide.ask(guide.desk.use.search_assets, AssetSearch(question=AssetQuestion(words=WORDS)))
    found = {asset.key for asset in answer.assets}
    await guide.until(lambda: {asset.key for asset in page.model.assets} == found, f"what answers to “{WORDS}”")


async def play(guide: Guide) -> None:
    """A clip plays large, and goes on."""
    page = await assets_page(guide)
    await guide.press("Shift+F", on=page.grid)
    await choose(guide, page, lambda asset: asset.kind is AssetKind.VIDEO, "a video")
    await guide.press("Space", on=page.grid)
    await guide.until(lambda: page.viewer.is_open, "the viewer")
    film = await guide.seen(lambda: page.viewer.stage.film, "the film")
    await guide.until(lambda: film.is_playing and film.position_s > LEAST_PLAYED_S, "the film to play")
    before = film.position_s
    await guide.until(lambda: film.position_s > before, "the film to go on")


async def approve(guide: Guide) -> None:
    """A verdict is given on an asset in review, and can be taken back for a moment."""
    page = await assets_page(guide)
    if page.viewer.is_open:
        await guide.press("Esc", on=page.viewer)
        await guide.until(lambda: not page.viewer.is_open, "the viewer to close")
    await choose(guide, page, lambda asset: asset.state is AssetState.IN_REVIEW, "an asset in review")
    await guide.until(page.approve.isEnabled, "Approve to be offered")
    await guide.press("A", on=page.grid)
    await guide.until(page.undo_bar.isVisible, "the undo bar")


async def read_back(guide: Guide) -> None:
    """The verdict leaves when its time is over, and the library says the same when it is asked."""
    page = await assets_page(guide)
    key = page.current_key

    def is_approved() -> bool:
        asset = page.model.asset(key)
        return asset is not None and asset.state is AssetState.APPROVED

    await guide.until(is_approved, "the grid to say that it is approved", patience_s=VERDICT_S)
    await _library_agrees(guide, AssetKey.parse(key))


async def _library_agrees(guide: Guide, key: AssetKey) -> None:
    """The entry is done with a receipt, and the library, asked once more, says approved."""
    entries = await guide.ask(guide.desk.use.list_entries)
    entry = next((each for each in entries if each.verb is Verb.JUDGE_ASSET and each.subject == str(key)), None)
    if entry is None or entry.state is not EntryState.DONE or entry.receipt is None:
        raise NotSeenError("the outbox has no receipt for the verdict")
    asset = await guide.ask(guide.desk.use.open_asset, key)
    if asset.state is not AssetState.APPROVED:
        raise NotSeenError(f"the library says {asset.state.value} when it is asked")


async def assets_page(guide: Guide) -> AssetsView:
    """The page, in sight."""
    return await guide.page("assets", "Ctrl+1", AssetsView)


async def choose(guide: Guide, page: AssetsView, is_meant: Callable[[Asset], bool], what: str) -> None:
    """Click the first asset that is meant."""
    asset = await guide.seen(lambda: next((each for each in page.model.assets if is_meant(each)), None), what)
    key = str(asset.key)
    page.select(key)
    await guide.click_row(page.grid, page.grid.currentIndex())
    await guide.until(lambda: page.current_key == key, f"{what} to be current")
