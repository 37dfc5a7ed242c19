"""Files that arrive in numbered parts and wait under a key until a document or version is made of them.

Refusals are CONFIRMED (contract 4). The sizes, and that an upload ends after a day, are CHOSEN.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.extended_ecm.refusal import Refusal

SMALLEST_BYTES: Final = 8 * 1024 * 1024
LARGEST_BYTES: Final = 2 * 1024 * 1024 * 1024
PART_BYTES: Final = 4 * 1024 * 1024
MOST_TRIES: Final = 3
LIFE: Final = timedelta(days=1)

_UNKNOWN_KEY: Final = (
    "Failed to complete request. Either the UploadKey is invalid, or you do not have permission to access this upload "
    "session"
)


@dataclass(slots=True, kw_only=True)
class PartedFile:
    """One upload under way."""

    key: str
    owner_id: int
    file_name: str
    media_type: str
    size_bytes: int
    begun_at: datetime
    parts: dict[int, bytes] = field(default_factory=dict, repr=False)
    closed: bool = False

    @property
    def part_count(self) -> int:
        """How many parts there must be."""
        return -(-self.size_bytes // PART_BYTES)

    @property
    def content(self) -> bytes:
        """The parts in their order."""
        return b"".join(self.parts[number] for number in sorted(self.parts))


class LargeFiles:
    """Uploads by key; a key is good for whoever began it, and for one document or version."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._begun = 0
        self._files: dict[str, PartedFile] = {}

    def begin(self, *, owner_id: int, file_name: str, media_type: str, size_bytes: int) -> PartedFile:
        """Raises: Refusal for a size out of range."""
        if not SMALLEST_BYTES <= size_bytes <= LARGEST_BYTES:
            raise Refusal(
                500, f"Invalid block size: File size must be between {SMALLEST_BYTES} and {LARGEST_BYTES} bytes."
            )
        self._begun += 1
        key = sha256(f"{owner_id}:{self._begun}:{file_name}".encode()).hexdigest()[:32]
        self._files[key] = PartedFile(
            key=key,
            owner_id=owner_id,
            file_name=file_name,
            media_type=media_type,
            size_bytes=size_bytes,
            begun_at=self._clock.now(),
        )
        return self._files[key]

    def find(self, key: str, *, owner_id: int) -> PartedFile:
        """Raises: Refusal for a key that is unknown, somebody else's, or too old."""
        found = self._files.get(key)
        if found is None or found.owner_id != owner_id:
            raise Refusal(500, _UNKNOWN_KEY)
        if found.begun_at + LIFE <= self._clock.now():
            raise Refusal(500, "Multipart Upload session expired")
        return found

    def put(self, key: str, number: int, part: bytes, *, owner_id: int) -> None:
        """Raises: Refusal for a part out of range, or one that is there already."""
        file = self.find(key, owner_id=owner_id)
        if not 1 <= number <= file.part_count:
            raise Refusal(500, f"Invalid BlockID: Expected BlockID between 1 and {file.part_count}")
        if number in file.parts:
            raise Refusal(500, f"Invalid BlockID: BlockID {number} has already been uploaded.")
        file.parts[number] = part

    def close(self, key: str, *, owner_id: int) -> None:
        """Raises: Refusal unless every part is there, or when it is closed already."""
        file = self.find(key, owner_id=owner_id)
        if file.closed or len(file.content) != file.size_bytes:
            raise Refusal(500, "Invalid status. Cannot close an empty or already closed upload.")
        file.closed = True

    def whole(self, key: str, *, owner_id: int) -> PartedFile:
        """The closed file, for a node or version; drop it when that is made. Raises: Refusal."""
        file = self.find(key, owner_id=owner_id)
        if not file.closed:
            raise Refusal(500, _UNKNOWN_KEY)
        return file

    def drop(self, key: str, *, owner_id: int) -> None:
        """Forget it: given up, or used. Raises: Refusal for an unknown key."""
        del self._files[self.find(key, owner_id=owner_id).key]
