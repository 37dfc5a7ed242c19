"""The documents that wait for a person, wherever they came from: composed for an editor's user, or imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from connectors.sandbox.composer import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of the interactive editor."""

    id: str
    user: str
    """Who imported it."""
    imported_at: datetime
    file_name: str
    template: Template | None = None
    """What it was composed from; None for a file that somebody brought."""
    version: int | None = None
    record: Mapping[str, object] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)
    business_id: str = ""
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    deleted_at: datetime | None = None
    """When it was marked for the clean-up."""

    @property
    def title(self) -> str:
        """What the editor shows."""
        return self.template.name if self.template else self.file_name

    @property
    def exported(self) -> bytes:
        """The bytes that an export hands out: the file, or the driver data of a composed one (CHOSEN)."""
        return self.content or msgspec.json.encode(self.record)

    def told(self) -> Mapping[str, object]:
        """As the editor's service tells it (exstream 1.7). A value that is not there is a null."""
        imported = self.imported_at.isoformat(timespec="milliseconds")
        return {
            "accessgroupNames": None,
            "appId": None,
            "applicationName": self.template.slug if self.template else None,
            "busDocId": self.business_id or None,
            "creationDate": imported,
            "deleted": self.deleted_at is not None,
            "docId": self.id,
            "docTags": list(self.tags) or None,
            "documentVersion": str(self.version) if self.version else None,
            "editorVersion": "16.6.0",
            "engineVersion": "1606000",
            "exportDate": self.deleted_at.isoformat(timespec="milliseconds") if self.deleted_at else None,
            "fileName": self.file_name,
            "importDate": imported,
            "lastEditDate": None,
            "lastSaveDate": imported,
            "ownerIds": list(self.owners) or None,
            "packageFileName": f"{self.template.slug}.pub" if self.template else None,
            "packageVersion": "1606000",
            "previewPubFile": f"{self.template.slug}.pub" if self.template else None,
            "userId": self.user,
        }


class Documents:
    """All of them, oldest first."""

    def __init__(self) -> None:
        self._kept: dict[str, Document] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, document: Document) -> Document:
        """Add it."""
        self._kept[document.id] = document
        return document

    def find(self, document_id: str) -> Document | None:
        """One, also when it is marked for the clean-up."""
        return self._kept.get(document_id)

    def all(self) -> Sequence[Document]:
        """Every one, the marked included."""
        return tuple(self._kept.values())

    def mark(self, document: Document, at: datetime) -> None:
        """Leave it to the clean-up."""
        self._kept[document.id] = replace(document, deleted_at=at)

    def drop(self, document: Document) -> None:
        """Use it up."""
        del self._kept[document.id]
