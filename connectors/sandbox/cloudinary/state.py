"""The sandbox's one cloud: its resources, fields, folders and triggers, and what may be done to them.

The vendor's nouns are kept. Everything is deterministic for a world's seed and for the order of the calls.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary.refusals import not_found
from connectors.sandbox.world import WorldFile

RESOURCE_TYPES: Final = ("image", "video", "raw")
DELIVERY_TYPES: Final = ("upload", "private", "authenticated", "sprite", "multi", "text")

Address = tuple[str, str, str]
"""Resource type, delivery type and public id: what addresses a resource in URLs (§2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of a resource's file."""

    version: int
    """Epoch-like seconds; grows with every overwrite."""
    version_id: str
    format: str
    file: WorldFile
    created_at: datetime
    created_by: str
    poster: WorldFile | None = None


@dataclass(slots=True, kw_only=True)
class Moderation:
    """One step of a resource's moderation."""

    kind: str
    status: str
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A rendition that was made, and is kept."""

    id: str
    transformation: str
    format: str
    width: int | None
    height: int | None
    size_bytes: int


@dataclass(slots=True, kw_only=True)
class Resource:
    """One asset, as the vendor keeps it."""

    asset_id: str
    public_id: str
    resource_type: str
    type: str
    display_name: str
    asset_folder: str
    filename: str
    created_at: datetime
    updated_at: datetime
    revisions: list[Revision]
    """Oldest first."""
    tags: list[str] = field(default_factory=list)
    context: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, object] = field(default_factory=dict)
    moderation: list[Moderation] = field(default_factory=list)
    access_control: list[Mapping[str, object]] | None = None
    derived: dict[str, Derived] = field(default_factory=dict)
    related: set[str] = field(default_factory=set)
    """Asset ids."""

    @property
    def latest(self) -> Revision:
        """The version that is delivered."""
        return self.revisions[-1]

    @property
    def address(self) -> Address:
        """What addresses it in URLs."""
        return (self.resource_type, self.type, self.public_id)

    @property
    def current_moderation(self) -> Moderation | None:
        """The step that decides; None for a resource that was never submitted."""
        return self.moderation[-1] if self.moderation else None


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


class Cloud:
    """Everything that one product environment holds."""

    def __init__(
        self,
        *,
        name: str,
        api_key: str,
        api_secret: str,
        seed: int,
        clock: SandboxClock,
        delivery_base: Callable[[], str],
    ) -> None:
        """``delivery_base`` is asked whenever a URL is written, because ports are bound late."""
        self.name = name
        self.api_key = api_key
        self.api_secret = api_secret
        self.seed = seed
        self.clock = clock
        self.delivery_base = delivery_base
        self.resources: dict[str, Resource] = {}
        self.deleted: dict[str, Resource] = {}
        """What the backup still has."""
        self.fields: dict[str, MetadataField] = {}
        self.empty_folders: set[str] = set()
        self.named_transformations: dict[str, str] = {}
        self._by_address: dict[Address, Resource] = {}
        self._etags: dict[Callable[[], bytes], str] = {}
        self._minted: Counter[str] = Counter()

    def __repr__(self) -> str:
        return f"Cloud(name={self.name!r}, resources={len(self.resources)})"

    def now(self) -> datetime:
        """The sandbox's time."""
        return self.clock.now()

    def hex_id(self, *parts: str) -> str:
        """32 hex digits that are the same for the same seed and parts."""
        return hashlib.sha256("\0".join((str(self.seed), self.name, *parts)).encode()).hexdigest()[:32]

    def mint(self, purpose: str) -> str:
        """A new id of 32 hex digits; the n-th of a purpose is always the same."""
        self._minted[purpose] += 1
        return self.hex_id(purpose, str(self._minted[purpose]))

    def add(self, resource: Resource) -> None:
        """Take a new resource in."""
        self.resources[resource.asset_id] = resource
        self._by_address[resource.address] = resource

    def remove(self, resource: Resource) -> None:
        """Take a resource away; the backup keeps it."""
        self.deleted[resource.asset_id] = self.resources.pop(resource.asset_id)
        del self._by_address[resource.address]

    def move(self, resource: Resource, *, public_id: str, delivery_type: str) -> None:
        """Give a resource another address; every URL changes, its id does not (§2)."""
        del self._by_address[resource.address]
        resource.public_id, resource.type = public_id, delivery_type
        self._by_address[resource.address] = resource

    def find(self, address: Address) -> Resource | None:
        """The resource at ``address``, or None."""
        return self._by_address.get(address)

    def at(self, resource_type: str, delivery_type: str, public_id: str) -> Resource:
        """The resource at an address. Raises: RefusalError, 404."""
        found = self._by_address.get((resource_type, delivery_type, public_id))
        if found is None:
            raise not_found(public_id)
        return found

    def by_id(self, asset_id: str) -> Resource:
        """The resource with an immutable id. Raises: RefusalError, 404."""
        found = self.resources.get(asset_id)
        if found is None:
            raise not_found(asset_id)
        return found

    def get(self, asset_id: str) -> Resource | None:
        """The resource with an immutable id, or None."""
        return self.resources.get(asset_id)

    def touched(self) -> list[Resource]:
        """Every resource that may have renditions."""
        return list(self.resources.values())

    def everything(self) -> list[Resource]:
        """Every resource that is not deleted."""
        return list(self.resources.values())

    def touch(self, resource: Resource) -> None:
        """Note that a resource has just changed."""
        resource.updated_at = self.now()

    def etag(self, file: WorldFile) -> str:
        """The MD5 of a file, hex."""
        known = self._etags.get(file.read)
        if known is None:
            known = self._etags[file.read] = hashlib.md5(file.read(), usedforsecurity=False).hexdigest()
        return known

    def folders(self) -> set[str]:
        """Every folder path, those above an asset's own included."""
        named = {resource.asset_folder for resource in list(self.resources.values()) if resource.asset_folder}
        return {above for folder in named | self.empty_folders for above in _with_parents(folder)}

    def next_version(self, resource: Resource | None) -> int:
        """The number of a version that is made now."""
        now = int(self.now().timestamp())
        return now if resource is None else max(now, resource.latest.version + 1)


def _with_parents(folder: str) -> Iterable[str]:
    parts = folder.split("/")
    return ("/".join(parts[: depth + 1]) for depth in range(len(parts)))
