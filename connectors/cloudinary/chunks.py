"""Uploads in parts: for files that one request may not carry, and that must go on where they stopped.

Source: wire contract "Cloudinary" §4.4, CONFIRMED: every part but the last has at least 5 MB, one request at most
100 MB; parts share an id; a part sent again with the same range changes nothing. Files above 20 GB are only taken with
``async``, which the desk does not offer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from connectors.calls import Call, FilePart, MultipartBody

PART_BYTES: Final = 20_000_000
"""What the vendor's clients send at once."""


class PartTaken(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to every part but the last."""

    done: bool = True
    bytes: int = 0
    """How many have arrived so far."""
    public_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A file to be sent in parts under one ``upload_id``; ``start`` is how much of it has arrived already."""

    path: Path
    upload_id: str
    part_bytes: int = PART_BYTES
    start: int = 0

    @property
    def size_bytes(self) -> int:
        """The whole file."""
        return self.path.stat().st_size

    def calls(self, whole: Call) -> Iterator[Call]:
        """``whole``, an upload without its file's bytes, once per part that is still to be sent.

        A part is repeatable: the vendor knows it by its range. One part at a time is held in memory.
        Raises: OSError, TypeError for a call that is no form.
        """
        if not isinstance(whole.body, MultipartBody):
            raise TypeError("only forms are sent in parts")
        total = self.size_bytes
        with self.path.open("rb") as file:
            file.seek(self.start)
            at = self.start
            while at < total:
                content = file.read(self.part_bytes)
                part = FilePart(name="file", filename=self.path.name, content=content)
                yield replace(
                    whole,
                    name="upload part",
                    body=replace(whole.body, files=(part,)),
                    headers=MappingProxyType(
                        {
                            "Content-Range": f"bytes {at}-{at + len(content) - 1}/{total}",
                            "X-Unique-Upload-Id": self.upload_id,
                        }
                    ),
                    repeatable=True,
                )
                at += len(content)
