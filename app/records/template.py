"""Communication templates, as the composer offers them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from app.records.communication import Channel

TemplateId = NewType("TemplateId", str)
"""The composer's id of a communication."""


class TemplateState(StrEnum):
    """Where a template stands in its own workflow."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One communication template, newest version."""

    id: TemplateId
    name: str
    version: int
    state: TemplateState
    owner: str = ""
    group: str = ""
    locales: tuple[str, ...] = ()
    """BCP 47; empty when the composer does not say which languages it is in."""
    channels: tuple[Channel, ...] = ()
    """Empty until the composer was asked for its queues."""
    changed_at: datetime | None = None
    data_source: str = ""
    """The driver data source that on-demand composition names; empty until the composer was asked."""
