"""The resources of a cloud: the touched ones are kept, those of the world are derived when they are asked for.

The world's assets repeat a few originals under other names, so what holds for an original holds for every repetition,
names apart. A question that reads no names is put to the originals alone, and its answer is a list of *runs*; one that
reads names goes through all of them on one borrowed resource each. Nothing is stored per untouched resource.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeAlias, overload

from connectors.sandbox.cloudinary.resource import Address, Resource

Handle: TypeAlias = int | str
"""An untouched resource's number in the world, or a kept one's asset id."""
Amendment: TypeAlias = Callable[[Resource], None]

_REPEATED: Final = re.compile(r"(.+)-(\d{5,8})", re.DOTALL)
_ID_HEAD: Final = 24
"""Hex digits of an id that its original gives; the rest is the number of the repetition."""
NAMES: Final = frozenset({"asset_id", "public_id", "filename", "display_name"})
"""What differs between repetitions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A condition, and whether it reads what differs between repetitions."""

    test: Callable[[Resource], bool]
    reads_names: bool = False

    def __call__(self, resource: Resource) -> bool:
        return self.test(resource)


EVERYTHING: Final = Question(test=lambda _resource: True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All untouched repetitions of one original, the ``taken`` ones (sorted) left out."""

    place: int
    originals: int
    """How many originals there are: the distance between two repetitions."""
    length: int
    taken: tuple[int, ...] = ()

    def __getitem__(self, index: int) -> int:
        number = index
        for one in self.taken:
            if one > number:
                break
            number += 1
        return number * self.originals + self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Something that a question found. ``resource`` is borrowed: read it before the next match is asked for."""

    resource: Resource
    where: Run | Handle

    @property
    def count(self) -> int:
        """How many resources this stands for."""
        return self.where.length if isinstance(self.where, Run) else 1


class Found(Sequence[Handle]):
    """The handles of runs and single resources, one after the other; a page of it costs the same wherever it is."""

    def __init__(self, parts: Sequence[Run | Handle]) -> None:
        self._parts = parts
        self._ends = list(accumulate(part.length if isinstance(part, Run) else 1 for part in parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> Handle: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Handle]: ...
    def __getitem__(self, index: int | slice) -> Handle | Sequence[Handle]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        place = bisect_right(self._ends, at)
        part = self._parts[place]
        return part[at - (self._ends[place - 1] if place else 0)] if isinstance(part, Run) else part


class Shelf:
    """Every resource that is not deleted."""

    def __init__(self, originals: Sequence[Resource], count: int, make: Callable[[int], Resource]) -> None:
        """``make(number)`` makes resource ``number`` of the world as it was in the beginning."""
        self._originals = list(originals)
        self._count = count
        self._make = make
        self._amendments: list[Amendment] = []
        self._kept: dict[str, Resource] = {}
        self._by_address: dict[Address, Resource] = {}
        self._adopted: dict[int, str] = {}
        self._taken: dict[int, set[int]] = {}
        """By place among the originals: which repetitions are no longer derived."""
        self._places_by_id = {one.asset_id: place for place, one in enumerate(self._originals)}
        self._places_by_head = {one.asset_id[:_ID_HEAD]: place for place, one in enumerate(self._originals)}
        self._places_by_address = {one.address: place for place, one in enumerate(self._originals)}

    def __len__(self) -> int:
        return self._count - len(self._adopted) + len(self._kept)

    # One resource

    def get(self, asset_id: str) -> Resource | None:
        """The resource with an id, from now on kept; None when there is none."""
        kept = self._kept.get(asset_id)
        return kept if kept is not None else self._adopt(self._number_of_id(asset_id))

    def at(self, address: Address) -> Resource | None:
        """The resource at an address, from now on kept; None when there is none."""
        kept = self._by_address.get(address)
        return kept if kept is not None else self._adopt(self._number_at(address))

    def peek(self, handle: Handle) -> Resource | None:
        """The resource as it is now, to be read and not to be changed; None when it is gone."""
        asset_id = self._adopted.get(handle) if isinstance(handle, int) else handle
        return self._kept.get(asset_id) if asset_id is not None else self.as_it_was(handle)

    def as_it_was(self, handle: Handle) -> Resource | None:
        """A resource of the world as it was before anybody touched it; None for one that was not there."""
        number = self._number_of_id(handle, even_adopted=True) if isinstance(handle, str) else handle
        return None if number is None else self._made(number)

    def put(self, resource: Resource) -> None:
        """Take a resource in, or one that was taken out back."""
        self._kept[resource.asset_id] = resource
        self._by_address[resource.address] = resource

    def drop(self, resource: Resource) -> None:
        """Take a resource out."""
        self._kept.pop(resource.asset_id, None)
        self._by_address.pop(resource.address, None)

    def move(self, resource: Resource, *, public_id: str, delivery_type: str) -> None:
        """Give a resource another address."""
        del self._by_address[resource.address]
        resource.public_id, resource.type = public_id, delivery_type
        self._by_address[resource.address] = resource

    # Many

    def kept(self) -> list[Resource]:
        """Those that somebody touched or brought."""
        return list(self._kept.values())

    def amend(self, amendment: Amendment) -> None:
        """Change every resource in the same way, whether it is there already or derived later."""
        self._amendments.append(amendment)
        for resource in (*self._originals, *self._kept.values()):
            amendment(resource)

    def matches(self, question: Question, kept: Iterable[Resource] | None = None) -> Iterator[Match]:
        """What ``question`` finds, in no order. ``kept``: those that are kept, as an older index has them."""
        for place in range(len(self._originals)):
            yield from self._individuals(place, question) if question.reads_names else self._run(place, question)
        for resource in self.kept() if kept is None else kept:
            if question(resource):
                yield Match(resource=resource, where=resource.asset_id)

    def found(self, question: Question) -> Iterator[Resource]:
        """Everything that ``question`` finds, kept from then on and free to be changed."""
        wheres = [match.where for match in self.matches(question)]
        for handle in Found(wheres):
            resource = self._adopt(handle) if isinstance(handle, int) else None
            if resource is None:  # somebody else has touched it meanwhile, or long before
                asset_id = self._adopted.get(handle) if isinstance(handle, int) else handle
                resource = self._kept.get(asset_id) if asset_id else None
            if resource is not None:
                yield resource

    def _run(self, place: int, question: Question) -> Iterator[Match]:
        taken = tuple(sorted(self._taken.get(place, ())))
        length = self._repetitions(place) - len(taken)
        if length > 0 and question(self._originals[place]):
            run = Run(place=place, originals=len(self._originals), length=length, taken=taken)
            yield Match(resource=self._originals[place], where=run)

    def _individuals(self, place: int, question: Question) -> Iterator[Match]:
        original = self._originals[place]
        borrowed = copy(original)
        taken = frozenset(self._taken.get(place, ()))
        for repetition in range(self._repetitions(place)):
            if repetition in taken:
                continue
            if repetition:
                _rename(borrowed, original, repetition)
            if question(borrowed):
                yield Match(resource=borrowed, where=repetition * len(self._originals) + place)

    def _repetitions(self, place: int) -> int:
        rounds, rest = divmod(self._count, len(self._originals))
        return rounds + (place < rest)

    def _made(self, number: int) -> Resource:
        made = self._make(number)
        for amendment in self._amendments:
            amendment(made)
        return made

    def _adopt(self, number: int | None) -> Resource | None:
        if number is None or number in self._adopted:
            return None
        made = self._made(number)
        self._adopted[number] = made.asset_id
        repetition, place = divmod(number, len(self._originals))
        self._taken.setdefault(place, set()).add(repetition)
        self.put(made)
        return made

    def _number_of_id(self, asset_id: str, *, even_adopted: bool = False) -> int | None:
        place, repetition = self._places_by_id.get(asset_id), 0
        if place is None:
            place = self._places_by_head.get(asset_id[:_ID_HEAD])
            try:
                repetition = int(asset_id[_ID_HEAD:], 16)
            except ValueError:
                return None
            if repetition == 0 or repeated_id(asset_id, repetition) != asset_id:
                return None
        return self._number(place, repetition, even_adopted=even_adopted)

    def _number_at(self, address: Address) -> int | None:
        place = self._places_by_address.get(address)
        if place is not None:
            return self._number(place, 0)
        resource_type, delivery_type, public_id = address
        repeated = _REPEATED.fullmatch(public_id)
        if repeated is None or repeated_name(repeated[1], int(repeated[2])) != public_id or not int(repeated[2]):
            return None
        return self._number(self._places_by_address.get((resource_type, delivery_type, repeated[1])), int(repeated[2]))

    def _number(self, place: int | None, repetition: int, *, even_adopted: bool = False) -> int | None:
        if place is None or repetition >= self._repetitions(place):
            return None
        number = repetition * len(self._originals) + place
        return None if number in self._adopted and not even_adopted else number


def repeated_name(name: str, repetition: int) -> str:
    """The public id, or slug, of an original's repetition."""
    return f"{name}-{repetition:05d}" if repetition else name


def repeated_id(asset_id: str, repetition: int) -> str:
    """The asset id of an original's repetition: its number can be read out of it again."""
    return f"{asset_id[:_ID_HEAD]}{repetition:08x}" if repetition else asset_id


def _rename(borrowed: Resource, original: Resource, repetition: int) -> None:
    borrowed.asset_id = repeated_id(original.asset_id, repetition)
    borrowed.public_id = repeated_name(original.public_id, repetition)
    borrowed.filename = repeated_name(original.filename, repetition)
    borrowed.display_name = f"{original.display_name} {repetition}"
