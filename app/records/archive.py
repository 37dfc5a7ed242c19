"""The archive of record: customers' workspaces, documents, categories, and what it takes to file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from app.records.communication import Channel, ChannelConsent, ContactPoint

CustomerNumber = NewType("CustomerNumber", str)
NodeId = NewType("NodeId", int)
"""A node's id in Extended ECM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One business workspace: where a customer's documents belong."""

    node: NodeId
    name: str
    customer: CustomerNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One customer as the archive's workspace describes them."""

    number: CustomerNumber
    name: str
    workspace: NodeId
    locale: str = ""
    segments: tuple[str, ...] = ()
    contact_points: tuple[ContactPoint, ...] = ()
    consents: tuple[ChannelConsent, ...] = ()
    preferred: tuple[Channel, ...] = ()
    changed_at: datetime | None = None
    """When the workspace last changed, as far as the archive tells; what changed is read first."""
    country: str = ""
    """ISO 3166, two letters, in upper case; empty when the archive does not say."""
    marketing_consents: tuple[ChannelConsent, ...] = ()
    """What was said of marketing alone; a channel that is left out was never asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDocument:
    """One archived document of one customer."""

    node: NodeId
    customer: CustomerNumber
    name: str
    media_type: str
    size_bytes: int
    filed_at: datetime
    channel: Channel | None = None
    communication: str = ""
    """Id of the communication it is a copy of; empty for documents that were filed by hand."""
    template: str = ""
    document_type: str = ""
    document_date: date | None = None
    sha256: str = ""
    """What the filer said its bytes hash to; empty when nothing was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryField:
    """One field of a category's form."""

    key: str
    """The archive's own key, such as ``9830_2``; differs between installations."""
    name: str
    kind: str
    """``text``, ``date``, ``integer``, ``boolean`` or ``choice``."""
    is_required: bool = False
    choices: tuple[str, ...] = ()
    max_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A form of metadata that documents may or must carry."""

    id: int
    name: str
    fields: tuple[CategoryField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What became of one document that was filed: read back from the archive, not assumed."""

    node: NodeId
    name: str
    size_bytes: int
    sha256: str
    """Of the bytes that the archive gave back."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Category values by field name, as read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSeries:
    """One entry of the archive's file plan: filed under it, a document becomes a record and is kept for a time."""

    classification: NodeId
    name: str
    title: str = ""
    schedule: str = ""
    """The retention schedule that goes with it; empty when the archive's own default does."""
    years: int | None = None
    """How long the schedule keeps what starts with its filing; None when the archive does not say."""


class ObstacleKind(StrEnum):
    """What keeps somebody from being forgotten."""

    HOLD = "hold"
    RETENTION = "retention"
    UNKNOWN = "unknown"
    """The archive did not tell, so that nobody can say that nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that stands in the way of an erasure. It names no document: documents are called after people."""

    kind: ObstacleKind
    name: str = ""
    """The matter that holds, or the retention schedule; empty when nobody can say."""
    documents: int = 0
    """How many it keeps, or how many nobody can speak of; 0 for their workspace as a whole."""
    until: date | None = None
    """The first day on which it keeps none of them any more; None when no such day is known."""
    sentence: str
    """Why, for a person, with its end where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A customer whose erasure was asked for and could not be done: nothing is deleted, nothing is sent."""

    asked_at: datetime
    obstacles: tuple[Obstacle, ...]
    """What stood in the way when the archive was asked last."""

    @property
    def is_unsure(self) -> bool:
        """Whether the archive did not tell everything that would have to be known."""
        return any(each.kind is ObstacleKind.UNKNOWN for each in self.obstacles)
