"""Search the assets of all libraries as one: the cache answers at once, the libraries are asked beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from app.records import Asset, AssetKey, Changes, System, Usage
from app.store import Store, asset_counts, asset_facets, asset_search, assets, usages
from app.store.asset_question import AssetFacets, AssetQuestion
from app.systems.ports import Systems

MOST_USAGES: Final = 200


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetCounts:
    """How many there are: beside a page, and never waited for by it."""

    facets: AssetFacets
    known: Mapping[System, int]
    """All assets in the cache by library, matching or not."""


class SearchAssets:
    """Answer from the cache, in milliseconds however much there is."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self, wish: AssetSearch) -> AssetAnswer:
        """One page, all of one moment."""
        found = await self._store.read(asset_search.page, wish.question, after=wish.after, limit=wish.limit)
        return AssetAnswer(assets=found.assets, next=found.next)


class CountAssets:
    """Count what answers a question, and what each further choice would leave."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self, question: AssetQuestion) -> AssetCounts:
        """Honest counts, all of one moment; those of a great part of many say that they are estimates."""

        def answer(db: Database) -> AssetCounts:
            return AssetCounts(facets=asset_facets.facets(db, question), known=asset_counts.totals(db))

        return await self._store.read(answer)


class AskLibrary:
    """Ask one library itself, so that what the cache has not seen yet is found too."""

    def __init__(self, *, store: Store, systems: Systems) -> None:
        self._store = store
        self._systems = systems

    async def __call__(self, system: System, words: str) -> Changes:
        """Take the library's first page of hits into the cache. Raises: ConnectorError, UserError."""
        library = self._systems.library(system)
        async for page in library.find(words):
            if self._systems.library(system) is not library:
                break  # It was removed, or replaced, while it was asked: what it told is forgotten.
            changed = await self._store.write(assets.upsert, page.assets, are_listed=True)
            return Changes(assets=changed)
        return Changes()


class OpenAsset:
    """Read one asset afresh from its library, versions and reviewers included."""

    def __init__(self, *, store: Store, systems: Systems) -> None:
        self._store = store
        self._systems = systems

    async def __call__(self, key: AssetKey) -> Asset:
        """The asset as its library has it now.

        Raises: ConnectorError; UserError, also when the library was removed while it was asked: nothing is kept then.
        """
        asset = await self._systems.library(key.system).open(key)
        self._systems.library(key.system)
        await self._store.write(assets.upsert, [asset])
        return asset


class ListUsages:
    """Where one asset is used, as far as the desk has seen it there."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self, key: AssetKey) -> Sequence[Usage]:
        """Last seen first, each place once for each version; up to :data:`MOST_USAGES`."""
        return await self._store.read(usages.of_asset, key, limit=MOST_USAGES)
