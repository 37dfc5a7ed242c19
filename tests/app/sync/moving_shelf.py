"""A library that moves while it is read: changes, grows, shrinks, lags and cuts, in the ways of three vendors to list.

The shelf knows what is true. Each vendor's client answers from what the index shows of it, a page at a time; calls
that are made together are answered in any order, and between two answers anything may happen.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final, cast

import msgspec

from app.records import System
from app.systems.cloudinary import CloudinaryLibrary
from app.systems.core_dam import CoreDamLibrary
from app.systems.iconik import IconikLibrary
from app.systems.ports import AssetLibrary
from connectors import cloudinary, core_dam, iconik
from connectors.calls import Call, JSONBody, Reply
from connectors.errors import NotFoundError, UnansweredError
from connectors.http import Transport
from tests.app.outbox.fakes import NOW, FakeClock

LONGEST_LAG_S: Final = 240
"""How long a write takes to be found at most: less than what is read again."""
MOST: Final = 200
"""Assets beyond which a library does not grow."""
_FROM: Final = re.compile(r'last_updated>="([^"]+)"')
_UNTIL: Final = re.compile(r'created_at<="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Item:
    """An asset as it is from one change to the next."""

    id: str
    name: str
    created_at: datetime
    changed_at: datetime
    found_from: datetime
    """When the index shows it so."""
    is_gone: bool = False


class Shelf:
    """What is in a library, and what its index shows of it."""

    def __init__(self, random: Random, *, many: int, step: timedelta) -> None:
        """``step``: how exactly the vendor tells times."""
        self.clock = FakeClock()
        self.random = random
        self.is_lively = True
        self._step = step
        self._left = 25  # so that a list which moves faster than it is read has an end
        self._calls_a_happening = random.choice([1, 3, 10])
        self._failing = random.choice([0.005, 0.005, 0.1, 0.3])
        self._most = random.choice([8, 60, 120])
        self._kinds = random.choices(["change", "add", "delete"], k=3)
        self._last: dict[str, list[Item]] = {}
        self._made = 0
        start = self.now
        for _ in range(many):
            self._add(start - timedelta(seconds=random.randrange(90_000)))

    @property
    def now(self) -> datetime:
        """By the vendor's clock, which nobody sets."""
        return NOW + timedelta(seconds=self.clock.monotonic())

    @property
    def items(self) -> dict[str, Item]:
        """What is there."""
        return {id_: told[-1] for id_, told in self._last.items() if not told[-1].is_gone}

    @property
    def found(self) -> list[Item]:
        """What the index shows as being there."""
        shown = [[each for each in told if each.found_from <= self.now] for told in self._last.values()]
        return [told[-1] for told in shown if told and not told[-1].is_gone]

    def get(self, id_: str) -> Item:
        """What is there under its id. Raises: NotFoundError."""
        item = self.items.get(id_)
        if item is None:
            raise NotFoundError(system="library", call="asset")
        return item

    async def answered(self) -> None:
        """Let others be answered before this call, and something happen. Raises: ConnectorError."""
        for _ in range(self.random.randrange(6)):
            await asyncio.sleep(0)
        self.clock.advance(timedelta(seconds=self.random.choice([0, 0, 1, 1, 15])))
        if self.is_lively:
            self._happen()
            self._fail()

    def _fail(self) -> None:
        if self.random.random() < self._failing:
            raise UnansweredError(system="library", call="search")

    def _happen(self) -> None:
        if not self._left or self.random.randrange(self._calls_a_happening):
            return
        self._left -= 1
        some = self.random.choice([1, 1, 2, 8, self._most])
        there = sorted(self.items.values(), key=lambda each: each.changed_at, reverse=True)
        first = self.random.randrange(max(1, len(there)))
        match self.random.choice(self._kinds):
            case "change":
                for each in there[first : first + some]:
                    self._put(each, name=f"{each.name}'")
            case "add" if len(there) < MOST:
                for made in range(some):
                    self._add(self.now)
                    # No vendor takes more of them in a second than a page of the real size holds.
                    self.clock.advance(timedelta(seconds=made % 2))
            case "delete":
                self.delete(there[first : first + some])

    def delete(self, items: Sequence[Item]) -> None:
        """Without a word."""
        for each in items:
            self._put(each, name=each.name, is_gone=True)

    def _add(self, at: datetime) -> None:
        self._made += 1
        id_ = f"{self._made:040x}"
        at = self._told(at)
        self._last[id_] = [
            Item(id=id_, name=f"n{self._made}", created_at=at, changed_at=at, found_from=self._found_from(at))
        ]

    def _put(self, item: Item, *, name: str, is_gone: bool = False) -> None:
        at = self._told(self.now)
        self._last[item.id].append(
            Item(
                id=item.id,
                name=name,
                created_at=item.created_at,
                changed_at=at,
                found_from=max(self._found_from(at), item.found_from),
                is_gone=is_gone,
            )
        )

    def _found_from(self, at: datetime) -> datetime:
        return at + timedelta(seconds=self.random.choice([0, 0, 1, 30, LONGEST_LAG_S]))

    def _told(self, moment: datetime) -> datetime:
        return moment - (moment - NOW) % self._step


class MovingIconik:
    """Search as iconik has it: sorted as asked, going on behind the last hit's values."""

    def __init__(self, shelf: Shelf, *, page: int) -> None:
        self._shelf, self._page = shelf, page

    async def send(self, call: Call) -> Reply:
        """Search, or an asset by its id. Raises: ConnectorError."""
        await self._shelf.answered()
        status, body = 200, None
        match call.name:
            case "search":
                body = self._search(call)
            case "get asset":
                body = self._asset(call)
            case _:
                status = 404  # nobody was asked to approve anything
        return Reply(system="iconik", call=call.name, status=status, headers={}, body=msgspec.json.encode(body))

    async def close(self) -> None:
        """Nothing is open."""

    def _search(self, call: Call) -> object:
        assert isinstance(call.body, JSONBody)
        asked = cast("dict[str, object]", call.body.value)
        terms = cast("dict[str, list[dict[str, object]]]", asked.get("filter") or {}).get("terms", [])
        hits = self._shelf.found
        for term in terms:
            if "range" in term:
                lowest = datetime.fromisoformat(cast("dict[str, str]", term["range"])["min"])
                hits = [each for each in hits if each.changed_at >= lowest]
            else:
                wanted = term.get("value_in") or [term["value"]]
                hits = [each for each in hits if each.id in cast("list[str]", wanted)]
        order = cast("list[dict[str, str]]", asked["sort"])[0]["order"]
        sign = 1 if order == "asc" else -1
        placed = sorted((sign * int(each.changed_at.timestamp() * 1e6), each.id, each) for each in hits)
        behind = cast("list[object]", asked.get("search_after") or [])
        if behind:
            place = (sign * cast("int", behind[0]), cast("str", behind[1]))
            placed = [each for each in placed if each[:2] > place]
        objects = [
            {
                "id": item.id,
                "object_type": "assets",
                "title": item.name,
                "status": "ACTIVE",
                "date_created": item.created_at.isoformat(),
                "date_modified": item.changed_at.isoformat(),
                "_sort": [sign * at, id_],
            }
            for at, id_, item in placed[: self._page]
        ]
        return {"objects": objects, "total": len(hits)}

    def _asset(self, call: Call) -> object:
        item = self._shelf.get(call.path.strip("/").split("/")[-1])
        return {"id": item.id, "title": item.name, "status": "ACTIVE", "date_modified": item.changed_at.isoformat()}


class MovingCloud:
    """Search as Cloudinary has it: filtered by times, sorted by creation, going on by a cursor."""

    def __init__(self, shelf: Shelf, *, page: int) -> None:
        self._shelf, self._page = shelf, page

    async def search_page(
        self, query: cloudinary.SearchQuery, *, next_cursor: str | None = None
    ) -> cloudinary.SearchPage:
        """One page. Raises: ConnectorError."""
        await self._shelf.answered()
        assert query.sort_by == (("created_at", "desc"),)
        hits = sorted(self._shelf.found, key=_by_creation, reverse=True)
        if since := _FROM.search(query.expression):
            hits = [each for each in hits if each.changed_at >= datetime.fromisoformat(since[1])]
        if until := _UNTIL.search(query.expression):
            hits = [each for each in hits if each.created_at <= datetime.fromisoformat(until[1])]
        left = [each for each in hits if not next_cursor or _cursor(each) < next_cursor]
        page = left[: self._page]
        return cloudinary.SearchPage(
            total_count=len(hits),
            resources=tuple(map(_of_cloud, page)),
            next_cursor=_cursor(page[-1]) if len(left) > len(page) else None,
        )

    async def assets_by_id(self, ids: Sequence[str]) -> tuple[cloudinary.Asset, ...]:
        """Those that are there. Raises: ConnectorError."""
        await self._shelf.answered()
        there = self._shelf.items
        return tuple(_of_cloud(there[id_]) for id_ in ids if id_ in there)

    async def asset(self, id_: str, **_how: object) -> cloudinary.Asset:
        """As it is. Raises: ConnectorError."""
        await self._shelf.answered()
        return _of_cloud(self._shelf.get(id_))


class MovingDam:
    """Search as Core DAM has it: the newest first, by offset."""

    def __init__(self, shelf: Shelf, *, page: int) -> None:
        self._shelf, self._page = shelf, page

    async def search_page(self, query: core_dam.SearchQuery, *, after: int = 0) -> core_dam.SearchPage:
        """One page. Raises: ConnectorError."""
        await self._shelf.answered()
        assert query.sort.startswith("desc_")
        hits = sorted(self._shelf.found, key=lambda each: (each.changed_at, each.id), reverse=True)
        page = hits[after : after + self._page]
        return core_dam.SearchPage(
            assets=tuple(map(_of_dam, page)),
            asset_ids=(),
            hit_count=len(page),
            total_hit_count=len(hits),
            offset=after,
            has_invalid_conditions=False,
            facets=(),
        )

    async def versions(self, id_: str) -> tuple[core_dam.Asset, ...]:
        """The one that there is. Raises: ConnectorError."""
        await self._shelf.answered()
        item = self._shelf.items.get(id_)
        return () if item is None else (_of_dam(item),)

    async def asset(self, id_: str) -> core_dam.Asset:
        """As it is. Raises: ConnectorError."""
        await self._shelf.answered()
        return _of_dam(self._shelf.get(id_))


def _by_creation(item: Item) -> tuple[datetime, str]:
    return item.created_at, item.id


def _cursor(item: Item) -> str:
    return f"{item.created_at.isoformat()} {item.id}"


def _of_cloud(item: Item) -> cloudinary.Asset:
    return cloudinary.Asset(
        asset_id=cloudinary.AssetId(item.id),
        public_id=item.name,
        display_name=item.name,
        resource_type=cloudinary.ResourceType.IMAGE,
        type=cloudinary.DeliveryType.UPLOAD,
        version=1,
        format="png",
        created_at=item.created_at,
        last_updated=item.changed_at,
    )


def _of_dam(item: Item) -> core_dam.Asset:
    return core_dam.Asset(
        asset_id=core_dam.AssetId(item.id),
        original_asset_id=core_dam.OriginalId(item.id),
        version=1,
        is_latest_version=True,
        name=item.name,
        mime_type="image/png",
        content_type="IMAGE",
        size_bytes=10,
        asset_state="NORMAL",
        content_state="NORMAL",
        is_deleted=False,
        is_expired=False,
        is_checked_out=False,
        is_locked=False,
        locked_by="",
        date_imported=item.created_at,
        date_last_updated=item.changed_at,
        import_user_name="",
        metadata_model_id="m",
        delivery_service_url="",
        master=None,
        thumbnail=None,
        preview=None,
        pdf_preview=None,
        permissions={},
        security_policy_ids=(),
        folder_paths=(),
        metadata=None,
    )


@dataclass(frozen=True, kw_only=True)
class Way:
    """One vendor's way to list: how a library of it stands on a shelf."""

    system: System
    many: int
    step: timedelta
    library: Callable[[Shelf], AssetLibrary]


def _iconik(shelf: Shelf) -> AssetLibrary:
    api = cast("Transport", MovingIconik(shelf, page=7))
    return cast("AssetLibrary", IconikLibrary(iconik.IconikClient(api, api), base_url="https://iconik.example"))


WAYS: Final = (
    Way(system=System.ICONIK, many=40, step=timedelta(microseconds=1), library=_iconik),
    Way(
        system=System.CLOUDINARY,
        many=40,
        step=timedelta(seconds=1),
        library=lambda shelf: CloudinaryLibrary(cast("cloudinary.CloudinaryClient", MovingCloud(shelf, page=7))),
    ),
    Way(
        system=System.CORE_DAM,
        many=240,
        step=timedelta(seconds=1),
        library=lambda shelf: CoreDamLibrary(cast("core_dam.CoreDamClient", MovingDam(shelf, page=20))),
    ),
)
"""Core DAM's library is long enough that a list which goes on does not go back to its beginning."""
