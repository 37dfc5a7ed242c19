"""The sandbox's one cloud: its resources, fields, folders and triggers, and what may be done to them.

The vendor's nouns are kept. Everything is deterministic for a world's seed and for the order of the calls.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary.index import Index
from connectors.sandbox.cloudinary.refusals import not_found
from connectors.sandbox.cloudinary.resource import Address, Resource
from connectors.sandbox.cloudinary.shelf import EVERYTHING, Match, Shelf
from connectors.sandbox.world import WorldFile

RESOURCE_TYPES: Final = ("image", "video", "raw")
DELIVERY_TYPES: Final = ("upload", "private", "authenticated", "sprite", "multi", "text", "fetch")


@dataclass(slots=True, kw_only=True)
class MetadataOption:
    """One option of an ``enum`` or ``set`` field."""

    external_id: str
    value: str
    is_active: bool = True


@dataclass(slots=True, kw_only=True)
class MetadataField:
    """One structured metadata field (§4.2)."""

    external_id: str
    label: str
    type: str
    is_mandatory: bool = False
    default_value: object = None
    is_default_off: bool = False
    is_read_only: bool = False
    """In the vendor's own pages; calls may still write it."""
    is_open: bool = False
    """Whether values that are no option yet become one."""
    validation: Mapping[str, object] | None = None
    options: dict[str, MetadataOption] | None = None
    """By external id, in their order; None for fields without a choice."""


class Ids:
    """Makes the cloud's ids: 32 hex digits that are the same for the same seed and order."""

    def __init__(self, *, seed: int, name: str) -> None:
        self._seed = seed
        self._name = name
        self._minted: Counter[str] = Counter()

    def hex(self, *parts: str) -> str:
        """The id of what ``parts`` name."""
        return hashlib.sha256("\0".join((str(self._seed), self._name, *parts)).encode()).hexdigest()[:32]

    def mint(self, purpose: str) -> str:
        """A new id; the n-th of a purpose is always the same."""
        self._minted[purpose] += 1
        return self.hex(purpose, str(self._minted[purpose]))


class Cloud:
    """Everything that one product environment holds."""

    def __init__(
        self,
        *,
        name: str,
        api_key: str,
        api_secret: str,
        ids: Ids,
        clock: SandboxClock,
        delivery_base: Callable[[], str],
        shelf: Shelf,
        index_lag_s: float = 0.0,
        has_fixed_folders: bool = False,
    ) -> None:
        """``delivery_base`` is asked whenever a URL is written, because ports are bound late."""
        self.name = name
        self.api_key = api_key
        self.api_secret = api_secret
        self._ids = ids
        self.clock = clock
        self.delivery_base = delivery_base
        self.has_fixed_folders = has_fixed_folders
        """Whether a folder is the beginning of a public id, as in clouds from before June 2024 (§2)."""
        self.shelf = shelf
        self.index = Index(shelf, clock=clock, lag_s=index_lag_s)
        self.deleted: dict[str, Resource] = {}
        """What the backup still has."""
        self.changes = 0
        """How often anything was changed: what was concluded before holds while it stays."""
        self.fields: dict[str, MetadataField] = {}
        self.empty_folders: set[str] = set()
        self.named_transformations: dict[str, str] = {}
        self._etags: dict[Callable[[], bytes], str] = {}

    def __repr__(self) -> str:
        return f"Cloud(name={self.name!r}, resources={len(self.shelf)})"

    def now(self) -> datetime:
        """The sandbox's time."""
        return self.clock.now()

    def hex_id(self, *parts: str) -> str:
        """32 hex digits that are the same for the same seed and parts."""
        return self._ids.hex(*parts)

    def mint(self, purpose: str) -> str:
        """A new id of 32 hex digits; the n-th of a purpose is always the same."""
        return self._ids.mint(purpose)

    def add(self, resource: Resource) -> None:
        """Take a new resource in, or one that was deleted back."""
        self._file(resource)
        self.shelf.put(resource)
        self._note(resource)

    def remove(self, resource: Resource) -> None:
        """Take a resource away; the backup keeps it."""
        self.shelf.drop(resource)
        self.deleted[resource.asset_id] = resource
        self._note(resource, is_gone=True)

    def move(self, resource: Resource, *, public_id: str, delivery_type: str) -> None:
        """Give a resource another address; every URL changes, its id does not (§2)."""
        self.shelf.move(resource, public_id=public_id, delivery_type=delivery_type)
        self._file(resource)
        self._note(resource)

    def find(self, address: Address) -> Resource | None:
        """The resource at ``address``, or None."""
        return self.shelf.at(address)

    def at(self, resource_type: str, delivery_type: str, public_id: str) -> Resource:
        """The resource at an address. Raises: RefusalError, 404."""
        found = self.find((resource_type, delivery_type, public_id))
        if found is None:
            raise not_found(public_id)
        return found

    def get(self, asset_id: str) -> Resource | None:
        """The resource with an immutable id, or None."""
        return self.shelf.get(asset_id)

    def by_id(self, asset_id: str) -> Resource:
        """The resource with an immutable id. Raises: RefusalError, 404."""
        found = self.get(asset_id)
        if found is None:
            raise not_found(asset_id)
        return found

    def touch(self, resource: Resource) -> None:
        """Note that a resource has just changed."""
        resource.updated_at = self.now()
        self._note(resource)

    def _file(self, resource: Resource) -> None:
        if self.has_fixed_folders:
            resource.asset_folder = resource.public_id.rpartition("/")[0]

    def _note(self, resource: Resource, *, is_gone: bool = False) -> None:
        self.changes += 1
        self.index.note(resource, is_gone=is_gone)

    def kinds(self) -> Iterable[Match]:
        """One resource of every kind that is there, with how many it stands for: what differs in names is one kind."""
        return self.shelf.matches(EVERYTHING)

    def etag(self, file: WorldFile) -> str:
        """The MD5 of a file, hex."""
        known = self._etags.get(file.read)
        if known is None:
            known = self._etags[file.read] = hashlib.md5(file.read(), usedforsecurity=False).hexdigest()
        return known

    def folders(self) -> set[str]:
        """Every folder path, those above an asset's own included."""
        named = {kind.resource.asset_folder for kind in self.kinds() if kind.resource.asset_folder}
        return {above for folder in named | self.empty_folders for above in _with_parents(folder)}

    def next_version(self, resource: Resource | None) -> int:
        """The number of a version that is made now."""
        now = int(self.now().timestamp())
        return now if resource is None else max(now, resource.latest.version + 1)


def _with_parents(folder: str) -> Iterable[str]:
    parts = folder.split("/")
    return ("/".join(parts[: depth + 1]) for depth in range(len(parts)))
