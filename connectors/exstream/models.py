"""Exstream's nouns for designs: domains, resources, their history, links and manifests. Names are the vendor's.

How times are written stands in :mod:`connectors.exstream.moments`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Generic, Self, TypeVar

import msgspec

from connectors.exstream.moments import Dated, RawMoment, moment

T = TypeVar("T")


class ResourceState(StrEnum):
    """Where a design stands in its workflow (contract 3, CONFIRMED)."""

    DRAFT = "DRAFT"
    REVIEW = "REVIEW"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> Self:
        del value
        return cls("UNKNOWN")


class _Vendor(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Keys are camel case on the wire."""


class PageFacts(_Vendor, frozen=True, kw_only=True):
    """Where a page stands in its list. Source: contract 2.1 (CONFIRMED)."""

    page_size: int = 0
    page_offset: int = 0
    total_elements: int = 0
    total_pages: int = 0
    current_page_number: int = 0


class Page(_Vendor, Generic[T], frozen=True, kw_only=True):
    """One page of any list."""

    data: tuple[T, ...]
    page: PageFacts = PageFacts()


class CurrentUser(_Vendor, frozen=True, kw_only=True):
    """Who the token stands for, and what for. The contract calls the reply untyped; the keys are INFERRED."""

    name: str = ""
    tenant_name: str = ""
    groups: tuple[str, ...] = ()
    is_tenant_admin: bool = False

    @property
    def user_name(self) -> str:
        """What to call them."""
        return self.name


class Config(_Vendor, frozen=True, kw_only=True):
    """What this installation offers. Source: contract 1.1 (CONFIRMED)."""

    assured_delivery_enabled: bool = False
    flow_script_debugging_enabled: bool = False
    base_subscription: bool = False
    """True: the runtime calls may be closed (INFERRED)."""
    subscription_enabled: bool = False


class Version(_Vendor, frozen=True, kw_only=True):
    """A service's version. Source: contract 1.1 (CONFIRMED)."""

    api_identifier: str = ""
    version_string: str = ""


class Domain(_Vendor, frozen=True, kw_only=True):
    """One domain of a tenant. Source: contract 1.2 (CONFIRMED)."""

    id: str
    production: bool = False
    workflow: str = ""
    """``NORMAL``, ``SIMPLE`` or ``ADVANCED``."""
    restrict_approval: bool = False
    job_tracing: bool = False
    """Whether an instance's resources are told."""
    parent: str | None = None
    description: str | None = None
    children: "tuple[Domain, ...] | None" = None


class ApprovalStep(_Vendor, frozen=True, kw_only=True):
    """One role's verdict in the advanced workflow."""

    role: str = ""
    level: int = 0
    approved: bool = False
    pending: bool = False


class ApprovalInfo(_Vendor, frozen=True, kw_only=True):
    """How far an approval has come."""

    state: str = ""
    pending: bool = False
    approvals: tuple[ApprovalStep, ...] = ()


class ResourceVersion(Dated, frozen=True, kw_only=True):
    """One version of a design resource. Source: contract 2.2 (CONFIRMED)."""

    dates = ("last_modified_date", "effective_start", "effective_end")

    id: str
    version: int
    name: str
    type: str
    """``exstrapplication`` for a communication, ``samplefile``, ``image`` …"""
    state: ResourceState = ResourceState.UNKNOWN
    state_comment: str | None = None
    latest_version: bool = False
    locked: bool = False
    locked_by: str | None = None
    created_by: str | None = None
    last_modified_by: str | None = None
    last_modified_date: RawMoment = None
    effective_start: RawMoment = None
    effective_end: RawMoment = None
    standard_variant_id: str | None = None
    description: str | None = None
    metadata: Mapping[str, object] = {}
    content_mime_type: str | None = None
    approval_info: ApprovalInfo | None = None

    @property
    def modified_at(self) -> datetime | None:
        """When this version was last changed."""
        return moment(self.last_modified_date)


class HistoryEntry(Dated, frozen=True, kw_only=True):
    """One thing that was done to a resource. Source: contract 1.2 (CONFIRMED)."""

    dates = ("modified_date",)

    version: int
    revision: int = 0
    operation: str = ""
    history_type: str = ""
    state: ResourceState = ResourceState.UNKNOWN
    modified_by: str | None = None
    modified_date: RawMoment = None
    audited_comment: str | None = None

    @property
    def modified_at(self) -> datetime | None:
        """When it was done."""
        return moment(self.modified_date)


class Link(_Vendor, frozen=True, kw_only=True):
    """What one resource is tied to. Source: contract 1.2 (CONFIRMED)."""

    link_subject_id: str
    link_object_id: str
    subject_version: int | None = None
    type_id: str = ""


class DataSource(_Vendor, frozen=True, kw_only=True):
    """A data source of a communication set; ``prod_dsn`` is what ``driverDataSource`` must say."""

    name: str
    prod_dsn: str = ""
    resource_id: str | None = None
    type: str = ""


class Queue(_Vendor, frozen=True, kw_only=True):
    """An output queue of a communication set. Drivers seen: ``PDF``, ``Empower``; the full list is unknown."""

    name: str
    driver: str = ""
    use: str = ""
    prod_file: str = ""


class SetManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a communication set binds: data in, queues out. Source: contract 1.2 (CONFIRMED), a bare object."""

    data_sources: tuple[DataSource, ...] = msgspec.field(default=(), name="dsnlist")
    queues: tuple[Queue, ...] = msgspec.field(default=(), name="queueList")


class FlowNode(_Vendor, frozen=True, kw_only=True):
    """One node of a flow. An ``input`` node's name is a channel that takes submissions."""

    id: str | None = None
    display_name: str = ""
    name: str = ""
    """Other releases' word for the display name."""
    type: str = ""
    subtype: str | None = None


class FlowModel(_Vendor, frozen=True, kw_only=True):
    """A published flow. Source: contract 1.2 (CONFIRMED)."""

    id: str
    name: str
    version: int = 0
    state: str = ""
    type: str = ""
    nodes: tuple[FlowNode, ...] = ()

    @property
    def input_channels(self) -> tuple[str, ...]:
        """The channels that begin it, as far as its nodes tell."""
        return tuple(node.display_name or node.name for node in self.nodes if node.type == "input")


class Outcome(_Vendor, frozen=True, kw_only=True):
    """One outcome of a channel that flows can decide by. Source: contract 1.5 (INFERRED)."""

    id: str = ""
    display_name: str = ""
    codes: tuple[str, ...] = ()


class BulkChange(_Vendor, frozen=True, kw_only=True):
    """What became of a step that was asked for several resources: the moved, and the others by cause.

    Source: contract 1.6 (CONFIRMED that failures come in a 200; the causes' names are INFERRED).
    """

    moved: tuple[ResourceVersion, ...] = ()
    failed: Mapping[str, tuple[ResourceVersion, ...]] = {}
    """By the vendor's own name of the cause."""
