"""Thumbnails, proxies and originals: real bytes behind addresses that need no token and do not last."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

from connectors.calls import Reply
from connectors.errors import ForbiddenError
from connectors.iconik import IconikClient
from connectors.iconik.models import AssetId, File, Keyframe, Proxy, poster_of
from connectors.sandbox.iconik.storage import LASTS
from tests.connectors.sandbox.iconik.desk import Desk

FILM = "claim-in-3-steps-fr"


def proxy_of(desk: Desk, slug: str) -> Proxy:
    """The proxy of a film."""
    asset_id = AssetId(desk.hit(slug).id)

    async def look(iconik: IconikClient) -> Proxy:
        (proxy,) = await iconik.proxies(asset_id)
        return proxy

    return desk.run(look)


def film(desk: Desk) -> bytes:
    """The film's own bytes."""
    return next(asset for asset in desk.world.assets if asset.slug == FILM).latest.file.read()


def fetch(desk: Desk, url: str) -> Reply:
    """As the desk fetches."""

    async def work(iconik: IconikClient) -> Reply:
        return await iconik.fetch_signed(url)

    return desk.run(work)


def keyframes_of(desk: Desk, slug: str) -> tuple[Keyframe, ...]:
    """Thumbnails of an asset."""
    asset_id = AssetId(desk.hit(slug).id)

    async def look(iconik: IconikClient) -> tuple[Keyframe, ...]:
        return await iconik.keyframes(asset_id)

    return desk.run(look)


@pytest.mark.parametrize("slug", ["leaf-icon"])
def test_a_drawing_without_a_poster_has_no_thumbnail(desk: Desk, slug: str) -> None:
    """The tile shows its reason instead of a broken picture."""
    assert keyframes_of(desk, slug) == ()


@pytest.mark.parametrize("slug", [FILM, "claims-guide-en", "spring-banner-fr"])
def test_a_poster_is_a_real_picture_of_the_size_told(desk: Desk, slug: str) -> None:
    """Tiles are laid out before their pictures have come."""
    poster = poster_of(keyframes_of(desk, slug))
    assert poster is not None

    picture = fetch(desk, poster.url)

    with Image.open(BytesIO(picture.body)) as opened:
        assert opened.size == (poster.resolution.width, poster.resolution.height)
    assert picture.media_type == "image/jpeg"


def test_a_proxy_is_the_whole_film(desk: Desk) -> None:
    """A film that ends early is judged unseen."""
    answer = fetch(desk, proxy_of(desk, FILM).url)

    assert answer.body == film(desk)
    assert answer.media_type == "video/mp4"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, None), ("bytes=-50", -50, None), ("bytes=10-999999999", 10, None)],
)
def test_a_player_can_seek(desk: Desk, asked: str, first: int, last: int | None) -> None:
    """Seeking asks for ranges; a server that ignores them makes the player load everything before."""
    content = film(desk)

    part = desk.ask_unsigned("GET", proxy_of(desk, FILM).url, headers={"Range": asked})

    expected = content[first:] if last is None else content[first : last + 1]
    start = first if first >= 0 else len(content) + first
    assert part.status_code == 206
    assert part.content == expected
    assert part.headers["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{len(content)}"


def test_a_range_beyond_the_end_is_refused(desk: Desk) -> None:
    """416 with the size lets the player correct itself."""
    url = proxy_of(desk, FILM).url

    refused = desk.ask_unsigned("GET", url, headers={"Range": "bytes=999999999-"})

    assert refused.status_code == 416
    assert refused.headers["Content-Range"] == f"bytes */{len(film(desk))}"


def test_a_changed_file_is_sent_whole(desk: Desk) -> None:
    """Half of one file behind half of another plays as noise."""
    url = proxy_of(desk, FILM).url

    answer = desk.ask_unsigned("GET", url, headers={"Range": "bytes=0-9", "If-Range": '"other"'})

    assert (answer.status_code, len(answer.content)) == (200, len(film(desk)))


def test_a_known_file_is_not_sent_again(desk: Desk) -> None:
    """The cache of thumbnails lives on this."""
    url = proxy_of(desk, FILM).url
    etag = desk.ask_unsigned("HEAD", url).headers["ETag"]

    again = desk.ask_unsigned("GET", url, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.contract("iconik 9.b3")
def test_an_address_expires_and_is_made_anew(desk: Desk) -> None:
    """A page left open over lunch must find its film again."""
    asset_id = AssetId(desk.hit(FILM).id)
    stale = proxy_of(desk, FILM).url
    desk.world.clock.advance(LASTS + timedelta(seconds=1))

    with pytest.raises(ForbiddenError):
        fetch(desk, stale)

    async def again(iconik: IconikClient) -> Proxy:
        (proxy,) = await iconik.proxies(asset_id, bypass_url_cache=True)
        return proxy

    assert fetch(desk, desk.run(again).url).body == film(desk)


def test_addresses_are_cached_unless_the_cache_is_bypassed(desk: Desk) -> None:
    """iconik hands the same address out again, which is why asking once more is not enough."""
    asset_id = AssetId(desk.hit(FILM).id)
    first = proxy_of(desk, FILM).url
    desk.world.clock.advance(timedelta(minutes=10))

    async def fresh(iconik: IconikClient) -> Proxy:
        (proxy,) = await iconik.proxies(asset_id, bypass_url_cache=True)
        return proxy

    assert proxy_of(desk, FILM).url == first
    assert desk.run(fresh).url != first


@pytest.mark.parametrize("change", ["Signature=0", "Expires=9999999999&Signature=1"])
def test_a_forged_address_is_refused(desk: Desk, change: str) -> None:
    """Otherwise the token would protect nothing."""
    parts = urlsplit(proxy_of(desk, FILM).url)

    refused = desk.ask_unsigned("GET", f"{parts.path}?{change}")

    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/xml"


def test_addresses_lead_to_where_the_sandbox_runs(desk: Desk) -> None:
    """Ports are bound after the app was built."""
    desk.world.addresses["iconik"] = "http://127.0.0.1:8765"

    assert proxy_of(desk, FILM).url.startswith("http://127.0.0.1:8765/storage/proxies/")


@pytest.mark.contract("iconik 9.b4")
def test_an_original_is_saved_under_its_name_and_logged(desk: Desk) -> None:
    """Who took which file out is part of the history."""
    hit = desk.hit("spring-banner-fr")
    asset_id = AssetId(hit.id)

    async def download(iconik: IconikClient) -> tuple[File, str, list[str]]:
        (file,) = await iconik.files(asset_id)
        url = await iconik.file_download_url(asset_id, file.id)
        return file, url, [entry.operation_type async for entry in iconik.history(asset_id)]

    file, url, history = desk.run(download)
    answer = desk.ask_unsigned("GET", url)

    newest = next(asset for asset in desk.world.assets if asset.slug == "spring-banner-fr").latest
    assert sha256(answer.content).digest() == sha256(newest.file.read()).digest()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{newest.file.name}"'
    assert (file.name, file.url) == (newest.file.name, "")
    assert history == ["DOWNLOAD"]


def test_formats_file_sets_and_files_belong_together(desk: Desk) -> None:
    """The original is found through all three."""
    asset_id = AssetId(desk.hit(FILM).id)

    async def look(iconik: IconikClient) -> tuple[str, str, str, str]:
        (original,) = await iconik.formats(asset_id)
        (file_set,) = await iconik.file_sets(asset_id)
        (file,) = await iconik.files(asset_id)
        return original.id, file_set.format_id, file_set.id, file.file_set_id

    format_id, set_format_id, set_id, file_set_id = desk.run(look)

    assert format_id == set_format_id
    assert set_id == file_set_id


@pytest.mark.contract("iconik 1.7")
def test_an_older_version_shows_its_own_picture(desk: Desk) -> None:
    """Version 1 beside version 4 is how a change is judged."""
    asset_id = AssetId(desk.hit("spring-banner-fr").id)

    async def look(iconik: IconikClient) -> tuple[tuple[Keyframe, ...], tuple[Keyframe, ...]]:
        versions = sorted((await iconik.asset(asset_id)).versions, key=lambda version: version.version_number)
        first = await iconik.keyframes(asset_id, version_id=versions[0].id)
        return first, await iconik.keyframes(asset_id)

    first, newest = desk.run(look)

    assert {frame.id for frame in first}.isdisjoint({frame.id for frame in newest})
