"""Cloudinary's words as ours: states, kinds, media types, dates, addresses."""

import asyncio
from datetime import date
from typing import Any, cast

import msgspec
import pytest

from app.records import Asset, AssetKey, AssetKind, AssetState, System
from app.rules.verdicts import Verdict
from app.systems.cloudinary import CloudinaryFields, CloudinaryLibrary
from connectors import cloudinary as vendor
from connectors.cloudinary import CloudinaryClient
from tests.app.systems.entries_made import judging


class OneAssetCloud:
    """A client that knows one asset."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self.host = vendor.DeliveryHost(base_url="https://res.example.com", cloud_name="harbour")
        self._reply = reply

    async def asset(self, _asset_id: vendor.AssetId, *, versions: bool = False) -> vendor.Asset:
        """It, whatever the id."""
        return msgspec.convert(self._reply, vendor.Asset)


def library(**reply: Any) -> CloudinaryLibrary:
    """A library with the usual asset, apart from what is given."""
    usual = {
        "asset_id": "a1",
        "public_id": "spring/banner-fr",
        "resource_type": "image",
        "type": "upload",
        "version": 9,
        "created_at": "2026-05-12T09:00:00Z",
        "format": "png",
    }
    return CloudinaryLibrary(cast("CloudinaryClient", OneAssetCloud({**usual, **reply})))


def opened(**reply: Any) -> Asset:
    """The asset in our words."""
    return asyncio.run(library(**reply).open(AssetKey(System.CLOUDINARY, "a1")))


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ({}, AssetState.DRAFT),
        ({"moderation_status": "pending"}, AssetState.IN_REVIEW),
        ({"moderation_status": "queued"}, AssetState.IN_REVIEW),
        ({"moderation_status": "approved"}, AssetState.APPROVED),
        ({"moderation_status": "rejected"}, AssetState.REJECTED),
        ({"moderation_status": "aborted"}, AssetState.DRAFT),
        ({"moderation_status": "a new word"}, AssetState.UNKNOWN),
        ({"moderation": [{"kind": "manual", "status": "approved"}]}, AssetState.APPROVED),
        ({"moderation_status": "approved", "metadata": {"lifecycle": "superseded"}}, AssetState.SUPERSEDED),
        ({"moderation_status": "approved", "metadata": {"lifecycle": "retired"}}, AssetState.RETIRED),
        ({"moderation_status": "approved", "metadata": {"lifecycle": 7}}, AssetState.APPROVED),
    ],
)
def test_moderation_and_lifecycle_become_one_state(reply: dict[str, Any], state: AssetState) -> None:
    """A retired banner would be offered as approved."""
    assert opened(**reply).state is state


@pytest.mark.parametrize(
    ("resource_type", "extension", "kind", "media_type"),
    [
        ("image", "jpg", AssetKind.IMAGE, "image/jpeg"),
        ("image", "png", AssetKind.IMAGE, "image/png"),
        ("image", "svg", AssetKind.IMAGE, "image/svg+xml"),
        ("image", "pdf", AssetKind.DOCUMENT, "application/pdf"),
        ("video", "mp4", AssetKind.VIDEO, "video/mp4"),
        ("video", "mov", AssetKind.VIDEO, "video/quicktime"),
        ("raw", None, AssetKind.OTHER, "application/octet-stream"),
    ],
)
def test_what_it_is_decides_how_it_is_opened(
    resource_type: str, extension: str | None, kind: AssetKind, media_type: str
) -> None:
    """A PDF would be shown as a picture of its first page."""
    asset = opened(resource_type=resource_type, format=extension)

    assert (asset.kind, asset.media_type) == (kind, media_type)


@pytest.mark.parametrize(
    ("stored", "day"),
    [("2026-12-31", date(2026, 12, 31)), ("2026-12-31T00:00:00Z", date(2026, 12, 31)), ("soon", None), (7, None)],
)
def test_the_end_of_rights_is_a_day_or_nothing(stored: object, day: date | None) -> None:
    """One odd value would hide the asset."""
    assert opened(metadata={"license_end": stored}).rights_end == day


def test_a_name_is_what_people_gave_it() -> None:
    """Lists would show paths."""
    named = {"display_name": "Spring banner", "filename": "banner-fr"}

    assert opened(**named).name == "Spring banner"
    assert opened(filename="banner-fr").name == "banner-fr"
    assert opened().name == "banner-fr"


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("https://res.example.com/harbour/image/upload/v9/spring/banner-fr.png", ("spring/banner-fr", "v9")),
        ("https://res.example.com/harbour/image/upload/c_limit,w_600/v9/a%20b.jpg", ("a b", "v9")),
        ("https://res.example.com/harbour/raw/upload/v3/terms.txt", ("terms.txt", "v3")),
        ("https://res.example.com/harbour/image/upload/spring/banner-fr.png", ("spring/banner-fr", "")),
        ("https://res.example.com/harbour/image/upload/v1/spring/banner-fr.png", ("spring/banner-fr", "")),
        ("https://res.example.com/harbour/image/upload/s--Ab1-_x--/c_fit,w_9/e_sepia/a/b.png", ("a/b", "")),
        ("https://res.example.com/harbour/image/list/spring.json", None),
        ("https://elsewhere.example.com/harbour/image/upload/v9/spring/banner-fr.png", None),
    ],
)
def test_an_address_in_a_mail_leads_to_its_asset(address: str, seen: tuple[str, str] | None) -> None:
    """The bill of assets would not know what is shown."""
    sighting = library().recognise(address)

    assert (sighting and (sighting.name, sighting.version)) == seen


@pytest.mark.parametrize(
    ("steps", "ending", "most_px", "media_type"),
    [
        ("", "png", 0, "image/png"),
        ("c_limit,w_1600/", "webp", 1600, "image/webp"),
        ("c_limit,w_1600/c_fit,w_600/", "jpg", 600, "image/jpeg"),
        ("f_auto,w_600/", "png", 600, ""),
        ("", "", 0, ""),
    ],
)
def test_an_address_says_what_is_delivered(steps: str, ending: str, most_px: int, media_type: str) -> None:
    """A WebP would pass for a picture that every mail reader shows."""
    name = f"banner.{ending}" if ending else "banner"

    seen = library().recognise(f"https://res.example.com/harbour/image/upload/{steps}v9/{name}")

    assert seen is not None
    assert (seen.most_px, seen.media_type) == (most_px, media_type)


@pytest.mark.parametrize(("note", "is_found"), [("Old logo.", True), ("Too dark.", False)])
def test_a_rejection_has_arrived_when_its_own_reason_has(note: str, is_found: bool) -> None:
    """It was rejected before, for another reason; this one's would never be written, and called done."""
    there = library(moderation_status="rejected", metadata={CloudinaryFields().review_note: note})

    receipt = asyncio.run(there.look_up(judging(Verdict.REJECT, system=System.CLOUDINARY, note="Old logo.")))

    assert (receipt is not None) == is_found
