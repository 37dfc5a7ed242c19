"""Pictures fetched from the libraries of the sandbox, as they deliver them."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from starlette.types import ASGIApp

from connectors.sandbox import cloudinary, core_dam, iconik
from connectors.sandbox.composer import Picture, PictureError, WorldPictures
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import AssetKind, AssetStanding, Library, World


class Hosts(httpx.AsyncBaseTransport):
    """Several apps, each at a host name of its own."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._wires = {host: httpx.ASGITransport(app=app) for host, app in apps.items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on by host."""
        return await self._wires[request.url.host].handle_async_request(request)


@pytest.fixture
def libraries(world: World) -> Hosts:
    """The three libraries of the world, running."""
    world.addresses |= {
        "cloudinary_delivery": "http://cloud.test",
        "core_dam_delivery": "http://dam.test",
        "iconik": "http://iconik.test",
    }
    return Hosts(
        {
            "cloud.test": cloudinary.build(world).delivery,
            "dam.test": core_dam.build(world, TicketAuthority(world)).delivery,
            "iconik.test": iconik.build(world),
        }
    )


def fetched(world: World, wire: httpx.AsyncBaseTransport, slug: str) -> Picture:
    """One picture."""

    async def fetch() -> Picture:
        pictures = WorldPictures(world=world, wire=wire)
        try:
            return await pictures.picture(slug)
        finally:
            await pictures.close()

    return asyncio.run(fetch())


@pytest.mark.parametrize("library", Library)
def test_every_library_delivers_its_pictures(world: World, libraries: Hosts, library: Library) -> None:
    """The composer reads what a customer's mail client will read."""
    asset = next(
        asset
        for asset in world.assets
        if asset.library is library and asset.kind is AssetKind.IMAGE and asset.standing is AssetStanding.APPROVED
    )

    picture = fetched(world, libraries, asset.slug)

    assert picture.width_px > 100
    assert picture.media_type in {"image/png", "image/jpeg"}
    assert picture.version == asset.latest.number
    assert picture.alt_text == asset.alt_text


def test_an_unknown_asset_is_named(world: World, libraries: Hosts) -> None:
    """Not every name in the driver data is right."""
    with pytest.raises(PictureError, match="no-such-picture"):
        fetched(world, libraries, "no-such-picture")


def test_a_library_that_is_down_is_named(world: World, libraries: Hosts) -> None:
    """Whoever composes must learn whom to call."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(PictureError, match="no answer"):
        fetched(world, httpx.MockTransport(refuse), "harbour-logo-rgb")


def test_a_page_in_place_of_a_picture_is_refused(world: World, libraries: Hosts) -> None:
    """An error page with status 200 must not be embedded."""

    def page(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, html="<p>Sign in</p>")

    with pytest.raises(PictureError, match="not a picture"):
        fetched(world, httpx.MockTransport(page), "harbour-logo-rgb")
