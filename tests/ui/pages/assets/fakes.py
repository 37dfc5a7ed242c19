"""A desk for the page: three libraries in memory, an outbox that a test moves on, pictures on the disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from app.activity import Activity
from app.clock import SystemClock
from app.desk_use_cases import UseCases
from app.errors import UserError
from app.measures import Measures
from app.notices import Notices
from app.pictures import Pictures
from app.records import (
    Asset,
    AssetKey,
    AssetKind,
    AssetState,
    AssetVersion,
    Changes,
    ConnectionState,
    EntryId,
    EntryState,
    OutboxEntry,
    Reviewer,
    SavedView,
    System,
    SystemStatus,
    Usage,
    UsageKind,
    Verb,
)
from app.rules.asset_times import Days
from app.store.asset_question import AssetFacets, AssetOrder, AssetQuestion, Moments
from app.use_cases.judge_asset import AssetVerdict
from app.use_cases.saved_views import ViewWish
from app.use_cases.search_assets import AssetAnswer, AssetCounts, AssetSearch
from ui.pages.context import PageContext
from ui.shell import SessionMemory

NOW = datetime(2026, 5, 4, 9, 41, tzinfo=UTC)
TODAY = date(2026, 5, 4)
T = TypeVar("T")


def asset(name: str, **changes: Any) -> Asset:
    """An approved picture in iconik, changed as said; its id is its name."""
    system = changes.pop("system", System.ICONIK)
    plain = Asset(
        key=AssetKey(system, name),
        name=name,
        kind=AssetKind.IMAGE,
        state=AssetState.APPROVED,
        version="v2",
        media_type="image/png",
        changed_at=NOW,
        size_bytes=184_000,
        width_px=1_200,
        height_px=628,
        locale="fr",
        owner="Camille Roux",
        alt_text="A hill in spring",
    )
    return replace(plain, **changes)


def entry(subject: AssetKey, **changes: Any) -> OutboxEntry:
    """An approval that was queued just now, changed as said."""
    plain = OutboxEntry(
        id=EntryId(1),
        request_key=cast("Any", "request-1"),
        system=subject.system,
        verb=Verb.JUDGE_ASSET,
        subject=str(subject),
        title=f"Approve {subject.id} v2",
        payload={"asset": str(subject), "verdict": "approve", "note": ""},
        state=EntryState.QUEUED,
        created_at=NOW,
        leaves_at=datetime.now(UTC) + timedelta(seconds=10),
        changed_at=NOW,
    )
    return replace(plain, **changes)


def status(system: System, **changes: Any) -> SystemStatus:
    """A library that answered three minutes ago, changed as said."""
    plain = SystemStatus(
        system=system, state=ConnectionState.CONNECTED, since=NOW, last_sync=datetime.now(UTC) - timedelta(minutes=3)
    )
    return replace(plain, **changes)


def usage(of: AssetKey, place: str, **changes: Any) -> Usage:
    """Seen in a template last Monday, changed as said."""
    plain = Usage(
        asset=of,
        version="v2",
        kind=UsageKind.TEMPLATE,
        place=place,
        title=place.replace("-", " ").capitalize(),
        source="Proof",
        seen_at=NOW,
    )
    return replace(plain, **changes)


class _Desk(QObject):
    changed = Signal(object)


@dataclass
class FakeDesk:
    """What the page is handed, and what it asked for."""

    folder: Path
    assets: list[Asset] = field(default_factory=list)
    statuses: dict[System, SystemStatus] = field(default_factory=dict)
    entries: list[OutboxEntry] = field(default_factory=list)
    failures: dict[str, Exception] = field(default_factory=dict)
    """By use-case, or by the key of an asset for its pictures: what is raised next."""
    verdicts: list[AssetVerdict] = field(default_factory=list)
    searches: list[AssetSearch] = field(default_factory=list)
    library_searches: list[tuple[System, str]] = field(default_factory=list)
    synchronised: list[System | None] = field(default_factory=list)
    went_to: list[tuple[str, object]] = field(default_factory=list)
    pictures_asked: list[tuple[str, int]] = field(default_factory=list)
    opened: list[AssetKey] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    memory: SessionMemory = field(default_factory=SessionMemory)
    usages: list[Usage] = field(default_factory=list)
    views: list[SavedView] = field(default_factory=list)
    found_in_libraries: list[Asset] = field(default_factory=list)
    """What the libraries' own search adds to the cache."""

    def __post_init__(self) -> None:
        self._qt = _Desk()
        self._notices = Notices()
        self._notices.listen(lambda notice: self.told.append(notice.sentence))

    def context(self) -> PageContext:
        """What a page's builder takes."""
        return PageContext(
            run=self.run,
            use=cast("UseCases", self),
            changed=self._qt.changed,
            notices=self._notices,
            pictures=cast("Pictures", self),
            activity=Activity(clock=SystemClock()),
            measures=Measures(),
            statuses=lambda: self.statuses,
            memory=self.memory,
            actor="mk",
            go_to=lambda key, subject: self.went_to.append((key, subject)),
            synchronise=self.synchronised.append,
            is_demo=False,
        )

    def publish(self, changes: Changes) -> None:
        """Tell the page what changed."""
        self._qt.changed.emit(changes)

    async def run(self, work: Any, /, *wishes: object) -> Any:
        """As the engine would."""
        return await work(*wishes)

    def _fail(self, what: str) -> None:
        if what in self.failures:
            raise self.failures[what]

    async def search_assets(self, wish: AssetSearch) -> AssetAnswer:
        self._fail("search_assets")
        self.searches.append(wish)
        matching = sorted(filter(lambda each: _matches(each, wish.question), self.assets), key=_order(wish.question))
        start = int(wish.after or 0)
        page = tuple(matching[start : start + wish.limit])
        rest = start + wish.limit < len(matching)
        return AssetAnswer(
            assets=page,
            next=str(start + wish.limit) if rest else "",
        )

    async def count_assets(self, question: AssetQuestion) -> AssetCounts:
        return AssetCounts(
            known=_counted([each.key.system for each in self.assets]),
            facets=AssetFacets(
                matching=sum(_matches(each, question) for each in self.assets),
                systems=_counted([each.key.system for each in self._but(question, "systems")]),
                states=_counted([each.state for each in self._but(question, "states")]),
                kinds=_counted([each.kind for each in self._but(question, "kinds")]),
                locales=_counted([each.locale for each in self._but(question, "locales")]),
            ),
        )

    async def list_usages(self, key: AssetKey) -> Sequence[Usage]:
        return [each for each in self.usages if each.asset == key]

    async def list_views(self) -> Sequence[SavedView]:
        return sorted(self.views, key=lambda each: each.name)

    async def save_view(self, wish: ViewWish) -> None:
        self._replace_view(wish.name, SavedView(name=wish.name, asks=wish.asks, saved_at=NOW))

    async def rename_view(self, name: str, to: str) -> None:
        self._replace_view(name, *(replace(each, name=to) for each in self.views if each.name == name))

    async def drop_view(self, name: str) -> None:
        self._replace_view(name)

    def _replace_view(self, name: str, *by: SavedView) -> None:
        self.views = [*(each for each in self.views if each.name != name), *by]
        self.publish(Changes(saved_views=True))

    def _but(self, question: AssetQuestion, facet: str) -> list[Asset]:
        changes: dict[str, Any] = {facet: frozenset()}
        return [each for each in self.assets if _matches(each, replace(question, **changes))]

    async def ask_library(self, system: System, words: str) -> Changes:
        self.library_searches.append((system, words))
        self._fail(f"ask {system}")
        new = [each for each in self.found_in_libraries if each.key.system is system]
        self.found_in_libraries = [each for each in self.found_in_libraries if each not in new]
        self.assets.extend(new)
        return Changes(assets=frozenset(each.key for each in new))

    async def open_asset(self, key: AssetKey) -> Asset:
        self.opened.append(key)
        self._fail("open_asset")
        known = next(each for each in self.assets if each.key == key)
        return replace(
            known,
            versions=(AssetVersion(id="2", label=known.version, created_at=NOW, created_by="Lea M."),),
            reviewers=(Reviewer(name="Tomas Lind", state=AssetState.IN_REVIEW),),
        )

    async def judge_asset(self, wish: AssetVerdict) -> OutboxEntry:
        self.verdicts.append(wish)
        self._fail("judge_asset")
        made = entry(wish.key, payload={"asset": str(wish.key), "verdict": wish.verdict.value, "note": wish.note})
        self.entries.append(made)
        return made

    async def list_entries(
        self, states: frozenset[EntryState] = frozenset(), limit: int = 200
    ) -> Sequence[OutboxEntry]:
        return [each for each in self.entries if each.state in states][:limit]

    async def undo_entry(self, number: EntryId, _actor: str) -> OutboxEntry:
        self._fail("undo_entry")
        return self._move(number, EntryState.DROPPED)

    async def retry_entry(self, number: EntryId, _actor: str) -> OutboxEntry:
        return self._move(number, EntryState.QUEUED)

    async def drop_entry(self, number: EntryId, reason: str, _actor: str) -> OutboxEntry:
        if not reason.strip():
            raise UserError("Say why it is dropped.")
        return self._move(number, EntryState.DROPPED)

    def _move(self, number: EntryId, state: EntryState) -> OutboxEntry:
        moved = replace(next(each for each in self.entries if each.id == number), state=state, sentence="")
        self.entries = [moved if each.id == number else each for each in self.entries]
        return moved

    async def thumbnail(self, wanted: Asset, *, width_px: int) -> Path:
        self.pictures_asked.append((wanted.key.id, width_px))
        self._fail(str(wanted.key))
        return self._picture(wanted)

    async def original(self, wanted: Asset) -> Path:
        self._fail(str(wanted.key))
        return self._picture(wanted)

    def _picture(self, wanted: Asset) -> Path:
        path = self.folder / f"{wanted.key.id}.png"
        if not path.exists():
            image = QImage(QSize(120, 80), QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.darkGreen)
            image.save(str(path))
        return path


def _matches(each: Asset, question: AssetQuestion) -> bool:
    return (
        question.words.strip() in each.name
        and (not question.systems or each.key.system in question.systems)
        and (not question.states or each.state in question.states)
        and (not question.kinds or each.kind in question.kinds)
        and (not question.locales or each.locale in question.locales)
        and (not question.lacks_rights_end or each.rights_end is None)
        and _is_within(each, question.rights_end or Days(), question.changed or Moments())
    )


def _is_within(each: Asset, ends: Days, changes: Moments) -> bool:
    end = each.rights_end
    return (
        (ends.since is None or (end is not None and end >= ends.since))
        and (ends.until is None or (end is not None and end <= ends.until))
        and (changes.since is None or each.changed_at >= changes.since)
        and (changes.before is None or each.changed_at < changes.before)
    )


def _order(question: AssetQuestion) -> Any:
    if question.order is AssetOrder.NAME:
        return lambda each: each.name
    return lambda each: -each.changed_at.timestamp()


def _counted(values: Sequence[T]) -> Mapping[T, int]:
    return {value: values.count(value) for value in dict.fromkeys(values)}
