"""The payload of a filing on its way to the archive."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from app.records import CustomerNumber, NodeId, RecordSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingOrder:
    """What to upload where. The bytes lie with the outgoing files, under the entry's request key."""

    customer: CustomerNumber
    workspace: NodeId
    name: str
    media_type: str
    sha256: str
    category: int
    values: Mapping[str, str] = field(repr=False)
    """By the archive's own attribute key, such as ``9830_2``."""
    series: RecordSeries | None = None
    """What it becomes a record of; None when it becomes none."""

    def payload(self) -> dict[str, object]:
        """JSON-ready, for the outbox."""
        return {
            "customer": self.customer,
            "workspace": self.workspace,
            "name": self.name,
            "media_type": self.media_type,
            "sha256": self.sha256,
            "category": self.category,
            "values": dict(self.values),
            "series": msgspec.to_builtins(self.series),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> "FilingOrder":
        """What :meth:`payload` made. Raises: msgspec.ValidationError when it did not."""
        return msgspec.convert(payload, type=cls)
