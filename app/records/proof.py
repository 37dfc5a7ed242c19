"""Proofs: one record composed on every channel, with the assets that are in it and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.records.asset import AssetKey, AssetState
from app.records.communication import Channel
from app.records.template import TemplateId


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRecord:
    """One test record: the data that a communication is composed from."""

    id: str
    name: str
    """What the list shows, such as ``Inès Caron · fr, home``."""
    data: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOutput:
    """What one channel came to. ``content`` is exactly what the composer sent."""

    channel: Channel
    media_type: str
    content: bytes = field(repr=False)
    sha256: str
    took_s: float
    text: str = field(default="", repr=False)
    """The plain text of an SMS; empty on other channels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillItem:
    """One asset that a proof shows, with its standing at the time."""

    slot: str
    name: str
    version: str
    key: AssetKey | None
    """None when the picture cannot be traced to a library."""
    state: AssetState
    address: str = ""


class FindingLevel(StrEnum):
    """How bad a finding is."""

    PASSED = "passed"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check found, with its place and what to do."""

    level: FindingLevel
    sentence: str
    place: str
    channel: Channel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One record, composed."""

    template: TemplateId
    template_name: str
    version: int
    record: str
    """The id of the driver record."""
    composed_at: datetime
    outputs: tuple[ProofOutput, ...]
    bill: tuple[BillItem, ...] = ()
    findings: tuple[Finding, ...] = ()
