"""Storages, and how the bytes of a new object are sent there (wire contract "iconik", §10)."""

from collections.abc import Mapping

from connectors.iconik.models.nouns import Noun, VendorWord


class StorageMethod(VendorWord):
    """How a storage is spoken to; a desktop can send bytes to the first four (INFERRED for the rest)."""

    GCS = "GCS"
    S3 = "S3"
    AZURE = "AZURE"
    B2 = "B2"
    FILE = "FILE"
    HTTP = "HTTP"
    FTP = "FTP"
    SFTP = "SFTP"
    PORTAL = "PORTAL"
    CUSTOM = "CUSTOM"
    UNKNOWN = "UNKNOWN"


class StorageStatus(VendorWord):
    """Whether a storage can be reached."""

    ACTIVE = "ACTIVE"
    FAILING = "FAILING"
    INACTIVE = "INACTIVE"
    UNKNOWN = "UNKNOWN"


class Storage(Noun, frozen=True, kw_only=True):
    """A place where files lie. ``purpose`` is FILES, PROXIES, KEYFRAMES, EXPORTS, ARCHIVE or FACES."""

    id: str
    name: str = ""
    method: StorageMethod = StorageMethod.UNKNOWN
    purpose: str = ""
    status: StorageStatus = StorageStatus.UNKNOWN


class Arrival(Noun, frozen=True, kw_only=True):
    """Something whose bytes are still to come, and where they go. Its addresses and credentials have no repr."""

    id: str
    storage_method: StorageMethod = StorageMethod.UNKNOWN
    upload_url: str = ""
    """Empty for B2 means: ask again (§16.14)."""
    upload_method: str = ""
    upload_headers: Mapping[str, str] = {}
    """When there are any, exactly these are sent (INFERRED)."""
    upload_credentials: Mapping[str, object] = {}
    upload_filename: str = ""
    multipart_upload_url: str = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id!r}, storage_method={self.storage_method!r})"


class PartAddress(Noun, frozen=True, kw_only=True):
    """Where one part of a multipart upload goes; parts count from 1."""

    number: int
    url: str

    def __repr__(self) -> str:
        return f"PartAddress(number={self.number!r})"


class MultipartAddresses(Noun, frozen=True, kw_only=True):
    """Where a multipart upload ends, well or not."""

    complete_url: str
    abort_url: str = ""
    list_parts_url: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "MultipartAddresses()"
