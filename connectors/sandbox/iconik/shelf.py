"""The tenant's assets: a few originals, their repetitions up to a million, and what calls made.

A repetition differs from its original in title, slug and ids alone (:mod:`connectors.sandbox.library`), so it is made
when somebody asks for it, kept when a write may have touched it, and otherwise forgotten. Its id tells its number. What
search wants to know of the untouched ones is asked of their moulds, one for each original.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias, overload

from connectors.sandbox.iconik.identity import Identities
from connectors.sandbox.iconik.records import AssetRecord
from connectors.sandbox.library import RepeatedAssets
from connectors.sandbox.world import WorldAsset

Entry: TypeAlias = int | AssetRecord
"""An untouched repetition by its number, or any other asset as it is."""
Derive: TypeAlias = Callable[[WorldAsset, str, Callable[[int], str]], AssetRecord]
"""World's asset, its id, ids of its versions by their numbers → the record."""
NUMBERED: Final = frozenset({"id", "title", "external_id", "versions.id"})
"""The fields in which repetitions differ from each other."""
_TAIL: Final = 12
_MOULDS: Final = 1 << 39
"""Numbers that no repetition has."""
_VERSION_BITS: Final = 8


class Shelf:
    """Assets by id. Items of one original and its repetitions share a place: number ``n`` stands at ``n % places``."""

    def __init__(self, ids: Identities, seeded: RepeatedAssets, derive: Derive) -> None:
        self._seeded = seeded
        self._derive = derive
        self._head = ids.of("repeated asset")[:-_TAIL]
        self._version_head = ids.of("repeated version")[:-_TAIL]
        self.places = len(seeded.originals)
        originals = seeded.originals
        self._originals = [
            derive(asset, ids.of("asset", asset.slug), partial(_version_id, ids, asset.slug)) for asset in originals
        ]
        self._places = {record.id: place for place, record in enumerate(self._originals)}
        self.moulds = [self._made(_MOULDS + place, asset) for place, asset in enumerate(originals)]
        self._touched: dict[int, AssetRecord] = {}
        self._fresh: dict[int, AssetRecord] = {}
        self._writing = 0
        self.made: dict[str, AssetRecord] = {}
        """What calls made, in order."""

    def __len__(self) -> int:
        return len(self._seeded) + len(self.made)

    @property
    def seeded_count(self) -> int:
        """How many assets the world brought."""
        return len(self._seeded)

    def __contains__(self, asset_id: object) -> bool:
        return asset_id in self.made or (isinstance(asset_id, str) and self.number_of(asset_id) is not None)

    def __getitem__(self, asset_id: str) -> AssetRecord:
        found = self.get(asset_id)
        if found is None:
            raise KeyError(asset_id)
        return found

    def get(self, asset_id: str) -> AssetRecord | None:
        """An asset, the recycle bin included; None for an id that is nobody's."""
        found = self.made.get(asset_id)
        if found is not None:
            return found
        number = self.number_of(asset_id)
        return None if number is None else self.record(number)

    def record(self, entry: Entry) -> AssetRecord:
        """The asset behind an entry."""
        if isinstance(entry, AssetRecord):
            return entry
        if entry < self.places:
            return self._originals[entry]
        found = self._touched.get(entry) or self._fresh.get(entry)
        if found is None:
            found = self._fresh[entry] = self._made(entry, self._seeded[entry])
        return found

    def number_of(self, asset_id: str) -> int | None:
        """The number of a seeded asset; None for any other id."""
        place = self._places.get(asset_id)
        if place is not None:
            return place
        head, tail = asset_id[:-_TAIL], asset_id[-_TAIL:]
        if head != self._head or not all(digit in "0123456789abcdef" for digit in tail):
            return None
        number = int(tail, 16)
        return number if self.places <= number < len(self._seeded) else None

    def id_of(self, number: int) -> str:
        """The id of a seeded asset."""
        return self._originals[number].id if number < self.places else f"{self._head}{number:012x}"

    def title_of(self, number: int) -> str:
        """The title of an untouched repetition, without making it."""
        turn, place = divmod(number, self.places)
        return f"{self._seeded.originals[place].title} {turn}"

    def in_rounds(self, rounds: Iterable[int]) -> list[int]:
        """The numbers of all untouched repetitions in some rounds, ascending."""
        starts = (turn * self.places for turn in sorted(rounds) if turn * self.places < len(self._seeded))
        numbers = (number for start in starts for number in range(start, start + self.places))
        return [number for number in numbers if self.is_untouched(number)]

    def by_slug(self, slug: str) -> Iterator[int]:
        """The untouched repetition that has this external id."""
        stem, _, tail = slug.rpartition("-")
        if not tail.isdecimal():
            return
        for place, asset in enumerate(self._seeded.originals):
            number = int(tail) * self.places + place
            if asset.slug == stem and self.is_untouched(number) and self._seeded[number].slug == slug:
                yield number

    def is_untouched(self, number: int) -> bool:
        """Whether it is a repetition as the world made it."""
        return self.places <= number < len(self._seeded) and number not in self._touched

    def individuals(self) -> list[AssetRecord]:
        """Every asset that is not an untouched repetition, in the order of making."""
        return [*self._originals, *(self._touched[number] for number in sorted(self._touched)), *self.made.values()]

    def untouched(self, places: Iterable[int]) -> list[int]:
        """The numbers of all untouched repetitions at some places, ascending."""
        chosen = sorted(places)
        rounds, rest = divmod(len(self._seeded), self.places) if self.places else (0, 0)
        whole = rounds * self.places
        numbers = [start + place for start in range(self.places, whole, self.places) for place in chosen]
        if rounds:
            numbers += [whole + place for place in chosen if place < rest]
        return [number for number in numbers if number not in self._touched] if self._touched else numbers

    def count(self, place: int) -> int:
        """How many untouched repetitions stand at a place."""
        rounds, rest = divmod(len(self._seeded), self.places)
        touched = sum(number % self.places == place for number in self._touched)
        return max(0, rounds - 1 + (place < rest) - touched)

    def newest_first(self, key: Callable[[AssetRecord], datetime]) -> list[Entry]:
        """Every asset outside the recycle bin by a time of its, in the order of making where times are equal."""
        groups: dict[datetime, tuple[list[AssetRecord], list[int]]] = {}
        for record in self.individuals():
            if record.status != "DELETED":
                groups.setdefault(key(record), ([], []))[0].append(record)
        for place, mould in enumerate(self.moulds):
            groups.setdefault(key(mould), ([], []))[1].append(place)
        ordered: list[Entry] = []
        for moment in sorted(groups, reverse=True):
            records, places = groups[moment]
            ordered += records
            ordered += self.untouched(places)
        return ordered

    def begin(self, *, writes: bool) -> None:
        """A request has begun."""
        self._writing += writes

    def end(self, *, writes: bool, changed: bool) -> None:
        """A request has ended: keep what it may have changed; forget what was only read, once nobody writes."""
        self._writing -= writes
        if writes or changed:
            self._touched |= self._fresh
        if writes or changed or not self._writing:
            self._fresh = {}

    def _made(self, number: int, asset: WorldAsset) -> AssetRecord:
        return self._derive(
            asset,
            f"{self._head}{number:012x}",
            lambda version: f"{self._version_head}{number << _VERSION_BITS | version:012x}",
        )


def _version_id(ids: Identities, slug: str, number: int) -> str:
    return ids.of("version", slug, str(number))


@dataclass(slots=True, kw_only=True)
class Contents(Sequence[str]):
    """Ids of the assets in one collection: those of some places with all their repetitions, and those put in."""

    shelf: Shelf
    places: list[int]
    added: dict[str, None]
    removed: set[str]

    @classmethod
    def empty(cls, shelf: Shelf) -> "Contents":
        """Of a new collection."""
        return cls(shelf=shelf, places=[], added={}, removed=set())

    def __len__(self) -> int:
        return self._seeded - len(self.removed) + len(self.added)

    def __contains__(self, asset_id: object) -> bool:
        if asset_id in self.added:
            return True
        if not isinstance(asset_id, str) or asset_id in self.removed or not self.places:
            return False
        number = self.shelf.number_of(asset_id)
        return number is not None and number % self.shelf.places in self.places

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if self.removed:
            return list(self)[index]
        if index < self._seeded:
            turn, place = divmod(index, len(self.places))
            return self.shelf.id_of(turn * self.shelf.places + self.places[place])
        return list(self.added)[index - self._seeded]

    def __iter__(self) -> Iterator[str]:
        for index in range(self._seeded):
            turn, place = divmod(index, len(self.places))
            asset_id = self.shelf.id_of(turn * self.shelf.places + self.places[place])
            if asset_id not in self.removed:
                yield asset_id
        yield from self.added

    def append(self, asset_id: str) -> None:
        """Put one in that is not in."""
        if asset_id in self.removed:
            self.removed.discard(asset_id)
        else:
            self.added[asset_id] = None

    def remove(self, asset_id: str) -> None:
        """Take one out that is in."""
        if asset_id in self.added:
            del self.added[asset_id]
        else:
            self.removed.add(asset_id)

    def clear(self) -> None:
        """Take all out."""
        self.places, self.added, self.removed = [], {}, set()

    def tally(self) -> Iterator[tuple[AssetRecord, int]]:
        """Assets outside the recycle bin and how often each stands for itself and its untouched repetitions."""
        for record in self.shelf.individuals():
            if record.status != "DELETED" and record.id in self:
                yield record, 1
        for place in self.places:
            yield self.shelf.moulds[place], self.shelf.count(place)

    @property
    def _seeded(self) -> int:
        """How many there were at first."""
        rounds, rest = divmod(self.shelf.seeded_count, self.shelf.places) if self.places else (0, 0)
        return rounds * len(self.places) + sum(place < rest for place in self.places)
