"""Content Server's nouns as the desk reads them. Names are the vendor's; times are aware UTC, sizes are bytes.

Source: wire contract "extended-ecm", sections 3 to 11 (CONFIRMED unless marked). Keys that nobody reads are dropped.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import IntEnum
from hashlib import sha256
from typing import Generic, NewType, TypeVar

import msgspec

NodeId = NewType("NodeId", int)
MemberId = NewType("MemberId", int)

T = TypeVar("T")


class NodeType(IntEnum):
    """The subtypes that the desk tells apart; any other number is UNKNOWN."""

    UNKNOWN = -1
    FOLDER = 0
    SHORTCUT = 1
    CATEGORY = 131
    CATEGORY_FOLDER = 132
    CATEGORIES_VOLUME = 133
    URL = 140
    ENTERPRISE_VOLUME = 141
    PERSONAL_VOLUME = 142
    DOCUMENT = 144
    RECORDS_VOLUME = 550
    WORKSPACE = 848

    @classmethod
    def _missing_(cls, value: object) -> "NodeType":
        del value
        return cls.UNKNOWN


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One item of the tree. Only ``id``, ``name`` and ``type`` are sure: the rest depends on what was asked for."""

    id: NodeId
    name: str
    type: int
    parent_id: NodeId | None = None
    description: str | None = None
    size: int | None = None
    """Bytes of a document's newest version; number of children of a container."""
    container: bool = False
    mime_type: str | None = None
    create_date: datetime | None = None
    create_user_id: MemberId | None = None
    modify_date: datetime | None = None
    modify_user_id: MemberId | None = None
    reserved: bool = False
    reserved_user_id: MemberId | None = None
    nickname: str | None = None
    wnf_wksp_type_id: int | None = None
    """The workspace type, for workspaces."""

    @property
    def kind(self) -> NodeType:
        """:attr:`type` as far as the desk knows it."""
        return NodeType(self.type)


class Ancestor(msgspec.Struct, frozen=True, kw_only=True):
    """One step on the way down to a node."""

    id: NodeId
    name: str
    type: int


class TakenName(msgspec.Struct, frozen=True, kw_only=True):
    """A name that is taken where one wants to create, and by what."""

    id: NodeId
    name: str
    type: int | None = None
    versioned: bool = False
    """Whether a version can be added instead."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a document."""

    version_number: int
    version_id: int | None = None
    version_number_name: str | None = None
    file_name: str
    file_size: int
    mime_type: str | None = None
    create_date: datetime | None = None
    owner_id: MemberId | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A document's bytes as they came. No checksum is exchanged (CONFIRMED), so equality is judged by hash."""

    data: bytes = field(repr=False)
    media_type: str
    file_name: str
    """Empty when the server names none."""

    @property
    def sha256(self) -> str:
        """In hex."""
        return sha256(self.data).hexdigest()


class AttributeSchema(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a category's schema: the category itself, a set, or an attribute."""

    key: str
    name: str
    persona: str = ""
    """``category``, ``set`` or empty."""
    type_name: str = ""
    required: bool = False
    read_only: bool = False
    multi_value: bool = False
    max_length: int | None = None
    valid_values: Sequence[object] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCategory:
    """A category on a node with its values. Keys differ between installations; names are what to store (CHOSEN)."""

    id: NodeId
    name: str
    values: Mapping[str, object] = field(repr=False)
    """Under the vendor's keys, such as ``9830_2``."""
    schema: Mapping[str, AttributeSchema] = field(repr=False)

    @property
    def named(self) -> Mapping[str, object]:
        """Values outside sets by their attribute's name; a name that two attributes share is left out."""
        entries = [
            (key, entry.name)
            for key, entry in self.schema.items()
            if key.count("_") == 1 and entry.persona != "set"  # ``{cat}_{attr}``: neither the category nor in a set
        ]
        names = Counter(name for _, name in entries)
        return {name: self.values.get(key) for key, name in entries if names[name] == 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorizedNode:
    """A node of a list together with its categories."""

    node: Node
    categories: tuple[NodeCategory, ...]

    def category(self, name: str) -> NodeCategory | None:
        """The category called ``name``; None when the node does not carry it."""
        return next((each for each in self.categories if each.name == name), None)


class WorkspaceTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """What a workspace of some type is made from."""

    id: NodeId
    name: str


class WorkspaceType(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of workspace."""

    wksp_type_id: int
    wksp_type_name: str
    wksp_type_names: Mapping[str, str] = {}
    templates: Sequence[WorkspaceTemplate] = ()


class BusinessObject(msgspec.Struct, frozen=True, kw_only=True):
    """What a workspace stands for in a leading system."""

    ext_system_id: str
    bo_type: str
    bo_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A business workspace and what it stands for."""

    node: Node
    references: tuple[BusinessObject, ...]


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A part that people play in a workspace."""

    id: int
    name: str
    leader: bool = False
    description: str | None = None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user (``type`` 0) or a group (1)."""

    id: MemberId
    name: str
    type: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    business_email: str | None = None


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a node's history. Dates have one-second grain (INFERRED)."""

    id: NodeId
    event_type: int
    audit_date: datetime
    user_id: MemberId | None = None
    target_user_id: MemberId | None = None
    audit_name: str = ""


class NodeHold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold that freezes a node, direct or inherited."""

    hold_id: int
    hold_name: str
    hold_type: str = ""
    hold_appliedmethod: str = ""
    active: int | None = None
    applied_by: str | None = None
    date_applied: datetime | None = None
    removable: bool = False
    """Show one that is not, without a button (CONFIRMED)."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold of the server."""

    id: int = msgspec.field(name="HoldID")
    name: str = msgspec.field(name="HoldName")
    kind: str = msgspec.field(name="HoldType", default="")
    active: int = msgspec.field(name="ActiveHold", default=1)
    applied_at: datetime | None = msgspec.field(name="DateApplied", default=None)


class RecordDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a document a record."""

    rmclassification_id: NodeId
    file_number: str = ""
    rsi: str = ""
    """The retention schedule."""
    record_date: datetime | None = None
    file_status: str | None = None
    official: bool = False


class RetentionStage(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a retention schedule as it applies to a document."""

    stage: str = msgspec.field(name="Stage")
    rule: str | None = msgspec.field(name="RetentionRule", default=None)
    ends_at: datetime | None = msgspec.field(name="CalculatedDate", default=None)
    disposition: str | None = msgspec.field(name="Disposition", default=None)
    permanent: bool = msgspec.field(name="Permanent", default=False)


class ServerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Facts about the server."""

    version: str
    advanced_versioning: bool = False
    current_date: datetime | None = None


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    page: int
    page_total: int
    total_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A part of a list."""

    items: tuple[T, ...]
    number: int
    last: int
    total: int


Noun = TypeVar("Noun", bound=msgspec.Struct)


def localised(noun: Noun, zone: tzinfo) -> Noun:
    """``noun`` with aware UTC times: a bare one is in the server's own ``zone`` (INFERRED, contract 1)."""
    moments = {
        name: (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
        for name in noun.__struct_fields__
        if isinstance(value := getattr(noun, name), datetime)
    }
    return msgspec.structs.replace(noun, **moments) if moments else noun
