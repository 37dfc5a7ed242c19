"""Search the assets of all libraries as one: the cache answers at once, the libraries are asked beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from app.records import Asset, AssetKey, Changes, System
from app.store import Store, assets
from app.store.assets import AssetFacets, AssetQuestion
from app.systems.ports import Systems


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetSearch:
    """The wish: one page of what answers ``question``, behind ``after``, the ``next`` of the page before it."""

    question: AssetQuestion
    after: str = ""
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetAnswer:
    """One page of what matches."""

    assets: tuple[Asset, ...]
    next: str
    """Empty after the last page."""
    matching: int
    known: Mapping[System, int]
    """All assets in the cache by library, matching or not."""
    facets: AssetFacets


class SearchAssets:
    """Answer from the cache."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self, wish: AssetSearch) -> AssetAnswer:
        """One page with honest counts, all of one moment."""

        def answer(db: Database) -> AssetAnswer:
            found = assets.page(db, wish.question, after=wish.after, limit=wish.limit)
            return AssetAnswer(
                assets=found.assets,
                next=found.next,
                matching=assets.count(db, wish.question).value,
                known=assets.totals(db),
                facets=assets.facets(db, wish.question),
            )

        return await self._store.read(answer)


class AskLibrary:
    """Ask one library itself, so that what the cache has not seen yet is found too."""

    def __init__(self, *, store: Store, systems: Systems) -> None:
        self._store = store
        self._systems = systems

    async def __call__(self, system: System, words: str) -> Changes:
        """Take the library's first page of hits into the cache. Raises: ConnectorError, UserError."""
        async for page in self._systems.library(system).find(words):
            changed = await self._store.write(assets.upsert, page.assets)
            return Changes(assets=changed)
        return Changes()


class OpenAsset:
    """Read one asset afresh from its library, versions and reviewers included."""

    def __init__(self, *, store: Store, systems: Systems) -> None:
        self._store = store
        self._systems = systems

    async def __call__(self, key: AssetKey) -> Asset:
        """The asset as its library has it now. Raises: ConnectorError, UserError."""
        asset = await self._systems.library(key.system).open(key)
        await self._store.write(assets.upsert, [asset])
        return asset
