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
    RM_CLASSIFICATION = 551
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


class Inheritance(IntEnum):
    """Whose categories a node has after it was moved."""

    ORIGINAL = 0
    DESTINATION = 1
    MERGED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTokens:
    """The present edit tokens of a node: its own, and by category."""

    properties: str
    categories: Mapping[int, str]


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
    locked: int | bool | None = None
    """Truthy while nobody may change or delete it."""
    version_number_major: int | None = None


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """Another form of a version's content."""

    id: int
    file_name: str = ""
    file_size: int | None = None
    file_type: str | None = None
    mime_type: str | None = None
    rendition_type: str | None = None
    """Under which its bytes are asked for."""
    create_date: datetime | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """What a document that was written to disk came with."""

    media_type: str
    file_name: str
    """Empty when the server names none."""


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
    inherited_from_id: int | None = None
    """The role of the template behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceWish:
    """A workspace that is to be made."""

    template_id: NodeId
    type_id: int
    name: str
    """Ignored where the type makes names of its own (INFERRED)."""
    parent: NodeId | None = None
    description: str = ""
    reference: BusinessObject | None = None
    category_values: Mapping[int, Mapping[str, object]] = field(default_factory=dict, repr=False)
    """Category id → values under the vendor's keys."""
    team_from: NodeId | None = None
    """Another workspace whose members get the roles of the same name."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user (``type`` 0) or a group (1)."""

    id: MemberId
    name: str
    type: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    business_email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRole:
    """A role together with whoever has it."""

    role: Role
    members: tuple[Member, ...]


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a node's history. Dates have one-second grain (INFERRED)."""

    id: NodeId
    event_type: int
    audit_date: datetime
    user_id: MemberId | None = None
    target_user_id: MemberId | None = None
    audit_name: str = ""


class MadeWorkspace(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one of many workspaces."""

    id: NodeId
    error_message: str = ""
    """Empty when it was made or updated."""


class LargeFileSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Whether files may come in parts, and how long they must and may be, in bytes."""

    is_enabled: bool
    min_size: int
    max_size: int

    def take(self, size_bytes: int) -> bool:
        """Whether a file of that length may come in parts."""
        return self.is_enabled and self.min_size <= size_bytes <= self.max_size


class PartedUpload(msgspec.Struct, frozen=True, kw_only=True):
    """An upload in parts, under way."""

    upload_key: str
    num_parts: int
    part_size: int
    max_retries: int = 0


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


def in_utc(moment: datetime, zone: tzinfo) -> datetime:
    """``moment`` in UTC; a bare one is in ``zone``. At the edge of the calendar, where UTC has no twin, it stays."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return aware.replace(tzinfo=UTC)


Noun = TypeVar("Noun", bound=msgspec.Struct)


def localised(noun: Noun, zone: tzinfo) -> Noun:
    """``noun`` with aware UTC times: a bare one is in the server's own ``zone`` (INFERRED, contract 1)."""
    moments = {
        name: in_utc(value, zone)
        for name in noun.__struct_fields__
        if isinstance(value := getattr(noun, name), datetime)
    }
    return msgspec.structs.replace(noun, **moments) if moments else noun
