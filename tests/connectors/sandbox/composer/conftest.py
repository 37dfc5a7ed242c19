"""A world, and a source of pictures that needs no network."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from PIL import Image

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.composer import Composer, Picture, PictureError
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import World, WorldCustomer

COLOURS = {"spring-banner-fr": (200, 30, 60), "spring-banner-en": (30, 60, 200)}


@cache
def _painted(colour: tuple[int, int, int]) -> bytes:
    painted = io.BytesIO()
    Image.new("RGB", (600, 300), colour).save(painted, "PNG")
    return painted.getvalue()


class PaintedPictures:
    """Paints a plain picture for every asset of the world, each in its own colour where a test looks at it."""

    def __init__(self, world: World) -> None:
        self._slugs = {asset.slug for asset in world.assets}
        self.asked: list[str] = []

    def has(self, slug: str) -> bool:
        """Whether the world has it."""
        return slug in self._slugs

    async def picture(self, slug: str) -> Picture:
        """A picture of 600 × 300."""
        if slug not in self._slugs:
            raise PictureError(slug, "there is no such asset")
        return self._painted(slug, f"http://assets.test/{slug}.png", version=3)

    async def picture_at(self, url: str, *, slug: str, version: int | None) -> Picture:
        """The same, at the record's own address."""
        return self._painted(slug, url, version=version)

    def _painted(self, slug: str, url: str, *, version: int | None) -> Picture:
        self.asked.append(slug)
        return Picture(
            slug=slug,
            library="iconik",
            content=_painted(COLOURS.get(slug, (200, 220, 200))),
            media_type="image/png",
            url=url,
            version=version,
            alt_text=f"Picture of {slug}",
            width_px=600,
            height_px=300,
        )


@cache
def _shared() -> World:
    return build_world(seed=1, clock=SandboxClock(datetime(2026, 5, 12, 9, 41, tzinfo=UTC)))


@pytest.fixture
def world() -> World:
    """The world, with a clock and addresses of the test's own."""
    shared = _shared()
    return replace(shared, clock=SandboxClock(shared.began), addresses={})


@pytest.fixture
def ines(world: World) -> WorldCustomer:
    """Inès Caron, who reads French."""
    return next(customer for customer in world.customers if customer.number == "HM-204881")


@pytest.fixture
def pictures(world: World) -> PaintedPictures:
    """The painter."""
    return PaintedPictures(world)


@pytest.fixture
def composer(world: World, pictures: PaintedPictures) -> Composer:
    """A composer that needs no network."""
    return Composer(world=world, fetch=pictures)
