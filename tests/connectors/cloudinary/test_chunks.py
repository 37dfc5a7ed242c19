"""Uploads in parts, without I/O beyond the file itself."""

from pathlib import Path

import pytest

from connectors.calls import MultipartBody
from connectors.cloudinary import Parts, ResourceType, wire
from connectors.cloudinary.upload import upload


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(25))
    return path


@pytest.mark.contract("cloudinary 3.2.10", "cloudinary 4.4")
@pytest.mark.parametrize(
    ("start", "expected"),
    [(0, ["bytes 0-9/25", "bytes 10-19/25", "bytes 20-24/25"]), (20, ["bytes 20-24/25"]), (25, [])],
)
def test_parts_share_an_id_and_cover_the_file(film: Path, start: int, expected: list[str]) -> None:
    """A film would have a hole, or be two."""
    whole = upload("demo", None, resource_type=ResourceType.VIDEO, public_id="film")

    calls = list(Parts(path=film, upload_id="u", part_bytes=10, start=start).calls(whole))

    assert [call.headers["Content-Range"] for call in calls] == expected
    assert {call.headers["X-Unique-Upload-Id"] for call in calls} <= {"u"}
    assert all(call.repeatable and isinstance(call.body, MultipartBody) and call.body.files for call in calls)


def test_only_a_form_goes_in_parts(film: Path) -> None:
    """A JSON body would be sent once per part."""
    with pytest.raises(TypeError):
        list(Parts(path=film, upload_id="u").calls(wire.ping("demo")))
