"""Where an asset is used, as far as anybody has seen it there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.records.asset import AssetKey


class UsageKind(StrEnum):
    """What an asset is used in."""

    TEMPLATE = "template"
    PROOF = "proof"
    DOCUMENT = "document"
    COMMUNICATION = "communication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One version of an asset, seen in one place. Of several sightings the newest counts."""

    asset: AssetKey
    version: str
    """The label of the version that was seen; empty when it could not be told."""
    kind: UsageKind
    place: str
    """The id of what it is used in."""
    title: str
    """What people call the place; never a person's name."""
    source: str
    """Who says so: ``Proof``, ``Exstream`` …"""
    seen_at: datetime
