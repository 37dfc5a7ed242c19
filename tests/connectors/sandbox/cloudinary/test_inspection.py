"""What an uploaded file is, told by its bytes."""

import struct

import pytest

from connectors.sandbox.cloudinary.inspection import Inspection, inspect
from tests.connectors.sandbox.cloudinary.desk import SVG, picture


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def film() -> bytes:
    """A film's heads: 2.5 seconds at 320 × 180."""
    header = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 2500) + bytes(80))
    track = box(b"trak", box(b"tkhd", bytes(76) + struct.pack(">II", 320 << 16, 180 << 16)))
    return box(b"ftyp", b"isom" + bytes(8)) + box(b"moov", header + track)


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (picture("red"), "x.bin", Inspection(resource_type="image", format="png", width_px=80, height_px=40)),
        (
            picture("red", (8, 4), "JPEG"),
            "x",
            Inspection(resource_type="image", format="jpg", width_px=8, height_px=4),
        ),
        (SVG, "x.txt", Inspection(resource_type="image", format="svg", width_px=40, height_px=20)),
        (b"%PDF-1.7", "x", Inspection(resource_type="image", format="pdf")),
        (
            film(),
            "x.mp4",
            Inspection(resource_type="video", format="mp4", width_px=320, height_px=180, duration_s=2.5),
        ),
        (film()[:40], "x.mp4", Inspection(resource_type="video", format="mp4")),
        (b"\x1aE\xdf\xa3", "x", Inspection(resource_type="video", format="webm")),
        (b"ID3", "x.MP3", Inspection(resource_type="video", format="mp3")),
        (b"a,b", "x.csv", Inspection(resource_type="raw", format="csv")),
        (b"<svg", "x.svg", Inspection(resource_type="raw", format="svg")),
        (b"\x89PNG\r\n\x1a\n broken", "x.png", Inspection(resource_type="raw", format="png")),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, name: str, expected: Inspection) -> None:
    """A renamed file would be stored as something that no rendition works on."""
    assert inspect(content, name) == expected
