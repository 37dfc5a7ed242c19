"""Who may do what, sharing, the recycle bin, notices: the rest of the vendor's nouns. Times are aware UTC.

Source: wire contract "extended-ecm", sections 3, 8 and 11 (CONFIRMED unless marked).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

import msgspec

from connectors.extended_ecm.models import MemberId, NodeId


class Right(StrEnum):
    """The words of permissions."""

    SEE = "see"
    SEE_CONTENTS = "see_contents"
    MODIFY = "modify"
    EDIT_ATTRIBUTES = "edit_attributes"
    ADD_ITEMS = "add_items"
    RESERVE = "reserve"
    ADD_MAJOR_VERSION = "add_major_version"
    DELETE_VERSIONS = "delete_versions"
    DELETE = "delete"
    EDIT_PERMISSIONS = "edit_permissions"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> "Right":
        del value
        return cls.UNKNOWN


class Bearer(StrEnum):
    """Whose permissions an entry says."""

    OWNER = "owner"
    GROUP = "group"
    PUBLIC = "public"
    """Signed-in users with public access; not the internet (INFERRED)."""
    CUSTOM = "custom"
    EFFECTIVE = "effective"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> "Bearer":
        del value
        return cls.UNKNOWN


class Reach(IntEnum):
    """How far a change of permissions goes; a document takes ITEM alone."""

    ITEM = 0
    CHILDREN = 1
    ITEM_AND_BELOW = 2
    ITEM_AND_CHILDREN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One entry of a node's permissions. An empty list of rights is an entry too."""

    bearer: Bearer
    member: MemberId | None
    rights: frozenset[Right]


class ShareRole(IntEnum):
    """What somebody outside may do."""

    VIEWER = 1
    COLLABORATOR = 2
    MANAGER = 3
    OWNER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Somebody outside who is to see a shared item."""

    email: str = field(repr=False)
    name: str = field(default="", repr=False)
    role: ShareRole = ShareRole.VIEWER


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWish:
    """What to share with whom, and until when."""

    nodes: tuple[NodeId, ...]
    invitees: tuple[Invitee, ...]
    ends_on: date | None = None
    message: str = field(default="", repr=False)
    coordinators: tuple[MemberId, ...] = ()


class ShareOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of sharing."""

    msg: str = ""
    partial: bool = False
    """Some items could not be shared."""


class BinnedNode(msgspec.Struct, frozen=True, kw_only=True):
    """One item in the recycle bin."""

    id: NodeId
    name: str
    type: int
    parent_id: NodeId | None = None
    deleted_user_id: MemberId | None = None
    deleted_date: datetime | None = None
    purged_date: datetime | None = None
    """When it will be gone for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinOutcome:
    """Which items were restored or purged, and why others were not."""

    done: tuple[NodeId, ...]
    failed: Mapping[NodeId, str]


class Interest(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of news about a node, and the mail digest that tells it; 0 for none."""

    id: int
    interest: str = ""
    report: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A reminder on a node."""

    id: int
    description: str = field(repr=False)
    due: datetime | None
    status: int | None
    kind: int | None
    """A type of the server's own."""


class ReportParameter(msgspec.Struct, frozen=True, kw_only=True):
    """What a report asks for."""

    parm_name: str
    display_text: str | None = None
    mandatory: bool = False
    default_value: object = None


class SearchRegion(msgspec.Struct, frozen=True, kw_only=True):
    """Something that search can be asked for by name."""

    name: str
    display_name: str | None = None
    queryable: bool = True
    sortable: bool = False


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the index."""

    id: int
    name: str = ""
    default_slice: bool = False


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """The actions that are allowed on one node; an absent one is not."""

    data: Mapping[str, object] = {}
    order: Sequence[str] = ()
