"""What was uploaded: formats, file sets, files and proxies that calls made, and the bytes that arrived for them.

Seeded versions have none of these: their parts follow from the world (:mod:`connectors.sandbox.iconik.media`).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.sandbox.iconik.faults import Body
from connectors.sandbox.iconik.identity import stamp


@dataclass(slots=True, kw_only=True)
class PartRecord:
    """A format, file set, file or proxy. ``facts`` by the vendor's names, as they were sent or changed."""

    id: str
    asset_id: str
    version_id: str
    made_at: datetime
    facts: Body = field(default_factory=dict)

    def write(self) -> dict[str, Any]:
        """As the vendor shows it; an upload's addresses are added by who signs them."""
        at = stamp(self.made_at)
        return {
            "date_modified": at,
            **self.facts,
            "id": self.id,
            "asset_id": self.asset_id,
            "version_id": self.version_id,
            "date_created": at,
        }


@dataclass(slots=True, kw_only=True)
class Uploads:
    """Everything that was made by upload calls, and the bytes by the id of what they belong to."""

    formats: dict[str, PartRecord] = field(default_factory=dict)
    file_sets: dict[str, PartRecord] = field(default_factory=dict)
    files: dict[str, PartRecord] = field(default_factory=dict)
    proxies: dict[str, PartRecord] = field(default_factory=dict)
    attachments: dict[str, PartRecord] = field(default_factory=dict)
    received: dict[str, bytes] = field(default_factory=dict, repr=False)
    gone_formats: set[str] = field(default_factory=set)
    """Ids of formats in the recycle bin, seeded or not."""

    def of(self, what: dict[str, PartRecord], version_id: str) -> list[PartRecord]:
        """The parts of one version, oldest first."""
        return [part for part in what.values() if part.version_id == version_id]

    def awaiting(self, object_id: str) -> PartRecord | None:
        """What bytes with this id are for."""
        return self.files.get(object_id) or self.proxies.get(object_id) or self.attachments.get(object_id)
