"""What a document is by its first bytes: what an engine claims of it is not to be relied on (contract 7, CHOSEN)."""

from typing import Final

OPAQUE: Final = "application/octet-stream"
_MAGIC: Final = (
    (b"%pdf-", "application/pdf"),
    (b"%!ps", "application/postscript"),
    (b"\x1b%-12345x", "application/vnd.hp-pcl"),
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"pk\x03\x04", "application/zip"),
)
_LOOKED_AT: Final = 512


def judged_type(content: bytes) -> str:
    """A media type by the first bytes; ``text/plain`` for what holds no zero byte, else :data:`OPAQUE`."""
    start = content[:_LOOKED_AT]
    if start[:1] == b"\x5a":
        # The mark of the print stream is a capital letter too: two bytes of length and a class follow it.
        return "application/afp" if start[3:4] == b"\xd3" else "text/plain"
    begun = start.lstrip().lower()
    for magic, media_type in _MAGIC:
        if begun.startswith(magic):
            return media_type
    return OPAQUE if b"\0" in start else "text/plain"
