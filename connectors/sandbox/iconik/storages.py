"""The tenant's storages, one for each way of sending bytes that a client may meet (wire contract "iconik", §10)."""

from dataclasses import dataclass
from typing import Any, Final

from connectors.sandbox.iconik.faults import not_found
from connectors.sandbox.iconik.identity import Identities

PURPOSES: Final = ("FILES", "PROXIES", "KEYFRAMES", "EXPORTS", "ARCHIVE", "FACES")
_STORAGES: Final = (
    ("files", "Harbour Mutual media", "GCS", "FILES"),
    ("files s3", "Harbour Mutual media, Amazon", "S3", "FILES"),
    ("files azure", "Harbour Mutual media, Azure", "AZURE", "FILES"),
    ("files b2", "Harbour Mutual media, Backblaze", "B2", "FILES"),
    ("files gateway", "Studio shelf", "FILE", "FILES"),
    ("proxies", "Proxies", "GCS", "PROXIES"),
    ("keyframes", "Keyframes", "GCS", "KEYFRAMES"),
    ("archive", "Cold archive", "S3", "ARCHIVE"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageRecord:
    """One storage."""

    id: str
    name: str
    method: str
    purpose: str
    is_default: bool

    def write(self) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "method": self.method,
            "purpose": self.purpose,
            "status": "ACTIVE",
            "default": self.is_default,
            "settings": {},
        }


class Storages:
    """Every storage; the first of a purpose is its default."""

    def __init__(self, ids: Identities) -> None:
        self.all: dict[str, StorageRecord] = {}
        seen: set[str] = set()
        for key, name, method, purpose in _STORAGES:
            record = StorageRecord(
                id=ids.of("storage", key), name=name, method=method, purpose=purpose, is_default=purpose not in seen
            )
            seen.add(purpose)
            self.all[record.id] = record

    def get(self, storage_id: str) -> StorageRecord:
        """One. Raises: Fault."""
        found = self.all.get(storage_id)
        if found is None:
            raise not_found("Storage", storage_id)
        return found

    def default(self, purpose: str) -> StorageRecord:
        """Where things of a purpose go. Raises: Fault 404 where nothing does."""
        for record in self.all.values():
            if record.purpose == purpose:
                return record
        raise not_found("Default storage for", purpose)

    def by_method(self, method: str) -> StorageRecord:
        """The first that is spoken to in one way. Raises: Fault."""
        for record in self.all.values():
            if record.method == method:
                return record
        raise not_found("Storage with method", method)
