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
class PictureUse:
    """One place where an output shows a picture, as far as its address and the page say."""

    channel: Channel
    place: str
    """Such as ``image 2``."""
    shown_px: int = 0
    """How wide the page shows it, in CSS pixels; 0 where the page decides."""
    width_px: int = 0
    """Of what is delivered; 0 when nobody says."""
    height_px: int = 0
    size_bytes: int = 0
    """0 when nobody says."""
    media_type: str = ""
    """Of what is delivered; empty when nobody says."""


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
    uses: tuple[PictureUse, ...] = ()
    """Where it stands, in the order of the outputs."""
    is_pinned: bool = False
    """Whether its address names ``version``; otherwise it follows the newest one."""
    blocks: bool = False
    """Legal text that is not there in the customer's language: nothing may go out."""
    newer: str = ""
    """The label of an approved version that is newer than the one shown; empty when there is none."""
    objections: tuple[str, ...] = ()
    """Why it should not be shown, in sentences; empty when nothing speaks against it."""
    why: tuple[str, ...] = ()
    """Why this asset in this version, and why no other, a sentence a line."""


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
    language: tuple[str, ...] = ()
    """Which language was asked for, which was taken and why, a sentence a line."""
