"""Core DAM as a library of assets: its status field becomes our states, its expiration date our rights."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Final, TypeAlias

import msgspec

from app.records import (
    Ability,
    AccountFacts,
    Asset,
    AssetKey,
    AssetKind,
    AssetState,
    AssetVersion,
    Offer,
    OutboxEntry,
    Receipt,
    System,
)
from app.systems.abilities import if_told, lacks_names, offered, tried, untold
from app.systems.judgement import Judgement
from app.systems.ports import AssetPage, Picture, Sighting
from connectors import core_dam as vendor
from connectors.core_dam import CoreDamClient, FieldEdit, RenditionType, SearchQuery
from connectors.core_dam.client import PACE
from connectors.errors import ForbiddenError, NotFoundError
from connectors.pages import by_offset

_ID: Final = re.compile(r"[0-9a-f]{40}")
_THUMBNAIL_PX: Final = 256
_STEP_BACK: Final = 100
"""Assets that come again where a list goes on, so that it is seen to go on there."""
_SHARED: Final = 5
"""Assets that two neighbouring pages both tell, so that one is seen to follow the other. CHOSEN."""
_LOOKED_AT: Final = 25
"""Assets of which one should carry our fields."""
_WORD: Final = re.compile(r"[\w-]+")
_Mark: TypeAlias = tuple[vendor.AssetId, datetime | None]
"""An asset and its place in a list of the newest."""
_STATUS: Final = {
    "DRFT": AssetState.DRAFT,
    "REVW": AssetState.IN_REVIEW,
    "APPR": AssetState.APPROVED,
    "REJC": AssetState.REJECTED,
    "SUPR": AssetState.SUPERSEDED,
    "RETD": AssetState.RETIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreDamFields:
    """Ids of the fields that carry our facts. CHOSEN: every site has its own model; settings of the connection."""

    title: str = "PD.FIELD.TITLE"
    description: str = "PD.FIELD.DESCRIPTION"
    alt_text: str = "PD.FIELD.ALT TEXT"
    status: str = "PD.FIELD.STATUS"
    comment: str = "PD.FIELD.REVIEW COMMENT"
    language: str = "PD.FIELD.LANGUAGE"
    owner: str = "PD.FIELD.OWNER"
    rights_end: str = "ARTESIA.FIELD.EXPIRATION DATE"
    channels: str = "PD.TABLE.CHANNELS"
    channel: str = "PD.COLUMN.CHANNEL"
    tags: str = "PD.TABLE.TAGS"
    tag: str = "ARTESIA.FIELD.TAG"
    newest_first: str = "desc_ARTESIA.FIELD.DATE LAST UPDATED"
    """How results are sorted so that a round may stop where the last one began."""
    states: Mapping[str, AssetState] = field(default_factory=lambda: dict(_STATUS))
    """Codes of the status field's vocabulary."""

    def code_of(self, state: AssetState) -> str:
        """The code that is written for ``state``. Raises: KeyError when this model has none."""
        return next(code for code, each in self.states.items() if each is state)


class CoreDamLibrary:
    """Speaks to one Core DAM. An asset is known by its first version's id, which lasts."""

    system = System.CORE_DAM

    def __init__(
        self, client: CoreDamClient, *, delivery_url: str = "", fields: CoreDamFields = CoreDamFields()
    ) -> None:
        self._client = client
        self._delivery_url = delivery_url.rstrip("/")
        self._fields = fields

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    async def probe(self) -> AccountFacts:
        """Open a session, and go the way of §12 (CHOSEN): a search, and who has our fields."""
        session = await self._client.session()
        seen: list[vendor.Asset] = []

        def judge(page: vendor.SearchPage) -> Offer:
            seen.extend(page.assets)
            return offered(Ability.FIND_ASSETS, f"{page.total_hit_count} assets")

        findable = await tried(
            Ability.FIND_ASSETS, lambda: self._client.search_page(SearchQuery(limit=_LOOKED_AT)), judge=judge
        )
        return AccountFacts(
            account=session.user_full_name or session.login_name,
            version=f"API {self._client.release.version}",
            offers=(findable, await self._may_judge(seen)),
        )

    async def _may_judge(self, seen: Sequence[vendor.Asset]) -> Offer:
        """An asset without the field proves nothing, it may have another model: the models are asked then."""
        status = self._fields.status
        if not any(asset.metadata and status in asset.metadata.fields for asset in seen):
            models = await if_told(self._client.metadata_models)
            known = {each.id for model in models or () for each in model.fields}
            if known and status not in known:
                return lacks_names(Ability.JUDGE_ASSETS, [status], kind="field", system=self.system)
        return untold(Ability.JUDGE_ASSETS, "Core DAM does not tell what a session may edit; the first verdict will.")

    async def changed_since(self, moment: datetime | None, *, position: str = "") -> AsyncIterator[AssetPage]:
        """Newest first, until ``moment`` is passed: no operator on dates was published (§4).

        A position is an offset, and the last assets before it. What changes meanwhile moves down what follows, so that
        it comes again; what is deleted moves it up, so that a list goes on as far before as it takes to meet them.
        """
        query = SearchQuery(sort=self._fields.newest_first)
        behind = msgspec.json.decode(position, type=_Position | int) if position else 0
        is_sorted = True
        async for page in self._pages(query, behind=_Position(offset=behind) if isinstance(behind, int) else behind):
            recent = tuple(asset for asset in page.assets if moment is None or asset.changed_at >= moment)
            yield replace(page, assets=recent, expected=page.expected if moment is None else None)
            # A site that passes over the sort is read to its end: what is new may be anywhere.
            is_sorted = is_sorted and _are_in_order(page.assets)
            if len(recent) < len(page.assets) and is_sorted:
                return

    async def missing(self, keys: Sequence[AssetKey]) -> frozenset[AssetKey]:
        """Those without a version that is there; asked one by one, for no list of ids is published (§4)."""
        return frozenset([key for key in keys if await self._is_gone(key)])

    async def _is_gone(self, key: AssetKey) -> bool:
        try:
            if versions := await self._client.versions(vendor.OriginalId(key.id)):
                return all(version.is_deleted for version in versions)
            # Versions are looked for in the index, and that is what did not list the asset: while it is rebuilt it says
            # so again. An asset is called after its first version (§5).
            return (await self._client.asset(vendor.AssetId(key.id))).is_deleted
        except NotFoundError:
            return True
        except ForbiddenError:
            return False  # It is there, and somebody took a right away.

    async def find(self, words: str) -> AsyncIterator[AssetPage]:
        """Core DAM's own search over metadata: every word, the last one as a beginning."""
        keywords = " and ".join(f"({word}*)" for word in _WORD.findall(words))
        async for page in self._pages(SearchQuery(keywords=keywords or "*")):
            yield page

    async def _pages(self, query: SearchQuery, *, behind: "_Position | None" = None) -> AsyncIterator[AssetPage]:
        async def fetch(after: int) -> tuple[int, vendor.SearchPage]:
            return after, await self._client.search_page(query, after=after)

        def joins(before: tuple[int, vendor.SearchPage] | None, page: tuple[int, vendor.SearchPage]) -> bool:
            last = behind.last if behind and before is None else _marks(before[1]) if before else ()
            return _goes_on(last, _marks(page[1]))

        pages = by_offset(
            fetch,
            count_of=lambda placed: placed[1].hit_count,
            total_of=lambda placed: placed[1].total_hit_count,
            joins=joins if behind else None,
            shared=_SHARED if behind else 0,
            at_once=PACE.at_once,
            start=max(0, behind.offset - _STEP_BACK) if behind else 0,
        )
        told: frozenset[_Mark] = frozenset()
        async for after, page in pages:
            marks = _marks(page)
            fresh = tuple(each for each, mark in zip(page.assets, marks, strict=True) if mark not in told)
            told = frozenset(marks)
            yield AssetPage(
                assets=tuple(self._ours(each) for each in fresh if not each.is_deleted),
                expected=page.total_hit_count,
                gone=tuple(self._key(each) for each in fresh if each.is_deleted),
                position=_position(after + page.hit_count, marks),
            )

    async def open(self, key: AssetKey) -> Asset:
        """The newest version, with all of them."""
        newest, every = await self._newest(key)
        whole = self._ours(newest)
        return replace(
            whole,
            versions=tuple(
                AssetVersion(
                    id=version.asset_id,
                    label=f"v{version.version}",
                    created_at=version.date_imported,
                    created_by=version.import_user_name,
                    state=self._state(version),
                )
                for version in every
            ),
        )

    async def thumbnail(self, asset: Asset, *, width_px: int) -> Picture:
        """The thumbnail; the preview where more is asked for."""
        kind = RenditionType.THUMBNAIL if width_px <= _THUMBNAIL_PX else RenditionType.PREVIEW
        reply = await self._client.picture(vendor.AssetId(asset.alias), kind)
        return Picture(content=reply.body, media_type=reply.media_type)

    async def original(self, asset: Asset) -> Picture:
        """The newest version's own bytes."""
        reply = await self._client.contents(vendor.AssetId(asset.alias))
        return Picture(content=reply.body, media_type=asset.media_type or reply.media_type)

    def recognise(self, address: str) -> Sighting | None:
        """The asset whose id stands in an address of the delivery service."""
        if not self._delivery_url or not address.startswith(f"{self._delivery_url}/"):
            return None
        found = _ID.search(address)
        return Sighting(system=self.system, name=found[0], version="") if found else None

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Write status and comment of the newest version under a lock, and read them back."""
        wish = Judgement.from_payload(entry.payload)
        newest, _ = await self._newest(wish.key)
        edits = [FieldEdit(field_id=self._fields.status, text=self._fields.code_of(wish.verdict.leads_to))]
        if wish.note:
            edits.append(FieldEdit(field_id=self._fields.comment, text=wish.note))
        await self._client.edit_metadata(newest.asset_id, edits)
        return wish.receipt(self._state(await self._client.asset(newest.asset_id)), reference=newest.asset_id)

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """The status tells whether the verdict arrived, and the comment whether this one's reason did.

        A verdict is the same however often it is given.
        """
        wish = Judgement.from_payload(entry.payload)
        newest, _ = await self._newest(wish.key)
        state, comment = self._state(newest), _Said(newest).text(self._fields.comment)
        has_arrived = state is wish.verdict.leads_to and wish.note.strip() in {"", comment.strip()}
        return wish.receipt(state, reference=newest.asset_id) if has_arrived else None

    async def _newest(self, key: AssetKey) -> tuple[vendor.Asset, tuple[vendor.Asset, ...]]:
        every = await self._client.versions(vendor.OriginalId(key.id))
        if not every:
            raise NotFoundError(system=self.system.label, call="versions", detail="no asset has that id")
        return await self._client.asset(every[0].asset_id), every

    @staticmethod
    def _key(asset: vendor.Asset) -> AssetKey:
        return AssetKey(System.CORE_DAM, asset.original_asset_id)

    def _ours(self, asset: vendor.Asset) -> Asset:
        said = _Said(asset)
        master = asset.master
        return Asset(
            key=self._key(asset),
            alias=asset.asset_id,
            name=said.text(self._fields.title) or asset.name.rpartition(".")[0] or asset.name,
            kind=_kind(asset.mime_type),
            state=self._state(asset),
            version=f"v{asset.version}",
            media_type=asset.mime_type,
            changed_at=asset.date_last_updated or asset.date_imported or datetime.now(UTC),
            size_bytes=asset.size_bytes,
            width_px=master.width_px if master else None,
            height_px=master.height_px if master else None,
            locale=said.text(self._fields.language).replace("_", "-"),
            owner=said.text(self._fields.owner),
            description=said.text(self._fields.description),
            alt_text=said.text(self._fields.alt_text),
            folder=next(iter(asset.folder_paths), ""),
            tags=said.column(self._fields.tags, self._fields.tag),
            channels=tuple(each.lower() for each in said.column(self._fields.channels, self._fields.channel)),
            rights_end=said.day(self._fields.rights_end),
            fetched_at=datetime.now(UTC),
        )

    def _state(self, asset: vendor.Asset) -> AssetState:
        code = asset.metadata.text(self._fields.status) if asset.metadata else ""
        if not code:
            return AssetState.DRAFT
        return self._fields.states.get(code, AssetState.UNKNOWN)


def _are_in_order(assets: Sequence[Asset]) -> bool:
    return all(newer.changed_at >= older.changed_at for newer, older in pairwise(assets))


class _Position(msgspec.Struct, frozen=True, kw_only=True):
    """How many assets came before, and the last of them."""

    offset: int
    last: tuple[_Mark, ...] = ()


def _position(offset: int, marks: Sequence[_Mark]) -> str:
    return msgspec.json.encode(_Position(offset=offset, last=tuple(marks[-_SHARED:]))).decode()


def _marks(page: vendor.SearchPage) -> tuple[_Mark, ...]:
    return tuple((each.asset_id, each.date_last_updated) for each in page.assets)


def _goes_on(last: Sequence[_Mark], page: Sequence[_Mark]) -> bool:
    """Whether a page, newest first, leaves out nothing behind the ``last`` assets: it tells one of them, or a newer."""
    if not last or not page:
        return not last
    reached, begins = last[-1][1], page[0][1]
    return not frozenset(last).isdisjoint(page) or (reached is not None and begins is not None and begins > reached)


class _Said:
    """Reads the metadata of an asset; one without any says nothing."""

    def __init__(self, asset: vendor.Asset) -> None:
        self._metadata = asset.metadata

    def text(self, field_id: str) -> str:
        return self._metadata.text(field_id) if self._metadata else ""

    def label(self, field_id: str) -> str:
        value = self._metadata.fields.get(field_id) if self._metadata else None
        return value.label if value else ""

    def column(self, table_id: str, column_id: str) -> tuple[str, ...]:
        cells = self._metadata.column(table_id, column_id) if self._metadata else ()
        return tuple(cell.label for cell in cells)

    def day(self, field_id: str) -> date | None:
        with suppress(ValueError):
            return date.fromisoformat(self.text(field_id)[:10])
        return None


def _kind(media_type: str) -> AssetKind:
    match media_type.partition("/")[0]:
        case "image":
            return AssetKind.IMAGE
        case "video":
            return AssetKind.VIDEO
        case _:
            return AssetKind.DOCUMENT if media_type == "application/pdf" else AssetKind.OTHER
