"""Every version of every asset: the world's own as they were told, and in full whatever a call has made or changed.

What search sees of a change comes later where the world's habit of indexing says so.
"""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, TypeAlias

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.originals import HEAD_LENGTH, ID_LENGTH, Original, read_originals, version_id
from connectors.sandbox.core_dam.state import AssetRecord, ContentKind
from connectors.sandbox.core_dam.vocabulary import STATUS_CODES, Vocabulary
from connectors.sandbox.world import AssetKind, AssetStanding, World, WorldFile

ROOT_ID: Final = "ARTESIA.PUBLIC.TREEN"
"""System folders have names for ids (CONFIRMED)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Rounds ``first`` to ``end`` of an original, all of them untouched."""

    original: Original
    first: int
    end: int

    @property
    def record(self) -> AssetRecord:
        """What they have in common."""
        return self.original.record

    def __len__(self) -> int:
        return self.end - self.first

    def at(self, place: int) -> AssetRecord:
        """The record at ``place`` of this run."""
        return self.original.at(self.first + place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One record that was made or changed by a call."""

    record: AssetRecord
    """As search knows it."""
    current: AssetRecord
    """As it is."""

    def __len__(self) -> int:
        return 1

    def at(self, place: int) -> AssetRecord:
        """The record itself."""
        del place
        return self.current


Part: TypeAlias = Run | Single


class AssetStore:
    """All versions of all assets; the world's own are read when the first of them is asked for."""

    def __init__(self, world: World, vocabulary: Vocabulary) -> None:
        self._world = world
        self._vocabulary = vocabulary
        self._made = 0
        self._taken: dict[int, list[int]] = {}
        """Place of an original → its rounds that are kept in full, ascending."""
        self._new: list[str] = []
        self._later: dict[str, list[str]] = {}
        """Original asset id → versions that were checked in."""
        self._new_contents: dict[str, tuple[str, ContentKind]] = {}
        self._before: dict[str, list[tuple[datetime, AssetRecord | None]]] = {}
        """Asset id → until when search knows it, as what; None where it does not know it yet."""
        self.revision = 0
        """Rises whenever something may have changed."""
        self._lag = timedelta(seconds=world.habits.index_lag_s)

    @cached_property
    def originals(self) -> tuple[Original, ...]:
        """The world's own versions, in order of import."""
        return read_originals(self._world, self._vocabulary, root_id=ROOT_ID)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {original.ids.head: place for place, original in enumerate(self.originals)}

    @cached_property
    def _kept(self) -> dict[str, AssetRecord]:
        kept: dict[str, AssetRecord] = {}
        for record in _hard_cases(self.originals, self._world):
            kept[record.asset_id] = record
            self._taken[self._places[record.asset_id[:HEAD_LENGTH]]] = [0]
        return kept

    # Reading

    def find(self, asset_id: str) -> AssetRecord | None:
        """The version with this id, to be read; None when there is none."""
        if asset_id in self._kept:
            return self._kept[asset_id]
        known = self._known(asset_id)
        return self.originals[known[0]].at(known[1]) if known else None

    def versions_of(self, original_id: str) -> list[AssetRecord]:
        """Every version of an asset by its first one's id, oldest first; none when there is no such asset."""
        heads = (each for each in self.originals if original_id.startswith(each.first_version_ids.head))
        ids = [
            each.ids.of(again)
            for each in heads
            if _is_id(original_id) and (again := each.first_version_ids.round_of(original_id)) < each.rounds
        ]
        if original_id in self._kept and original_id not in ids:
            ids.append(original_id)
        found = [self.find(each) for each in (*ids, *self._later.get(original_id, ()))]
        return sorted((each for each in found if each), key=lambda each: each.number)

    def translations_of(self, record: AssetRecord) -> list[str]:
        """Ids of the newest versions of the same thing in other languages; the world's own assets alone have any."""
        known = self._known(record.asset_id)
        if known is None or not self.originals[known[0]].stem:
            return []
        place, again = known
        stem = self.originals[place].stem
        return [
            each.ids.of(again)
            for each in self.originals
            if each.stem == stem
            and each.record.is_latest
            and each.first_version_ids != self.originals[place].first_version_ids
            and again < each.rounds
        ]

    def content(self, content_id: str) -> tuple[AssetRecord, ContentKind] | None:
        """Whose content this is, and which; None when it is nobody's."""
        if content_id in self._new_contents:
            asset_id, kind = self._new_contents[content_id]
            return self._kept[asset_id], kind
        for original in self.originals if _is_id(content_id) else ():
            for kind, ids in original.content_ids.items():
                if content_id.startswith(ids.head) and (again := ids.round_of(content_id)) < original.rounds:
                    found = self.find(original.ids.of(again))
                    return (found, kind) if found else None
        return None

    def parts(self) -> Iterator[Part]:
        """Everything, in order of import."""
        kept = self._kept
        for place, original in enumerate(self.originals):
            following = 0
            for again in self._taken.get(place, ()):
                if again > following:
                    yield Run(original=original, first=following, end=again)
                current = kept[original.ids.of(again)]
                yield Single(record=current, current=current)
                following = again + 1
            if following < original.rounds:
                yield Run(original=original, first=following, end=original.rounds)
        for asset_id in self._new:
            yield Single(record=kept[asset_id], current=kept[asset_id])

    def indexed(self) -> Iterator[Part]:
        """Everything as search knows it now."""
        if not self._before:
            yield from self.parts()
            return
        now = self._world.clock.now()
        for part in self.parts():
            if isinstance(part, Run):
                yield part
            elif known := self._as_indexed(part.current, now):
                yield Single(record=known, current=part.current)

    def indexed_of(self, records: Iterable[AssetRecord]) -> Iterator[Part]:
        """The same for a few of them."""
        now = self._world.clock.now()
        for record in records:
            if known := self._as_indexed(record, now):
                yield Single(record=known, current=record)

    @property
    def is_settled(self) -> bool:
        """Whether search knows everything as it is, so that time alone changes no answer."""
        return not self._before

    # Changing

    def to_change(self, asset_id: str) -> AssetRecord | None:
        """The version with this id, to be changed; None when there is none. Search may know the old one for a while."""
        record = self._kept.get(asset_id)
        if record is None:
            known = self._known(asset_id)
            if known is None:
                return None
            place, again = known
            record = self._kept[asset_id] = self.originals[place].at(again).copied()
            insort(self._taken.setdefault(place, []), again)
        self._keep_for_search(asset_id, record)
        return record

    def touch(self, record: AssetRecord) -> None:
        """Note that ``record`` was changed now."""
        record.updated_at = self._world.clock.now()

    def new_record(self, file: WorldFile, *, name: str, kind: AssetKind, creator: str) -> AssetRecord:
        """A first version made from ``file``; it is not in the library before :meth:`add`."""
        self._made += 1
        asset_id = version_id(self._world, f"upload:{self._made}:{name}", 1)
        now = self._world.clock.now()
        return AssetRecord(
            asset_id=asset_id,
            original_asset_id=asset_id,
            name=name,
            number=1,
            is_latest=True,
            kind=kind,
            master=file,
            poster=None,
            home=ROOT_ID,
            creator=creator,
            imported_at=now,
            updated_at=now,
        )

    def add(self, record: AssetRecord) -> None:
        """Put ``record`` into the library, now."""
        record.imported_at = record.updated_at = self._world.clock.now()
        self._kept[record.asset_id] = record
        self._new.append(record.asset_id)
        self._new_contents.update({record.content_id(kind): (record.asset_id, kind) for kind in ContentKind})
        if record.original_asset_id != record.asset_id:
            self._later.setdefault(record.original_asset_id, []).append(record.asset_id)
        self._keep_for_search(record.asset_id, None)

    def add_version(self, old: AssetRecord, file: WorldFile, *, creator: str) -> AssetRecord:
        """The next version after ``old``, with its metadata; locks and check-out end with it."""
        record = self.new_record(file, name=old.name, kind=old.kind, creator=creator)
        made = old.copied()
        record.original_asset_id, record.home, record.also_in = old.original_asset_id, old.home, made.also_in
        record.policy_ids = old.policy_ids
        record.fields, record.tables, record.languages = made.fields, made.tables, made.languages
        for version in self.versions_of(old.original_asset_id):
            record.number = version.number + 1
            if past := self.to_change(version.asset_id):
                past.is_latest = False
                past.locked_by = past.checked_out_by = ""
        self.add(record)
        return record

    # How it is found out

    def _known(self, asset_id: str) -> tuple[int, int] | None:
        """Place and round of an untouched version."""
        if not _is_id(asset_id) or asset_id[:HEAD_LENGTH] not in self._places:
            return None
        place = self._places[asset_id[:HEAD_LENGTH]]
        again = self.originals[place].ids.round_of(asset_id)
        return (place, again) if again < self.originals[place].rounds else None

    def _keep_for_search(self, asset_id: str, before: AssetRecord | None) -> None:
        self.revision += 1
        if self._lag:
            until = self._world.clock.now() + self._lag
            self._before.setdefault(asset_id, []).append((until, before.copied() if before else None))

    def _as_indexed(self, current: AssetRecord, now: datetime) -> AssetRecord | None:
        history = self._before.get(current.asset_id)
        if history is None:
            return current
        if history[-1][0] <= now:
            del self._before[current.asset_id]
            return current
        return next(before for until, before in history if until > now)


def _is_id(text: str) -> bool:
    return len(text) == ID_LENGTH and not set(text) - set("0123456789abcdef")


def _hard_cases(originals: Sequence[Original], world: World) -> Iterator[AssetRecord]:
    """One deleted, one expired and one checked-out record, so that nobody believes they do not happen (CHOSEN).

    Where the world has no such asset, old versions are taken: nothing that is in use disappears.
    """
    latest = [each for each in originals if each.record.is_latest]
    old = [each for each in originals if not each.record.is_latest]
    retired = [each for each in latest if _has_standing(each, AssetStanding.RETIRED)]
    in_review = [each for each in latest if _has_standing(each, AssetStanding.IN_REVIEW)]
    chosen: dict[str, AssetRecord] = {}

    def taken(each: Original) -> AssetRecord:
        return chosen.setdefault(each.record.asset_id, each.record.copied())

    for each in (retired or old[-1:])[:1]:
        taken(each).is_deleted = True
    for each in old[:1]:
        taken(each).fields[schema.EXPIRATION.id] = f"{each.record.imported_at:%Y-%m-%d}T00:00:00Z"
    for each in in_review[:1]:
        creator = each.record.creator
        taken(each).checked_out_by = next((p.login for p in world.people if p.full_name == creator), "")
    yield from chosen.values()


def _has_standing(each: Original, standing: AssetStanding) -> bool:
    return each.record.fields[schema.STATUS.id] == STATUS_CODES[standing]
