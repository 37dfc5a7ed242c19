"""One asset as the vendor keeps it, with its versions, its moderation and its renditions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.sandbox.world import WorldFile

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
        """The step that decides: the first that is not approved, else the last; None without any."""
        undecided = (step for step in self.moderation if step.status != "approved")
        return next(undecided, self.moderation[-1] if self.moderation else None)
