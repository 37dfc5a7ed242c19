"""A small library made by hand, and a desk that is connected to both hosts of its cloud."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import httpx
from PIL import Image
from starlette.types import ASGIApp

from connectors.cloudinary import CloudinaryClient, open_cloudinary
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import CloudinarySandbox
from connectors.sandbox.cloudinary.state import Cloud
from connectors.sandbox.world import (
    AssetKind,
    AssetStanding,
    Library,
    World,
    WorldAsset,
    WorldFile,
    WorldVersion,
)

T = TypeVar("T")

API = "http://api.test"
DELIVERY = "http://delivery.test"
BEGAN = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#f00"/></svg>'


def picture(colour: str, size: tuple[int, int] = (80, 40), kind: str = "PNG") -> bytes:
    """A picture of one colour with a darker left half, so that cutting it can be told from squeezing it."""
    made = Image.new("RGB", size, colour)
    made.paste((10, 10, 10), (0, 0, size[0] // 2, size[1]))
    kept = io.BytesIO()
    made.save(kept, kind)
    return kept.getvalue()


def file(name: str, content: bytes, *, size: tuple[int, int] | None, duration_s: float | None = None) -> WorldFile:
    return WorldFile(
        name=name,
        media_type="application/octet-stream",
        size_bytes=len(content),
        read=lambda: content,
        width_px=size[0] if size else None,
        height_px=size[1] if size else None,
        duration_s=duration_s,
    )


def asset(
    slug: str, content: WorldFile, *, age_days: int, poster: WorldFile | None = None, **given: object
) -> WorldAsset:
    version = WorldVersion(
        number=1, file=content, created_at=BEGAN - timedelta(days=age_days), created_by="Ada", poster=poster
    )
    said: dict[str, object] = {
        "kind": AssetKind.IMAGE,
        "standing": AssetStanding.APPROVED,
        "title": slug.replace("-", " ").title(),
        "description": "",
        "alt_text": "",
        "locale": "und",
        "tags": (),
        "folder": "brand",
        **given,
    }
    return WorldAsset(slug=slug, library=Library.CLOUDINARY, owner="Ada", versions=(version,), **said)  # type: ignore[arg-type]


def small_world(clock: SandboxClock) -> World:
    """Two pictures, a logo that nobody submitted, a drawing and a clip."""
    clip = b"\0\0\0\x18ftypmp42" + bytes(200)
    return World(
        seed=7,
        clock=clock,
        began=BEGAN,
        people=(),
        customers=(),
        templates=(),
        sent=(),
        secrets={"cloudinary": {"cloud_name": "demo", "api_key": "1234", "api_secret": "s3cr3t"}},
        assets=(
            asset(
                "spring-banner",
                file("spring-banner.png", picture("green"), size=(80, 40)),
                age_days=30,
                alt_text="A meadow in spring",
                tags=("spring", "banner"),
                folder="brand/spring",
                channels=("web", "print"),
                rights_end=date(2026, 12, 31),
            ),
            asset(
                "storm-photo",
                file("storm-photo.jpg", picture("navy", (200, 100), "JPEG"), size=(200, 100)),
                age_days=2,
                standing=AssetStanding.IN_REVIEW,
                tags=("storm", "photo"),
                title="Storm over the harbour",
            ),
            asset(
                "old-logo",
                file("old-logo.png", picture("red", (20, 20)), size=(20, 20)),
                age_days=400,
                standing=AssetStanding.DRAFT,
                tags=("logo",),
            ),
            asset("mark", file("mark.svg", SVG, size=(40, 20)), age_days=50, kind=AssetKind.VECTOR, tags=("logo",)),
            asset(
                "clip",
                file("clip.mp4", clip, size=(640, 360), duration_s=6.0),
                age_days=10,
                kind=AssetKind.VIDEO,
                poster=file("clip.jpg", picture("white", (64, 36), "JPEG"), size=(64, 36)),
            ),
        ),
    )


class Desk:
    """Runs a piece of work with a client, or sends one bare request, each on a loop of its own."""

    def __init__(self, sandbox: CloudinarySandbox, secrets: Mapping[str, str]) -> None:
        self._sandbox = sandbox
        self._secrets = secrets

    @property
    def cloud(self) -> Cloud:
        """The state behind both hosts."""
        return self._sandbox.cloud

    def run(self, work: Callable[[CloudinaryClient], Awaitable[T]], *, signs_forms: bool = False) -> T:
        async def whole() -> T:
            client = open_cloudinary(
                base_url=API,
                delivery_url=DELIVERY,
                **self._secrets,  # type: ignore[arg-type]  # cloud name, key and secret
                signs_forms=signs_forms,
                wire_to_api=httpx.ASGITransport(app=self._sandbox.api),
                wire_to_delivery=httpx.ASGITransport(app=self._sandbox.delivery),
            )
            try:
                return await work(client)
            finally:
                await client.close()

        return asyncio.run(whole())

    def ask(self, method: str, path: str, **said: Any) -> httpx.Response:
        """One request to the API host, with the key pair unless ``auth`` says otherwise."""
        said.setdefault("auth", (self._secrets["api_key"], self._secrets["api_secret"]))
        return asyncio.run(_sent(self._sandbox.api, method, API + path, said))

    def follow(self, link: str) -> httpx.Response:
        """A link to either host, as a stranger's browser follows it."""
        app = self._sandbox.api if link.startswith(API) else self._sandbox.delivery
        return asyncio.run(_sent(app, "GET", link, {}))

    def get(self, path: str, **headers: str) -> httpx.Response:
        """One request to the delivery host."""
        url = path if path.startswith("http") else f"{DELIVERY}/demo/{path}"
        return asyncio.run(_sent(self._sandbox.delivery, "GET", url, {"headers": headers}))


async def _sent(app: ASGIApp, method: str, url: str, said: Mapping[str, Any]) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as http:
        return await http.request(method, url, **said)
